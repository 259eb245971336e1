//! What things take at most in a calm, and the bounds that follow from it.
//!
//! All of it is derived from what the cluster is configured with; nothing is measured or guessed.
//!
//! **A leader.** A member that has heard nothing stands when its timeout elapses, at most the longest one
//! later by the slowest clock. Call that a round. The log of one member at least is as up-to-date as any,
//! so that nobody refuses it. It wins the round for certain if it stands first and its requests reach all
//! others before they stand, too. With n members whose timeouts are uniform over the spread w between the
//! shortest and the longest, and requests that take d at most, that has the probability
//! `p = (1 - d/w)^n / n`. So the probability of no winner in k rounds is `(1 - p)^k`, at most
//! `e^(-pk)`: with `k = 21/p` it is less than one in a thousand million. Two rounds more let a member
//! that was in a lower term learn of the highest one.
//!
//! **A round trip** of replication takes a message there, a sync, and a message back. A leader may wait for
//! its heartbeat to send it (Figure 2 asks for no more), and whatever was lost before the calm is sent
//! again with a heartbeat.
//!
//! **How many round trips.** Entry by entry back to where the logs agree (section 5.3; going back by terms
//! is quicker, and optional), then all entries behind that in batches, or a snapshot in parts. Two more
//! for whatever was under way before the calm and is given up, and one for the probe. A follower learns
//! what is committed with one more.
//!
//! **From when on.** A sync that began before the calm completes when it was to, and holds up every answer
//! of its peer until then; a packet that is late arrives late. So a bound counts from the moment in which
//! the last of these has happened:
//! 1. Suppose S0's disk is at work for half a second on its ballot when the calm begins.
//! 2. The others elect a leader at once, and commit a probe without S0, which must not answer yet.
//! 3. S0 is behind until its sync completes, through no fault of any rule.

use std::fmt;
use std::time::Duration;

use splitvote_peer::time::nanos;
use splitvote_peer::{Peer, PeerSet, Settings};
use splitvote_sim::{Labrpc, Latency, NetworkProfile, Probability};

use super::lag::Lag;
use super::unable::Unable;
use crate::cluster::Cluster;

const MILLION: u64 = 1_000_000;
/// Elections that a member wins less often than this are hopeless, in millionths.
const LEAST_CHANCE: u64 = 1_000;
/// The k of the head is this divided by p, in millionths.
const CERTAINTY: u64 = 21 * MILLION;
/// Rounds in which lower terms learn of the highest.
const ROUNDS_TO_LEARN: u64 = 2;
/// Round trips for what was under way before the calm.
const ROUNDS_TO_GIVE_UP: u64 = 2;

/// What things take at most, by virtual time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pace {
    members: usize,
    /// How long a packet takes.
    one_way: Duration,
    /// How often a packet has to be sent until one of them is as quick as that.
    attempts: u32,
    sync: Duration,
    /// The heartbeat interval by the slowest clock.
    heartbeat: Duration,
    /// The shortest election timeout by the fastest clock.
    timeout_min: Duration,
    /// The longest election timeout by the slowest clock.
    timeout_max: Duration,
    /// Whether delays have an upper end.
    is_bounded: bool,
    settings: Settings,
    snapshot_bytes: usize,
}

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
        let Self { times, each, what, .. } = self;
        write!(f, "{:?}, which is {times} {what} of up to {each:?}", self.total())
    }
}

impl Pace {
    /// How quick a cluster is once it is calm.
    pub(super) fn of<P: Peer>(cluster: &Cluster<P>, members: PeerSet) -> Self {
        let world = cluster.world();
        let (one_way, attempts, is_bounded) = packets(world.network());
        let disk = world.disk_profile();
        let drifts = || members.iter().map(|peer| i64::from(world.clock_drift(peer)));
        let slowest = drifts().min().unwrap_or(0);
        let fastest = drifts().max().unwrap_or(0);
        let timing = &cluster.settings.timing;
        Self {
            members: members.len(),
            one_way,
            attempts,
            sync: disk.sync_latency.usual_max(),
            heartbeat: by_clock(timing.heartbeat_interval, slowest),
            timeout_min: by_clock(timing.election_timeout_min, fastest),
            timeout_max: by_clock(timing.election_timeout_max, slowest),
            is_bounded,
            settings: cluster.settings.clone(),
            snapshot_bytes: cluster.base.snapshot_bytes,
        }
    }

    /// Whether leaders can be elected and stay in office at all.
    pub(super) fn leaves_room(&self) -> Result<(), Unable> {
        if self.members < 2 {
            return Ok(());
        }
        let (silence, timeout) = (self.silence(), self.timeout_min);
        if silence >= timeout {
            return Err(Unable::HeartbeatsTooSlow { silence, timeout });
        }
        if self.chance_to_win() < LEAST_CHANCE {
            let (spread, one_way) = (self.spread(), self.one_way);
            return Err(Unable::TimeoutsTooClose { spread, one_way });
        }
        Ok(())
    }

