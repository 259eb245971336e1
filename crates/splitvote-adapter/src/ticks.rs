//! Ticks and deadlines.

use std::time::Duration;

use splitvote_peer::{LocalTime, time::nanos};

/// The ticks of a Raft that counts them. A tick that does nothing but count need not be an event of the world: it is
/// made up for when something else happens, and only the tick at which a timeout ends is a deadline.
///
/// ```
/// use std::time::Duration;
/// use splitvote_adapter::Ticks;
/// use splitvote_peer::LocalTime;
///
/// let millis = |count: u64| LocalTime(count * 1_000_000);
/// let mut ticks = Ticks::new(Duration::from_millis(1), millis(7));
/// assert_eq!(ticks.in_ticks(Duration::from_micros(2_500)), 3, "rounded up");
/// assert_eq!(ticks.deadline(150), millis(157));
/// assert!(ticks.take(millis(9)) && ticks.take(millis(9)) && !ticks.take(millis(9)), "two are due");
/// assert_eq!(ticks.deadline(148), millis(157), "the same deadline");
/// ```
#[derive(Clone, Debug)]
pub struct Ticks {
    length: u64,
    /// When the last tick that was taken was due.
    taken: u64,
}

impl Ticks {
    /// Ticks of this length from now on; a length of zero is taken for a nanosecond.
    #[must_use]
    pub fn new(length: Duration, now: LocalTime) -> Self {
        Self { length: nanos(length).max(1), taken: now.0 }
    }

    /// Takes one of the ticks that are due; false if none is.
    pub fn take(&mut self, now: LocalTime) -> bool {
        let is_due = now.0.saturating_sub(self.taken) >= self.length;
        if is_due {
            self.taken += self.length;
        }
        is_due
    }

    /// Leaves out all ticks that are due: a process that stood still does not make up for what it missed.
    pub fn skip(&mut self, now: LocalTime) {
        self.taken += now.0.saturating_sub(self.taken) / self.length * self.length;
    }

    /// How many ticks a duration takes, rounded up; at least one.
    #[must_use]
    pub fn in_ticks(&self, duration: Duration) -> usize {
        usize::try_from(nanos(duration).div_ceil(self.length)).unwrap_or(usize::MAX).max(1)
    }

    /// When so many more ticks are due; at least one.
    #[must_use]
    pub fn deadline(&self, ticks: usize) -> LocalTime {
        LocalTime(self.taken.saturating_add(self.length.saturating_mul(ticks.max(1) as u64)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_process_that_stood_still_missed_is_left_out() {
        let mut ticks = Ticks::new(Duration::from_nanos(10), LocalTime(5));
        assert!(!ticks.take(LocalTime(14)), "not due yet");
        ticks.skip(LocalTime(99));
        assert!(!ticks.take(LocalTime(99)));
        assert_eq!(ticks.deadline(0), LocalTime(105), "the ticks keep their pace");
        ticks.skip(LocalTime(3));
        assert_eq!(ticks.deadline(1), LocalTime(105), "a clock that goes back moves nothing");
    }
}
