//! Tasks that run without a peer, until nothing is left to wait for.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use splitvote_peer::LocalTime;

use crate::tasks::{Executor, Order};

pub(crate) type Task = Pin<Box<dyn Future<Output = ()>>>;

/// Runs these tasks until all wait and no timer is left.
pub(crate) fn run_each(tasks: Vec<Task>) {
    let executor = Rc::new(Executor::new(LocalTime(0), Order::FirstIn, 1));
    for task in tasks {
        executor.spawn(task);
    }
    let mut now = LocalTime(0);
    loop {
        executor.within(now, || {
            executor.fire_timer();
            executor.run(|| {});
        });
        let Some(next) = executor.next_timer() else { break };
        now = next;
    }
    executor.crash();
}

/// Runs a task until nothing is left to wait for. What it gave, if it has ended.
pub(crate) fn run<T: 'static>(task: impl Future<Output = T> + 'static) -> Option<T> {
    let value: Rc<RefCell<Option<T>>> = Rc::default();
    let kept = Rc::clone(&value);
    run_each(vec![Box::pin(async move {
        let given = task.await;
        *kept.borrow_mut() = Some(given);
    })]);
    value.take()
}
