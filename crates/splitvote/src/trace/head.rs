//! What was run: enough to read a trace without the scenario, and to run it again.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use splitvote_peer::{PeerId, Settings};
use splitvote_sim::{DiskProfile, InFlight, NetworkProfile, Seed, SnapshotProfile, WorldConfig};

/// What was run, and how the world was when it began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The name of the scenario or of the case; empty for a cluster that a test built itself.
    pub scenario: String,
    /// What the scenario is after, in a sentence.
    pub about: String,
    /// What all chance derived from.
    pub seed: Seed,
    /// The name of the Raft under test.
    pub raft: String,
    /// How many peers the cluster has.
    pub peers: usize,
    /// What the peers were configured with.
    pub settings: Settings,
    /// The network at the start.
    pub network: NetworkProfile,
    /// What a cut link did to packets on their way at the start.
    pub in_flight: InFlight,
    /// The disks at the start.
    pub disk: DiskProfile,
    /// When state machines made snapshots of themselves.
    pub snapshots: SnapshotProfile,
    /// The clock of each peer at the start.
    pub clocks: Vec<ClockStart>,
    /// Single election timeouts that were fixed beforehand.
    pub election_timeouts: Vec<FixedTimeout>,
}

/// What a peer's clock was at the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockStart {
    /// How far it was ahead of virtual time.
    #[serde(with = "splitvote_peer::serial::duration")]
    pub ahead: Duration,
    /// How much faster than virtual time it ran, in parts per million.
    pub ppm: i32,
}

/// An election timeout that was fixed beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedTimeout {
    /// Who drew it.
    pub peer: PeerId,
    /// Which of that peer's draws it was, counted from 0.
    pub draw: u64,
    /// The timeout that is drawn.
    #[serde(with = "splitvote_peer::serial::duration")]
    pub is: Duration,
}

impl Head {
    /// The head of a run in this world.
    pub(crate) fn of(
        raft: &str,
        settings: &Settings,
        world: &WorldConfig,
        clocks: Vec<ClockStart>,
    ) -> Self {
        let timeouts = world.overrides.election_timeouts.iter();
        let fixed = |((peer, draw), is): (&(PeerId, u64), &Duration)| FixedTimeout {
            peer: *peer,
            draw: *draw,
            is: *is,
        };
        Self {
            scenario: String::new(),
            about: String::new(),
            seed: world.seed,
            raft: raft.to_owned(),
            peers: world.peers,
            settings: settings.clone(),
            network: world.network,
            in_flight: world.in_flight,
            disk: world.disk,
            snapshots: world.snapshots,
            clocks,
            election_timeouts: timeouts.map(fixed).collect(),
        }
    }
}

impl Default for Head {
    /// No peers in a world of defaults: for traces that are made by hand.
    fn default() -> Self {
        Self::of("", &Settings::default(), &WorldConfig::new(0, Seed(0)), Vec::new())
    }
}
