//! The departures from practice of many runs, each kind once.

use std::fmt;

use splitvote_check::{Checker, Departure, Violation};
use splitvote_sim::Seed;

use crate::checking::Checking;
use crate::run::RunReport;

/// A way in which a Raft departed from practice in the runs of a sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SweptDeparture {
    /// The first seed in which it did.
    pub seed: Seed,
    /// The first time in that run.
    pub first: Violation,
    /// In how many runs it did.
    pub runs: u64,
    /// How often it did in all of them.
    pub times: u64,
    /// Why it does, if its author knows of it.
    pub reason: Option<String>,
}

impl SweptDeparture {
    /// The checker that found it, and in which way it departs.
    #[must_use]
    pub fn kind(&self) -> (Checker, &'static str) {
        (self.first.checker, self.first.evidence.cause())
    }
}

impl fmt::Display for SweptDeparture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((checker, cause), Self { seed, first, runs, times, reason }) = (self.kind(), self);
        let plural = if *runs == 1 { "" } else { "s" };
        write!(
            f,
            "{checker} ({cause}): {times} times in {runs} run{plural}, first in seed {}: {first}",
            seed.0
        )?;
        match reason {
            Some(reason) => write!(f, " (known: {reason})"),
            None => Ok(()),
        }
    }
}

/// Those of one run.
pub(super) fn of(run: &RunReport, checking: &Checking) -> Vec<SweptDeparture> {
    let swept = |departure: &Departure| {
        let Departure { first, times } = *departure;
        let reason = checking.reason(first.checker).map(str::to_owned);
        SweptDeparture { seed: run.seed, first, runs: 1, times, reason }
    };
    run.departures.iter().map(swept).collect()
}

/// Adds those of later seeds.
pub(super) fn merge(sum: &mut Vec<SweptDeparture>, more: Vec<SweptDeparture>) {
    for departure in more {
        match sum.iter_mut().find(|known| known.kind() == departure.kind()) {
            Some(known) => {
                known.runs += departure.runs;
                known.times += departure.times;
            }
            None => sum.push(departure),
        }
    }
}
