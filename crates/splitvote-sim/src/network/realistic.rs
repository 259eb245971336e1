//! The realistic profile: a datagram network that loses, delays, duplicates and reorders.
//!
//! Requests and replies are treated alike. The network reports nothing: the caller's own deadline
//! decides.

use std::time::Duration;

use super::link::WORDS_PER_PACKET;
use crate::chance::Probability;
use crate::latency::{Delays, Latency};
use serde::{Deserialize, Serialize};

/// How the network treats packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Realistic {
    /// How long a packet takes one way.
    pub one_way_delay: Latency,
    /// How often a packet is lost.
    pub loss: Probability,
    /// How often a packet shares the lot of the one before it on its link, lost or not, so that losses
    /// come in bursts. As many are lost as without it.
    pub loss_correlation: Probability,
    /// How many packets may be on their way over a link; if one more leaves, one of them all is lost,
    /// drawn. None: any number.
    pub capacity: Option<u8>,
    /// How often a packet arrives twice, the second time with a delay of its own.
    pub duplicate: Probability,
    /// How often, and how far, a packet falls behind those sent after it.
    pub reorder: Reordering,
    /// How often a copy of a packet turns up long after the packet itself.
    pub stale: Staleness,
}

/// Packets of which a stale copy turns up: a message of an old term. Of a packet that is lost there is
/// none. As long as it and [`Realistic::duplicate`] come to no more than certainty, no packet has a copy of both kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staleness {
    /// How often it happens.
    pub probability: Probability,
    /// How much later than the packet.
    pub delay: Latency,
}

impl Default for Staleness {
    /// Never, by default.
    fn default() -> Self {
        Self { probability: Probability::NEVER, delay: Latency::NONE }
    }
}

/// Packets that fall behind: with some probability an extra delay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reordering {
    /// How often it happens.
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
            loss_correlation: Probability::NEVER,
            capacity: None,
            duplicate: Probability::NEVER,
            reorder: Reordering { probability: Probability::NEVER, delay: Latency::NONE },
            stale: Staleness::default(),
        }
    }
}

/// What the draws of one packet say, if no rule says otherwise.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draws {
    pub(crate) is_lost: bool,
    /// Shares the lot of the packet before it instead.
    pub(crate) is_correlated: bool,
    /// The word that draws who has to go if the link is full.
    pub(crate) eviction: u32,
    /// Nanoseconds until it arrives.
    pub(crate) delay: u64,
    pub(crate) is_duplicated: bool,
    /// A copy turns up long after it.
    pub(crate) is_stale: bool,
    /// The word for the delay of either copy.
    pub(crate) copy: u32,
}

/// A [`Realistic`] profile, as the hot loop wants it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Channel {
    delays: Delays,
    loss: Probability,
    loss_correlation: Probability,
    pub(crate) capacity: Option<u8>,
    duplicate: Probability,
    reorder: Probability,
    behind: Delays,
    stale: Probability,
    staleness: Delays,
    calm: Calm,
}

/// From which word on each draw of a packet disturbs it no more.
#[derive(Clone, Copy, Debug)]
struct Calm {
    /// What becomes of a packet depends on its own draws alone.
    is_alone: bool,
    loss: u64,
    reorder: u64,
    duplicate: u64,
    stale: u64,
}

impl From<Realistic> for Channel {
    fn from(profile: Realistic) -> Self {
        Self {
            delays: profile.one_way_delay.into(),
            loss: profile.loss,
            loss_correlation: profile.loss_correlation,
            capacity: profile.capacity,
            duplicate: profile.duplicate,
            reorder: profile.reorder.probability,
            behind: profile.reorder.delay.into(),
            stale: profile.stale.probability,
            staleness: profile.stale.delay.into(),
            calm: Calm {
                is_alone: profile.loss_correlation == Probability::NEVER
                    && profile.capacity.is_none(),
                loss: profile.loss.first_miss(),
                reorder: profile.reorder.probability.first_miss(),
                duplicate: profile.duplicate.first_miss(),
                stale: profile.stale.probability.first_miss(),
            },
        }
    }
}

impl Channel {
    /// The delay of a packet that is neither lost, nor put behind, nor copied: what
    /// [`read`](Self::read) would say of it, but by four comparisons. None for all others.
    #[inline(always)]
    pub(crate) fn undisturbed(&self, words: [u32; WORDS_PER_PACKET]) -> Option<u64> {
        let [loss, delay, reorder, copy] = words;
        let calm = &self.calm;
        let is_calm = calm.is_alone
            & (u64::from(loss) >= calm.loss)
            & (u64::from(reorder) >= calm.reorder)
            & (u64::from(copy) >= calm.duplicate)
            & (u64::from(!copy) >= calm.stale);
        is_calm.then(|| self.delays.nanos(delay))
    }

    /// Reads the four words of a packet: loss, delay, reordering, duplication. The word of a packet
    /// that falls behind also says how far.
    #[inline(always)]
    pub(crate) fn read(&self, words: [u32; WORDS_PER_PACKET]) -> Draws {
        let [loss, delay, reorder, copy] = words;
        let mut delay = self.delays.nanos(delay);
        if let Some(behind) = self.reorder.stretch(reorder) {
            delay = delay.saturating_add(self.behind.nanos(behind));
        }
        let is_duplicated = self.duplicate.hits(copy);
        // Low words duplicate, high words bring back: both are read off one word.
        let is_stale = self.stale.hits(!copy);
        // The low half of the word, which says next to nothing of the loss, draws the rest.
        let eviction = loss.rotate_left(16);
        let is_correlated = self.loss_correlation.hits(eviction);
        let is_lost = self.loss.hits(loss);
        Draws { is_lost, is_correlated, eviction, delay, is_duplicated, is_stale, copy }
    }

    /// Whether losses come in bursts.
    #[inline(always)]
    pub(crate) fn has_bursts(&self) -> bool {
        self.loss_correlation != Probability::NEVER
    }

    /// How many nanoseconds behind the packet its stale copy is, if there is one.
    pub(crate) fn staleness(&self, draws: &Draws) -> Option<u64> {
        self.stale.stretch(!draws.copy).map(|word| self.staleness.nanos(word))
    }

    /// How many nanoseconds the second copy of a packet takes. The word says both whether the
    /// packet is duplicated and how long its copy takes, unless a rule wants the copy.
    pub(crate) fn copy_delay(&self, draws: &Draws) -> u64 {
        self.delays.nanos(self.duplicate.stretch(draws.copy).unwrap_or(draws.copy))
    }
}
