//! What can be done to a cluster: every fault, and every command of a client, with whom and what written out.
//!
//! Scenarios, the nemesis, tests and the shrinker all disturb a cluster through [`Cluster::act`], so that
//! whatever was done can be written down and done again: a list of [`Timed`] acts is a plan.
//!
//! [`Cluster::act`]: crate::Cluster::act

use std::cell::Cell;
use std::fmt;
use std::time::Duration;

use splitvote_check::Budget;
use splitvote_peer::{PeerId, SimTime};

use crate::fault::{Fault, FaultClass, FaultClasses};

/// Something that is done to a cluster. Prints in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Act {
    /// A fault, or what takes one back.
    Fault(Fault),
    /// A client proposes a command, unlike all others, to a peer.
    Propose {
        /// The peer that it goes to.
        to: PeerId,
        /// How long the command is at least.
        bytes: usize,
    },
    /// A client seeks an agreement on a command, unlike all others, while the run goes on: it asks whoever may lead,
    /// and has to be heard within ten seconds, more if timers are long, or as long as it says.
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
    /// How long it may take; `None` for what the timers of the Raft suggest.
    pub within: Option<Duration>,
}

/// An act and the instant at which it is done: after all other events of that instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timed {
    /// When it happens.
    pub at: SimTime,
    /// The act that is done.
    pub act: Act,
}

/// Every kind of fault is one, and every fault is an act.
impl<F: Into<Fault>> From<F> for Act {
    fn from(fault: F) -> Self {
        Self::Fault(fault.into())
    }
}

impl Act {
    /// The fault that it is, if it is one.
    #[must_use]
    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault(fault) => Some(fault),
            Self::Propose { .. } | Self::Agree(_) | Self::Allow(_) => None,
        }
    }

    /// The class that it belongs to; `None` for what mends, for commands and for budgets.
    #[must_use]
    pub fn class(&self) -> Option<FaultClass> {
        self.fault()?.class()
    }

    /// A peer that it names and that a cluster of this size does not have.
    pub(crate) fn stranger(&self, cluster_size: usize) -> Option<PeerId> {
        let stranger = Cell::new(None);
        let look_at = |peer: PeerId| {
            if peer.index() >= cluster_size {
                stranger.set(Some(peer));
            }
            Some(peer)
        };
        match self {
            Self::Fault(fault) => _ = fault.renamed(look_at),
            Self::Propose { to, .. } => _ = look_at(*to),
            Self::Agree(_) | Self::Allow(_) => {}
        }
        stranger.get()
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

    /// The same with these classes of faults switched off; `None` if nothing is left of it.
    #[must_use]
    pub fn without(self, classes: FaultClasses) -> Option<Self> {
        match self {
            Self::Fault(fault) => fault.without(classes).map(Self::Fault),
            act => Some(act),
        }
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(fault) => write!(f, "{fault}"),
            Self::Propose { to, .. } => write!(f, "propose to {to}"),
            Self::Agree(seek) => write!(f, "agree with {} peers in the background", seek.on),
            Self::Allow(budget) => write!(f, "from here on {budget}"),
        }
    }
}
