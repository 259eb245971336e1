//! Calls that a Raft answers later.

use std::collections::BTreeMap;

use splitvote_peer::CallId;

/// The calls that have come in and have no answer yet, each under a number: for a Raft that is given requests by
/// number, or that keeps no address to answer to. A call that it never answers is dropped with the peer, or once
/// [`Asked::MOST`] newer ones wait: its caller hears nothing, as if the answer were lost.
///
/// ```
/// use splitvote_adapter::Asked;
/// use splitvote_peer::{CallId, PeerId};
///
/// let call = CallId { number: 7, boot: 1, caller: PeerId(2) };
/// let mut asked = Asked::default();
/// let number = asked.note(call);
/// // … `library.handle(number, request)`, and some steps later it says: answer `number` with this.
/// assert_eq!(asked.take(number), Some(call));
/// assert_eq!(asked.take(number), None, "it is answered once");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Asked {
    next: u64,
    waiting: BTreeMap<u64, CallId>,
}

impl Asked {
    /// So many calls wait at most.
    pub const MOST: usize = 10_000;

    /// A call has come in: its number.
    pub fn note(&mut self, call: CallId) -> u64 {
        let number = self.next;
        self.next += 1;
        self.waiting.insert(number, call);
        if self.waiting.len() > Self::MOST {
            self.waiting.pop_first();
        }
        number
    }

    /// The call of this number, to be answered now.
    pub fn take(&mut self, number: u64) -> Option<CallId> {
        self.waiting.remove(&number)
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::PeerId;

    use super::*;

    #[test]
    fn of_too_many_the_oldest_are_dropped() {
        let mut asked = Asked::default();
        let call = |number| CallId { number, boot: 1, caller: PeerId(1) };
        let numbers: Vec<u64> = (0..=Asked::MOST as u64).map(|n| asked.note(call(n))).collect();
        assert_eq!((asked.take(numbers[0]), asked.take(numbers[1])), (None, Some(call(1))));
    }
}
