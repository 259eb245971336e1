//! Instants and durations that shrink to earlier and rounder ones.

use std::ops::Range;
use std::time::Duration;

use proptest::prelude::*;
use splitvote::SimTime;

/// What a round instant is a multiple of.
const ROUND: Duration = Duration::from_millis(10);

/// An instant before `end`: first it becomes round, then earlier.
pub(crate) fn instant(end: Duration) -> impl Strategy<Value = SimTime> + Clone {
    let round = ROUND.as_micros() as u64;
    let rounds = (end.as_micros() as u64 / round).max(1);
    let micros = (0..round, 0..rounds).prop_map(move |(rest, rounds)| rounds * round + rest);
    micros.prop_map(|micros| SimTime::ZERO + Duration::from_micros(micros))
}

/// A whole number of milliseconds.
pub(crate) fn millis(range: Range<u64>) -> impl Strategy<Value = Duration> + Clone {
    range.prop_map(Duration::from_millis)
}
