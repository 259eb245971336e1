//! A peer's own clock: it may be off, and it may run fast or slow.
//!
//! A peer reads local time and asks to be woken at local times; the world converts when a timer is
//! armed. Everything is integer arithmetic.

use std::time::Duration;

use splitvote_peer::time::nanos;
use splitvote_peer::{LocalTime, PeerId, SimTime};

use crate::chance::{Seed, Stream, StreamId};

/// How wrong the clocks of a cluster may be. The default is a perfect clock everywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockProfile {
    /// Each clock starts ahead of virtual time by up to this.
    pub max_offset: Duration,
    /// Each clock runs fast or slow by up to this many parts per million (at most 500,000).
    pub max_drift_ppm: u32,
}

impl ClockProfile {
    /// The most that a clock may drift: half its speed.
    pub const MAX_DRIFT_PPM: u32 = 500_000;
}

/// One peer's clock.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// What the clock showed at `since`.
    base: u64,
    /// When the rate was last set.
    since: u64,
    /// How much faster than virtual time it runs.
    drift_ppm: i64,
}

const MILLION: u64 = 1_000_000;

impl Clock {
    /// Draws a peer's clock within the profile.
    #[must_use]
    pub fn draw(seed: Seed, peer: PeerId, profile: ClockProfile) -> Self {
        if profile == ClockProfile::default() {
            return Self::default();
        }
        let mut stream = Stream::new(seed, StreamId::Clock(peer));
        let base = stream.between(0, nanos(profile.max_offset));
        let bound = u64::from(profile.max_drift_ppm.min(ClockProfile::MAX_DRIFT_PPM));
        let drift_ppm = stream.between(0, 2 * bound) as i64 - bound as i64;
        Self { base, since: 0, drift_ppm }
    }

    /// What the clock shows at an instant.
    #[inline]
    #[must_use]
    pub fn local(&self, at: SimTime) -> LocalTime {
        let elapsed = at.0.saturating_sub(self.since);
        let shown = if self.drift_ppm == 0 { elapsed } else { self.drifted(elapsed) };
        LocalTime(self.base.saturating_add(shown))
    }

    /// The first instant at which the clock shows at least `local`.
    #[inline]
    #[must_use]
    pub fn instant(&self, local: LocalTime) -> SimTime {
        let ahead = local.0.saturating_sub(self.base);
        let elapsed = if self.drift_ppm == 0 { ahead } else { self.undrifted(ahead) };
        SimTime(self.since.saturating_add(elapsed))
    }

    /// How far the clock runs in so much virtual time. Whole millions and the rest apart: both products
    /// fit, and nothing wider is divided. Out of line, as most clocks are perfect.
    #[inline(never)]
    fn drifted(&self, elapsed: u64) -> u64 {
        let whole = u128::from(elapsed / MILLION) * u128::from(self.rate());
        let rest = elapsed % MILLION * self.rate() / MILLION;
        u64::try_from(whole).unwrap_or(u64::MAX).saturating_add(rest)
    }

    /// How much virtual time the clock takes to run so far.
    #[inline(never)]
    fn undrifted(&self, ahead: u64) -> u64 {
        let rate = self.rate();
        let whole = u128::from(ahead / rate) * u128::from(MILLION);
        let rest = (ahead % rate * MILLION).div_ceil(rate);
        u64::try_from(whole).unwrap_or(u64::MAX).saturating_add(rest)
    }

    /// How far it runs in a million units of virtual time: from half a million to one and a half.
    #[inline]
    fn rate(&self) -> u64 {
        MILLION.saturating_add_signed(self.drift_ppm)
    }

    /// By how many parts per million it runs faster than virtual time.
    #[must_use]
    pub fn drift_ppm(&self) -> i32 {
        // Both ways it was set keep it within half a million.
        i32::try_from(self.drift_ppm).unwrap_or(0)
    }

    /// From now on the clock runs faster than virtual time by so many parts per million.
    pub fn set_drift(&mut self, now: SimTime, drift_ppm: i32) {
        let bound = ClockProfile::MAX_DRIFT_PPM as i64;
        self.base = self.local(now).0;
        self.since = now.0;
        self.drift_ppm = i64::from(drift_ppm).clamp(-bound, bound);
    }

    /// The clock jumps forward. (Raft's timers must be monotonic, so it never jumps back.)
    pub fn step(&mut self, now: SimTime, by: Duration) {
        self.base = self.local(now).0.saturating_add(nanos(by));
        self.since = now.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_fires_when_the_clock_shows_its_time_and_not_before() {
        for drift_ppm in [-500_000, -10_000, -1, 0, 1, 333_333, 500_000] {
            let mut clock = Clock { base: 77, ..Clock::default() };
            clock.set_drift(SimTime(1_000), drift_ppm);
            for local in [2_000, 123_456_789, 10_000_000_019] {
                let at = clock.instant(LocalTime(local));
                assert!(clock.local(at).0 >= local, "drift {drift_ppm}");
                assert!(clock.local(SimTime(at.0 - 1)).0 < local, "drift {drift_ppm}");
            }
        }
    }

    /// As it is written in a book, with numbers wide enough for every product.
    #[test]
    fn it_agrees_with_plain_division_at_any_time() {
        let mut chance = Stream::new(Seed(1), StreamId::Workload);
        for _ in 0..20_000 {
            let drift_ppm = chance.between(0, 1_000_000) as i64 - 500_000;
            let clock = Clock { base: chance.below(1_000), since: 0, drift_ppm };
            let time = chance.below(u64::MAX) >> chance.below(64);
            let (rate, million) = (1_000_000 + i128::from(drift_ppm), 1_000_000_i128);
            let narrow = |wide: i128| u64::try_from(wide).unwrap_or(u64::MAX);
            let local = narrow(i128::from(time) * rate / million);
            assert_eq!(clock.local(SimTime(time)).0, clock.base.saturating_add(local));
            let ahead = i128::from(time.saturating_sub(clock.base));
            let instant = narrow((ahead * million + rate - 1) / rate);
            assert_eq!(clock.instant(LocalTime(time)).0, instant);
        }
    }

    #[test]
    fn a_step_moves_the_clock_ahead_at_once() {
        let mut clock = Clock::default();
        clock.step(SimTime(100), Duration::from_nanos(50));
        assert_eq!(clock.local(SimTime(100)), LocalTime(150));
        assert_eq!(clock.instant(LocalTime(160)), SimTime(110));
    }
}
