//! What a world is made from.

use serde::{Deserialize, Serialize};
use splitvote_peer::PeerId;

use super::limits::Limits;
use crate::chance::Seed;
use crate::clock::ClockProfile;
use crate::disk::DiskProfile;
use crate::machine::SnapshotProfile;
use crate::network::{InFlight, NetworkProfile, Realistic};
use crate::overrides::Overrides;

/// All that shapes a world besides its peers.
#[derive(Clone, Debug)]
pub struct WorldConfig {
    /// How many peers, at least one and at most [`PeerId::MAX_PEERS`].
    pub peers: usize,
    /// What all chance derives from.
    pub seed: Seed,
    /// The profile of the network.
    pub network: NetworkProfile,
    /// What a partition does to packets on their way.
    pub in_flight: InFlight,
    /// The profile of all disks.
    pub disk: DiskProfile,
    /// When state machines make snapshots of themselves.
    pub snapshots: SnapshotProfile,
    /// The profile of all clocks.
    pub clocks: ClockProfile,
    /// When a run counts as endless.
    pub limits: Limits,
    /// Choices that are written down.
    pub overrides: Overrides,
}

impl WorldConfig {
    /// So many peers on a realistic network without faults.
    #[must_use]
    pub fn new(peers: usize, seed: Seed) -> Self {
        Self {
            peers,
            seed,
            network: NetworkProfile::Realistic(Realistic::default()),
            in_flight: InFlight::default(),
            disk: DiskProfile::default(),
            snapshots: SnapshotProfile::default(),
            clocks: ClockProfile::default(),
            limits: Limits::default(),
            overrides: Overrides::default(),
        }
    }
}

/// Why a world cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ConfigError {
    /// The number of peers is out of range.
    #[error("a cluster has 1 to {max} peers, not {peers}", max = PeerId::MAX_PEERS)]
    Peers {
        /// The number that was asked for.
        peers: usize,
    },
    /// Snapshots are too large.
    #[error("a snapshot has at most {max} bytes, not {bytes}", max = SnapshotProfile::MAX_BYTES)]
    Snapshot {
        /// The size that was asked for.
        bytes: usize,
    },
    /// Something was to be done to a peer that the cluster does not have.
    #[error("the cluster has no {peer}: its peers are S0 to S{last}", last = peers.saturating_sub(1))]
    NoSuchPeer {
        /// The peer that was named.
        peer: PeerId,
        /// How many peers the cluster has.
        peers: usize,
    },
}
