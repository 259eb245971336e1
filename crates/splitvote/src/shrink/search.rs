//! The smallest candidate so far, how others are tried, and when to stop.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use splitvote_peer::SimTime;
use splitvote_sim::Seed;

use super::candidate::Candidate;
use super::size::{CaseSize, Weight};
use super::{ShrinkOptions, ShrinkProgress};
use crate::signature::Signature;
use crate::trace::Trace;

/// What became of a candidate.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    /// How it failed; none if it held.
    pub(super) signature: Option<Signature>,
    /// When it ended.
    pub(super) at: SimTime,
    pub(super) deliveries: u64,
    pub(super) events: u64,
}

/// Where candidates are run.
pub(super) trait Cell {
    /// Runs a candidate until `until`, if nothing is demanded of it, for so many events at most.
    fn run(&mut self, candidate: &Candidate, until: SimTime, max_events: u64) -> Tried;
    /// The same with the recorder on.
    fn trace(&mut self, candidate: &Candidate) -> Trace;
    /// What is found later is measured against this, the run as it was found.
    fn measure(&mut self, _: &Candidate, _: &Tried) {}
}

/// What was spent, or may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spent {
    pub(super) runs: u64,
    pub(super) events: u64,
}

/// A candidate may fail that much later than the best: what it lacks may have made for haste.
const SLACK: Duration = Duration::from_millis(400);
/// How many deliveries more a still world may take at least.
const LEEWAY: u64 = 8;
/// What a candidate may cost: so many times the events of the best, and so many more.
const MAX_EVENTS: (u64, u64) = (3, 2_000);

/// The search for the smallest candidate.
pub(super) struct Search<'a> {
    cell: &'a mut dyn Cell,
    signature: &'a Signature,
    best: Candidate,
    tried: Tried,
    weight: Weight,
    spent: Spent,
    bounds: Spent,
    interrupt: Option<&'a AtomicBool>,
    watch: Option<&'a dyn Fn(&ShrinkProgress)>,
    pass: &'static str,
    /// Under how many seeds besides its own each candidate is tried.
    pub(super) more_seeds: u64,
}

impl<'a> Search<'a> {
    /// A search that starts with a candidate that was tried and fails as it should.
    pub(super) fn new(
        cell: &'a mut dyn Cell,
        signature: &'a Signature,
        (mut best, tried): (Candidate, Tried),
        (spent, bounds): (Spent, Spent),
        options: &ShrinkOptions<'a>,
    ) -> Self {
        best.cut_off_at(tried.at);
        let weight = Weight::of(&best.plan, &tried);
        let (interrupt, watch) = (options.interrupt, options.watch);
        let pass = "start";
        let more_seeds = 0;
        Self {
            cell,
            signature,
            best,
            tried,
            weight,
            spent,
            bounds,
            interrupt,
            watch,
            pass,
            more_seeds,
        }
    }

    /// The smallest candidate so far.
    pub(super) fn best(&self) -> &Candidate {
        &self.best
    }

    /// What it weighs.
    pub(super) fn weight(&self) -> Weight {
        self.weight
    }

    pub(super) fn spent(&self) -> Spent {
        self.spent
    }

    pub(super) fn into_best(self) -> (Candidate, Weight) {
        (self.best, self.weight)
    }

    /// What happened in the run of the best.
    pub(super) fn trace(&mut self) -> Trace {
        self.spent.runs += 1;
        self.spent.events += self.tried.events;
        self.cell.trace(&self.best)
    }

    /// Whether the search has to end.
    pub(super) fn is_over(&self) -> bool {
        let Spent { runs, events } = self.spent;
        runs >= self.bounds.runs
            || events >= self.bounds.events
            || self.interrupt.is_some_and(|interrupt| interrupt.load(Ordering::Relaxed))
    }

    /// A pass begins.
    pub(super) fn begin(&mut self, pass: &'static str) {
        self.pass = pass;
        self.report();
    }

