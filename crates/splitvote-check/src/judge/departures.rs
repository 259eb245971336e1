//! Departures from practice: counted and kept once per kind, with the first instant. They end no run,
//! unless it is strict about their checker.

use serde::{Deserialize, Serialize};
use splitvote_peer::SimTime;

use super::Judge;
use crate::checkers::CheckerSet;
use crate::checkers::{Checker, Evidence};
use crate::ghost::Ghost;
use crate::proof::Proof as _;
use crate::standing::Standing;
use crate::violation::Violation;

/// A way in which a Raft departs from practice in a run: the first time, and how often. Two
/// departures are of one kind if their checker and their cause are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departure {
    /// The first of its kind.
    pub first: Violation,
    /// How often it was seen, the first time included.
    pub times: u64,
}

impl Departure {
    /// The checker that found it, and in which way it departs.
    #[must_use]
    pub fn kind(&self) -> (Checker, &'static str) {
        (self.first.checker, self.first.evidence.cause())
    }
}

impl Judge {
    /// The same judge, which is strict about these checkers: a departure from practice that one of
    /// them finds ends the run as a broken guarantee does.
    #[must_use]
    pub fn strict_about(mut self, checkers: CheckerSet) -> Self {
        self.findings.strict = checkers;
        self
    }

    /// The departures from practice so far, each kind once, in the order in which they were first
    /// seen.
    #[must_use]
    pub fn departures(&self) -> &[Departure] {
        &self.findings.departures
    }
}

/// What was found so far, and what is looked for.
#[derive(Clone, Debug)]
pub(super) struct Findings {
    /// What ended the run.
    pub(super) violation: Option<Violation>,
    /// Each kind once.
    departures: Vec<Departure>,
    /// Who is asked.
    pub(super) asked: CheckerSet,
    /// Whose departures from practice end the run.
    strict: CheckerSet,
}

impl Findings {
    pub(super) const NONE: Self = Self {
        violation: None,
        departures: Vec::new(),
        asked: CheckerSet::ALL,
        strict: CheckerSet::NONE,
    };

    /// Something was found. A departure must not hide what other checkers find in the same
    /// observation, so these are asked as well.
    #[cold]
    pub(super) fn found(
        &mut self,
        ghost: &Ghost,
        at: SimTime,
        evidence: Evidence,
        others: impl Fn(CheckerSet) -> Option<Evidence>,
    ) {
        let (mut asked, mut next) = (self.asked, Some(evidence));
        while let Some(evidence) = next {
            asked.remove(evidence.checker());
            self.weigh(ghost, at, evidence);
            next = if self.violation.is_none() { others(asked) } else { None };
        }
    }

    /// Ends the run, or counts a departure.
    #[cold]
    pub(super) fn weigh(&mut self, ghost: &Ghost, at: SimTime, evidence: Evidence) {
        let finding = evidence.finding();
        let is_grave = finding.standing == Standing::Guarantee;
        let found = Violation::new(at, evidence, ghost.disk_fault(&finding));
        let kind = (found.checker, finding.cause);
        if is_grave || self.strict.contains(found.checker) {
            // What the view showed first and a message makes a broken guarantee is told once, as that.
            self.departures.retain(|known| (known.kind(), known.first.at) != (kind, at));
            self.violation = Some(found);
            return;
        }
        match self.departures.iter_mut().find(|known| known.kind() == kind) {
            Some(known) => known.times += 1,
            None => self.departures.push(Departure { first: found, times: 1 }),
        }
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::PeerId;

    use super::*;
    use crate::observation::Observation;
    use crate::script::Script;

    /// S1 hears a higher term from S0 and stays where it is.
    fn disregard(run: &mut Script) {
        let (peer, from, after) = (PeerId(1), PeerId(0), run.view(1));
        run.see(Observation::HigherTermHeard { peer, from, heard: after.term + 1, after });
    }

    #[test]
    fn a_departure_ends_no_run_and_is_counted_once_per_kind_with_its_first_instant() {
        let mut run = Script::lenient(3);
        disregard(run.at(1_000));
        disregard(run.at(2_000));
        run.at(3_000).stand(0, 1).change(0, |view| view.voted_for = None);
        assert!(!run.judge.is_violated());
        let kinds: Vec<_> = run.judge.departures().iter().map(Departure::kind).collect();
        let expected =
            [(Checker::HigherTerm, "higher-term-ignored"), (Checker::Monotonic, "vote-withdrawn")];
        assert_eq!(kinds, expected);
        let first = run.judge.departures()[0];
        assert_eq!((first.times, first.first.at), (2, SimTime(1_000_000)));
        let sentence = "S1 heard term 1 from S0 and stayed in term 0 at 0.001000 s";
        assert_eq!(first.first.to_string(), sentence);
    }

    #[test]
    fn what_is_strict_ends_the_run() {
        let mut run = Script::lenient(3);
        run.judge = run.judge.strict_about([Checker::HigherTerm].into_iter().collect());
        run.stand(0, 1).change(0, |view| view.voted_for = None);
        assert!(!run.judge.is_violated(), "strict about another checker");
        disregard(&mut run);
        assert_eq!(run.verdict().map(|(name, _)| name), Some("higher-term"));
        assert_eq!(run.judge.departures().len(), 1);
    }

    #[test]
    fn a_guarantee_that_is_broken_after_a_departure_is_found() {
        let mut run = Script::lenient(3);
        disregard(run.at(1_000));
        run.at(2_000).stand(1, 4).change(1, |view| view.term = 3);
        assert_eq!(run.verdict().map(|(name, _)| name), Some("monotonic"));
        disregard(&mut run);
        assert_eq!(run.judge.departures()[0].times, 1, "what comes later is not judged");
    }

    #[test]
    fn a_departure_hides_no_broken_guarantee_of_the_same_observation() {
        // It withdraws its vote, and takes office without a majority.
        let mut run = Script::lenient(5);
        run.stand(0, 4).ask(0, 1).grant(1, 0, 4);
        run.change(0, |view| {
            view.voted_for = None;
            view.role = splitvote_peer::Role::Leader;
        });
        assert_eq!(run.verdict().map(|(name, _)| name), Some("real-majority"));
        assert_eq!(run.judge.departures()[0].kind(), (Checker::Monotonic, "vote-withdrawn"));
    }

    #[test]
    fn what_a_view_showed_in_the_step_that_broke_the_guarantee_is_told_once() {
        // S1 votes for S0, whose log is behind its own: first in its view, then with its grant.
        let voted = |told_at: u64| {
            let mut run = Script::lenient(3);
            run.hold(1, &[1]).at(1_000).stand(0, 2).ask(0, 1).vote_in_memory(1, 0, 2);
            assert_eq!(run.judge.departures().len(), 1);
            run.at(told_at).durable(1, 2, Some(0)).tell(1, 0, 2);
            assert_eq!(run.verdict().map(|(name, _)| name), Some("election-restriction"));
            run.judge.departures().len()
        };
        assert_eq!((voted(1_000), voted(2_000)), (0, 1));
    }

    #[test]
    fn a_checker_that_is_not_asked_counts_nothing() {
        let mut run = Script::lenient(3);
        run.judge = run.judge.asking_only(&[Checker::ElectionSafety]);
        disregard(&mut run);
        assert_eq!(run.judge.departures(), []);
    }
}
