//! A distribution of durations, which adds up exactly.
//!
//! Durations are counted in buckets: single microseconds up to 63, and above that 32 buckets to each doubling, so that
//! a bucket is at most a thirty-second of its durations wide. Nothing is rounded but by falling into a bucket.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How many bits of a duration, from its highest on, tell its bucket.
const BITS: u32 = 6;

/// Durations, counted in buckets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Times(
    /// How many durations fell into each bucket, by its lowest one in microseconds.
    BTreeMap<u64, u64>,
);

/// The durations from one to another, both included, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// The lowest duration of the bucket.
    pub lowest: u64,
    /// The highest duration that falls into it.
    pub highest: u64,
    /// How many durations fell into it.
    pub count: u64,
}

impl Times {
    /// Counts one more.
    pub fn add(&mut self, duration: Duration) {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        *self.0.entry(micros & !(width(micros) - 1)).or_default() += 1;
    }

    /// Adds those of other runs.
    pub fn merge(&mut self, other: &Self) {
        for (lowest, count) in &other.0 {
            *self.0.entry(*lowest).or_default() += count;
        }
    }

    /// How many durations were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.values().sum()
    }

    /// The buckets into which any fell, from the shortest to the longest.
    pub fn buckets(&self) -> impl DoubleEndedIterator<Item = Bucket> + '_ {
        self.0.iter().map(|(lowest, count)| Bucket {
            lowest: *lowest,
            highest: lowest.saturating_add(width(*lowest) - 1),
            count: *count,
        })
    }

    /// The bucket in which the duration lies that so many thousandths of all do not exceed; `None` if there are none.
    #[must_use]
    pub fn quantile(&self, thousandths: u64) -> Option<Bucket> {
        let all = u128::from(self.count());
        let wanted = (all * u128::from(thousandths.min(1000))).div_ceil(1000).max(1);
        let mut so_far = 0;
        self.buckets().find(|bucket| {
            so_far += u128::from(bucket.count);
            so_far >= wanted
        })
    }
}

/// How many durations share a bucket with this one: a power of two.
fn width(micros: u64) -> u64 {
    1 << (u64::BITS - micros.leading_zeros()).saturating_sub(BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(micros: impl IntoIterator<Item = u64>) -> Times {
        let mut times = Times::default();
        micros.into_iter().for_each(|micros| times.add(Duration::from_micros(micros)));
        times
    }

    #[test]
    fn a_bucket_holds_what_falls_into_it_and_is_narrow() {
        for micros in (0..5_000).chain([1 << 40, (1 << 40) + 12_345, u64::MAX]) {
            let bucket = times([micros]).buckets().next().unwrap();
            assert!((bucket.lowest..=bucket.highest).contains(&micros), "{micros}: {bucket:?}");
            assert!((bucket.highest - bucket.lowest) * 32 <= bucket.lowest, "{bucket:?}");
        }
        let forever = times([0]).0.len() + {
            let mut longest = Times::default();
            longest.add(Duration::MAX);
            longest.0.len()
        };
        assert_eq!(forever, 2);
    }

    #[test]
    fn however_durations_are_shared_out_they_add_up_to_the_same() {
        let all: Vec<u64> = (0..1_000).map(|number| number * number * 7 % 900_001).collect();
        let whole = times(all.iter().copied());
        for parts in [1, 2, 7, 999] {
            let mut sum = Times::default();
            all.chunks(parts).rev().for_each(|part| sum.merge(&times(part.iter().copied())));
            assert_eq!(sum, whole);
        }
        assert_eq!(whole.count(), 1_000);
    }

    #[test]
    fn a_quantile_is_the_bucket_up_to_which_so_many_lie() {
        let times = times(1..=10);
        let at = |thousandths| times.quantile(thousandths).map(|bucket| bucket.lowest);
        assert_eq!([0, 500, 501, 900, 1000].map(at), [1, 5, 6, 9, 10].map(Some));
        assert_eq!(Times::default().quantile(500), None);
    }
}
