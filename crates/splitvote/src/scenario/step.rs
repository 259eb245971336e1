//! The steps of a scenario.

use std::time::Duration;

use splitvote_check::Happening;
use splitvote_sim::{NetworkProfile, Probability, Verdict};

use super::error::Place;
use super::target::Target;
use super::units::DurationRange;

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
    /// A client proposes commands to each of the peers.
    Propose {
        /// To whom.
        to: Vec<Target>,
        /// How many.
        count: u64,
    },
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
    },
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
