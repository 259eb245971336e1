//! The steps of a scenario.

use std::time::Duration;

use splitvote_check::{Budget, Happening};
use splitvote_peer::LogIndex;
use splitvote_sim::{NetworkProfile, Probability, Verdict};

use super::error::Place;
use super::target::Target;
use super::units::{CountRange, DurationRange};

/// One step and where it stands in the file.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where it stands.
    pub place: Place,
    /// Its number in the order of the file, nested steps included.
    pub number: usize,
    /// What it does.
    pub action: Action,
    /// Under which name the peers that it is about are kept for later steps.
    pub save: Option<String>,
}

/// What a step does.
#[derive(Clone, Debug)]
pub enum Action {
    /// Lets virtual time pass.
    Run(DurationRange),
    /// Lets virtual time pass until something has happened once more.
    RunUntil {
        /// What must happen.
        happening: Happening,
        /// How long to wait for it at most; then the step has failed.
        within: Duration,
    },
    /// Demands that something is so.
    Expect(Expectation),
    /// Keeps who the target is now.
    Remember(Target),
    /// Isolates peers, as the lab does.
    Disconnect(Vec<Target>),
    /// Takes `disconnect` back.
    Connect(Vec<Target>),
    /// Crashes peers.
    Crash(Vec<Target>),
    /// Arms a crash of peers between two persistence operations of theirs.
    CrashAtWrite {
        /// Whom.
        of: Vec<Target>,
        /// How many persistence operations each may still carry out.
        after: CountRange,
    },
    /// Starts peers that are down.
    Restart(Vec<Target>),
    /// Cuts the directed links from one side to the other.
    Cut {
        /// The senders.
        from: Target,
        /// The receivers.
        to: Target,
    },
    /// Restores directed links.
    Restore {
        /// The senders.
        from: Target,
        /// The receivers.
        to: Target,
    },
    /// Splits the cluster into groups.
    Partition(Vec<Vec<Target>>),
    /// Restores and connects everything.
    Heal,
    /// Makes directed links slower.
    Delay {
        /// The senders.
        from: Target,
        /// The receivers.
        to: Target,
        /// By how much.
        by: Duration,
    },
    /// Replaces the network.
    Network(NetworkProfile),
    /// Fixes the election timeouts that peers draw from now on, or lets them draw again.
    ElectionTimeout {
        /// Whose.
        of: Vec<Target>,
        /// The timeout; none lets them draw.
        is: Option<Duration>,
    },
    /// The lab's `one`: a client brings the cluster to agree on commands, one after the other.
    Agree(Agree),
    /// Waits until all agreements that were begun in the background have been reached.
    Join,
    /// A client proposes commands to each of the peers and waits for no agreement.
    Propose(Propose),
    /// Installs a rule on single packets.
    Rule(PacketRule),
    /// Lifts a rule by its name.
    Lift(String),
    /// Repeats steps.
    Repeat {
        /// How often.
        times: u64,
        /// What.
        steps: Vec<Step>,
    },
    /// Takes steps with a probability.
    Chance {
        /// How likely.
        probability: Probability,
        /// What.
        steps: Vec<Step>,
        /// What else.
        otherwise: Vec<Step>,
    },
    /// Takes steps if too few peers are left.
    FewerThan {
        /// Fewer than so many.
        count: usize,
        /// What they have to be.
        are: Condition,
        /// What.
        steps: Vec<Step>,
    },
    /// Takes steps that together may cost so much.
    Budget {
        /// The bound.
        budget: Budget,
        /// What.
        steps: Vec<Step>,
    },
    /// Takes steps while clients propose commands, as in the lab's churn tests.
    Clients {
        /// How many clients.
        count: u64,
        /// What.
        steps: Vec<Step>,
    },
}

impl Action {
    /// The steps that this one contains.
    pub(crate) fn nested(&self) -> impl Iterator<Item = &Step> {
        let (steps, otherwise): (&[Step], &[Step]) = match self {
            Self::Chance { steps, otherwise, .. } => (steps, otherwise),
            Self::Repeat { steps, .. }
            | Self::FewerThan { steps, .. }
            | Self::Budget { steps, .. }
            | Self::Clients { steps, .. } => (steps, &[]),
            _ => (&[], &[]),
        };
        steps.iter().chain(otherwise)
    }
}

/// What it takes for the cluster to have agreed on a command.
#[derive(Clone, Debug)]
pub struct Agree {
    /// On how many peers each command has to be applied.
    pub on: usize,
    /// Whether it may be proposed again if that takes too long.
    pub retry: bool,
    /// How many commands.
    pub count: CountRange,
    /// How long each command is at least.
    pub bytes: usize,
    /// Which index the first has to get, where nobody may have applied anything yet; the next
    /// index for the next command.
    pub index: Option<LogIndex>,
    /// Whether the scenario goes on meanwhile.
    pub is_in_background: bool,
}

/// Commands for single peers.
#[derive(Clone, Debug)]
pub struct Propose {
    /// To whom.
    pub to: Vec<Target>,
    /// How many to each.
    pub count: CountRange,
    /// How long each command is at least.
    pub bytes: usize,
    /// Which index the first has to get.
    pub index: Option<CountRange>,
    /// On how many peers all have to be applied, unless the term changes meanwhile.
    pub applied_on: Option<usize>,
}

/// What peers can be, for [`Action::FewerThan`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Running.
    Alive,
    /// Not disconnected.
    Connected,
}

/// What a step may demand.
#[derive(Clone, Debug)]
pub enum Expectation {
    /// The lab's `checkOneLeader`.
    OneLeader,
    /// The lab's `checkNoLeader`.
    NoLeader,
    /// The lab's `checkTerms`.
    SameTerm,
    /// At least so many running peers apply the entry at an index within a time.
    Applied {
        /// The index.
        index: LogIndex,
        /// How many peers.
        on: usize,
        /// Within which time.
        within: Duration,
    },
    /// No running peer has applied an entry at an index.
    Unapplied {
        /// The index.
        index: LogIndex,
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
#[derive(Clone, Debug)]
pub struct PacketRule {
    /// The name by which `lift` finds it.
    pub name: Option<String>,
    /// What happens to the packets.
    pub verdict: Verdict,
    /// The kind of message; none for every kind.
    pub kind: Option<String>,
    /// The senders.
    pub from: Target,
    /// The receivers.
    pub to: Target,
    /// How many packets at most.
    pub times: Option<u64>,
}
