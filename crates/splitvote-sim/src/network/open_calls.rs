//! The calls over the labs' network that have not returned yet.
//!
//! Calls are numbered in order, so a queue with holes finds each by its number, without a search and
//! without allocation in steady state. Those still open after many later calls are set aside:
//! 1. Suppose a handler never answers, and its server is never out of reach.
//! 2. Its call stays open for ever, and all later ones come and go behind it.
//! 3. Were it left in the queue, the queue would grow by a hole with every call.

use std::collections::{BTreeMap, VecDeque};

use splitvote_peer::{CallId, PeerId, SimTime};

use super::labrpc::Draws;

/// A call that has not returned yet, with all that was sampled when the network accepted it.
#[derive(Clone, Debug)]
pub(crate) struct OpenCall {
    pub(crate) call: CallId,
    pub(crate) to: PeerId,
    /// Which life of the server was sampled.
    pub(crate) server_boot: u32,
    pub(crate) reliable: bool,
    pub(crate) long_reordering: bool,
    pub(crate) draws: Draws,
    /// When the handler was entered, once it was.
    pub(crate) entered: Option<SimTime>,
}

/// All calls that have not returned yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenCalls {
    /// The number of the first of `calls`.
    first: u64,
    calls: VecDeque<Option<OpenCall>>,
    /// Calls with lower numbers than `first`.
    set_aside: BTreeMap<u64, OpenCall>,
}

impl OpenCalls {
    /// How many numbers the queue spans at most.
    const SPAN: u64 = 4096;

    pub(crate) fn open(&mut self, call: OpenCall) {
        let number = call.call.number;
        while !self.calls.is_empty() && number.saturating_sub(self.first) >= Self::SPAN {
            let oldest = self.calls.pop_front().flatten();
            self.set_aside.extend(oldest.map(|oldest| (self.first, oldest)));
            self.first += 1;
        }
        if self.calls.is_empty() {
            self.first = number;
        }
        while self.first + (self.calls.len() as u64) < number {
            self.calls.push_back(None);
        }
        self.calls.push_back(Some(call));
    }

    pub(crate) fn get(&mut self, call: CallId) -> Option<&mut OpenCall> {
        let Some(place) = call.number.checked_sub(self.first) else {
            return self.set_aside.get_mut(&call.number);
        };
        self.calls.get_mut(usize::try_from(place).ok()?)?.as_mut()
    }

    #[inline]
    pub(crate) fn close(&mut self, call: &CallId) -> Option<OpenCall> {
        if self.calls.is_empty() && self.set_aside.is_empty() {
            return None;
        }
        let Some(place) = call.number.checked_sub(self.first) else {
            return self.set_aside.remove(&call.number);
        };
        let closed = self.calls.get_mut(usize::try_from(place).ok()?)?.take();
        while let Some(None) = self.calls.front() {
            self.calls.pop_front();
            self.first += 1;
        }
        closed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::link::WORDS_PER_PACKET;

    fn id(number: u64) -> CallId {
        CallId { number, boot: 1, caller: PeerId(0) }
    }

    fn open(number: u64) -> OpenCall {
        OpenCall {
            call: id(number),
            to: PeerId(1),
            server_boot: 1,
            reliable: true,
            long_reordering: false,
            draws: Draws::new([0; WORDS_PER_PACKET]),
            entered: None,
        }
    }

    #[test]
    fn open_calls_are_found_until_closed() {
        let mut calls = OpenCalls::default();
        for number in [3, 4, 7] {
            calls.open(open(number));
        }
        assert!(calls.get(id(5)).is_none() && calls.get(id(4)).is_some());
        assert!(calls.close(&id(4)).is_some() && calls.close(&id(4)).is_none());
        assert!(calls.close(&id(3)).is_some() && calls.get(id(7)).is_some());
        assert!(calls.close(&id(7)).is_some() && calls.calls.is_empty());
    }

    #[test]
    fn a_call_that_never_returns_holds_no_room_for_those_behind_it() {
        let mut calls = OpenCalls::default();
        calls.open(open(0));
        for number in 1..100_000 {
            calls.open(open(number));
            assert!(calls.close(&id(number)).is_some());
        }
        // Others were made over another network, which leaves a wide gap.
        calls.open(open(1 << 60));
        assert!(calls.calls.capacity() as u64 <= 2 * OpenCalls::SPAN);
        for number in [0, 1 << 60] {
            assert_eq!(calls.get(id(number)).map(|open| open.call), Some(id(number)));
        }
        assert!(calls.get(id(1)).is_none() && calls.close(&id(1)).is_none());
        assert!(calls.close(&id(0)).is_some() && calls.close(&id(0)).is_none());
        assert!(calls.close(&id(1 << 60)).is_some());
        assert!(calls.set_aside.is_empty() && calls.calls.is_empty());
    }
}
