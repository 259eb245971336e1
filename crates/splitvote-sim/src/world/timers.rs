//! When each peer next wants to be woken: one timer a peer, and which of them is next.
//!
//! A timer that moves writes one number and never touches the event queue; no stale wake is left
//! behind. Only when the next timer itself moves away are all of them looked through: with at most
//! 128 peers that costs less than a heap. Timers of one instant go off in the order of the peers.

use splitvote_peer::{PeerId, SimTime};

#[derive(Clone, Debug)]
pub(super) struct Timers {
    /// One a peer; [`SimTime::NEVER`] if it is not armed.
    at: Vec<SimTime>,
    /// The peer whose timer is next.
    next: PeerId,
    next_at: SimTime,
}

impl Timers {
    pub(super) fn new(peers: usize) -> Self {
        Self { at: vec![SimTime::NEVER; peers], next: PeerId(0), next_at: SimTime::NEVER }
    }

    /// Which timer is next, and when; at [`SimTime::NEVER`] none is armed.
    #[inline]
    pub(super) fn next(&self) -> (SimTime, PeerId) {
        (self.next_at, self.next)
    }

    /// Arms a peer's timer, wherever it stood before; whether that moved it.
    #[inline]
    pub(super) fn arm(&mut self, peer: PeerId, at: SimTime) -> bool {
        let armed = &mut self.at[peer.index()];
        if *armed == at {
            return false;
        }
        *armed = at;
        if (at, peer) <= (self.next_at, self.next) {
            (self.next_at, self.next) = (at, peer);
        } else if peer == self.next {
            self.find_next();
        }
        true
    }

    fn find_next(&mut self) {
        self.next_at = SimTime::NEVER;
        for (at, peer) in self.at.iter().zip(PeerId::all(self.at.len())) {
            if *at < self.next_at {
                (self.next_at, self.next) = (*at, peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::{Seed, Stream, StreamId};

    #[test]
    fn it_agrees_with_a_search_through_all_timers() {
        let mut chance = Stream::new(Seed(1), StreamId::Workload);
        let (mut timers, mut model) = (Timers::new(7), [SimTime::NEVER; 7]);
        for _ in 0..10_000 {
            let peer = PeerId(chance.below(7) as u8);
            let at = chance.below(20);
            let at = if at == 0 { SimTime::NEVER } else { SimTime(at) };
            timers.arm(peer, at);
            model[peer.index()] = at;
            let expected = model.iter().copied().zip(PeerId::all(7)).min();
            let (at, peer) = expected.unwrap();
            assert_eq!(timers.next().0, at);
            assert!(at == SimTime::NEVER || timers.next().1 == peer);
        }
    }
}
