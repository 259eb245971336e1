//! A watch over the threads that run seeds: a peer that does not return must not keep the others waiting.
//!
//! A thread cannot be stopped. One whose peer hangs is abandoned, and another takes its place; it ends
//! with the process. Time and threads are used here, and nowhere in a run: whether a run is watched makes
//! no difference to it, and what is abandoned has no result but that.

mod guard;
mod looked;

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::Builder;
use std::time::Duration;

use crate::desk::{self, Desk, UnderWay};
use crate::hang::Hang;
use crate::last_words;
pub(crate) use guard::guard;
use looked::{Looked, TICK, who_fills_the_memory};

/// So many ticks the harness may take between two calls, where it clones, prints and asks messages: 60 s.
pub(crate) const MOST_TICKS_BETWEEN: u32 = 1_200;
/// How long tasks that are begun may take once they are hurried.
const MOST_IN_A_HURRY: Duration = Duration::from_secs(2);
/// With so many abandoned threads no more tasks are begun: each keeps a core busy.
const MOST_ABANDONED: usize = 4;

/// What is to be done about a task that hangs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// It is begun anew on another thread.
    Again,
    /// It has no result.
    Drop,
}

/// The tasks, as all workers share them.
#[derive(Default)]
struct Tasks {
    count: u64,
    next: u64,
    again: Vec<u64>,
    /// At which task each worker is.
    begun: BTreeMap<u64, u64>,
    is_over: bool,
}

impl Tasks {
    fn take(&mut self, worker: u64) -> Option<u64> {
        let task = self.again.pop().or_else(|| {
            let next = Some(self.next).filter(|next| *next < self.count && !self.is_over)?;
            self.next += 1;
            Some(next)
        })?;
        self.begun.insert(worker, task);
        Some(task)
    }
}

/// Does the tasks `0..count` on so many threads of their own. What came of them is in the order of their
/// numbers. Tasks are begun in order, and none any more once `is_over`; those that were begun are finished,
/// unless they hang: then `hung` is told, and says what to do. Once `is_hurried`, they have a little time left, and are
/// abandoned then. The process may hold so many bytes of
/// `memory`, or else nearly all that there is; whoever fills it hangs, too, and then all ends.
pub(crate) fn watch<T: Send + 'static>(
    count: u64,
    jobs: usize,
    memory: Option<u64>,
    task: impl Fn(u64) -> T + Send + Sync + 'static,
    is_over: impl Fn() -> bool,
    is_hurried: impl Fn() -> bool,
    mut hung: impl FnMut(&UnderWay, &Hang) -> Then,
) -> Vec<T> {
    let task: Arc<Task> = Arc::new(move |number| Box::new(task(number)));
    let outcomes = watch_all((count, jobs, memory), &task, &is_over, &is_hurried, &mut hung);
    outcomes.into_iter().filter_map(|outcome| Some(*outcome.downcast().ok()?)).collect()
}

/// What a task is to the watch, which is compiled once and not for each type of peer.
type Task = dyn Fn(u64) -> Outcome + Send + Sync;
type Outcome = Box<dyn Any + Send>;

fn watch_all(
    (count, jobs, memory): (u64, usize, Option<u64>),
    task: &Arc<Task>,
    is_over: &dyn Fn() -> bool,
    is_hurried: &dyn Fn() -> bool,
    hung: &mut dyn FnMut(&UnderWay, &Hang) -> Then,
) -> Vec<Outcome> {
    last_words::keep();
    let tasks = Arc::new(Mutex::new(Tasks { count, ..Tasks::default() }));
    let (sender, receiver) = channel();
    let (task, workers) = (Arc::clone(task), BTreeMap::new());
    let mut watch = Watch {
        tasks,
        task,
        sender,
        receiver,
        workers,
        hired: 0,
        abandoned: 0,
        finished: Vec::new(),
    };
    for _ in 0..(jobs.max(1) as u64).min(count) {
        watch.hire();
    }
    let memory = memory.or_else(crate::memory::limit);
    let (mut looked, mut hurried) = (now(), None);
    while !watch.workers.is_empty() {
        watch.hear();
        if is_over() {
            watch.with_tasks(|tasks| tasks.is_over = true);
        }
        if looked.elapsed() < TICK {
            continue;
        }
        looked = now();
        if is_hurried() && hurried.get_or_insert(looked).elapsed() > MOST_IN_A_HURRY {
            break;
        }
        watch.workers.values_mut().for_each(Looked::again);
        if let Some(blamed) = who_fills_the_memory(watch.workers.values(), memory) {
            blamed.iter().for_each(|(run, hang)| _ = hung(run, hang));
            break;
        }
        watch.replace_who_hangs(hung);
    }
    watch.workers.values().for_each(|looked| looked.desk.give_up());
    let mut finished = watch.finished;
    finished.sort_unstable_by_key(|(number, _)| *number);
    finished.into_iter().map(|(_, outcome)| outcome).collect()
}

