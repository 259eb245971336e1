//! How long things take: distributions of delays, in integers.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use splitvote_peer::time::nanos;

use crate::chance::{Probability, scale_word};

/// A distribution of delays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Latency {
    /// Always the same.
    Constant(#[serde(with = "splitvote_peer::serial::duration")] Duration),
    /// Between the two, ends included, each nanosecond equally likely.
    Uniform {
        /// The shortest delay.
        #[serde(with = "splitvote_peer::serial::duration")]
        min: Duration,
        /// The longest delay.
        #[serde(with = "splitvote_peer::serial::duration")]
        max: Duration,
    },
    /// At least `min`, then exponential, with a rare long tail.
    Exponential {
        /// The shortest delay.
        #[serde(with = "splitvote_peer::serial::duration")]
        min: Duration,
        /// How much longer than `min` a delay is on average, the tail aside.
        #[serde(with = "splitvote_peer::serial::duration")]
        mean: Duration,
        /// Some delays are drawn out by a factor.
        tail: Tail,
    },
}

/// The tail of a distribution: with some probability, the delay beyond the shortest is multiplied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tail {
    /// How often it happens.
    pub probability: Probability,
    /// By how many times the delay beyond the shortest is multiplied.
    pub factor: u32,
}

impl Latency {
    /// All that it says, for the digest.
    pub(crate) fn words(self) -> [u64; 5] {
        match self {
            Self::Constant(delay) => [0, nanos(delay), 0, 0, 0],
            Self::Uniform { min, max } => [1, nanos(min), nanos(max), 0, 0],
            Self::Exponential { min, mean, tail: Tail { probability, factor } } => {
                [2, nanos(min), nanos(mean), probability.parts().into(), factor.into()]
            }
        }
    }

    /// No delay at all.
    pub const NONE: Self = Self::Constant(Duration::ZERO);

    /// What all delays stay within; of an exponential distribution all but one in a million, its tail
    /// aside.
    #[must_use]
    pub fn usual_max(self) -> Duration {
        match self {
            Self::Constant(delay) | Self::Uniform { max: delay, .. } => delay,
            // 14 is the next whole number above ln 1,000,000.
            Self::Exponential { min, mean, .. } => min.saturating_add(mean.saturating_mul(14)),
        }
    }

    /// The delay in nanoseconds that belongs to a drawn word. Its high bits say how long the delay
    /// is, its low bits whether it lies in the tail.
    #[must_use]
    pub fn nanos(self, word: u32) -> u64 {
        Delays::from(self).nanos(word)
    }
}

/// A [`Latency`] in whole nanoseconds, as the hot loop wants it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Delays {
    /// From `min` on, so many values.
    Uniform { min: u64, values: u64 },
    /// The same as [`Latency::Exponential`].
    Exponential { min: u64, mean: u64, tail: Tail },
}

impl From<Latency> for Delays {
    fn from(latency: Latency) -> Self {
        match latency {
            Latency::Constant(delay) => Self::Uniform { min: nanos(delay), values: 1 },
            Latency::Uniform { min, max } => {
                let (min, max) = (nanos(min), nanos(max));
                Self::Uniform { min, values: max.saturating_sub(min).saturating_add(1) }
            }
            Latency::Exponential { min, mean, tail } => {
                Self::Exponential { min: nanos(min), mean: nanos(mean), tail }
            }
        }
    }
}

impl Delays {
    /// The same as [`Latency::nanos`].
    #[inline]
    pub(crate) fn nanos(self, word: u32) -> u64 {
        match self {
            Self::Uniform { min, values } => min.saturating_add(scale_word(word, values)),
            Self::Exponential { min, mean, tail } => {
                let factor = if tail.probability.hits(word.rotate_left(16)) {
                    tail.factor.max(1)
                } else {
                    1
                };
                min.saturating_add(exponential(mean, word).saturating_mul(u64::from(factor)))
            }
        }
    }
}

/// `mean` times -ln(u), where u = (word + 1) / 2^32 lies in (0, 1].
fn exponential(mean: u64, word: u32) -> u64 {
    /// ln(2) in units of 2^-32.
    const LN_2: u128 = 2_977_044_471;
    let minus_log2 = (32 << 32) - log2(u64::from(word) + 1);
    // mean * minus_log2 * ln(2), both factors in units of 2^-32.
    ((u128::from(mean) * u128::from(minus_log2) * LN_2) >> 64) as u64
}

/// The binary logarithm of a number from 1 to 2^32, in units of 2^-32: the whole part from its
/// highest bit, then one bit of the fraction with each squaring.
fn log2(number: u64) -> u64 {
    let whole = u64::from(number.ilog2());
    let mut log = whole << 32;
    // The number divided by its highest power of two, in [1, 2), in units of 2^-31.
    let mut rest = if whole > 31 { number >> (whole - 31) } else { number << (31 - whole) };
    for bit in (8..32).rev() {
        rest = (rest * rest) >> 31;
        if rest >> 32 != 0 {
            rest >>= 1;
            log |= 1 << bit;
        }
    }
    log
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::{Seed, Stream, StreamId};

    fn samples(latency: Latency) -> Vec<u64> {
        let mut stream = Stream::new(Seed(5), StreamId::Workload);
        let mut samples: Vec<u64> =
            (0..100_000).map(|_| latency.nanos(stream.word()) / 1_000).collect();
        samples.sort_unstable();
        samples
    }

    #[test]
    fn uniform_covers_its_range_evenly() {
        let (min, max) = (Duration::from_millis(1), Duration::from_millis(10));
        let micros = samples(Latency::Uniform { min, max });
        assert!(micros[0] >= 1_000 && micros[99_999] <= 10_000);
        assert!((5_400..5_600).contains(&micros[50_000]), "median {}", micros[50_000]);
    }

    #[test]
    fn exponential_has_the_median_and_the_tail_of_one() {
        let mean = Duration::from_millis(10);
        let micros = samples(Latency::Exponential { min: mean, mean, tail: Tail::default() });
        let median = micros[50_000] - 10_000;
        assert!((6_800..7_060).contains(&median), "ln 2 of the mean is 6931, got {median}");
        let p99 = micros[99_000] - 10_000;
        assert!((45_000..47_200).contains(&p99), "ln 100 of the mean is 46052, got {p99}");
        let tail = Tail { probability: Probability::percent(1), factor: 100 };
        let drawn_out = samples(Latency::Exponential { min: mean, mean, tail });
        assert!(drawn_out[99_700] > 200_000, "{}", drawn_out[99_700]);
    }

    #[test]
    fn delays_stay_within_their_usual_maximum() {
        let (min, mean) = (Duration::from_millis(1), Duration::from_millis(10));
        for latency in [
            Latency::Constant(mean),
            Latency::Uniform { min, max: mean },
            Latency::Exponential { min, mean, tail: Tail::default() },
        ] {
            let bound = latency.usual_max().as_micros() as u64;
            let beyond = samples(latency).iter().filter(|micros| **micros > bound).count();
            assert!(beyond <= 1, "{latency:?}: {beyond} of 100,000");
        }
    }

    #[test]
    fn the_logarithm_is_exact_at_powers_of_two() {
        for power in 0..=32 {
            assert_eq!(log2(1 << power), power << 32);
        }
        let log2_of_3 = log2(3);
        assert!((6_807_362_000..6_807_363_000).contains(&log2_of_3), "{log2_of_3}");
    }
}
