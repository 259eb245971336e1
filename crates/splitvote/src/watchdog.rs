//! A watch over the threads that run seeds: a peer that does not return must not keep the others waiting.
//!
//! A thread cannot be stopped. One whose peer hangs is abandoned, and another takes its place; it ends
//! with the process. Time and threads are used here, and nowhere in a run: whether a run is watched makes
//! no difference to it, and what is abandoned has no result but that.
//!
//! How long a call takes is counted in looks of the watch and not by a clock: a process that was stopped for a
//! while accuses nobody.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use splitvote_sim::{Called, Seed};

use crate::desk::{self, Desk, UnderWay};
use crate::hang::{Hang, Trouble};
use crate::memory::Memory;

/// How often the watch looks.
const TICK: Duration = Duration::from_millis(50);
/// So many ticks a call of a peer may take: 10 s.
const MOST_TICKS: u32 = 200;
/// So many the harness may take between two calls, where it clones, prints and asks messages: 60 s.
const MOST_TICKS_BETWEEN: u32 = 1_200;
/// A call that takes longer than so many ticks is what fills the memory, if anything does.
const LONG_TICKS: u32 = 2;
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

/// What a worker tells the watch.
enum News<T> {
    Begun { worker: u64, task: u64 },
    Done { worker: u64, task: u64, outcome: T },
    Leaves { worker: u64 },
}

/// What all workers share.
struct Tasks {
    count: u64,
    next: AtomicU64,
    again: Mutex<Vec<u64>>,
    is_over: AtomicBool,
}

impl Tasks {
    fn take(&self) -> Option<u64> {
        if let Some(task) = self.again.lock().ok().and_then(|mut again| again.pop()) {
            return Some(task);
        }
        if self.is_over.load(Ordering::Relaxed) {
            return None;
        }
        Some(self.next.fetch_add(1, Ordering::Relaxed)).filter(|task| *task < self.count)
    }
}

/// A worker as the watch sees it.
struct Worker {
    thread: JoinHandle<()>,
    desk: Arc<Desk>,
    task: Option<u64>,
    last: Option<(UnderWay, Called)>,
    /// For how many ticks that has not changed.
    ticks: u32,
}

/// Does the tasks `0..count` on so many threads of their own. What came of them is in the order of their
/// numbers. Tasks are begun in order, and none any more once `is_over`; those that were begun are finished,
/// unless they hang: then `hung` is told, and says what to do. The process may hold so many bytes of
/// `memory`, or else nearly all that there is; whoever fills it hangs, too, and then all ends.
pub(crate) fn watch<T: Send + 'static>(
    count: u64,
    jobs: usize,
    memory: Option<u64>,
    task: impl Fn(u64) -> T + Send + Sync + 'static,
    is_over: impl Fn() -> bool,
    mut hung: impl FnMut(&UnderWay, &Hang) -> Then,
) -> Vec<T> {
    let (next, again) = (AtomicU64::new(0), Mutex::new(Vec::new()));
    let tasks = Arc::new(Tasks { count, next, again, is_over: AtomicBool::new(false) });
    let mut watch = Watch::new(Arc::clone(&tasks), Arc::new(task), memory);
    for _ in 0..(jobs.max(1) as u64).min(count) {
        watch.hire();
    }
    while !watch.workers.is_empty() {
        let is_tick = watch.hear();
        if is_over() {
            tasks.is_over.store(true, Ordering::Relaxed);
        }
        if is_tick && watch.look(&mut hung) == Memory::Full {
            break;
        }
    }
    let mut finished = watch.finished;
    finished.sort_unstable_by_key(|(number, _)| *number);
    finished.into_iter().map(|(_, outcome)| outcome).collect()
}

/// One task on a thread of its own.
///
/// # Errors
/// What it was at, if it hangs.
pub(crate) fn alone<T: Send + 'static>(
    task: impl Fn() -> T + Send + Sync + 'static,
) -> Result<T, (UnderWay, Hang)> {
    let mut seen = None;
    let outcomes = watch(
        1,
        1,
        None,
        move |_| task(),
        || false,
        |run, hang| {
            seen = Some((run.clone(), hang.clone()));
            Then::Drop
        },
    );
    match (outcomes.into_iter().next(), seen) {
        (Some(outcome), _) => Ok(outcome),
        (None, Some(seen)) => Err(seen),
        // No thread could be started.
        (None, None) => {
            let (scenario, file) = (String::new(), String::new());
            Err((UnderWay { scenario, file, seed: Seed(0) }, Hang::default()))
        }
    }
}

struct Watch<T, F> {
    tasks: Arc<Tasks>,
    task: Arc<F>,
    sender: Sender<News<T>>,
    receiver: Receiver<News<T>>,
    workers: BTreeMap<u64, Worker>,
    hired: u64,
    abandoned: usize,
    memory: Option<u64>,
    finished: Vec<(u64, T)>,
    /// When it looked last.
    looked: Instant,
}

impl<T: Send + 'static, F: Fn(u64) -> T + Send + Sync + 'static> Watch<T, F> {
    fn new(tasks: Arc<Tasks>, task: Arc<F>, memory: Option<u64>) -> Self {
        let (sender, receiver) = channel();
        Self {
            tasks,
            task,
            sender,
            receiver,
            workers: BTreeMap::new(),
            hired: 0,
            abandoned: 0,
            memory: memory.or_else(crate::memory::limit),
            finished: Vec::new(),
            looked: now(),
        }
    }

