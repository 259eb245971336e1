//! What became of a run: it held, or what failed.

use std::fmt;

use serde::{Deserialize, Serialize};
use splitvote_check::Checker;

use crate::failure::Failure;
use crate::hang::Hang;
use crate::panic::Panic;

/// What became of a run.
///
/// These are all the ways in which a run ends, and whoever shows or weighs one has to know each: a match without a
/// wildcard stays possible. What may grow is in [`Failure`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing failed in the run.
    Held,
    /// The run failed by this.
    Failed(Failure),
    /// A peer panicked.
    Panicked(Panic),
    /// A peer did not return, filled the memory or ended its process.
    Hung(Hang),
    /// The harness itself panicked, with this message.
    Fault(String),
}

/// How grave a verdict is, from the mildest to the gravest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Gravity {
    /// Nothing failed in the run.
    Held,
    /// A departure from practice, in a run that is strict about it.
    Departure,
    /// Something good did not come, or at too high a price.
    Liveness,
    /// Something bad happened.
    Safety,
    /// A peer broke the contract: nothing else can be judged.
    Breach,
    /// A peer panicked, or hangs.
    Panic,
    /// The harness itself failed.
    Fault,
}

impl Verdict {
    /// How grave it is.
    #[must_use]
    pub fn gravity(&self) -> Gravity {
        match self {
            Self::Held => Gravity::Held,
            Self::Failed(Failure::Breach(_)) => Gravity::Breach,
            Self::Failed(failure) if failure.is_departure() => Gravity::Departure,
            Self::Failed(failure) if failure.is_liveness() => Gravity::Liveness,
            Self::Failed(_) => Gravity::Safety,
            Self::Panicked(_) | Self::Hung(_) => Gravity::Panic,
            Self::Fault(_) => Gravity::Fault,
        }
    }

    /// Which checker found the failure; `None` if all held.
    #[must_use]
    pub fn checker(&self) -> Option<&'static str> {
        match self {
            Self::Held => None,
            Self::Failed(failure) => Some(failure.checker()),
            Self::Panicked(_) => Some("panic"),
            Self::Hung(hang) => Some(hang.checker()),
            Self::Fault(_) => Some("fault"),
        }
    }

    /// The rule that was broken and where the paper states it, as a sentence; `None` if all held, or
    /// if it is no rule of Raft.
    #[must_use]
    pub fn broken_rule(&self) -> Option<String> {
        let checker = Checker::find(self.checker()?)?;
        let (property, paper, advice) = (checker.property(), checker.paper(), checker.advice());
        let rule = format!("broken rule: {property} (paper: {paper})");
        Some(if advice.is_empty() { rule } else { format!("{rule}; what to do: {advice}") })
    }

    /// The exit code of a command that ends with this verdict: 0 held, 1 safety violated,
    /// 3 liveness violated, 5 a peer panicked or hangs, 6 a peer broke the contract, 70 fault of the harness itself.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Held => 0,
            Self::Failed(Failure::Breach(_)) => 6,
            Self::Failed(failure) if failure.is_liveness() => 3,
            Self::Failed(_) => 1,
            Self::Panicked(_) | Self::Hung(_) => 5,
            Self::Fault(_) => 70,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Held => f.write_str("all properties held"),
            Self::Failed(failure) => write!(f, "{failure}"),
            Self::Panicked(panic) => write!(f, "{panic}"),
            Self::Hung(hang) => write!(f, "{hang}"),
            Self::Fault(message) => write!(f, "the harness itself failed: {message}"),
        }
    }
}