/// One task on a thread of its own.
///
/// # Errors
/// A sentence, if it hangs.
pub(crate) fn alone<T: Send + 'static>(
    task: impl Fn() -> T + Send + Sync + 'static,
) -> Result<T, String> {
    let mut told = "no thread could be started".to_owned();
    let note = |run: &UnderWay, hang: &Hang| {
        told = format!("{run}: hang: {hang}");
        Then::Drop
    };
    let outcomes = watch(1, 1, None, move |_| task(), || false, || false, note);
    outcomes.into_iter().next().ok_or(told)
}

/// What a worker tells the watch: what came of a task, or that it leaves. A task that panics is a fault of
/// the harness, which the caller has to see.
type News = (u64, Option<(u64, std::thread::Result<Outcome>)>);

struct Watch {
    tasks: Arc<Mutex<Tasks>>,
    task: Arc<Task>,
    sender: Sender<News>,
    receiver: Receiver<News>,
    /// Those that are neither gone nor abandoned.
    workers: BTreeMap<u64, Looked>,
    hired: u64,
    abandoned: usize,
    finished: Vec<(u64, Outcome)>,
}

impl Watch {
    /// One more thread works.
    fn hire(&mut self) {
        let worker = self.hired;
        self.hired += 1;
        let (tasks, task, sender) =
            (Arc::clone(&self.tasks), Arc::clone(&self.task), self.sender.clone());
        let desk = Arc::new(Desk::default());
        let own = Arc::clone(&desk);
        let name = std::thread::current().name().unwrap_or("splitvote").to_owned();
        let thread = Builder::new().name(name).spawn(move || {
            desk::sit_at(own);
            let take = || tasks.lock().ok().and_then(|mut tasks| tasks.take(worker));
            // Nobody listens any more to who was abandoned.
            while let Some(number) = take() {
                let outcome = catch_unwind(AssertUnwindSafe(|| task(number)));
                drop(sender.send((worker, Some((number, outcome)))));
            }
            drop(sender.send((worker, None)));
        });
        if thread.is_ok() {
            self.workers.insert(worker, Looked::at(desk));
        }
    }

    fn with_tasks(&self, change: impl FnOnce(&mut Tasks)) {
        if let Ok(mut tasks) = self.tasks.lock() {
            change(&mut tasks);
        }
    }

    /// Waits for news, for a tick at most.
    fn hear(&mut self) {
        match self.receiver.recv_timeout(TICK) {
            Ok((worker, Some((task, outcome)))) if self.workers.contains_key(&worker) => {
                let outcome = outcome.unwrap_or_else(|panic| resume_unwind(panic));
                self.finished.push((task, outcome));
            }
            Ok((worker, None)) => drop(self.workers.remove(&worker)),
            // Of one that was abandoned nothing counts any more.
            Ok(_) | Err(_) => {}
        }
    }

    /// Abandons the workers that hang and hires others.
    fn replace_who_hangs(&mut self, hung: &mut dyn FnMut(&UnderWay, &Hang) -> Then) {
        let hangs = |_: &u64, looked: &mut Looked| looked.hangs(MOST_TICKS_BETWEEN);
        for (worker, looked) in self.workers.extract_if(.., hangs).collect::<Vec<_>>() {
            let then = looked.hang(looked.silence()).map(|(run, hang)| hung(&run, &hang));
            looked.desk.give_up();
            self.abandoned += 1;
            self.with_tasks(|tasks| {
                tasks.is_over |= self.abandoned >= MOST_ABANDONED;
                if then == Some(Then::Again) {
                    tasks.again.extend(tasks.begun.get(&worker));
                }
            });
            self.hire();
        }
    }
}

#[expect(clippy::disallowed_types, reason = "when to look, and nothing that a run could see")]
type Instant = std::time::Instant;

fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_is_done_once_and_in_order() {
        for jobs in [0, 1, 3, 100] {
            let outcomes =
                watch(5, jobs, None, |number| number * 2, || false, || false, |_, _| Then::Drop);
            assert_eq!(outcomes, [0, 2, 4, 6, 8]);
        }
        assert!(
            watch(0, 2, None, |number| number, || false, || false, |_, _| Then::Drop).is_empty()
        );
    }

    #[test]
    fn no_task_is_begun_any_more_once_it_is_over() {
        let outcomes =
            watch(1_000_000, 2, None, |number| number, || true, || false, |_, _| Then::Drop);
        assert!(outcomes.len() < 1_000_000);
    }

    #[test]
    fn a_task_that_takes_for_ever_is_abandoned_in_a_hurry() {
        let task = |number| {
            if number == 1 {
                loop {
                    std::thread::park();
                }
            }
            number
        };
        let outcomes = watch(2, 2, None, task, || false, || true, |_, _| Then::Drop);
        assert_eq!(outcomes, [0]);
    }
}
