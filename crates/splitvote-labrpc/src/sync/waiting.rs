//! Tasks that wait for one thing, in the order in which they began to.

use std::collections::VecDeque;
use std::task::Waker;

/// A queue of tasks that wait. Who waits has a ticket, and is served by it or leaves it.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    queue: VecDeque<(u64, Waker)>,
    tickets: u64,
}

impl Waiting {
    /// Keeps a place in the queue, or the place that the ticket stands for.
    pub(super) fn keep(&mut self, ticket: &mut Option<u64>, waker: &Waker) {
        let place = ticket.and_then(|ticket| self.queue.iter_mut().find(|(one, _)| *one == ticket));
        if let Some((_, kept)) = place {
            kept.clone_from(waker);
            return;
        }
        self.tickets += 1;
        *ticket = Some(self.tickets);
        self.queue.push_back((self.tickets, waker.clone()));
    }

    /// Whether this ticket's place is still in the queue.
    pub(super) fn is_waiting(&self, ticket: u64) -> bool {
        self.queue.iter().any(|(one, _)| *one == ticket)
    }

    /// Leaves the queue. Whether it stood there: if not, it has been woken.
    pub(super) fn leave(&mut self, ticket: &mut Option<u64>) -> bool {
        let Some(ticket) = ticket.take() else { return false };
        let place = self.queue.iter().position(|(one, _)| *one == ticket);
        place.and_then(|place| self.queue.remove(place)).is_some()
    }

    /// Takes the first.
    pub(super) fn first(&mut self) -> Option<Waker> {
        self.queue.pop_front().map(|(_, waker)| waker)
    }

    /// Takes all of them, in order.
    pub(super) fn all(&mut self) -> VecDeque<(u64, Waker)> {
        std::mem::take(&mut self.queue)
    }
}

/// Wakes all of these.
pub(super) fn wake_all(waiting: VecDeque<(u64, Waker)>) {
    waiting.into_iter().for_each(|(_, waker)| waker.wake());
}
