//! The calls of a peer that wait for their replies.

use std::collections::VecDeque;

use splitvote_peer::{CallId, RpcError};

use crate::tasks::Waiter;

/// A call that was made. Its place is used again once nobody waits for it.
struct Place<R> {
    is_taken: bool,
    /// Under which number it left, until its reply comes.
    number: Option<u64>,
    outcome: Option<Result<R, RpcError>>,
    waiter: Option<Waiter>,
}

/// All calls that somebody waits for, by place, and which call of the world each of them is.
pub(super) struct Calls<R> {
    places: Vec<Place<R>>,
    free: Vec<usize>,
    /// The numbers of calls that have left, in order, each with its place; none for one that nobody waits for.
    left: VecDeque<(u64, Option<usize>)>,
}

impl<R> Default for Calls<R> {
    fn default() -> Self {
        Self { places: Vec::new(), free: Vec::new(), left: VecDeque::new() }
    }
}

impl<R> Calls<R> {
    /// A place for a call that is about to be made.
    pub(super) fn open(&mut self) -> usize {
        if let Some(free) = self.free.pop() {
            self.places[free].is_taken = true;
            return free;
        }
        self.places.push(Place { is_taken: true, number: None, outcome: None, waiter: None });
        self.places.len() - 1
    }

    /// The call has left under this name. Names of later calls are greater.
    pub(super) fn left(&mut self, place: usize, call: CallId) {
        if let Some(waiting) = self.places.get_mut(place).filter(|place| place.is_taken) {
            waiting.number = Some(call.number);
            self.left.push_back((call.number, Some(place)));
        }
    }

    /// A reply has come, or word that none will. A second one is nobody's.
    pub(super) fn reply(&mut self, call: CallId, outcome: Result<R, RpcError>) -> Option<Waiter> {
        let place = self.forget(call.number)?;
        let waiting = self.places.get_mut(place)?;
        (waiting.number, waiting.outcome) = (None, Some(outcome));
        waiting.waiter.take()
    }

    /// Whose call had this number, which is not waited for any more.
    fn forget(&mut self, number: u64) -> Option<usize> {
        // Few calls are under way in most Rafts, and the oldest is mostly answered first.
        let at = match self.left.iter().take(4).position(|(left, _)| *left == number) {
            Some(at) => at,
            None => self.left.binary_search_by_key(&number, |(number, _)| *number).ok()?,
        };
        let place = self.left[at].1.take();
        while self.left.front().is_some_and(|(_, place)| place.is_none()) {
            self.left.pop_front();
        }
        place
    }

    /// The outcome of a call, or else this task is woken when it comes.
    pub(super) fn take(
        &mut self,
        place: usize,
        waiter: impl FnOnce() -> Waiter,
    ) -> Option<Result<R, RpcError>> {
        let waiting = self.places.get_mut(place)?;
        if waiting.outcome.is_none() {
            waiting.waiter = Some(waiter());
        }
        waiting.outcome.take()
    }

    /// Nobody waits for this call any more.
    pub(super) fn close(&mut self, place: usize) {
        let Some(waiting) = self.places.get_mut(place) else { return };
        let number = waiting.number.take();
        (waiting.is_taken, waiting.outcome, waiting.waiter) = (false, None, None);
        self.free.push(place);
        number.map(|number| self.forget(number));
    }

    /// How many calls are waited for or remembered.
    #[cfg(test)]
    fn held(&self) -> usize {
        self.left.len() + self.places.iter().filter(|place| place.is_taken).count()
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;
    use splitvote_peer::PeerId;

    fn waiter() -> Waiter {
        Waiter::Other(Waker::noop().clone())
    }

    fn call(number: u64) -> CallId {
        CallId { number, boot: 1, caller: PeerId(0) }
    }

    #[test]
    fn a_reply_finds_its_call_once() {
        let mut calls = Calls::default();
        let places = [calls.open(), calls.open()];
        calls.left(places[0], call(3));
        calls.left(places[1], call(8));
        assert!(calls.reply(call(8), Ok('b')).is_none(), "nobody has waited yet");
        calls.reply(call(8), Ok('c'));
        assert_eq!(calls.take(places[1], waiter), Some(Ok('b')), "a copy is nobody's");
        assert_eq!(calls.take(places[0], waiter), None);
        assert!(calls.reply(call(3), Err(RpcError::NoReply)).is_some(), "its task is woken");
        assert_eq!(calls.take(places[0], waiter), Some(Err(RpcError::NoReply)));
        places.into_iter().for_each(|place| calls.close(place));
        assert_eq!(calls.held(), 0);
    }

    #[test]
    fn a_call_that_nobody_waits_for_is_forgotten() {
        let mut calls = Calls::<char>::default();
        let unsent = calls.open();
        calls.close(unsent);
        calls.left(unsent, call(1));
        let given_up = calls.open();
        calls.left(given_up, call(2));
        calls.close(given_up);
        assert_eq!(calls.held(), 0);
        assert!(calls.reply(call(2), Ok('a')).is_none());
    }
}
