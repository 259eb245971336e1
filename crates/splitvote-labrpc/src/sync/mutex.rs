//! A lock that may be held over an await, as a Go program holds its mutex.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::{Poll, Waker};

use super::waiting::Waiting;

/// A lock, as Go's: it stands beside the state that it protects. Who waits for it has it in the order in which it
/// began to wait.
///
/// The state itself stands in a `RefCell`, which is borrowed for as long as no await lies between: what is borrowed
/// over an await can be shown to nobody.
///
/// A lock that is held over a call is a mistake of the labs: nobody else gets on until the reply comes, which may be
/// seconds. A lock that its holder takes again is never had.
#[derive(Debug, Default)]
pub struct Mutex {
    is_held: Cell<bool>,
    waiting: RefCell<Waiting>,
}

impl Mutex {
    /// A lock that nobody holds.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the lock, once it is free. Given up while it waits, it passes its turn on.
    pub async fn lock(&self) -> MutexGuard<'_> {
        let mut turn = Turn { mutex: self, ticket: None };
        poll_fn(|cx| {
            let mut waiting = self.waiting.borrow_mut();
            // Who has waited is handed the lock when it is taken from the queue.
            let is_ours = match turn.ticket {
                Some(ticket) => !waiting.is_waiting(ticket),
                None => !self.is_held.replace(true),
            };
            if is_ours {
                turn.ticket = None;
                return Poll::Ready(());
            }
            waiting.keep(&mut turn.ticket, cx.waker());
            Poll::Pending
        })
        .await;
        MutexGuard { mutex: self }
    }

    /// Whether anybody holds it.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.is_held.get()
    }

    fn release(&self) {
        let next = self.waiting.borrow_mut().first();
        self.is_held.set(next.is_some());
        next.into_iter().for_each(Waker::wake);
    }
}

/// Who waits for the lock.
struct Turn<'a> {
    mutex: &'a Mutex,
    ticket: Option<u64>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let was_handed =
            self.ticket.is_some() && !self.mutex.waiting.borrow_mut().leave(&mut self.ticket);
        if was_handed {
            self.mutex.release();
        }
    }
}

/// The lock, for as long as it lives.
#[derive(Debug)]
#[must_use = "a lock that is not kept is free again at once"]
pub struct MutexGuard<'a> {
    mutex: &'a Mutex,
}

impl Drop for MutexGuard<'_> {
    fn drop(&mut self) {
        self.mutex.release();
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::tests::{Task, run_each};
    use crate::yield_now;

    #[test]
    fn who_waits_has_the_lock_in_turn_and_one_at_a_time() {
        let (mutex, said) = (Rc::new(Mutex::new()), Rc::new(RefCell::new(Vec::new())));
        let task = |number: u32| {
            let (mutex, said) = (Rc::clone(&mutex), Rc::clone(&said));
            Box::pin(async move {
                let guard = mutex.lock().await;
                said.borrow_mut().push(number);
                yield_now().await;
                said.borrow_mut().push(number);
                drop(guard);
            }) as Task
        };
        run_each((0..3).map(task).collect());
        assert_eq!(*said.borrow(), [0, 0, 1, 1, 2, 2]);
        assert!(!mutex.is_locked());
    }

    #[test]
    fn whoever_gives_up_waiting_passes_its_turn_on() {
        let (mutex, said) = (Rc::new(Mutex::new()), Rc::new(Cell::new(false)));
        let (first, second, third) = (Rc::clone(&mutex), Rc::clone(&mutex), Rc::clone(&mutex));
        let got = Rc::clone(&said);
        let holder = Box::pin(async move {
            let guard = first.lock().await;
            yield_now().await;
            drop(guard);
        });
        let gives_up = Box::pin(async move {
            let once = Box::pin(second.lock());
            // It waits once and is dropped with the lock in its hand.
            drop(crate::sync::race(once, async { yield_now().await }).await);
        });
        let waits = Box::pin(async move {
            let _guard = third.lock().await;
            got.set(true);
        });
        run_each(vec![holder as Task, gives_up, waits]);
        assert!(said.get() && !mutex.is_locked());
    }
}
