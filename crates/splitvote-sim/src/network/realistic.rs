//! The realistic profile: a datagram network that loses, delays, duplicates and reorders.
//!
//! Requests and replies are treated alike. The network reports nothing: the caller's own deadline
//! decides.

use std::time::Duration;

use super::link::WORDS_PER_PACKET;
use crate::chance::Probability;
use crate::latency::Latency;

/// How the network treats packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Realistic {
    /// How long a packet takes one way.
    pub one_way_delay: Latency,
    /// How often a packet is lost.
    pub loss: Probability,
    /// How often a packet arrives twice, the second time with a delay of its own.
    pub duplicate: Probability,
    /// How often, and how far, a packet falls behind those sent after it.
    pub reorder: Reordering,
}

/// Packets that fall behind: with some probability an extra delay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reordering {
    /// How often.
    pub probability: Probability,
    /// The extra delay.
    pub delay: Latency,
}

impl Default for Realistic {
    /// 1 to 10 ms one way, nothing lost, nothing duplicated.
    fn default() -> Self {
        Self {
            one_way_delay: Latency::Uniform {
                min: Duration::from_millis(1),
                max: Duration::from_millis(10),
            },
            loss: Probability::NEVER,
            duplicate: Probability::NEVER,
            reorder: Reordering { probability: Probability::NEVER, delay: Latency::NONE },
        }
    }
}

/// What the draws of one packet say, if no rule says otherwise.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draws {
    pub(crate) is_lost: bool,
    /// Nanoseconds until it arrives.
    pub(crate) delay: u64,
    pub(crate) is_duplicated: bool,
    /// The words for the delay of the second copy.
    pub(crate) copy: [u32; 2],
}

impl Realistic {
    /// Reads the eight words of a packet, in this order: loss, delay, tail of the delay, reordering,
    /// its extra delay, duplication, delay of the copy, tail of that. Reordering's tail shares the
    /// word of the delay's tail.
    #[inline]
    pub(crate) fn read(&self, words: [u32; WORDS_PER_PACKET]) -> Draws {
        let mut delay = self.one_way_delay.nanos(words[1], words[2]);
        if self.reorder.probability.hits(words[3]) {
            delay = delay.saturating_add(self.reorder.delay.nanos(words[4], words[2]));
        }
        Draws {
            is_lost: self.loss.hits(words[0]),
            delay,
            is_duplicated: self.duplicate.hits(words[5]),
            copy: [words[6], words[7]],
        }
    }
}
