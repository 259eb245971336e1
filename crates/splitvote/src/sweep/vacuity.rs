//! Why a sweep proves nothing, in words.

use std::fmt::Write as _;

use super::SweepReport;
use crate::scenario::{Place, Scenario};

/// What a vacuous sweep never came to, as a sentence; empty if it is not vacuous.
#[must_use]
pub fn vacuity(scenario: &Scenario, report: &SweepReport) -> String {
    let mut text = String::new();
    if !report.missing.is_empty() {
        let names: Vec<&str> = report.missing.iter().map(|happening| happening.name()).collect();
        let names = names.join(", ");
        _ = write!(
            text,
            "{} proves nothing: in {} seeds these events, which must happen, never did: {names}",
            scenario.name, report.seeds
        );
    }
    if report.never_settled {
        let gap = if text.is_empty() { "" } else { "\n" };
        let (all, why) = (report.calms.all(), report.calms.why.as_deref().unwrap_or_default());
        _ = write!(
            text,
            "{gap}{} proves nothing about liveness: in {} seeds none of {all} calms settled ({}), the first one because {why}; \
             mend that, or demand it with `[must-happen] allowed-to-be-stuck = true` if it is meant",
            scenario.name, report.seeds, report.calms
        );
    }
    for Place { line, column } in &report.unresolved {
        _ = write!(
            text,
            "{}{}:{line}:{column}: in {} seeds the targets of this step never matched a peer",
            if text.is_empty() { "" } else { "\n" },
            scenario.file.display(),
            report.seeds
        );
    }
    text
}
