//! What steps ask of clients and of the cluster: agreements, proposals, expectations, rules.

use std::time::Duration;

use splitvote_sim::Verdict;

use crate::language::target::Target;
use crate::language::units::{CountRange, DurationRange};

/// What it takes for the cluster to have agreed on a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agree {
    /// On how many peers each command has to be applied.
    pub on: usize,
    /// Whether it may be proposed again if that takes too long.
    pub retry: bool,
    /// How many commands.
    pub count: CountRange,
    /// How long each command is at least.
    pub bytes: usize,
    /// Which of all commands the first has to become, where nobody may have applied anything yet; the
    /// next for the next command. Entries that a Raft writes by itself do not count: if there are
    /// none, it is the index in the log.
    pub index: Option<u64>,
    /// Whether the scenario goes on meanwhile.
    pub is_in_background: bool,
    /// How long each may take; `None` for what the timers of the Raft suggest.
    pub within: Option<Duration>,
}

/// Commands for single peers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Propose {
    /// The peer that it goes to.
    pub to: Vec<Target>,
    /// How many to each.
    pub count: CountRange,
    /// How long each command is at least.
    pub bytes: usize,
    /// Which of all commands the first has to become, by the promise that it gets.
    pub index: Option<CountRange>,
    /// On how many peers all have to be applied, unless the term changes meanwhile.
    pub applied_on: Option<usize>,
    /// How long the promise of the first and the application of all may take each; `None` for what the timers of the
    /// Raft suggest.
    pub within: Option<Duration>,
}

/// What peers can be, for [`super::Action::FewerThan`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The peer is running.
    Alive,
    /// Peers that are not disconnected.
    Connected,
}

/// What a step may demand.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expectation {
    /// The lab's `checkOneLeader`.
    OneLeader {
        /// How long it may take; `None` for what the timers of the Raft suggest.
        within: Option<Duration>,
    },
    /// The lab's `checkNoLeader`.
    NoLeader,
    /// The lab's `checkTerms`.
    SameTerm,
    /// At least so many running peers apply a command within a time.
    Applied {
        /// Which of all commands.
        index: u64,
        /// How many peers.
        on: usize,
        /// Within which time; `None` for what the timers of the Raft suggest.
        within: Option<Duration>,
    },
    /// No running peer has applied so many commands.
    Unapplied {
        /// Which of all commands.
        index: u64,
    },
    /// A peer that is asked by a client names this leader.
    Hint {
        /// Who is asked.
        from: Vec<Target>,
        /// Who must be named.
        is: Target,
    },
}

/// A rule on single packets, as a scenario states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PacketRule {
    /// The name by which `lift` finds it.
    pub name: Option<String>,
    /// What happens to the packets; a duration is drawn when the step is taken.
    pub verdict: Verdict<DurationRange>,
    /// The kind of message; `None` for every kind.
    pub kind: Option<String>,
    /// The peers that send.
    pub from: Target,
    /// The peers that receive.
    pub to: Target,
    /// How many packets at most.
    pub times: Option<u64>,
}
