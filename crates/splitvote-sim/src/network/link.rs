//! One directed link.

use splitvote_peer::PeerId;

use crate::chance::{Seed, Stream, StreamId};

/// How many words every packet draws, whatever becomes of it.
pub(crate) const WORDS_PER_PACKET: usize = 8;

#[derive(Clone, Debug)]
pub(crate) struct Link {
    /// No packet passes.
    pub(crate) is_cut: bool,
    /// Every packet takes that many nanoseconds more.
    pub(crate) extra_delay: u64,
    /// How many packets were sent over this link.
    packets: u64,
    stream: Stream,
}

impl Link {
    pub(crate) fn new(seed: Seed, from: PeerId, to: PeerId) -> Self {
        let stream = Stream::new(seed, StreamId::Link { from, to });
        Self { is_cut: false, extra_delay: 0, packets: 0, stream }
    }

    /// The next packet's place in the order of this link's packets, and its draws.
    #[inline]
    pub(crate) fn next_packet(&mut self) -> (u64, [u32; WORDS_PER_PACKET]) {
        let place = self.packets;
        self.packets += 1;
        (place, self.stream.words())
    }
}
