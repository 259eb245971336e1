//! Where candidates are run.

use splitvote_check::Allowance;
use splitvote_peer::{Peer, SimTime};
use splitvote_raft::{Paper, Raft};
use splitvote_sim::Halt;

use super::candidate::{Candidate, end_of_case};
use super::search::Cell;
use super::size::Tried;
use crate::act::{Act, Timed};
use crate::failure::Failure;
use crate::mechanism::Mechanism;
use crate::play::check_fit;
use crate::run::{RunReport, replay, run};
use crate::signature::Signature;
use crate::subject::{Subject, reference};
use crate::trace::Trace;
use crate::verdict::Verdict;

/// Runs candidates against a Raft.
///
/// That something did not come in time says nothing if it could not come: it is a short way from a leader
/// that is never elected to a majority that is down. So a candidate whose failure is one of liveness counts only if the
/// Raft of the paper does not fail in the same plan.
///
/// A budget that is nearly used up anyway is overrun by whatever comes next. So the paper's Raft has to get by with no
/// larger part of what is allowed than in the run that was found.
pub(super) struct Laboratory<'a, P: Peer> {
    subject: &'a Subject<P>,
    paper: Subject<Raft<Paper>>,
    /// Whether failures of liveness are held against the paper's Raft.
    compares: bool,
    /// With how many tenths of what is allowed the paper's Raft has to do.
    tenths: u64,
}

impl<'a, P: Peer> Laboratory<'a, P> {
    pub(super) fn new(subject: &'a Subject<P>) -> Self {
        let paper = reference();
        let compares = subject.name() != paper.name();
        Self { subject, paper, compares, tenths: ALL_TENTHS }
    }

    /// The same, but whatever fails counts: the paper's Raft does not live through the scenario either.
    pub(super) fn taking_all(subject: &'a Subject<P>) -> Self {
        Self { compares: false, ..Self::new(subject) }
    }

    /// Whether a failure is the Raft's own, and how many events it took to know. The paper's Raft runs for as
    /// long as the other did: what a budget allows is spent in the end, by whoever goes on for longer. An election
    /// too many is held against it for one election timeout more: it would have stood, too, but drew a longer one.
    fn is_own(&self, found: &RunReport, candidate: &Candidate, max_events: u64) -> (bool, u64) {
        let Verdict::Failed(failure) = &found.verdict else { return (true, 0) };
        if !failure.is_liveness() || !self.compares {
            return (true, 0);
        }
        let mut as_long = candidate.clone();
        as_long.cut_off_at(end_of_case(SimTime::ZERO + found.virtual_time));
        if matches!(failure, Failure::Overrun { overrun, .. } if overrun.budget.what == Allowance::Elections)
        {
            let longest = candidate.plan.setup.settings.timing.election_timeout_max;
            as_long.plan.until = as_long.plan.until + longest;
        }
        as_long = allowing(&as_long, self.tenths);
        let plan = as_long.limited(as_long.plan.until, max_events);
        if check_fit(&plan, &self.paper).is_err() {
            return (true, 0);
        }
        let report = run(&plan, &self.paper, candidate.seed);
        (report.verdict == Verdict::Held, report.events)
    }
}

/// All that is allowed.
const ALL_TENTHS: u64 = 10;

/// The same, but so many tenths of what is allowed.
fn allowing(candidate: &Candidate, tenths: u64) -> Candidate {
    candidate.changing_acts(|timed| {
        let mut timed = timed.clone();
        if let Act::Allow(budget) = &mut timed.act {
            let at_most = u128::from(budget.at_most) * u128::from(tenths) / u128::from(ALL_TENTHS);
            budget.at_most = at_most as u64;
        }
        Some(timed)
    })
}

/// Whether a run ended because a candidate may not cost more, and not because it is endless.
fn was_cut_short(verdict: &Verdict, candidate: &Candidate) -> bool {
    let limit = candidate.plan.setup.limits.events;
    let Verdict::Failed(Failure::Endless(endless)) = verdict else { return false };
    matches!(endless.halt, Halt::Budget { events, .. } if events < limit)
}

