//! Tasks that are begun, ended and waited for.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};

use super::Executor;
use super::current;

/// Begins a task, as `go` does. It runs once it is its turn, which is after whoever began it waits.
///
/// ```no_run
/// # use std::time::Duration;
/// splitvote_labrpc::spawn(async {
///     splitvote_labrpc::sleep(Duration::from_millis(100)).await;
///     // …
/// });
/// ```
///
/// # Panics
/// If it is called outside of a peer's tasks.
pub fn spawn<T: 'static>(task: impl Future<Output = T> + 'static) -> JoinHandle<T> {
    let executor = current("spawn()");
    let shared: Rc<Shared<T>> = Rc::new(Shared::default());
    let result = Rc::clone(&shared);
    let place = executor.spawn(async move {
        let ends = Ends(result);
        let value = task.await;
        ends.0.state.borrow_mut().value = Some(value);
    });
    JoinHandle { shared, executor: Rc::downgrade(&executor), place }
}

/// Lets the other tasks that are ready run first.
pub async fn yield_now() {
    let mut has_yielded = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut has_yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// A task that was begun. Awaited, it gives what the task gave, or none if it was ended before. Dropped, it lets the
/// task go on.
#[derive(Debug)]
pub struct JoinHandle<T> {
    shared: Rc<Shared<T>>,
    executor: Weak<Executor>,
    place: usize,
}

#[derive(Debug)]
struct Shared<T> {
    state: RefCell<State<T>>,
}

#[derive(Debug)]
struct State<T> {
    value: Option<T>,
    has_ended: bool,
    waiting: Option<Waker>,
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self { state: RefCell::new(State { value: None, has_ended: false, waiting: None }) }
    }
}

/// Says that the task has ended, however it did.
struct Ends<T>(Rc<Shared<T>>);

impl<T> Drop for Ends<T> {
    fn drop(&mut self) {
        let mut state = self.0.state.borrow_mut();
        state.has_ended = true;
        let waiting = state.waiting.take();
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
    }
}

impl<T> JoinHandle<T> {
    /// Ends the task in the midst of what it waits for. A task that ends itself runs on to its next await.
    pub fn abort(&self) {
        if self.is_finished() {
            return;
        }
        if let Some(executor) = self.executor.upgrade() {
            executor.end(self.place);
        }
    }

    /// Whether the task has ended.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.shared.state.borrow().has_ended
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let mut state = self.shared.state.borrow_mut();
        if state.has_ended {
            return Poll::Ready(state.value.take());
        }
        state.waiting = Some(cx.waker().clone());
        Poll::Pending
    }
}
