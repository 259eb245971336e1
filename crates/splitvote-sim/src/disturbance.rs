//! What befalls a world besides crashes and cuts, as watchers are told of it, with all that is the same for
//! every watcher: whom it is about, its number in the digest, its words.
//!
//! Whatever lasts (a delay, a network, a fixed timeout) lasts until the next of its kind.

use std::fmt;
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
        /// The peer that this is about.
        peer: PeerId,
    },
    /// A paused peer goes on.
    Resumed {
        /// The peer that this is about.
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
        /// The peer whose clock it is.
        peer: PeerId,
        /// How far it moves.
        #[serde(with = "splitvote_peer::serial::duration")]
        by: Duration,
    },
    /// From now on a clock runs at another rate.
    ClockDrift {
        /// The peer whose clock it is.
        peer: PeerId,
        /// How much faster than virtual time, in parts per million.
        ppm: i32,
    },
    /// A peer will crash instead of a coming disk operation (a record, a sync or a compaction).
    CrashAtWrite {
        /// The peer that this is about.
        peer: PeerId,
        /// How many disk operations it still completes before.
        after: u64,
    },
    /// A peer will crash instead of sending a coming message.
    CrashAtSend {
        /// The peer that this is about.
        peer: PeerId,
        /// How many messages it still sends before.
        after: u64,
    },
    /// The crashes that were to come at a disk operation or a message of a peer were called off.
    Disarmed {
        /// The peer that this is about.
        peer: PeerId,
    },
    /// From now on every election timeout that a peer draws is this; `None` if it draws again.
    ElectionTimeout {
        /// The peer that this is about.
        peer: PeerId,
        /// The timeout that is drawn.
        #[serde(with = "splitvote_peer::serial::optional_duration")]
        is: Option<Duration>,
    },
    /// From now on the next of a peer's ready tasks is drawn, or is the one that was woken first.
    TaskOrder {
        /// The peer that this is about.
        peer: PeerId,
        /// Whether it is drawn.
        is_drawn: bool,
    },
    /// From now on the network is another.
    Network {
        /// The profile of the network.
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
        /// The peer whose disk it is.
        peer: PeerId,
        /// What went wrong, or does no longer.
        trouble: DiskTrouble,
    },
}

impl Disturbance {
    /// The peer that it is about; `None` if it is about a link, or all.
    #[must_use]
    pub fn peer(&self) -> Option<PeerId> {
        let (from, to) = self.link()?;
        (from == to).then_some(from)
    }

    /// The directed link that it is about, which of a single peer is that to itself; `None` if it is about all.
    pub(crate) fn link(&self) -> Option<(PeerId, PeerId)> {
        match *self {
            Self::Paused { peer }
            | Self::Resumed { peer }
            | Self::ClockStepped { peer, .. }
            | Self::ClockDrift { peer, .. }
            | Self::CrashAtWrite { peer, .. }
            | Self::CrashAtSend { peer, .. }
            | Self::Disarmed { peer }
            | Self::ElectionTimeout { peer, .. }
            | Self::TaskOrder { peer, .. }
            | Self::DiskTrouble { peer, .. } => Some((peer, peer)),
            Self::Clogged { from, to, .. }
            | Self::Unclogged { from, to }
            | Self::Delayed { from, to, .. } => Some((from, to)),
            Self::Network { .. } | Self::InFlight { .. } | Self::Disk { .. } => None,
        }
    }

    /// Its number in the digest, which no other disturbance has and no other event (`world/events.rs`); the next
    /// free one is 42. `None` if the digest has it already.
    pub(crate) fn tag(&self) -> Option<u64> {
        Some(match self {
            Self::Delayed { .. } => 14,
            Self::Network { .. } => 15,
            Self::ClockDrift { .. } => 16,
            Self::ClockStepped { .. } => 17,
            Self::ElectionTimeout { .. } => 18,
            Self::CrashAtWrite { .. } => 22,
            Self::CrashAtSend { .. } => 23,
            Self::Paused { .. } => 24,
            Self::Resumed { .. } => 25,
            Self::Clogged { .. } => 26,
            Self::Disk { .. } => 27,
            Self::InFlight { .. } => 28,
            Self::Disarmed { .. } => 29,
            Self::Unclogged { .. } => 30,
            Self::TaskOrder { .. } => 41,
            Self::DiskTrouble { trouble, .. } => match trouble {
                DiskTrouble::SyncFailed(_) => 31,
                DiskTrouble::WillFail { .. } => 32,
                DiskTrouble::Full => 33,
                DiskTrouble::Freed => 34,
                DiskTrouble::Rotten(_) => 35,
                DiskTrouble::Mended => 36,
                DiskTrouble::Missing => 37,
                DiskTrouble::Stopped => 38,
                DiskTrouble::Stalled => 39,
                DiskTrouble::Released => 40,
                // As the end of the sync.
                DiskTrouble::SyncLied => return None,
            },
        })
    }
}

/// A few words, without the peer that it is about: `clock +200ms`. Instants have as many decimals as asked for.
impl fmt::Display for Disturbance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(3);
        match *self {
            Self::Paused { .. } => f.write_str("paused"),
            Self::Resumed { .. } => f.write_str("resumed"),
            Self::Clogged { from, to, until } => {
                write!(f, "{from}→{to} clogged until {until:.digits$}")
            }
            Self::Unclogged { from, to } => write!(f, "{from}→{to} no longer clogged"),
            Self::Delayed { from, to, by: Duration::ZERO } => {
                write!(f, "{from}→{to} no longer slower")
            }
            Self::Delayed { from, to, by } => write!(f, "{from}→{to} {by:?} slower"),
            Self::ClockStepped { by, .. } => write!(f, "clock +{by:?}"),
            Self::ClockDrift { ppm, .. } => write!(f, "clock drift {ppm:+} ppm"),
            Self::CrashAtWrite { after: 1, .. } => f.write_str("will crash after 1 disk operation"),
            Self::CrashAtWrite { after, .. } => {
                write!(f, "will crash after {after} disk operations")
            }
            Self::CrashAtSend { after: 1, .. } => f.write_str("will crash after 1 message"),
            Self::CrashAtSend { after, .. } => write!(f, "will crash after {after} messages"),
            Self::Disarmed { .. } => f.write_str("will not crash"),
            Self::ElectionTimeout { is: Some(is), .. } => write!(f, "election timeout {is:?}"),
            Self::ElectionTimeout { is: None, .. } => f.write_str("election timeout drawn"),
            Self::TaskOrder { is_drawn: true, .. } => f.write_str("order of tasks drawn"),
            Self::TaskOrder { is_drawn: false, .. } => f.write_str("tasks in order"),
            Self::Network { is } => write!(f, "the network is {is:?}"),
            Self::InFlight { is } => write!(f, "packets on their way over a cut link are {is:?}"),
            Self::Disk { is } => write!(f, "the disks are {is:?}"),
            Self::DiskTrouble { trouble, .. } => write!(f, "{trouble}"),
        }
    }
}
