//! The one door through which chance enters a run.
//!
//! Every random choice belongs to a named stream, and the k-th word of a stream depends on
//! (seed, stream, k) alone. So removing one packet, one fault or one peer leaves the draws of all
//! other streams as they were: that is what makes shrinking and what-if runs work.

use std::fmt;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};
use splitvote_peer::PeerId;

/// What a run is derived from, together with its scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Seed(pub u64);

impl From<u64> for Seed {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The name of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamId {
    /// What the network does to packets of one directed link.
    Link {
        /// The peer that sends.
        from: PeerId,
        /// The peer that receives.
        to: PeerId,
    },
    /// What a peer draws itself: its election timeouts.
    Peer(PeerId),
    /// A peer's disk: how long syncs take, what a crash keeps.
    Disk(PeerId),
    /// A peer's clock: its offset and drift.
    Clock(PeerId),
    /// Which faults happen when.
    Nemesis,
    /// What clients do.
    Workload,
    /// A peer's state machine: how long its snapshots take.
    Machine(PeerId),
    /// A peer's disk: which syncs are slow, and which lie.
    DiskFaults(PeerId),
    /// A peer's disk: which syncs fail, and what they have written by then.
    DiskErrors(PeerId),
    /// What a part of the nemesis does in the n-th storm of a run.
    Part {
        /// The part's number.
        part: u8,
        /// The number of the storm within the run, from 0.
        round: u16,
    },
    /// When steps are taken and how long they last, where a scenario states a range.
    Steps,
    /// The timers of all peers that a scenario states as a range.
    Timers,
    /// What happens to the calls over one end of a network that stands alone, by a digest of the end's name.
    End(u64),
}

impl StreamId {
    /// The stream's number, which never changes once released: seeds depend on it.
    fn number(self) -> u64 {
        let (family, row, column) = match self {
            // All other numbers are below this bit.
            Self::End(name) => return 1 << 63 | name >> 1,
            Self::Part { part, round } => (9, part, round),
            Self::Link { from, to } => (1, from.0, to.0.into()),
            Self::Peer(peer) => (2, peer.0, 0),
            Self::Disk(peer) => (3, peer.0, 0),
            Self::Clock(peer) => (4, peer.0, 0),
            Self::Nemesis => (5, 0, 0),
            Self::Workload => (6, 0, 0),
            Self::Machine(peer) => (7, peer.0, 0),
            Self::DiskFaults(peer) => (8, peer.0, 0),
            Self::DiskErrors(peer) => (10, peer.0, 0),
            Self::Steps => (11, 0, 0),
            Self::Timers => (12, 0, 0),
        };
        family << 32 | u64::from(row) << 16 | u64::from(column)
    }
}

/// One keyed stream of random words.
#[derive(Clone, Debug)]
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream of this name under this seed, at its start.
    #[must_use]
    pub fn new(seed: Seed, id: StreamId) -> Self {
        let mut key = *b"splitvote: one door for chance..";
        key[24..].copy_from_slice(&seed.0.to_le_bytes());
        let mut words = ChaCha8Rng::from_seed(key);
        words.set_stream(id.number());
        Self(words)
    }

