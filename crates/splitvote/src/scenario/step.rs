//! The steps of a scenario.

use std::time::Duration;

use splitvote_check::{Budget, Happening};
use splitvote_peer::PeerSet;
use splitvote_sim::Probability;

use crate::fault::{Fault, Symbolic};
use crate::language::error::Place;
use crate::language::target::Target;
use crate::language::units::DurationRange;
use crate::nemesis::Storm;

use super::demand::{Agree, Condition, Expectation, PacketRule, Propose};

/// One step and where it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where it stands.
    pub place: Place,
    /// Its number in the order of the file, nested steps included.
    pub number: usize,
    /// When it is taken, unless that has passed; none follows the step before it at once. An instant is drawn from a
    /// range whenever the step is reached.
    pub at: Option<DurationRange>,
    /// What it does.
    pub action: Action,
    /// Under which name the peers that it is about are kept for later steps.
    pub save: Option<String>,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Lets virtual time pass.
    Run(DurationRange),
    /// Lets virtual time pass until something has happened once more.
    RunUntil {
        /// What must happen.
        happening: Happening,
        /// How long to wait for it at most; then the step has failed. `None` for what the timers of the Raft suggest.
        within: Option<Duration>,
    },
    /// Demands that something is so.
    Expect(Expectation),
    /// Keeps who the target is now.
    Remember(Target),
    /// A fault, or what takes one back.
    Fault(Fault<Symbolic>),
    /// Lets a storm of random faults pass over the cluster.
    Storm(Storm<DurationRange>),
    /// After the storm a calm: a core becomes healthy, and has to make progress.
    Calm {
        /// The core; `None` draws one.
        core: Option<PeerSet>,
        /// How long it lasts at least.
        lasts: DurationRange,
        /// A client proposes so often until all of the core have caught up.
        load: Option<DurationRange>,
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
    /// Repeats the steps within.
    Repeat {
        /// How often it happens.
        times: u64,
        /// The steps, in order.
        steps: Vec<Step>,
    },
    /// Takes steps with a probability.
    Chance {
        /// How likely it is.
        probability: Probability,
        /// The steps, in order.
        steps: Vec<Step>,
        /// The steps that are taken otherwise; may be empty.
        otherwise: Vec<Step>,
    },
    /// Takes steps if too few peers are left.
    FewerThan {
        /// Fewer than so many.
        count: usize,
        /// What they have to be.
        are: Condition,
        /// The steps, in order.
        steps: Vec<Step>,
    },
    /// Takes steps that together may cost so much.
    Budget {
        /// The bound that was exceeded.
        budget: Budget,
        /// The steps, in order.
        steps: Vec<Step>,
    },
    /// From here on, to the end of the run, so much may be spent.
    Allow(Budget),
    /// Takes steps while clients propose commands, as in the lab's churn tests.
    Clients {
        /// How many clients.
        count: u64,
        /// The steps, in order.
        steps: Vec<Step>,
    },
}

impl Action {
    /// What this step contains under `steps` and under `else`.
    pub(super) fn blocks(&self) -> [Option<&[Step]>; 2] {
        match self {
            Self::Chance { steps, otherwise, .. } => {
                [Some(steps), (!otherwise.is_empty()).then_some(otherwise)]
            }
            Self::Repeat { steps, .. }
            | Self::FewerThan { steps, .. }
            | Self::Budget { steps, .. }
            | Self::Clients { steps, .. } => [Some(steps), None],
            Self::Run(_) | Self::RunUntil { .. } | Self::Expect(_) | Self::Remember(_) => [None; 2],
            Self::Fault(_) | Self::Storm(_) | Self::Calm { .. } | Self::Agree(_) => [None; 2],
            Self::Join | Self::Propose(_) | Self::Rule(_) | Self::Lift(_) => [None; 2],
            Self::Allow(_) => [None; 2],
        }
    }

    /// All steps that this one contains.
    pub(crate) fn nested(&self) -> impl Iterator<Item = &Step> {
        self.blocks().into_iter().flatten().flatten()
    }
}
