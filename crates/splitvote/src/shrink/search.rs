//! The smallest candidate so far, how others are tried, and when to stop.

use std::time::Duration;

use splitvote_peer::SimTime;
use splitvote_sim::Seed;

use super::candidate::Candidate;
use super::refused::{Refused, key};
use super::size::{CaseSize, Tried, Weight};
use super::{ShrinkOptions, ShrinkProgress};
use crate::mechanism::Mechanism;
use crate::setup::Setup;
use crate::signature::Signature;
use crate::trace::Trace;

/// Where candidates are run.
pub(super) trait Cell {
    /// Runs a candidate until `until`, if nothing is demanded of it, for so many events at most.
    fn run(&mut self, candidate: &Candidate, until: SimTime, max_events: u64) -> Tried;
    /// The same with the recorder on.
    fn trace(&mut self, candidate: &Candidate) -> Trace;
    /// How the rule came to be broken in a candidate that fails, if one was.
    fn mechanism(&mut self, candidate: &Candidate) -> Option<Mechanism>;
    /// What is found later is measured against this, the run as it was found.
    fn measure(&mut self, _: &Candidate, _: &Tried) {}
}

/// What was spent, or may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spent {
    pub(super) runs: u64,
    pub(super) events: u64,
}

impl Spent {
    /// One more run, of so many events.
    pub(super) fn add(&mut self, events: u64) {
        self.runs += 1;
        self.events += events;
    }

    /// How far spending may go, if of what is left of this one of so many takes its part.
    pub(super) fn share(self, spent: Self, parts: u64) -> Self {
        let share = |bound: u64, spent: u64| spent + bound.saturating_sub(spent) / parts;
        Self { runs: share(self.runs, spent.runs), events: share(self.events, spent.events) }
    }
}

/// A candidate may fail that much later than the best: what it lacks may have made for haste.
const SLACK: Duration = Duration::from_millis(400);
/// How many deliveries more a still world may take at least.
const LEEWAY: u64 = 8;
/// What a candidate may cost: so many times the events of the best, and so many more.
const MAX_EVENTS: (u64, u64) = (3, 2_000);

/// Runs of fewer events are done sooner than it is looked up whether they were done before.
const WORTH_REMEMBERING: u64 = 100;

/// Under how many other seeds a run has to be the same, until the seed is taken not to matter.
const SEEDS_ALIKE: u64 = 2;

/// A candidate that fails as it should, with what became of it and what it weighs.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) candidate: Candidate,
    pub(super) tried: Tried,
    pub(super) weight: Weight,
}

impl Found {
    /// A candidate that was tried; what comes after its end is cut off.
    fn new(mut candidate: Candidate, tried: Tried) -> Self {
        candidate.cut_off_at(tried.at);
        let weight = Weight::of(&candidate.plan, &tried);
        Self { candidate, tried, weight }
    }
}

/// How a candidate has to fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bug {
    pub(super) signature: Signature,
    /// How the rule came to be broken: a run of the same signature may show another bug.
    pub(super) mechanism: Option<Mechanism>,
}

/// The search for the smallest candidate.
pub(super) struct Search<'a> {
    cell: &'a mut dyn Cell,
    bug: &'a Bug,
    found: Found,
    spent: Spent,
    bounds: Spent,
    refused: Refused,
    options: &'a ShrinkOptions<'a>,
    pass: &'static str,
    /// Under how many seeds besides its own each candidate is tried.
    pub(super) more_seeds: u64,
}

impl<'a> Search<'a> {
    /// A search that starts with a candidate that was tried and fails as it should.
    pub(super) fn new(
        cell: &'a mut dyn Cell,
        bug: &'a Bug,
        (best, tried): (Candidate, Tried),
        (spent, bounds): (Spent, Spent),
        options: &'a ShrinkOptions<'a>,
    ) -> Self {
        let (found, pass, more_seeds) = (Found::new(best, tried), "start", 0);
        let refused = Refused::default();
        Self { cell, bug, found, spent, bounds, refused, options, pass, more_seeds }
    }

    /// The smallest candidate so far.
    pub(super) fn best(&self) -> &Candidate {
        &self.found.candidate
    }

    /// What it weighs.
    pub(super) fn weight(&self) -> Weight {
        self.found.weight
    }

    /// How many events its run has.
    pub(super) fn events(&self) -> u64 {
        self.found.tried.events
    }

    pub(super) fn spent(&self) -> Spent {
        self.spent
    }

