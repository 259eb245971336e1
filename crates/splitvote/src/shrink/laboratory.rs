//! Where candidates are run.

use splitvote_peer::{Peer, SimTime};
use splitvote_raft::{Paper, Raft};
use splitvote_sim::Seed;

use super::candidate::Candidate;
use super::search::{Cell, Tried};
use crate::play::check_fit;
use crate::run::{replay, run};
use crate::scenario::Scenario;
use crate::signature::Signature;
use crate::subject::{Subject, reference};
use crate::trace::Trace;
use crate::verdict::Verdict;

/// Runs candidates against a Raft.
///
/// That something did not come in time says nothing if it could not come: it is a short way from a leader
/// that is never elected to a majority that is down. So a candidate whose failure is one of liveness counts only if the
/// Raft of the paper does not fail in the same plan.
pub(super) struct Laboratory<'a, P: Peer> {
    pub(super) subject: &'a Subject<P>,
    paper: Subject<Raft<Paper>>,
    /// Whether failures of liveness are held against the paper's Raft.
    compares: bool,
}

impl<'a, P: Peer> Laboratory<'a, P> {
    pub(super) fn new(subject: &'a Subject<P>) -> Self {
        let paper = reference();
        let compares = subject.name() != paper.name();
        Self { subject, paper, compares }
    }

    /// The same, but whatever fails counts: the paper's Raft does not live through the scenario either.
    pub(super) fn taking_all(subject: &'a Subject<P>) -> Self {
        Self { compares: false, ..Self::new(subject) }
    }

    /// Whether a failure is the Raft's own, and how many events it took to know.
    fn is_own(&self, verdict: &Verdict, scenario: &Scenario, seed: Seed) -> (bool, u64) {
        let Verdict::Failed(failure) = verdict else { return (true, 0) };
        let is_safety = !failure.is_liveness();
        if is_safety || !self.compares || check_fit(scenario, &self.paper).is_err() {
            return (true, 0);
        }
        let report = run(scenario, &self.paper, seed);
        (report.verdict == Verdict::Held, report.events)
    }
}

impl<P: Peer> Cell for Laboratory<'_, P> {
    fn run(&mut self, candidate: &Candidate, until: SimTime, max_events: u64) -> Tried {
        let mut scenario = candidate.scenario_until(until);
        scenario.limits.events = scenario.limits.events.min(max_events);
        let report = run(&scenario, self.subject, candidate.seed);
        let (is_own, more) = self.is_own(&report.verdict, &scenario, candidate.seed);
        Tried {
            signature: Signature::of(&report.verdict).filter(|_| is_own),
            at: SimTime::ZERO + report.virtual_time,
            deliveries: report.deliveries,
            events: report.events + more,
        }
    }

    fn trace(&mut self, candidate: &Candidate) -> Trace {
        replay(&candidate.plan.scenario(), self.subject, candidate.seed).1
    }
}