impl<P: Peer> Cell for Laboratory<'_, P> {
    fn run(&mut self, candidate: &Candidate, until: SimTime, max_events: u64) -> Tried {
        let report = run(&candidate.limited(until, max_events), self.subject, candidate.seed);
        let (is_own, more) = self.is_own(&report, candidate, max_events);
        let counts = is_own && !was_cut_short(&report.verdict, candidate);
        Tried {
            signature: Signature::of(&report.verdict).filter(|_| counts),
            at: SimTime::ZERO + report.virtual_time,
            deliveries: report.deliveries,
            events: report.events + more,
        }
    }

    fn measure(&mut self, start: &Candidate, tried: &Tried) {
        let mut as_long = start.clone();
        as_long.cut_off_at(end_of_case(tried.at));
        let suffices = |tenths: &u64| {
            run(&allowing(&as_long, *tenths).plan, &self.paper, start.seed).verdict == Verdict::Held
        };
        let allows = |timed: &Timed| matches!(timed.act, Act::Allow(_));
        let is_asked = self.compares && start.plan.acts.iter().any(allows);
        if is_asked && check_fit(&start.plan, &self.paper).is_ok() {
            self.tenths = (1..ALL_TENTHS).find(suffices).unwrap_or(ALL_TENTHS);
        }
    }

    fn mechanism(&mut self, candidate: &Candidate) -> Option<Mechanism> {
        let (report, trace) = replay(&candidate.plan, self.subject, candidate.seed);
        Mechanism::of(&trace, &report.verdict)
    }

    fn trace(&mut self, candidate: &Candidate) -> Trace {
        replay(&candidate.plan, self.subject, candidate.seed).1
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{plan, timed};
    use super::*;
    use splitvote_sim::Seed;

    fn allow(at_most: u64) -> Act {
        let what = splitvote_check::Allowance::Rpcs;
        Act::Allow(splitvote_check::Budget { what, at_most })
    }

    /// A quiet cluster of five, whose leader sends four heartbeats every 50 ms.
    fn budget(at_most: u64) -> Candidate {
        plan(vec![timed(0, allow(at_most))])
    }

    #[test]
    fn who_may_not_cost_more_is_not_endless() {
        let subject = reference();
        let mut cell = Laboratory::taking_all(&subject);
        let mut candidate = plan(Vec::new());
        assert_eq!(cell.run(&candidate, SimTime(1_000_000_000), 50).signature, None);
        candidate.plan.setup.limits.events = 50;
        let tried = cell.run(&candidate, SimTime(1_000_000_000), u64::MAX);
        assert_eq!(tried.signature.map(|found| found.cause), Some("endless-run".to_owned()));
    }

    /// The case to which an election without a pre-vote shrank: that of a cluster that has no leader yet.
    #[test]
    fn who_draws_a_longer_timeout_would_have_stood_too() {
        let subject = reference();
        let cell = Laboratory { compares: true, ..Laboratory::new(&subject) };
        let what = Allowance::Elections;
        let first = plan(vec![timed(0, Act::Allow(splitvote_check::Budget { what, at_most: 0 }))]);
        // Under another seed somebody draws a shorter timeout than all do under that of the candidate.
        let ends = |seed| {
            let mut candidate = first.clone();
            candidate.seed = Seed(seed);
            (run(&candidate.plan, &subject, candidate.seed), candidate)
        };
        let (early, _) = (0..20).map(ends).min_by_key(|(found, _)| found.virtual_time).unwrap();
        let (_, late) = (0..20).map(ends).max_by_key(|(found, _)| found.virtual_time).unwrap();
        assert!(!cell.is_own(&early, &late, u64::MAX).0);
    }

    #[test]
    fn the_paper_gets_by_with_no_larger_part_than_in_the_run_that_was_found() {
        let subject = reference();
        let mut cell = Laboratory { compares: true, ..Laboratory::new(&subject) };
        let mut start = budget(100);
        start.plan.until = SimTime(600_000_000);
        let tried = cell.run(&start, start.plan.until, u64::MAX);
        cell.measure(&start, &tried);
        let part = cell.tenths;
        assert!((2..9).contains(&part), "{part} tenths");
        let held = |tenths| {
            let found = run(&allowing(&start, tenths).plan, &subject, start.seed);
            found.verdict == Verdict::Held
        };
        assert!(held(part) && !held(part - 1));
        assert_eq!(allowing(&budget(7), 3).plan.acts, [timed(0, allow(2))]);
        // Nobody is blamed for what the paper's Raft spends as well.
        let (is_own, _) =
            cell.is_own(&run(&budget(3).plan, &subject, start.seed), &budget(3), u64::MAX);
        assert!(!is_own);
    }
}
