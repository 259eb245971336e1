//! How long something may take, and how that comes about.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
/// A bound on how long something may take: so many times this long, and that much more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// How often it happens.
    pub times: u64,
    /// What takes that long.
    #[serde(with = "splitvote_peer::serial::duration")]
    pub each: Duration,
    /// What that is.
    pub what: Round,
    /// How much more.
    #[serde(with = "splitvote_peer::serial::duration")]
    pub more: Duration,
}

/// What a bound counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Round {
    /// An election, from the longest timeout to the vote that decides.
    Election,
    /// A message to a follower and its answer, with the sync between them.
    RoundTrip,
}

impl Round {
    /// So many of them, in words.
    fn words(self, times: u64) -> &'static str {
        match (self, times) {
            (Self::Election, 1) => "election",
            (Self::Election, _) => "elections",
            (Self::RoundTrip, 1) => "round trip",
            (Self::RoundTrip, _) => "round trips",
        }
    }
}

impl Bound {
    /// The whole of it.
    #[must_use]
    pub fn total(&self) -> Duration {
        let times = u32::try_from(self.times).unwrap_or(u32::MAX);
        self.each.saturating_mul(times).saturating_add(self.more)
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { times, each, what, more } = self;
        let what = what.words(*times);
        write!(f, "{:?}, which is {times} {what} of up to {each:?}", self.total())?;
        if more.is_zero() { Ok(()) } else { write!(f, " and {more:?} more") }
    }
}
