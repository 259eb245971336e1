//! The ends of tasks: what their handles are told, and who is woken.

use std::task::{Poll, Waker};

use super::Executor;
use super::work::Value;

/// Who waits for something, and how it is woken.
pub(crate) enum Waiter {
    /// The task in this place.
    Task(usize),
    /// Somebody in a task of another kind, such as one that waits for the first of several things.
    Other(Waker),
}

impl Executor {
    /// Whether somebody holds the handle of the task in this place.
    #[inline]
    pub(super) fn is_watched(&self, place: usize) -> bool {
        self.places.borrow().get(place).is_some_and(|place| place.is_watched)
    }

    /// Nobody holds the handle of this task any more.
    pub(super) fn unwatch(&self, place: usize) {
        let mut places = self.places.borrow_mut();
        let Some(left) = places.get_mut(place) else { return };
        let left_behind = (left.value.take(), left.waiting.take());
        left.is_watched = false;
        if left.has_ended {
            self.free.borrow_mut().push(place);
        }
        drop(places);
        drop(left_behind);
    }

    /// Whether the task whose handle is held has ended, however it did.
    pub(super) fn is_over(&self, place: usize) -> bool {
        self.has_ended.get() || self.places.borrow().get(place).is_none_or(|place| place.has_ended)
    }

    /// What a task gave that is over; or else its end wakes this task.
    pub(super) fn outcome(&self, place: usize, waker: &Waker) -> Poll<Value> {
        if self.is_over(place) {
            let mut places = self.places.borrow_mut();
            return Poll::Ready(places.get_mut(place).and_then(|place| place.value.take()));
        }
        if let Some(place) = self.places.borrow_mut().get_mut(place) {
            place.waiting = Some(waker.clone());
        }
        Poll::Pending
    }

    /// Who waits with this waker: in most cases the task that runs, which is woken without it.
    #[inline]
    pub(crate) fn waiter(&self, waker: &Waker) -> Waiter {
        match self.running.get() {
            Some((place, known)) if waker.data() == known => Waiter::Task(place),
            _ => Waiter::Other(waker.clone()),
        }
    }

    /// Wakes whoever waits.
    #[inline]
    pub(crate) fn wake(&self, waiter: Waiter) {
        match waiter {
            Waiter::Task(place) => {
                if self.places.borrow().get(place).is_some_and(|place| place.flag.queue()) {
                    self.push(place);
                }
            }
            Waiter::Other(waker) => waker.wake(),
        }
    }

    /// Ends the task in this place, in the midst of what it waits for. One that runs goes on.
    pub(crate) fn end(&self, place: usize) {
        let mut places = self.places.borrow_mut();
        let task = places.get_mut(place).and_then(|place| Some((place.task.take()?, place.kind)));
        drop(places);
        if let Some((task, kind)) = task {
            self.clear(task, kind);
            self.ended(place, None);
        }
    }

    /// The task in this place has ended, and gave this.
    #[inline]
    pub(super) fn ended(&self, place: usize, value: Value) {
        let mut places = self.places.borrow_mut();
        let Some(left) = places.get_mut(place) else { return };
        left.has_ended = true;
        if !left.is_watched {
            self.free.borrow_mut().push(place);
            return;
        }
        left.value = value;
        let waiting = left.waiting.take();
        drop(places);
        waiting.into_iter().for_each(Waker::wake);
    }
}
