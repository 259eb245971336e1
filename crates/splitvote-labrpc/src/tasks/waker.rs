//! How a task is woken: it is put at the end of the queue of those that are ready, unless it stands there already.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Wake;

/// The tasks that are ready to run, by their places, in the order in which they were woken.
///
/// A waker may be sent to another thread, so the language wants a lock here. Nobody ever waits for it.
#[derive(Debug, Default)]
pub(super) struct Ready {
    queue: Mutex<VecDeque<usize>>,
}

impl Ready {
    fn with<T>(&self, work: impl FnOnce(&mut VecDeque<usize>) -> T) -> T {
        work(&mut self.queue.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn push(&self, place: usize) {
        self.with(|queue| queue.push_back(place));
    }

    /// How many are ready.
    pub(super) fn len(&self) -> usize {
        self.with(|queue| queue.len())
    }

    /// Takes the one that has so many before it.
    pub(super) fn take(&self, at: usize) -> Option<usize> {
        self.with(|queue| if at == 0 { queue.pop_front() } else { queue.remove(at) })
    }
}

/// Wakes the task in one place. A place keeps its waker when another task takes it.
#[derive(Debug)]
pub(super) struct TaskWaker {
    pub(super) place: usize,
    pub(super) is_queued: AtomicBool,
    pub(super) ready: Arc<Ready>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.is_queued.swap(true, Ordering::Relaxed) {
            self.ready.push(self.place);
        }
    }
}
