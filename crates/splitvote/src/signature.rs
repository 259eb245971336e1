//! What a failure is known by: which checker found it, and by what cause.

use std::fmt;

use splitvote_check::Checker;

use crate::verdict::Verdict;

/// The identity of a failure. Two runs fail alike if their signatures are the same: a shrunk run that
/// fails for another reason is another finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signature {
    /// The checker that found it, such as `one-vote`; `panic` for a peer that panicked.
    pub checker: String,
    /// In which way its rule was broken, such as `vote-forgotten`.
    pub cause: String,
}

/// What finds failures beside the checkers of rules.
const OTHER_FINDERS: [&str; 10] = [
    "contract",
    "liveness",
    "expectation",
    "budget",
    "endless-run",
    "panic",
    "hang",
    "process-died",
    "fault",
    "config",
];

impl Signature {
    /// The names of all that finds failures: the checkers of rules, and what else a run may fail by.
    pub fn checkers() -> impl Iterator<Item = &'static str> {
        Checker::ALL.iter().map(|checker| checker.name()).chain(OTHER_FINDERS)
    }

    /// The signature of a run's verdict; `None` if all held.
    #[must_use]
    pub fn of(verdict: &Verdict) -> Option<Self> {
        let checker = verdict.checker()?.to_owned();
        let cause = match verdict {
            Verdict::Held => return None,
            Verdict::Failed(failure) => failure.cause().to_owned(),
            // Where it panicked says more than the message, which may name a term or an index.
            Verdict::Panicked(panic) => panic.place(),
            Verdict::Hung(hang) => hang.cause().to_owned(),
            Verdict::Fault(_) => "fault".to_owned(),
        };
        Some(Self { checker, cause })
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.checker, self.cause)
    }
}
