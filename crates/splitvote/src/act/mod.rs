//! What can be done to a cluster: every fault and every command, with whom and what written out.
//!
//! Scenarios, the nemesis, tests and the shrinker all disturb a cluster through [`Cluster::act`], so that
//! whatever was done can be written down and done again: a list of [`Timed`] acts is a plan.
//!
//! [`Cluster::act`]: crate::Cluster::act

mod class;
mod sentence;

use std::time::Duration;

use splitvote_check::Budget;
use splitvote_peer::{PeerId, PeerSet, SimTime};
use splitvote_sim::{DiskProfile, NetworkProfile};

pub(crate) use class::Without;
pub use class::{ClassError, FaultClass, FaultClasses};

/// Something that is done to a cluster. Prints in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Crashes a peer.
    Crash(PeerId),
    /// Starts a peer that is down.
    Restart(PeerId),
    /// Arms a crash at the peer's next persistence operation but so many.
    CrashAtWrite {
        /// Whom.
        peer: PeerId,
        /// How many it may still carry out.
        after: u64,
    },
    /// Arms a crash at the peer's next message but so many.
    CrashAtSend {
        /// Whom.
        peer: PeerId,
        /// How many it may still send.
        after: u64,
    },
    /// Takes back what `CrashAtWrite` and `CrashAtSend` have armed.
    Disarm(PeerId),
    /// Halts a peer while its clock runs on.
    Pause(PeerId),
    /// Lets a paused peer go on.
    Resume(PeerId),
    /// Isolates a peer, as the lab does.
    Disconnect(PeerId),
    /// Takes `Disconnect` back.
    Connect(PeerId),
    /// Cuts a directed link.
    Cut {
        /// The sender.
        from: PeerId,
        /// The receiver.
        to: PeerId,
    },
    /// Restores a directed link.
    Restore {
        /// The sender.
        from: PeerId,
        /// The receiver.
        to: PeerId,
    },
    /// Splits the cluster into groups; a peer in several is a bridge, one in none is alone.
    Partition(Vec<PeerSet>),
    /// Restores every link and connects every peer.
    Heal,
    /// Lets nothing arrive over a directed link for a while.
    Clog {
        /// The sender.
        from: PeerId,
        /// The receiver.
        to: PeerId,
        /// For how long.
        lasts: Duration,
    },
    /// Lifts a clog before its time.
    Unclog {
        /// The sender.
        from: PeerId,
        /// The receiver.
        to: PeerId,
    },
    /// Makes a directed link slower.
    Delay {
        /// The sender.
        from: PeerId,
        /// The receiver.
        to: PeerId,
        /// By how much.
        by: Duration,
    },
    /// Replaces the network.
    Network(NetworkProfile),
    /// Replaces the disks' profile.
    Disk(DiskProfile),
    /// Lets a peer's clock jump forward.
    StepClock {
        /// Whose.
        peer: PeerId,
        /// By how much.
        by: Duration,
    },
    /// Lets a peer's clock run fast (or slow, if negative) from now on.
    DriftClock {
        /// Whose.
        peer: PeerId,
        /// By so many parts per million.
        ppm: i32,
    },
    /// Fixes the election timeouts that a peer draws from now on, or lets it draw again.
    ElectionTimeout {
        /// Whose.
        peer: PeerId,
        /// The timeout; none lets it draw.
        is: Option<Duration>,
    },
    /// A client proposes a command, unlike all others, to a peer.
    Propose {
        /// To whom.
        to: PeerId,
        /// How long the command is at least.
        bytes: usize,
    },
    /// A client seeks an agreement on a command, unlike all others, while the run goes on: it asks whoever may lead, and
    /// has to be heard within ten seconds.
    Agree(Seek),
    /// From here on, to the end of the run, so much may be spent. Whoever spends more fails at once.
    Allow(Budget),
}

/// What a client seeks that is at work in the background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seek {
    /// On how many peers its command has to be applied.
    pub on: usize,
    /// Whether it may be proposed again if that takes too long.
    pub retry: bool,
    /// How long the command is at least.
    pub bytes: usize,
}

/// An act and the instant at which it is done: after all other events of that instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timed {
    /// When.
    pub at: SimTime,
    /// What.
    pub act: Act,
}

impl Act {
    /// The class that it belongs to; none for what mends, for commands and for budgets.
    #[must_use]
    pub fn class(&self) -> Option<FaultClass> {
        Some(match self {
            Self::Crash(_) => FaultClass::Crashes,
            Self::CrashAtWrite { .. } | Self::CrashAtSend { .. } => FaultClass::CrashPoints,
            Self::Pause(_) => FaultClass::Pauses,
            Self::Disconnect(_) | Self::Cut { .. } | Self::Partition(_) => FaultClass::Partitions,
            Self::Clog { .. } => FaultClass::Clogs,
            Self::Delay { .. } => FaultClass::Delays,
            Self::StepClock { .. } | Self::DriftClock { .. } => FaultClass::Clocks,
            // A profile is weakened instead: each of its faults has a class of its own.
            Self::Network(_) | Self::Disk(_) => return None,
            Self::Restart(_)
            | Self::Disarm(_)
            | Self::Resume(_)
            | Self::Unclog { .. }
            | Self::Connect(_)
            | Self::Restore { .. }
            | Self::Heal
            | Self::ElectionTimeout { .. }
            | Self::Propose { .. }
            | Self::Agree(_)
            | Self::Allow(_) => return None,
        })
    }

    /// Whether it is a command of a client.
    #[must_use]
    pub fn is_command(&self) -> bool {
        matches!(self, Self::Propose { .. } | Self::Agree(_))
    }

    /// Whether it demands something of the run instead of doing something to the cluster.
    #[must_use]
    pub fn is_demand(&self) -> bool {
        matches!(self, Self::Allow(_) | Self::Agree(_))
    }

    /// The same with these classes of faults switched off; none if nothing is left of it.
    #[must_use]
    pub fn without(self, classes: FaultClasses) -> Option<Self> {
        if self.class().is_some_and(|class| classes.contains(class)) {
            return None;
        }
        Some(match self {
            Self::Network(profile) => Self::Network(profile.without(classes)),
            Self::Disk(profile) => Self::Disk(profile.without(classes)),
            act => act,
        })
    }
}
