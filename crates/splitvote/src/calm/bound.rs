//! How long something may take, and how that comes about.

use std::fmt;
use std::time::Duration;

/// A bound on how long something may take: so many times this long, and that much more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// How often.
    pub times: u64,
    /// What takes that long.
    pub each: Duration,
    /// What that is.
    pub what: &'static str,
    /// How much more.
    pub more: Duration,
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
        write!(f, "{:?}, which is {times} {what} of up to {each:?}", self.total())?;
        if more.is_zero() { Ok(()) } else { write!(f, " and {more:?} more") }
    }
}
