//! Why a run failed: a breach of the contract, a safety violation, an expectation that was not met, a core that is
//! stuck, or no end.

use std::fmt;

use serde::{Deserialize, Serialize};
use splitvote_check::{Overrun, Standing, Violation};
use splitvote_peer::{Breach, PeerId, SimTime};
use splitvote_sim::{ConfigError, Halt};

use crate::stall::Stall;

/// Why a run failed. Prints as one sentence; so does its `Debug`, so that a test that returns it
/// reads well.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Failure {
    /// The cluster could not be made.
    Config(ConfigError),
    /// A peer broke the contract between it and the harness: nothing else can be judged.
    Breach(Box<Breach>),
    /// A checker saw a safety property violated.
    Violation(Box<Violation>),
    /// An expectation of a scenario or a test was not met.
    Unmet(Unmet),
    /// A core that was calm and able made no progress.
    Stalled(Box<Stall>),
    /// What was done cost more than it may.
    Overrun {
        /// When it was counted.
        at: SimTime,
        /// What was spent, and on what.
        overrun: Box<Overrun>,
    },
    /// The run did not end, or took too much.
    Endless(Endless),
    /// The scenario took more steps than a run may.
    EndlessPlan {
        /// When it was stopped.
        at: SimTime,
        /// After how many steps.
        steps: u64,
    },
}

/// A run that did not end, or took too much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endless {
    /// The limit that was reached.
    pub halt: Halt,
    /// The step that was under way, the innermost of those that contain each other; `None` if it is not known.
    pub step: Option<String>,
}

impl Endless {
    /// What to do about it.
    fn remedy(&self) -> &'static str {
        match self.halt {
            Halt::Budget { .. } => "if the run is meant to be so long, raise `max-events`",
            Halt::Instant { .. } | Halt::Restless { .. } => {
                "something happens again at once, without end: see the events of that instant in a replay"
            }
            Halt::Overfull { .. } => {
                "if so much is meant to be under way at once, raise `max-events-waiting`"
            }
            Halt::Terms { .. } => {
                "nobody stays leader: look at the timeouts and the network, or raise `max-changes-of-term`"
            }
            Halt::Work { .. } => {
                "repeat less, wait for less, or have fewer peers; if it is meant, raise `max-work`"
            }
            Halt::Memory { .. } => {
                "propose or persist less, or compact; if it is meant, raise `max-memory`"
            }
            Halt::Noted { .. } => {
                "let clients propose less often, or do less to the cluster; if it is meant, raise `max-memory`"
            }
            Halt::Watcher | Halt::Breach => "see what stopped it",
        }
    }
}

impl From<Halt> for Endless {
    fn from(halt: Halt) -> Self {
        Self { halt, step: None }
    }
}

impl fmt::Display for Endless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.halt)?;
        if let Some(step) = &self.step {
            write!(f, ", in {step}")?;
        }
        write!(f, "; {}", self.remedy())
    }
}

/// An expectation that was not met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmet {
    /// When it was given up.
    pub at: SimTime,
    /// Whether something good did not come (else something bad was there).
    pub is_liveness: bool,
    /// What was expected and what was found, as a sentence.
    pub sentence: String,
    /// The peers that it is about.
    pub peers: Vec<PeerId>,
}

impl Failure {
    /// Which checker found it.
    #[must_use]
    pub fn checker(&self) -> &'static str {
        self.kind().0
    }

    /// In which way it failed, as a short stable name.
    #[must_use]
    pub fn cause(&self) -> &'static str {
        self.kind().1
    }

    /// Whether something good did not come, or at too high a price, as against something bad that
    /// did.
    #[must_use]
    pub fn is_liveness(&self) -> bool {
        self.kind().2
    }

    /// Checker, cause, and whether it is one of liveness.
    fn kind(&self) -> (&'static str, &'static str, bool) {
        match self {
            Self::Config(_) => ("config", "config", false),
            Self::Breach(breach) => ("contract", breach.cause.name(), false),
            Self::Violation(violation) => {
                let Violation { checker, evidence, .. } = **violation;
                (checker.name(), evidence.cause(), checker.is_liveness())
            }
            Self::Unmet(Unmet { is_liveness: true, .. }) => ("expectation", "waited-in-vain", true),
            Self::Unmet(_) => ("expectation", "found-otherwise", false),
            Self::Stalled(stall) => ("liveness", stall.cause(), true),
            Self::Overrun { overrun, .. } => ("budget", overrun.budget.what.name(), true),
            Self::Endless(_) => ("endless-run", "endless-run", true),
            Self::EndlessPlan { .. } => ("endless-run", "endless-plan", true),
        }
    }

    /// The same, but a run without end says in which step it was, if it does not say so yet.
    pub(crate) fn in_step(mut self, line: usize, text: impl FnOnce() -> String) -> Self {
        if let Self::Endless(endless) = &mut self
            && endless.step.is_none()
        {
            let place = if line == 0 { String::new() } else { format!(" of line {line}") };
            endless.step = Some(format!("the step{place}, `{}`", text()));
        }
        self
    }

    /// The peers that it is about.
    pub(crate) fn peers(&self) -> Vec<PeerId> {
        match self {
            Self::Breach(breach) => vec![breach.peer],
            Self::Violation(violation) => violation.peers(),
            Self::Unmet(unmet) => unmet.peers.clone(),
            Self::Stalled(stall) => stall.awaited.peers().iter().collect(),
            Self::Endless(endless) => match endless.halt {
                Halt::Restless { peer, .. } | Halt::Memory { peer, .. } => vec![peer],
                _ => Vec::new(),
            },
            Self::Config(_) | Self::Overrun { .. } | Self::EndlessPlan { .. } => Vec::new(),
        }
    }

    /// Whether it is a departure from practice, which fails a run that is strict about it only.
    #[must_use]
    pub fn is_departure(&self) -> bool {
        match self {
            Self::Violation(violation) => violation.evidence.standing() == Standing::Practice,
            _ => false,
        }
    }

    /// Whether it is so mild that something graver may be behind it, and the run can go on: an expectation that
    /// was not met in time leaves a cluster that can still be judged. A run without end does not go on.
    pub(crate) fn may_be_passed_over(&self) -> bool {
        match self {
            Self::Unmet(unmet) => unmet.is_liveness,
            failure => matches!(failure, Self::Stalled(_) | Self::Overrun { .. }),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => write!(f, "{error}"),
            Self::Breach(breach) => write!(f, "{breach}"),
            Self::Violation(violation) => write!(f, "{violation}"),
            Self::Unmet(unmet) => f.write_str(&unmet.sentence),
            Self::Stalled(stall) => write!(f, "{stall}"),
            Self::Overrun { overrun, .. } => write!(f, "{overrun}"),
            Self::Endless(endless) => write!(f, "{endless}"),
            Self::EndlessPlan { at, steps } => {
                write!(
                    f,
                    "the run does not end: the scenario has taken {steps} steps at {at}, more than a run may; \
                     repeat its steps less often"
                )
            }
        }
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self}", self.checker())
    }
}

impl std::error::Error for Failure {}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}
