//! What follows from the counts of a scenario: the same for one sweep and for its merged parts.

use serde::{Deserialize, Serialize};

use super::data::{Step, Swept};

/// Over so many seeds a calm has settled once, wherever one can: fewer say nothing.
const FEW_SEEDS: u64 = 10;

/// What the seeds of a scenario prove.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// `held`, `failed`, `differs`, `vacuous` or `skipped`.
    pub verdict: String,
    /// Whether there were seeds enough to say what never happened.
    pub must_happen: bool,
    /// What had to happen and never did.
    pub missing: Vec<String>,
    /// The steps whose targets never matched a peer.
    pub unresolved: Vec<Step>,
    /// Whether there were calms and none settled.
    pub never_settled: bool,
}

impl Swept {
    /// The same with what follows from its counts.
    #[must_use]
    pub(super) fn judged(mut self) -> Self {
        let has_failed = self.runs > self.held;
        let calms = self.calms.settled + self.calms.excused + self.calms.unproved;
        let must_happen = self.skipped.is_none()
            && self.judges_must_happen
            && self.runs >= self.wanted_seeds
            && !has_failed;
        let is_missing = |(name, count): &&(String, u64)| {
            must_happen && *count == 0 && !self.undemanded.contains(name)
        };
        let missing = self.must_happen.iter().filter(is_missing).map(|(name, _)| name.clone());
        let is_unresolved = |(.., reached, resolved): &&Step| must_happen && *reached && !resolved;
        let never_settled = !has_failed
            && self.runs >= self.wanted_seeds.min(FEW_SEEDS)
            && calms > 0
            && self.calms.settled == 0
            && !self.means_stuck;
        let mut outcome = Judged {
            verdict: String::new(),
            must_happen,
            missing: missing.collect(),
            unresolved: self.steps.iter().filter(is_unresolved).copied().collect(),
            never_settled,
        };
        let is_vacuous =
            never_settled || !outcome.missing.is_empty() || !outcome.unresolved.is_empty();
        let verdict = match () {
            () if self.skipped.is_some() => "skipped",
            () if self.differs.is_some() => "differs",
            () if has_failed => "failed",
            () if is_vacuous => "vacuous",
            () => "held",
        };
        outcome.verdict = verdict.to_owned();
        self.outcome = outcome;
        self
    }
}