    fn report(&self) {
        if let Some(watch) = self.watch {
            let elapsed = self.tried.at.since(SimTime::ZERO);
            let size = CaseSize::new(&self.best.plan, self.tried.deliveries, elapsed);
            watch(&ShrinkProgress {
                pass: self.pass,
                signature: self.signature.clone(),
                best: self.best.clone(),
                size,
                runs: self.spent.runs,
            });
        }
    }

    /// Tries a candidate, under other seeds too if so wanted. If it fails as it should and is smaller, it
    /// is the best from then on.
    pub(super) fn offer(&mut self, candidate: &Candidate) -> bool {
        self.offer_with_seeds(candidate, self.more_seeds)
    }

    /// The same, under that many other seeds.
    pub(super) fn offer_with_seeds(&mut self, candidate: &Candidate, more: u64) -> bool {
        let others = (0..more).map(Seed).filter(|seed| *seed != candidate.seed);
        std::iter::once(candidate.seed)
            .chain(others)
            .any(|seed| self.offer_once(Candidate { seed, ..candidate.clone() }))
    }

    fn offer_once(&mut self, candidate: Candidate) -> bool {
        if !Weight::may_undercut(&candidate.plan, &self.weight) {
            return false;
        }
        self.try_one(candidate, |new, old| new < old)
    }

    /// Tries a candidate that leaves less to chance, under that many other seeds. It may take some more
    /// deliveries.
    pub(super) fn offer_stiller(&mut self, candidate: &Candidate, more: u64) -> bool {
        let deliveries = self.tried.deliveries.max(LEEWAY);
        let others = (0..more).map(Seed).filter(|seed| *seed != candidate.seed);
        std::iter::once(candidate.seed).chain(others).any(|seed| {
            let candidate = Candidate { seed, ..candidate.clone() };
            self.try_one(candidate, |new, old| new < old || new.is_stiller(&old, deliveries))
        })
    }

    /// Takes a candidate for the best that fails as it should, though it may be larger.
    pub(super) fn insist(&mut self, candidate: Candidate) -> bool {
        self.try_one(candidate, |_, _| true)
    }

    fn try_one(&mut self, mut candidate: Candidate, fits: impl Fn(Weight, Weight) -> bool) -> bool {
        if self.is_over() {
            return false;
        }
        let (factor, more) = MAX_EVENTS;
        let max_events = self.tried.events.saturating_mul(factor).saturating_add(more);
        let tried = self.cell.run(&candidate, self.tried.at + SLACK, max_events);
        self.spent.runs += 1;
        self.spent.events += tried.events;
        if tried.signature.as_ref() != Some(self.signature) {
            return false;
        }
        candidate.cut_off_at(tried.at);
        let weight = Weight::of(&candidate.plan, &tried);
        if !fits(weight, self.weight) {
            return false;
        }
        (self.best, self.tried, self.weight) = (candidate, tried, weight);
        self.report();
        true
    }

    /// Searches on from the best without changing it: what came of it.
    pub(super) fn aside<T>(&mut self, search: impl FnOnce(&mut Self) -> T) -> (T, Found) {
        let before = (self.best.clone(), self.tried.clone(), self.weight);
        let outcome = search(self);
        let (best, tried, weight) = before;
        let found = Found {
            best: std::mem::replace(&mut self.best, best),
            tried: std::mem::replace(&mut self.tried, tried),
            weight: std::mem::replace(&mut self.weight, weight),
        };
        (outcome, found)
    }

    /// Takes what was found aside for the best.
    pub(super) fn adopt(&mut self, found: Found) {
        (self.best, self.tried, self.weight) = (found.best, found.tried, found.weight);
        self.report();
    }
}

/// What a search aside has found.
pub(super) struct Found {
    best: Candidate,
    tried: Tried,
    pub(super) weight: Weight,
}