    /// How long a follower of a leader in office may be without a heartbeat.
    pub(super) fn silence(&self) -> Duration {
        self.heartbeat * self.attempts + self.one_way
    }

    /// Whether that is certain, and not only likely.
    pub(super) fn is_certain(&self) -> bool {
        self.is_bounded
    }

    /// How long an election timeout may take.
    pub(super) fn timeout_max(&self) -> Duration {
        self.timeout_max
    }

    /// How often to look.
    pub(super) fn look(&self) -> Duration {
        (self.settings.timing.heartbeat_interval / 5).max(Duration::from_millis(1))
    }

    fn spread(&self) -> Duration {
        self.timeout_max.saturating_sub(self.timeout_min)
    }

    /// The p of the head, in millionths.
    fn chance_to_win(&self) -> u64 {
        if self.members < 2 {
            return MILLION;
        }
        let (spread, one_way) = (nanos(self.spread()), nanos(self.one_way));
        let left = u128::from(spread.saturating_sub(one_way)) * u128::from(MILLION);
        let Some(left) = left.checked_div(u128::from(spread)) else { return 0 };
        let all =
            (0..self.members).fold(u128::from(MILLION), |all, _| all * left / u128::from(MILLION));
        (all / self.members as u128) as u64
    }

    /// By when there is a leader that all have heard of.
    pub(super) fn until_led(&self) -> Bound {
        let rounds = CERTAINTY / self.chance_to_win().max(1) + ROUNDS_TO_LEARN;
        let each = self.timeout_max + self.one_way * 2 + self.sync;
        Bound { times: rounds, each, what: "elections", more: self.silence() }
    }

    /// By when a probe is committed, if the slowest follower is so far behind.
    pub(super) fn until_committed(&self, lag: Lag) -> Bound {
        self.round_trips(self.to_catch_up(lag) + ROUNDS_TO_GIVE_UP + 1)
    }

    /// By when all have applied it.
    pub(super) fn until_converged(&self, lag: Lag) -> Bound {
        self.round_trips(self.to_catch_up(lag) + ROUNDS_TO_GIVE_UP + 1)
    }

    /// By when a probe is committed by a core that is in order: it waits for one heartbeat at most, and
    /// then goes there and back.
    pub(super) fn at_full_pace(&self) -> Bound {
        self.round_trips(1)
    }

    fn round_trips(&self, times: u64) -> Bound {
        let each = self.heartbeat * self.attempts + self.one_way * 2 + self.sync;
        let each = each + self.settings.batch_delay;
        let what = if times == 1 { "round trip" } else { "round trips" };
        Bound { times, each, what, more: Duration::ZERO }
    }

    fn to_catch_up(&self, lag: Lag) -> u64 {
        let batch = self.settings.entries_per_append.max(1) as u64;
        let parts = match self.settings.snapshot_chunk {
            Some(chunk) if lag.needs_snapshot => (self.snapshot_bytes / chunk.max(1)) as u64 + 2,
            _ => u64::from(lag.needs_snapshot),
        };
        lag.back_off.saturating_add(lag.entries.div_ceil(batch)).saturating_add(parts)
    }
}

/// How long a packet takes; how often it is to be sent until it is as quick as that; whether that is
/// certain.
fn packets(network: NetworkProfile) -> (Duration, u32, bool) {
    match network {
        NetworkProfile::Labrpc(Labrpc { reliable: true, .. }) => (Duration::ZERO, 1, true),
        // 26 ms, and one request in ten and one reply in ten is lost: of 19 %, eight in a row are one in
        // half a million.
        NetworkProfile::Labrpc(_) => (Duration::from_millis(26), 8, false),
        NetworkProfile::Realistic(realistic) => {
            let delay = realistic.one_way_delay;
            let tail = match delay {
                Latency::Exponential { tail, .. } => tail.probability,
                Latency::Constant(_) | Latency::Uniform { .. } => Probability::NEVER,
            };
            let is_bounded = !matches!(delay, Latency::Exponential { .. });
            (delay.usual_max(), attempts(tail), is_bounded)
        }
    }
}

/// How often something is to be tried until it fails each time less than once in a million.
fn attempts(failure: Probability) -> u32 {
    let mut left = u64::MAX >> 32;
    let mut tries = 1;
    while tries < 20 && left.saturating_mul(u64::from(failure.parts())) >> 32 > (1 << 32) / MILLION
    {
        left = left.saturating_mul(u64::from(failure.parts())) >> 32;
        tries += 1;
    }
    tries
}

/// How long a duration by a clock takes that runs that much faster than virtual time.
fn by_clock(duration: Duration, drift_ppm: i64) -> Duration {
    let rate = u128::from(MILLION.saturating_add_signed(drift_ppm).max(1));
    let real = u128::from(nanos(duration)) * u128::from(MILLION) / rate;
    Duration::from_nanos(u64::try_from(real).unwrap_or(u64::MAX))
}