    /// The smallest candidate of all.
    pub(super) fn into_found(self) -> Found {
        self.found
    }

    /// What happened in the run of the best.
    pub(super) fn trace(&mut self) -> Trace {
        self.spent.runs += 1;
        self.spent.events += self.events();
        self.cell.trace(&self.found.candidate)
    }

    /// Whether the search has to end.
    pub(super) fn is_over(&self) -> bool {
        let Spent { runs, events } = self.spent;
        runs >= self.bounds.runs || events >= self.bounds.events || self.options.is_interrupted()
    }

    /// A pass begins.
    pub(super) fn begin(&mut self, pass: &'static str) {
        self.pass = pass;
        self.report();
    }

    fn report(&self) {
        if let Some(watch) = self.options.watch {
            let Found { candidate: best, tried, .. } = self.found.clone();
            let elapsed = tried.at.since(SimTime::ZERO);
            watch(&ShrinkProgress {
                pass: self.pass,
                signature: self.bug.signature.clone(),
                size: CaseSize::new(&best.plan, tried.deliveries, elapsed),
                best,
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
        self.any_seed(candidate, more, Self::offer_once)
    }

    fn any_seed(
        &mut self,
        candidate: &Candidate,
        more: u64,
        mut offer: impl FnMut(&mut Self, Candidate) -> bool,
    ) -> bool {
        let others = (0..more).map(Seed).filter(|seed| *seed != candidate.seed);
        std::iter::once(candidate.seed)
            .chain(others)
            .any(|seed| offer(self, Candidate { seed, ..candidate.clone() }))
    }

    /// Tries the best with another setup.
    pub(super) fn offer_setup(&mut self, change: impl FnOnce(&mut Setup)) -> bool {
        let candidate = self.best().changing_setup(change);
        self.offer(&candidate)
    }

    /// Tries all of these: the smallest, if it is smaller than the best, is the best from then on.
    pub(super) fn offer_all(&mut self, candidates: impl IntoIterator<Item = Candidate>) -> bool {
        // Each that wins has to undercut those that won before it.
        let mut is_smaller = false;
        for candidate in candidates {
            is_smaller |= self.offer_once(candidate);
        }
        is_smaller
    }

    fn offer_once(&mut self, candidate: Candidate) -> bool {
        if !Weight::may_undercut(&candidate.plan, &self.found.weight) {
            return false;
        }
        self.try_one(candidate, |new, old| new < old)
    }

    /// Tries a candidate that leaves less to chance, under that many other seeds. It may take some more
    /// deliveries.
    pub(super) fn offer_stiller(&mut self, candidate: &Candidate, more: u64) -> bool {
        let deliveries = self.found.tried.deliveries.max(LEEWAY);
        let fits = |new: Weight, old: Weight| new < old || new.is_stiller(&old, deliveries);
        self.any_seed(candidate, more, |search, candidate| search.try_one(candidate, fits))
    }

    /// Tries each candidate under that many other seeds from now on; under none if the best runs alike
    /// under whatever seed, because all that it needs is written down.
    pub(super) fn set_more_seeds(&mut self, more: u64) {
        let is_alike = (1..=SEEDS_ALIKE).all(|more| {
            let seed = Seed(self.best().seed.0.wrapping_add(more));
            let tried = self.run(&Candidate { seed, ..self.best().clone() });
            tried == self.found.tried
        });
        self.more_seeds = if is_alike { 0 } else { more };
    }

    /// Takes a candidate for the best that fails as it should, though it may be larger.
    pub(super) fn insist(&mut self, candidate: Candidate) -> bool {
        self.try_one(candidate, |_, _| true)
    }

    fn try_one(&mut self, candidate: Candidate, fits: impl Fn(Weight, Weight) -> bool) -> bool {
        // A reader would wonder at a timer that the configuration does not allow.
        let is_odd = candidate.odd_timeouts() > self.best().odd_timeouts();
        if self.is_over() || !candidate.is_in_order() || is_odd {
            return false;
        }
        let key = (self.events() >= WORTH_REMEMBERING).then(|| key(&candidate));
        if key.is_some_and(|key| self.refused.contains(key)) {
            return false;
        }
        let tried = self.run(&candidate);
        if tried.signature.as_ref() != Some(&self.bug.signature) {
            key.into_iter().for_each(|key| self.refused.insert(key));
            return false;
        }
        let found = Found::new(candidate, tried);
        let is_taken = fits(found.weight, self.found.weight) && self.is_the_same_bug(&found);
        if is_taken {
            self.adopt(found);
        }
        is_taken
    }

    /// Whether the rule came to be broken as it did at first. It takes a run that is recorded, so that only candidates
    /// are asked that would be the best.
    fn is_the_same_bug(&mut self, found: &Found) -> bool {
        let Some(wanted) = &self.bug.mechanism else { return true };
        self.spent.add(found.tried.events);
        self.cell.mechanism(&found.candidate).as_ref() == Some(wanted)
    }

    fn run(&mut self, candidate: &Candidate) -> Tried {
        let (factor, more) = MAX_EVENTS;
        let max_events = self.events().saturating_mul(factor).saturating_add(more);
        let tried = self.cell.run(candidate, self.found.tried.at + SLACK, max_events);
        self.spent.runs += 1;
        self.spent.events += tried.events;
        tried
    }

    /// Searches on from the best without changing it: what came of it.
    pub(super) fn aside<T>(&mut self, search: impl FnOnce(&mut Self) -> T) -> (T, Found) {
        let before = self.found.clone();
        let outcome = search(self);
        // What was tried aside was tried within narrower bounds.
        self.refused.clear();
        (outcome, std::mem::replace(&mut self.found, before))
    }

    /// Takes what was found for the best.
    pub(super) fn adopt(&mut self, found: Found) {
        let (old, new) = (&self.found.tried, &found.tried);
        if new.at > old.at || new.events > old.events {
            self.refused.clear();
        }
        self.found = found;
        self.report();
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Made, crash, made_up, plan};
    use super::*;

    #[test]
    fn of_all_that_are_offered_the_smallest_is_taken() {
        let mut cell = Made::needing(|_| true);
        cell.end = Box::new(|candidate| (SimTime(1), [9, 7, 3, 5][candidate.seed.0 as usize]));
        let mut search = made_up(&mut cell, vec![crash(0)]);
        let candidate = |seed| Candidate { seed: Seed(seed), ..plan(vec![crash(0)]) };
        assert!(search.offer_all([1, 2, 3].map(candidate)));
        assert_eq!(search.best().seed, Seed(2));
        assert!(!search.offer_all([1, 3].map(candidate)));
    }

    #[test]
    fn a_smaller_one_that_breaks_the_rule_in_another_way_is_another_bug() {
        let mut cell = Made::needing(|_| true);
        cell.mechanism = Box::new(|candidate| {
            let is_other = candidate.plan.acts.len() < 2;
            Some(Mechanism::stated(if is_other { "an old vote" } else { "too few votes" }))
        });
        let mut search = made_up(&mut cell, vec![crash(0), crash(1), crash(2)]);
        assert!(search.offer(&plan(vec![crash(0), crash(1)])));
        assert!(!search.offer(&plan(vec![crash(0)])));
        assert_eq!(search.best().plan.acts.len(), 2);
    }

    #[test]
    fn what_did_not_fail_is_not_run_again_until_a_longer_run_is_taken() {
        let mut cell = Made::needing(|candidate| candidate.plan.acts.len() > 1);
        cell.events = WORTH_REMEMBERING;
        let mut search = made_up(&mut cell, vec![crash(0), crash(1)]);
        let none = plan(Vec::new());
        assert!(!search.offer(&none) && !search.offer(&none));
        assert_eq!(search.spent().runs, 1);
        assert!(search.insist(plan(vec![crash(0), crash(9)])));
        assert!(!search.offer(&none));
        assert_eq!(search.spent().runs, 3, "the bounds are wider than they were");
    }

    #[test]
    fn other_seeds_are_tried_if_they_make_a_difference() {
        let mut alike = Made::needing(|_| true);
        let mut search = made_up(&mut alike, vec![crash(0)]);
        search.set_more_seeds(7);
        assert_eq!(search.more_seeds, 0);
        let mut unlike = Made::needing(|candidate| candidate.seed.0 != SEEDS_ALIKE);
        let mut search = made_up(&mut unlike, vec![crash(0)]);
        search.set_more_seeds(7);
        assert_eq!(search.more_seeds, 7);
    }

    #[test]
    fn each_takes_its_part_of_what_is_left() {
        let bounds = Spent { runs: 100, events: 1_000 };
        let spent = Spent { runs: 40, events: 2_000 };
        assert_eq!(bounds.share(spent, 3), Spent { runs: 60, events: 2_000 });
    }
}
