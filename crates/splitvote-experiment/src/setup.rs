//! The scenario of Figure 16 with every parameter named.
//!
//! What the paper states is a constant of its own; what it leaves open is a field of [`Setup`]
//! with one value for all curves. The curves differ in their election timeouts and in nothing else.

use std::time::Duration;

use splitvote::sim::{
    ClockProfile, DiskProfile, Latency, NetworkProfile, Realistic, Seed, Stream, StreamId, Tail,
    WorldConfig,
};
use splitvote::{PeerId, Timing};

/// Published: five servers.
pub const PEERS: usize = 5;
/// Published: the broadcast time is about 15 ms.
pub const BROADCAST_TIME: Duration = Duration::from_millis(15);
/// Published: 1000 trials a curve.
pub const TRIALS: usize = 1000;
/// Published: for 150-150 ms, one trial where the other curves have ten.
pub const TRIALS_PER_FIXED_TRIAL: usize = 10;
/// Published: the heartbeat interval is half of the minimum election timeout.
pub const HEARTBEATS_PER_TIMEOUT: u32 = 2;
/// The peer that leads until it crashes. Which one is of no consequence: peers differ in their
/// logs alone.
pub const FIRST_LEADER: PeerId = PeerId(0);

/// The range from which election timeouts are drawn, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timeouts {
    /// The shortest timeout.
    pub min_ms: u64,
    /// The longest timeout.
    pub max_ms: u64,
}

impl Timeouts {
    /// From `min_ms` to `max_ms`.
    #[must_use]
    pub const fn ms(min_ms: u64, max_ms: u64) -> Self {
        Self { min_ms, max_ms }
    }

    /// Whether every draw is the same.
    #[must_use]
    pub fn are_fixed(self) -> bool {
        self.min_ms == self.max_ms
    }

    /// How many of the experiment's trials this curve gets.
    #[must_use]
    pub fn trials(self, trials: usize) -> usize {
        if self.are_fixed() { trials.div_ceil(TRIALS_PER_FIXED_TRIAL) } else { trials }
    }

    /// What a peer is configured with.
    #[must_use]
    pub fn timing(self) -> Timing {
        let election_timeout_min = Duration::from_millis(self.min_ms);
        Timing {
            election_timeout_min,
            election_timeout_max: Duration::from_millis(self.max_ms),
            heartbeat_interval: election_timeout_min / HEARTBEATS_PER_TIMEOUT,
        }
    }
}

impl std::fmt::Display for Timeouts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.min_ms, self.max_ms)
    }
}

/// Published: the upper graph, which varies how much randomness there is.
pub const UPPER: [Timeouts; 6] = [
    Timeouts::ms(150, 150),
    Timeouts::ms(150, 151),
    Timeouts::ms(150, 155),
    Timeouts::ms(150, 175),
    Timeouts::ms(150, 200),
    Timeouts::ms(150, 300),
];

/// Published: the lower graph, which scales the timeouts.
pub const LOWER: [Timeouts; 5] = [
    Timeouts::ms(12, 24),
    Timeouts::ms(25, 50),
    Timeouts::ms(50, 100),
    Timeouts::ms(100, 200),
    Timeouts::ms(150, 300),
];

/// Every curve once: the upper graph, then the lower without the curve that both share.
pub fn curves() -> impl Iterator<Item = Timeouts> {
    UPPER.into_iter().chain(LOWER.into_iter().filter(|timeouts| !UPPER.contains(timeouts)))
}

/// What the paper leaves open. One set of values for all curves; [`Setup::default`] is the one that
/// is reported, and [`crate::parameters::chosen`] says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// From the moment at which a peer's timer elapses or a message is dealt with, to the moment
    /// at which the other peer deals with what was sent: the network and the processing of an RPC.
    pub one_way_delay: Latency,
    /// How long a disk takes to make term and vote durable; a vote is granted only then.
    pub sync_latency: Latency,
    /// How fast or slow a peer's clock may run, in parts per million.
    pub clock_drift_ppm: u32,
    /// How many entries each peer's log holds, the first leader's first; all of one term.
    pub log_lengths: [usize; PEERS],
    /// The round of heartbeats after which the first leader crashes.
    pub heartbeat_rounds: u32,
    /// When a trial is given up.
    pub cap: Duration,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            one_way_delay: Latency::Uniform {
                min: Duration::from_micros(2_500),
                max: Duration::from_micros(3_500),
            },
            sync_latency: Latency::Exponential {
                min: Duration::from_millis(3),
                mean: Duration::from_millis(3),
                tail: Tail::default(),
            },
            clock_drift_ppm: 50,
            log_lengths: [5, 4, 3, 2, 1],
            heartbeat_rounds: 4,
            cap: Duration::from_secs(100),
        }
    }
}

impl Setup {
    /// The world of one trial.
    #[must_use]
    pub fn world(&self, seed: Seed) -> WorldConfig {
        let mut world = WorldConfig::new(PEERS, seed);
        world.network = NetworkProfile::Realistic(Realistic {
            one_way_delay: self.one_way_delay,
            ..Realistic::default()
        });
        world.disk = DiskProfile { sync_latency: self.sync_latency, ..DiskProfile::default() };
        world.clocks =
            ClockProfile { max_offset: Duration::ZERO, max_drift_ppm: self.clock_drift_ppm };
        world
    }

    /// The broadcast time of this model: how long it takes on average until a peer has the reply
    /// of every other, each of which syncs before it replies.
    #[must_use]
    pub fn broadcast_time(&self) -> Duration {
        const BROADCASTS: u64 = 10_000;
        let mut words = Stream::new(Seed(0), StreamId::Workload);
        let mut round_trip = || {
            let [there, sync, back] = words.words::<3>();
            self.one_way_delay.nanos(there)
                + self.sync_latency.nanos(sync)
                + self.one_way_delay.nanos(back)
        };
        let sum: u64 = (0..BROADCASTS).filter_map(|_| (1..PEERS).map(|_| round_trip()).max()).sum();
        Duration::from_nanos(sum / BROADCASTS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_curves_and_the_shared_one_once() {
        let all: Vec<Timeouts> = curves().collect();
        assert_eq!(all.len(), 10);
        let shared: Vec<&Timeouts> = all.iter().filter(|one| **one == UPPER[5]).collect();
        assert_eq!(shared.len(), 1);
        assert_eq!(LOWER[4], UPPER[5]);
    }

    #[test]
    fn the_broadcast_time_is_about_the_published_one() {
        let ratio = Setup::default().broadcast_time().as_secs_f64() / BROADCAST_TIME.as_secs_f64();
        assert!((0.95..1.05).contains(&ratio), "{ratio}");
    }

    #[test]
    fn fixed_timeouts_get_a_tenth_of_the_trials() {
        assert_eq!(Timeouts::ms(150, 150).trials(1000), 100);
        assert_eq!(Timeouts::ms(150, 150).trials(1), 1);
        assert_eq!(Timeouts::ms(150, 151).trials(1000), 1000);
    }
}
