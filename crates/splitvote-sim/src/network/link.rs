//! One directed link.

use splitvote_peer::PeerId;

use crate::chance::{Seed, Stream, StreamId};

/// How many words every packet draws, whatever becomes of it.
pub(crate) const WORDS_PER_PACKET: usize = 4;

#[derive(Clone, Debug)]
pub(crate) struct Link {
    /// No packet passes, whether or not both ends are connected.
    pub(crate) is_cut: bool,
    /// Packets pass: the link is not cut and both ends are connected. Kept by `Network`.
    pub(super) is_up: bool,
    /// The same, as it was last told.
    was_up: bool,
    /// Every packet takes that many nanoseconds more.
    pub(crate) extra_delay: u64,
    /// Whether the network lost the last packet, where losses come in bursts.
    has_lost: bool,
    /// How many packets were sent over this link.
    packets: u64,
    stream: Stream,
}

/// One packet's place in the order of its link's packets, its draws, and how the link is now.
#[derive(Clone, Copy)]
pub(crate) struct Departure {
    pub(crate) place: u64,
    pub(crate) words: [u32; WORDS_PER_PACKET],
    pub(crate) is_up: bool,
    pub(crate) extra_delay: u64,
}

impl Link {
    pub(crate) fn new(seed: Seed, from: PeerId, to: PeerId) -> Self {
        let stream = Stream::new(seed, StreamId::Link { from, to });
        Self {
            is_cut: false,
            is_up: true,
            was_up: true,
            extra_delay: 0,
            has_lost: false,
            packets: 0,
            stream,
        }
    }

    /// Whether packets pass now, if that is not as it was when this was last asked.
    pub(crate) fn take_news(&mut self) -> Option<bool> {
        let was_up = std::mem::replace(&mut self.was_up, self.is_up);
        (was_up != self.is_up).then_some(self.is_up)
    }

    /// Whether a packet is lost where it may share the lot of the one before it.
    #[cold]
    pub(crate) fn is_lost_in_bursts(&mut self, is_lost: bool, is_correlated: bool) -> bool {
        self.has_lost = if is_correlated { self.has_lost } else { is_lost };
        self.has_lost
    }

    /// The next packet leaves.
    #[inline(always)]
    pub(crate) fn depart(&mut self) -> Departure {
        let place = self.packets;
        self.packets += 1;
        let words = self.stream.four_words();
        Departure { place, words, is_up: self.is_up, extra_delay: self.extra_delay }
    }
}
