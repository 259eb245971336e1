//! What things take at most in a calm, and the bounds that follow from it.
//!
//! All of it is derived from what the cluster is configured with; nothing is measured or guessed.
//!
//! **A leader.** Elections are held until it is less likely than one in a thousand million that none had a
//! winner: how many, `room` says. Two more let a member that was in a lower term learn of the highest one.
//!
//! **A round trip** of replication takes a message there, two syncs, and a message back. Syncs of one disk
//! queue, so the one of an entry waits for the one that is under way when it comes:
//! 1. Suppose a probe is applied, and the snapshot that the machine makes of it is saved.
//! 2. The next probe comes while that sync goes on, and its own begins only when that is done.
//!
//! A leader may wait for
//! its heartbeat to send it (Figure 2 asks for no more), and whatever was lost before the calm is sent
//! again with a heartbeat.
//!
//! **How many round trips.** Entry by entry back to where the logs agree (section 5.3; going back by terms
//! is quicker, and optional), then all entries behind that in batches. Two more for whatever was under way
//! before the calm and is given up, and one for the probe. A follower learns what is committed with one more.
//!
//! **Snapshots.** Where state machines make snapshots, a follower may need one that lacks nothing but the
//! probe, and even two, part by part:
//! 1. Suppose the leader is sending S0 a snapshot through 20, in a hundred parts, when it is elected.
//! 2. Its probe is 31. With it all up to 31 is committed; its machine makes a snapshot, and what S0 lacks
//!    behind 20 is discarded.
//! 3. The first snapshot is sent to its end, and then the one through 30.
//!
//! Under load there may be more of them, each through a later index, so that one of the next reaches the probe.
//! Commands come no faster than disks can sync them one by one, and than half of what goes in one batch a round
//! trip: twice the entries are there by then.
//!
//! How long a machine takes to hand over a snapshot is added: until then another may be discarded for.
//!
//! **From when on.** A sync that began before the calm completes when it was to, and holds up every answer
//! of its peer until then; a packet that is late arrives late. So a bound counts from the moment in which
//! the last of these has happened:
//! 1. Suppose S0's disk is at work for half a second on its ballot when the calm begins.
//! 2. The others elect a leader at once, and commit a probe without S0, which must not answer yet.
//! 3. S0 is behind until its sync completes, through no fault of any rule.

use std::time::Duration;

use splitvote_peer::time::nanos;
use splitvote_peer::{Peer, PeerSet, Settings, Snapshot};
use splitvote_sim::SnapshotProfile;

use super::lag::Lag;
use super::packets::Packets;
use super::sight::Sight;
use crate::stall::{Bound, Round};

/// The parts of a whole in which chances and drifts are told.
pub(super) const MILLION: u64 = 1_000_000;
/// Round trips for what was under way before the calm.
const ROUNDS_TO_GIVE_UP: u64 = 2;
/// The snapshot that is under way, and the one that replaces it.
const SNAPSHOTS: u64 = 2;
/// Under load: the one that is under way, the one that was the newest when the probe was proposed, and one that was
/// made while that was sent; one more for a machine that was late with it.
const SNAPSHOTS_UNDER_LOAD: u64 = 4;

/// What things take at most, by virtual time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pace {
    pub(super) members: usize,
    pub(super) packets: Packets,
    pub(super) sync: Duration,
    /// The heartbeat interval by the slowest clock.
    pub(super) heartbeat: Duration,
    /// The shortest election timeout by the fastest clock.
    pub(super) timeout_min: Duration,
    /// The same, or what is fixed for a member if that is shorter.
    pub(super) shortest_timeout: Duration,
    /// The longest election timeout by the slowest clock.
    pub(super) timeout_max: Duration,
    /// The same, or what somebody may still be waiting for if that is longer.
    pub(super) longest_timeout: Duration,
    pub(super) settings: Settings,
    snapshots: SnapshotProfile,
}