    /// One more thread works.
    fn hire(&mut self) {
        let number = self.hired;
        self.hired += 1;
        let (tasks, task, sender) =
            (Arc::clone(&self.tasks), Arc::clone(&self.task), self.sender.clone());
        let desk = Arc::new(Desk::default());
        let own = Arc::clone(&desk);
        let name = std::thread::current().name().unwrap_or("splitvote").to_owned();
        let thread = Builder::new().name(name).spawn(move || {
            desk::sit_at(own);
            let leaving = Leaving { worker: number, sender };
            while let Some(number) = tasks.take() {
                let worker = leaving.worker;
                leaving.tell(News::Begun { worker, task: number });
                let outcome = task(number);
                leaving.tell(News::Done { worker, task: number, outcome });
            }
        });
        if let Ok(thread) = thread {
            let worker = Worker { thread, desk, task: None, last: None, ticks: 0 };
            self.workers.insert(number, worker);
        }
    }

    /// Waits for news, for a tick at most; whether it is time to look.
    fn hear(&mut self) -> bool {
        self.take_news();
        let is_tick = self.looked.elapsed() >= TICK;
        if is_tick {
            self.looked = now();
        }
        is_tick
    }

    fn take_news(&mut self) {
        match self.receiver.recv_timeout(TICK) {
            Ok(News::Begun { worker, task }) => {
                if let Some(worker) = self.workers.get_mut(&worker) {
                    worker.task = Some(task);
                }
            }
            Ok(News::Done { worker, task, outcome }) => {
                // Of one that was abandoned nothing counts any more.
                if self.workers.contains_key(&worker) {
                    self.finished.push((task, outcome));
                }
            }
            Ok(News::Leaves { worker }) => {
                let worker = self.workers.remove(&worker);
                if let Some(Err(panic)) = worker.map(|worker| worker.thread.join()) {
                    std::panic::resume_unwind(panic);
                }
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
    }

    /// Looks at all workers, and at the memory.
    fn look(&mut self, hung: &mut impl FnMut(&UnderWay, &Hang) -> Then) -> Memory {
        self.workers.values_mut().for_each(Worker::look);
        if let Some(limit) = self.memory
            && let Some(held) = crate::memory::held().filter(|held| *held > limit)
        {
            let is_long = |worker: &&Worker| worker.ticks >= LONG_TICKS;
            let is_any_long = self.workers.values().any(|worker| is_long(&worker));
            let trouble = Trouble::Memory { bytes: held };
            for worker in self.workers.values().filter(|worker| !is_any_long || is_long(worker)) {
                if let Some((run, hang)) = worker.hang(trouble) {
                    hung(&run, &hang);
                }
            }
            return Memory::Full;
        }
        let stuck: Vec<u64> = self
            .workers
            .iter()
            .filter(|(_, worker)| worker.hangs())
            .map(|(number, _)| *number)
            .collect();
        for number in stuck {
            let Some(worker) = self.workers.remove(&number) else { continue };
            self.abandoned += 1;
            if self.abandoned >= MOST_ABANDONED {
                self.tasks.is_over.store(true, Ordering::Relaxed);
            }
            let trouble = Trouble::Silence {
                seconds: u64::from(worker.ticks) * TICK.as_millis() as u64 / 1_000,
            };
            let Some((run, hang)) = worker.hang(trouble) else { continue };
            if hung(&run, &hang) == Then::Again
                && let Some(task) = worker.task
                && let Ok(mut again) = self.tasks.again.lock()
            {
                again.push(task);
            }
            self.hire();
        }
        Memory::Enough
    }
}

#[expect(clippy::disallowed_types, reason = "when to look, and nothing that a run could see")]
type Instant = std::time::Instant;

fn now() -> Instant {
    Instant::now()
}

/// Tells the watch that a worker leaves, be it by a panic.
struct Leaving<T> {
    worker: u64,
    sender: Sender<News<T>>,
}

impl<T> Leaving<T> {
    fn tell(&self, news: News<T>) {
        // Nobody listens any more to who was abandoned.
        drop(self.sender.send(news));
    }
}

impl<T> Drop for Leaving<T> {
    fn drop(&mut self) {
        self.tell(News::Leaves { worker: self.worker });
    }
}

impl Worker {
    fn look(&mut self) {
        let seen = self.desk.seen().and_then(|(run, called)| Some((run, called?)));
        if seen.is_some() && seen == self.last {
            self.ticks += 1;
        } else {
            (self.last, self.ticks) = (seen, 0);
        }
    }

    fn hangs(&self) -> bool {
        self.last.as_ref().is_some_and(|(_, called)| {
            self.ticks >= if called.is_inside { MOST_TICKS } else { MOST_TICKS_BETWEEN }
        })
    }

    fn hang(&self, trouble: Trouble) -> Option<(UnderWay, Hang)> {
        let (run, called) = self.last.clone()?;
        Some((run, Hang::new(called, trouble)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_is_done_once_and_in_order() {
        for jobs in [0, 1, 3, 100] {
            let outcomes = watch(5, jobs, None, |number| number * 2, || false, |_, _| Then::Drop);
            assert_eq!(outcomes, [0, 2, 4, 6, 8]);
        }
        assert!(watch(0, 2, None, |number| number, || false, |_, _| Then::Drop).is_empty());
    }

    #[test]
    fn no_task_is_begun_any_more_once_it_is_over() {
        let outcomes = watch(1_000_000, 2, None, |number| number, || true, |_, _| Then::Drop);
        assert!(outcomes.len() < 1_000_000);
    }
}
