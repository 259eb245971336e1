//! What befalls a world besides crashes and cuts, as watchers are told of it.
//!
//! Whatever lasts (a delay, a network, a fixed timeout) lasts until the next of its kind.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use splitvote_peer::{DiskTrouble, PeerId, SimTime};

use crate::disk::DiskProfile;
use crate::network::{InFlight, NetworkProfile};

/// Something that was done to a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Disturbance {
    /// A peer takes no more steps.
    Paused {
        /// The peer.
        peer: PeerId,
    },
    /// A paused peer goes on.
    Resumed {
        /// The peer.
        peer: PeerId,
    },
    /// Nothing arrives over a directed link before then.
    Clogged {
        /// The sender's end.
        from: PeerId,
        /// The receiver's end.
        to: PeerId,
        /// When the clog ends.
        until: SimTime,
    },
    /// A clog was lifted before its time: what it held up arrives now.
    Unclogged {
        /// The sender's end.
        from: PeerId,
        /// The receiver's end.
        to: PeerId,
    },
    /// From now on every packet on a directed link takes that much longer; zero ends it.
    Delayed {
        /// The sender's end.
        from: PeerId,
        /// The receiver's end.
        to: PeerId,
        /// How much longer.
        #[serde(with = "splitvote_peer::serial::duration")]
        by: Duration,
    },
    /// A clock jumped forward.
    ClockStepped {
        /// Whose clock.
        peer: PeerId,
        /// How far.
        #[serde(with = "splitvote_peer::serial::duration")]
        by: Duration,
    },
    /// From now on a clock runs at another rate.
    ClockDrift {
        /// Whose clock.
        peer: PeerId,
        /// How much faster than virtual time, in parts per million.
        ppm: i32,
    },
    /// A peer will crash instead of a coming disk operation (a record, a sync or a compaction).
    CrashAtWrite {
        /// The peer.
        peer: PeerId,
        /// How many disk operations it still completes before.
        after: u64,
    },
    /// A peer will crash instead of sending a coming message.
    CrashAtSend {
        /// The peer.
        peer: PeerId,
        /// How many messages it still sends before.
        after: u64,
    },
    /// The crashes that were to come at a disk operation or a message of a peer were called off.
    Disarmed {
        /// The peer.
        peer: PeerId,
    },
    /// From now on every election timeout that a peer draws is this; none if it draws again.
    ElectionTimeout {
        /// The peer.
        peer: PeerId,
        /// The timeout.
        #[serde(with = "splitvote_peer::serial::optional_duration")]
        is: Option<Duration>,
    },
    /// From now on the network is another.
    Network {
        /// The network.
        is: NetworkProfile,
    },
    /// From now on this is what a cut link does to packets on their way.
    InFlight {
        /// What it does.
        is: InFlight,
    },
    /// From now on the disks behave otherwise.
    Disk {
        /// How they behave.
        is: DiskProfile,
    },
    /// Something went wrong with a disk, or does no longer.
    DiskTrouble {
        /// Whose disk.
        peer: PeerId,
        /// What.
        trouble: DiskTrouble,
    },
}