impl Pace {
    /// How quick a cluster is once it is calm. `hasty` are the members whose own timeouts do not matter.
    pub(super) fn of<P: Peer>(sight: &Sight<'_, P>, members: PeerSet, hasty: PeerSet) -> Self {
        let Sight { world, settings, base, .. } = sight;
        let drifts = || members.iter().map(|peer| i64::from(world.clock_drift(peer)));
        let slowest = drifts().min().unwrap_or(0);
        let fastest = drifts().max().unwrap_or(0);
        let timing = &settings.timing;
        let fixed =
            members.difference(hasty).iter().filter_map(|peer| world.fixed_election_timeout(peer));
        let shortest = fixed.fold(timing.election_timeout_min, Duration::min);
        Self {
            members: members.len(),
            packets: Packets::over(world.network()),
            sync: world.disk_profile().sync_latency.usual_max(),
            heartbeat: by_clock(timing.heartbeat_interval, slowest),
            timeout_min: by_clock(timing.election_timeout_min, fastest),
            shortest_timeout: by_clock(shortest, fastest),
            timeout_max: by_clock(timing.election_timeout_max, slowest),
            longest_timeout: by_clock(base.longest_timeout, slowest),
            settings: (*settings).clone(),
            snapshots: base.snapshots,
        }
    }

    /// How long a follower of a leader in office may be without a heartbeat.
    pub(super) fn silence(&self) -> Duration {
        self.heartbeat * self.packets.attempts + self.packets.one_way
    }

    /// How often to look.
    pub(super) fn look(&self) -> Duration {
        (self.settings.timing.heartbeat_interval / 5).max(Duration::from_millis(1))
    }

    /// By when a probe is committed, if the slowest follower is so far behind; and by when all have applied it then.
    pub(super) fn to_catch_up(&self, lag: Lag, is_pressed: bool) -> Bound {
        let batch = self.entries_of_batch() as u64;
        let makes_snapshots = self.snapshots.every.is_some_and(|every| every > 0);
        let snapshots = match (makes_snapshots, is_pressed) {
            (true, true) => SNAPSHOTS_UNDER_LOAD,
            (true, false) => SNAPSHOTS,
            (false, _) => u64::from(lag.needs_snapshot),
        };
        let entries = lag.entries.saturating_mul(if is_pressed { 2 } else { 1 });
        let rounds = lag.back_off.saturating_add(entries.div_ceil(batch));
        let rounds = rounds.saturating_add(snapshots * self.parts_of_snapshot());
        // State machines hand over what they have made.
        let handed_over =
            if makes_snapshots { self.snapshots.latency.usual_max() } else { Duration::ZERO };
        self.round_trips(rounds + ROUNDS_TO_GIVE_UP + 1, handed_over)
    }

    /// How many entries one message takes for certain: one, if its bytes are limited.
    fn entries_of_batch(&self) -> usize {
        if self.settings.bytes_per_append.is_some() {
            1
        } else {
            self.settings.entries_per_append.max(1)
        }
    }

    /// How often a client may propose at most, if it wants to so often: what comes in must not grow faster than it is
    /// worked off.
    pub(super) fn bearable(&self, every: Duration) -> Duration {
        let batch = u32::try_from(self.entries_of_batch()).unwrap_or(u32::MAX);
        every.max(self.sync * 2).max(self.at_full_pace().each * 2 / batch)
    }

    /// By when a probe is committed by a core that is in order: it waits for one heartbeat at most, and
    /// then goes there and back.
    pub(super) fn at_full_pace(&self) -> Bound {
        self.round_trips(1, Duration::ZERO)
    }

    fn round_trips(&self, times: u64, more: Duration) -> Bound {
        let Packets { one_way, attempts, .. } = self.packets;
        let each =
            self.heartbeat * attempts + one_way * 2 + self.sync * 2 + self.settings.batch_delay;
        Bound { times, each, what: Round::RoundTrip, more }
    }

    fn parts_of_snapshot(&self) -> u64 {
        let bytes = self.snapshots.bytes.max(Snapshot::LEAST_BYTES);
        self.settings.snapshot_chunk.map_or(1, |chunk| (bytes / chunk.max(1)) as u64 + 1)
    }
}

/// How long a duration by a clock takes that runs that much faster than virtual time.
fn by_clock(duration: Duration, drift_ppm: i64) -> Duration {
    let rate = u128::from(MILLION.saturating_add_signed(drift_ppm).max(1));
    let real = u128::from(nanos(duration)) * u128::from(MILLION) / rate;
    Duration::from_nanos(u64::try_from(real).unwrap_or(u64::MAX))
}
