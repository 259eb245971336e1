//! How a task is woken: it is put at the end of the queue of those that are ready, unless it stands there already.
//!
//! The language lets a waker be sent to another thread, so each has a queue behind a lock to fall back on. Whoever
//! wakes a task in a step of its own peer, which is everybody who is not mistaken, puts it into the executor's queue
//! directly. A task that another thread has woken is a mistake: which of them is faster would decide a run.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Wake;
use std::thread::{self, ThreadId};

use super::current;

/// The tasks that were woken from outside of a step of their peer, by their places.
#[derive(Debug)]
pub(super) struct FromOutside {
    is_any: AtomicBool,
    /// Another thread has woken one of them.
    is_of_thread: AtomicBool,
    /// The thread on which the peer runs.
    home: ThreadId,
    queue: Mutex<VecDeque<usize>>,
}

impl Default for FromOutside {
    fn default() -> Self {
        Self {
            is_any: AtomicBool::new(false),
            is_of_thread: AtomicBool::new(false),
            home: thread::current().id(),
            queue: Mutex::default(),
        }
    }
}

impl FromOutside {
    fn push(&self, place: usize) {
        if thread::current().id() != self.home {
            self.is_of_thread.store(true, Ordering::Relaxed);
        }
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).push_back(place);
        self.is_any.store(true, Ordering::Release);
    }

    /// Whether there are any.
    #[inline]
    pub(super) fn is_any(&self) -> bool {
        self.is_any.load(Ordering::Acquire)
    }

    /// Takes all of them.
    ///
    /// # Panics
    /// If another thread has woken one.
    #[cold]
    #[expect(clippy::panic, reason = "a mistake in the code of a Raft, which no value can report")]
    pub(super) fn take(&self) -> VecDeque<usize> {
        self.is_any.store(false, Ordering::Release);
        if self.is_of_thread.load(Ordering::Relaxed) {
            panic!(
                "a task of this peer was woken by another thread: a peer has one thread, or else it depends on which is \
                 faster; use `spawn`, `sleep` and the channels of `splitvote_labrpc`"
            );
        }
        std::mem::take(&mut *self.queue.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Wakes the task in one place. A place keeps its waker when another task takes it.
#[derive(Debug)]
pub(super) struct TaskWaker {
    place: usize,
    /// It stands in a queue. Two threads at once might put it there twice, which would be one run in vain.
    is_queued: AtomicBool,
    from_outside: Arc<FromOutside>,
}

impl TaskWaker {
    pub(super) fn new(place: usize, from_outside: Arc<FromOutside>) -> Self {
        Self { place, is_queued: AtomicBool::new(false), from_outside }
    }

    /// Whether its task has to be put into a queue: it is not, if it stands there.
    #[inline]
    pub(super) fn queue(&self) -> bool {
        let is_queued = self.is_queued.load(Ordering::Relaxed);
        self.is_queued.store(true, Ordering::Relaxed);
        !is_queued
    }

    /// Its task was taken from the queue.
    #[inline]
    pub(super) fn leave_queue(&self) {
        self.is_queued.store(false, Ordering::Relaxed);
    }
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.queue() && !current::push(&self.from_outside, self.place) {
            self.from_outside.push(self.place);
        }
    }
}
