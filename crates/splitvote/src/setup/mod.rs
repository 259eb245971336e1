//! What a world, its peers and its judge are built from: the same for a scenario and for a plan.
//!
//! - `read`, `write`: the tables of a file that state it. `read_overrides`: draws that are written down, and logs.
//! - `classes`: classes of faults that are switched off.

pub(crate) mod classes;
mod read;
pub(crate) mod read_overrides;
pub(crate) mod write;

use splitvote_check::Checker;
use splitvote_peer::{Settings, Term};
use splitvote_sim::{
    ClockProfile, DiskProfile, InFlight, Limits, NetworkProfile, Overrides, Seed, SnapshotProfile,
    Stream, StreamId, WorldConfig,
};

use crate::fault::{FaultClasses, Healthy};
use crate::language::units::DurationRange;

/// What a world, its peers and its judge are built from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// How many peers.
    pub peers: usize,
    /// What the peers are configured with.
    pub settings: Settings,
    /// Timers of theirs that are drawn once a run; the settings hold the longest that they can be.
    pub timers: DrawnTimers,
    /// The network at the start.
    pub network: NetworkProfile,
    /// What a partition does to packets on their way.
    pub in_flight: InFlight,
    /// The profile of all disks.
    pub disk: DiskProfile,
    /// When the state machines make snapshots.
    pub snapshots: SnapshotProfile,
    /// The profile of all clocks.
    pub clocks: ClockProfile,
    /// When a run counts as endless.
    pub limits: Limits,
    /// What the peers find in their logs at their first boot: the term of each entry. Empty: nothing.
    pub logs: Vec<Vec<Term>>,
    /// Draws that are written down.
    pub overrides: Overrides,
    /// Classes of faults that are switched off.
    pub without: FaultClasses,
    /// The only checkers to ask; `None` for all. No scenario file can say so: it is for who looks closer at a
    /// failure.
    pub only: Option<Vec<Checker>>,
    /// The checkers whose departures from practice are known, and end no strict run: a case states those that its run
    /// passed over when it was written. No scenario file can say so.
    pub departs: Vec<Checker>,
}

/// Timers that a file states as a range; `None` for those that it states as one duration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DrawnTimers {
    /// The heartbeat interval.
    pub heartbeat: Option<DurationRange>,
    /// How long a leader waits for more commands before it sends a batch.
    pub batch_delay: Option<DurationRange>,
}

impl Setup {
    /// What a file gets that says no more than how many peers there are: a realistic network without faults, disks that
    /// take no time.
    #[must_use]
    pub fn of(peers: usize) -> Self {
        Self::in_world(WorldConfig::new(peers, Seed(0)))
    }

    /// A cluster in this world, whatever its seed.
    pub(crate) fn in_world(world: WorldConfig) -> Self {
        let WorldConfig { peers, network, in_flight, disk, .. } = world;
        Self {
            peers,
            settings: Settings::default(),
            timers: DrawnTimers::default(),
            network,
            in_flight,
            disk,
            snapshots: world.snapshots,
            clocks: world.clocks,
            limits: world.limits,
            logs: Vec::new(),
            overrides: world.overrides,
            without: FaultClasses::NONE,
            only: None,
            departs: Vec::new(),
        }
    }

    /// The same with the timers that this seed draws, which all peers share.
    #[must_use]
    pub fn drawn(&self, seed: Seed) -> Self {
        let DrawnTimers { heartbeat, batch_delay } = self.timers;
        let mut stream = Stream::new(seed, StreamId::Timers);
        let mut setup = Self { timers: DrawnTimers::default(), ..self.clone() };
        if let Some(range) = heartbeat {
            setup.settings.timing.heartbeat_interval = range.drawn(&mut stream);
        }
        if let Some(range) = batch_delay {
            setup.settings.batch_delay = range.drawn(&mut stream);
        }
        setup
    }

    /// The world in which a seed runs.
    #[must_use]
    pub fn world(&self, seed: Seed) -> WorldConfig {
        WorldConfig {
            peers: self.peers,
            seed,
            network: self.network,
            in_flight: self.in_flight,
            disk: self.disk,
            snapshots: self.snapshots,
            clocks: self.clocks,
            limits: self.limits,
            overrides: self.overrides.clone(),
        }
    }

    /// What the cluster is like at the start.
    #[must_use]
    pub fn healthy(&self) -> Healthy {
        Healthy { network: self.network, disk: self.disk, drift_ppm: Vec::new() }
    }
}
