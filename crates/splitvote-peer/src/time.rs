//! Virtual time: the world's, and what a peer's own clock shows.

use std::fmt;
use std::ops::Add;
use std::time::Duration;

use serde::{Deserialize, Serialize};
/// An instant of the run, in nanoseconds of virtual time since its start. Prints as seconds.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct SimTime(pub u64);

/// What a peer's own clock shows, in nanoseconds. Clocks of different peers may differ.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct LocalTime(pub u64);

/// A duration in whole nanoseconds, saturated at 584 years.
#[inline]
#[must_use]
pub fn nanos(duration: Duration) -> u64 {
    duration
        .as_secs()
        .saturating_mul(1_000_000_000)
        .saturating_add(u64::from(duration.subsec_nanos()))
}

impl SimTime {
    /// The start of the run.
    pub const ZERO: Self = Self(0);
    /// Later than every event.
    pub const NEVER: Self = Self(u64::MAX);

    /// How long after `earlier` this is; zero if it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for SimTime {
    type Output = Self;
    #[inline]
    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(nanos(duration)))
    }
}

impl Add<Duration> for LocalTime {
    type Output = Self;
    #[inline]
    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(nanos(duration)))
    }
}

impl fmt::Display for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(6).min(9);
        let fraction = self.0 % 1_000_000_000 / 10_u64.pow(9 - digits as u32);
        write!(f, "{}.{fraction:0digits$} s", self.0 / 1_000_000_000)
    }
}

/// The two durations that every Raft is configured with. A scenario states them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// The shortest election timeout that may be drawn.
    #[serde(with = "crate::serial::duration")]
    pub election_timeout_min: Duration,
    /// The longest election timeout that may be drawn.
    #[serde(with = "crate::serial::duration")]
    pub election_timeout_max: Duration,
    /// How often a leader sends heartbeats.
    #[serde(with = "crate::serial::duration")]
    pub heartbeat_interval: Duration,
}

impl Default for Timing {
    /// The paper's example: 150 to 300 ms (section 5.2), and a heartbeat every 50 ms.
    fn default() -> Self {
        Self {
            election_timeout_min: Duration::from_millis(150),
            election_timeout_max: Duration::from_millis(300),
            heartbeat_interval: Duration::from_millis(50),
        }
    }
}
