//! How a task is woken: it is put at the end of the queue of those that are ready, unless it stands there already.
//!
//! The language lets a waker be sent to another thread, so each has a queue behind a lock to fall back on. Whoever
//! wakes a task in a step of its own peer, which is everybody who is not mistaken, puts it into the executor's queue
//! directly.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Wake;

use super::current;

/// The tasks that were woken from outside of a step of their peer, by their places.
#[derive(Debug, Default)]
pub(super) struct FromOutside {
    is_any: AtomicBool,
    queue: Mutex<VecDeque<usize>>,
}

impl FromOutside {
    fn push(&self, place: usize) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).push_back(place);
        self.is_any.store(true, Ordering::Release);
    }

    /// Whether there are any.
    #[inline]
    pub(super) fn is_any(&self) -> bool {
        self.is_any.load(Ordering::Acquire)
    }

    /// Takes all of them.
    #[cold]
    pub(super) fn take(&self) -> VecDeque<usize> {
        self.is_any.store(false, Ordering::Release);
        std::mem::take(&mut *self.queue.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Wakes the task in one place. A place keeps its waker when another task takes it.
#[derive(Debug)]
pub(super) struct TaskWaker {
    pub(super) place: usize,
    /// It stands in a queue. Two threads at once might put it there twice, which would be one run in vain.
    pub(super) is_queued: AtomicBool,
    pub(super) from_outside: Arc<FromOutside>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.is_queued.load(Ordering::Relaxed) {
            return;
        }
        self.is_queued.store(true, Ordering::Relaxed);
        if !current::push(&self.from_outside, self.place) {
            self.from_outside.push(self.place);
        }
    }
}