    /// The next word.
    #[inline]
    pub fn word(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// The next `N` words.
    #[inline]
    pub fn words<const N: usize>(&mut self) -> [u32; N] {
        std::array::from_fn(|_| self.0.next_u32())
    }

    /// The next four words, faster than one by one.
    #[inline(always)]
    pub(crate) fn four_words(&mut self) -> [u32; 4] {
        let (low, high) = (self.0.next_u64(), self.0.next_u64());
        [low as u32, (low >> 32) as u32, high as u32, (high >> 32) as u32]
    }

    /// The next two words in one.
    #[inline]
    pub(crate) fn long_word(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `bound`, each equally likely; 0 for a bound of 0. Two words, always.
    #[inline]
    pub fn below(&mut self, bound: u64) -> u64 {
        scale(self.0.next_u64(), bound)
    }

    /// A number from `min` to `max`, both included. Two words, always.
    #[inline]
    pub fn between(&mut self, min: u64, max: u64) -> u64 {
        let span = max.saturating_sub(min).saturating_add(1);
        min.saturating_add(self.below(span))
    }

    /// Whether something with this probability happens. Two words, always.
    #[inline]
    pub fn happens(&mut self, probability: Probability) -> bool {
        self.below(Probability::CERTAIN.0.into()) < u64::from(probability.0)
    }
}

/// Maps a 64-bit word to a number below `bound`. The bias is below `bound` / 2^64.
#[inline]
#[must_use]
pub(crate) fn scale(word: u64, bound: u64) -> u64 {
    ((u128::from(word) * u128::from(bound)) >> 64) as u64
}

/// Maps a 32-bit word to a number below `bound`. The bias is below `bound` / 2^32.
#[inline]
#[must_use]
pub(crate) fn scale_word(word: u32, bound: u64) -> u64 {
    ((u128::from(word) * u128::from(bound)) >> 32) as u64
}

/// A probability in parts per million: chance without floats. Written as that number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "u32")]
pub struct Probability(u32);

impl From<u32> for Probability {
    /// The same as [`Self::per_million`].
    fn from(parts: u32) -> Self {
        Self::per_million(parts)
    }
}

impl Probability {
    /// It never happens.
    pub const NEVER: Self = Self(0);
    /// It always happens.
    pub const CERTAIN: Self = Self(1_000_000);

    /// A probability of so many parts per million; anything above a million is certain.
    #[must_use]
    pub const fn per_million(parts: u32) -> Self {
        Self(if parts > Self::CERTAIN.0 { Self::CERTAIN.0 } else { parts })
    }

    /// A probability of so many percent; anything above 100 is certain.
    #[must_use]
    pub const fn percent(percent: u32) -> Self {
        Self::per_million(percent.saturating_mul(10_000))
    }

    /// Parts per million.
    #[must_use]
    pub fn parts(self) -> u32 {
        self.0
    }

    /// The lowest word that does not hit; 2^32 if every word does.
    pub(crate) fn first_miss(self) -> u64 {
        (u64::from(self.0) << 32).div_ceil(u64::from(Self::CERTAIN.0))
    }

    /// Whether it happens, given a word drawn for it.
    #[inline]
    pub(crate) fn hits(self, word: u32) -> bool {
        self.stretch(word).is_some()
    }

    /// Whether it happens, given a word drawn for it; if so, a new word. For among the words that
    /// hit, each place is equally likely, so the place, stretched to the range of a word, is as
    /// good as a second draw (but coarse if the probability is tiny).
    #[inline]
    pub(crate) fn stretch(self, word: u32) -> Option<u32> {
        let place = u64::from(word) * u64::from(Self::CERTAIN.0);
        let hits = u64::from(self.0) << 32;
        (place < hits).then(|| (place / u64::from(self.0)) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: StreamId = StreamId::Link { from: PeerId(1), to: PeerId(2) };

    #[test]
    fn a_stream_depends_on_seed_and_name_alone() {
        let mut first = Stream::new(Seed(7), LINK);
        let mut disturbed = Stream::new(Seed(7), StreamId::Nemesis);
        disturbed.words::<64>();
        let mut second = Stream::new(Seed(7), LINK);
        assert_eq!(first.words::<100>(), second.words::<100>());
        assert_ne!(
            Stream::new(Seed(7), LINK).words::<4>(),
            Stream::new(Seed(8), LINK).words::<4>()
        );
        assert_ne!(
            Stream::new(Seed(7), LINK).words::<4>(),
            Stream::new(Seed(7), StreamId::Link { from: PeerId(2), to: PeerId(1) }).words::<4>()
        );
    }

    /// These words are a promise: a seed that failed last year must fail today.
    #[test]
    fn the_words_of_a_stream_never_change() {
        assert_eq!(Stream::new(Seed(1), LINK).words::<2>(), GOLDEN);
    }
    const GOLDEN: [u32; 2] = [2_976_925_550, 1_230_479_598];

    #[test]
    fn probabilities_hit_as_often_as_they_say() {
        let mut stream = Stream::new(Seed(3), StreamId::Workload);
        let hits = (0..100_000).filter(|_| stream.happens(Probability::percent(10))).count();
        assert!((9_600..10_400).contains(&hits), "{hits} of 100000");
        assert!(!Probability::NEVER.hits(0) && Probability::CERTAIN.hits(u32::MAX));
    }

    #[test]
    fn words_hit_below_the_first_miss() {
        for parts in [0, 1, 2, 3, 10_000, 333_333, 999_999, 1_000_000] {
            let probability = Probability::per_million(parts);
            let first_miss = probability.first_miss();
            for word in first_miss.saturating_sub(2)..first_miss + 2 {
                if let Ok(word) = u32::try_from(word) {
                    assert_eq!(probability.hits(word), u64::from(word) < first_miss, "{parts}");
                }
            }
        }
        assert_eq!(Probability::CERTAIN.first_miss(), 1 << 32);
    }

    #[test]
    fn a_word_that_hits_is_stretched_to_a_full_word() {
        let mut stream = Stream::new(Seed(4), StreamId::Workload);
        let percent = Probability::percent(1);
        let mut quarters = [0; 4];
        for _ in 0..1_000_000 {
            if let Some(word) = percent.stretch(stream.word()) {
                quarters[(word >> 30) as usize] += 1;
            }
        }
        assert!(quarters.iter().all(|count| (2_300..2_700).contains(count)), "{quarters:?}");
        assert_eq!(Probability::CERTAIN.stretch(u32::MAX), Some(u32::MAX));
    }
}
