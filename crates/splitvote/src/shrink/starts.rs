//! Where shrinking starts: the run itself, and runs of other seeds and of smaller clusters that fail alike.
//!
//! Which seed it was that failed first is an accident. Another may show the same bug sooner, or with three
//! peers instead of five, and from there the way is shorter.

use std::fmt;

use splitvote_peer::{Peer, SimTime};
use splitvote_sim::Seed;

use super::candidate::Candidate;
use super::peers;
use super::search::{Bug, Cell, Search, Spent};
use super::size::{CaseSize, Tried};
use super::{ShrinkError, ShrinkOptions};
use crate::failure::Failure;
use crate::fault::{FaultClasses, Profile as _};
use crate::mechanism::Mechanism;
use crate::record::record;
use crate::run::{RunReport, run};
use crate::scenario::{Action, Scenario, Step, Target};
use crate::signature::Signature;
use crate::subject::Subject;
use crate::verdict::Verdict;

/// At how many starting points the search begins at most.
const STARTS: usize = 3;
/// Under how many seeds a candidate is looked at.
const RESEEDS: u64 = 64;

/// A candidate that was tried, and fails as it should.
pub(super) type Start = (Candidate, Tried);

/// The failure and where its shrinking starts.
pub(super) struct Starts {
    pub(super) bug: Bug,
    /// How the rule was broken in the run as it was found, if that cannot be had as a plan.
    pub(super) mechanism_before: Option<Mechanism>,
    /// The size of the run with which all began.
    pub(super) before: CaseSize,
    /// The most promising one.
    pub(super) first: Start,
    /// The others, the most promising first.
    pub(super) others: Vec<Start>,
    /// What it took to find them.
    pub(super) spent: Spent,
}

/// Runs a seed of a scenario and looks for runs that fail alike.
pub(super) fn find<P: Peer>(
    scenario: &Scenario,
    subject: &Subject<P>,
    seed: Seed,
    cell: &mut dyn Cell,
    options: &ShrinkOptions<'_>,
) -> Result<Starts, ShrinkError> {
    let (report, plan) = record(scenario, subject, seed);
    let mut spent = Spent { runs: 1, events: report.events };
    let signature = Signature::of(&report.verdict).ok_or(ShrinkError::Held)?;
    let plan = plan.ok_or_else(|| ShrinkError::Unwritable(why_unwritable(&report)))?;
    let first = Candidate { plan, seed };
    let before = CaseSize::of(&first.plan, &report);
    let mut all = Vec::new();
    let mechanism = Mechanism::of_run(scenario, subject, &report);
    if mechanism.is_some() {
        spent.add(report.events);
    }
    let mut bug = Bug { signature, mechanism };
    let mut found = check(first, &bug, cell, &mut spent);
    if let Ok((first, tried)) = &found {
        cell.measure(first, tried);
    }
    all.extend(found.clone().ok());
    let mut search = Others { subject, bug: &bug, cell, spent: &mut spent, options };
    for size in 1..scenario.setup.peers {
        if all.len() <= STARTS
            && all_fit(&mut scenario.steps.iter(), size)
            && scenario.setup.logs.is_empty()
        {
            let mut smaller = scenario.clone();
            smaller.setup.peers = size;
            search.look(&smaller, &mut all);
        }
    }
    if all.len() <= STARTS {
        search.look(scenario, &mut all);
    }
    let mut mechanism_before = None;
    if all.is_empty()
        && let Err(Unlike::InMechanism { start, mechanism }) = &mut found
    {
        all.push((**start).clone());
        mechanism_before = std::mem::replace(&mut bug.mechanism, mechanism.take());
    }
    all.sort_by_key(|(candidate, tried)| (candidate.plan.setup.peers, tried.events));
    let mut all = all.into_iter().take(STARTS);
    let Some(first) = all.next() else {
        let found = found.err().map(|unlike| unlike.to_string()).unwrap_or_default();
        let expected = bug.signature;
        return Err(ShrinkError::Elusive { expected, found, tries: options.tries });
    };
    Ok(Starts { bug, mechanism_before, before, first, others: all.collect(), spent })
}

/// A plan that fails is where its own shrinking starts.
pub(super) fn of_plan(case: &Candidate, cell: &mut dyn Cell) -> Result<Starts, ShrinkError> {
    let tried = cell.run(case, case.plan.until, u64::MAX);
    let spent = Spent { runs: 1, events: tried.events };
    let signature = tried.signature.clone().ok_or(ShrinkError::Held)?;
    let bug = Bug { signature, mechanism: cell.mechanism(case) };
    cell.measure(case, &tried);
    let before = CaseSize::new(&case.plan, tried.deliveries, tried.at.since(SimTime::ZERO));
    let (first, others) = ((case.clone(), tried), Vec::new());
    Ok(Starts { bug, mechanism_before: None, before, first, others, spent })
}

struct Others<'s, 'a, P: Peer> {
    subject: &'s Subject<P>,
    bug: &'s Bug,
    cell: &'s mut dyn Cell,
    spent: &'s mut Spent,
    options: &'s ShrinkOptions<'a>,
}

impl<P: Peer> Others<'_, '_, P> {
    /// Adds runs of the first seeds that fail alike.
    fn look(&mut self, scenario: &Scenario, all: &mut Vec<Start>) {
        for seed in (0..self.options.tries).map(Seed) {
            if all.len() > STARTS || self.options.is_interrupted() {
                return;
            }
            let report = run(scenario, self.subject, seed);
            self.spent.runs += 1;
            self.spent.events += report.events;
            if Signature::of(&report.verdict).as_ref() != Some(&self.bug.signature) {
                continue;
            }
            let (_, Some(plan)) = record(scenario, self.subject, seed) else { continue };
            let candidate = Candidate { plan, seed };
            all.extend(check(candidate, self.bug, self.cell, self.spent));
        }
    }
}

/// Offers the best under other seeds.
pub(super) fn reseed(search: &mut Search<'_>) {
    let candidate = search.best().clone();
    for seed in (0..RESEEDS).map(Seed) {
        search.offer_with_seeds(&Candidate { seed, ..candidate.clone() }, 0);
    }
}

/// How a plan differs from its run.
#[derive(Clone)]
enum Unlike {
    /// It holds, or fails by something else.
    InSignature(Option<Signature>),
    /// It breaks the same rule by another mechanism.
    InMechanism { start: Box<Start>, mechanism: Option<Mechanism> },
}

impl fmt::Display for Unlike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InSignature(None) => f.write_str("holds"),
            Self::InSignature(Some(other)) => write!(f, "fails by {other}"),
            Self::InMechanism { .. } => f.write_str("breaks the rule in another way"),
        }
    }
}

/// Whether a plan fails as its run did; how it ended if not.
fn check(
    mut candidate: Candidate,
    bug: &Bug,
    cell: &mut dyn Cell,
    spent: &mut Spent,
) -> Result<Start, Unlike> {
    let setup = &mut candidate.plan.setup;
    // What is switched off is so from now on because it is not there.
    let without = std::mem::replace(&mut setup.without, FaultClasses::NONE);
    setup.network = setup.network.without(without);
    setup.disk = setup.disk.without(without);
    setup.clocks = setup.clocks.without(without);
    let tried = cell.run(&candidate, candidate.plan.until, u64::MAX);
    spent.runs += 1;
    spent.events += tried.events;
    if tried.signature.as_ref() != Some(&bug.signature) {
        return Err(Unlike::InSignature(tried.signature));
    }
    let Some(wanted) = &bug.mechanism else { return Ok((candidate, tried)) };
    spent.add(tried.events);
    let mechanism = cell.mechanism(&candidate);
    if mechanism.as_ref() == Some(wanted) {
        return Ok((candidate, tried));
    }
    Err(Unlike::InMechanism { start: Box::new((candidate, tried)), mechanism })
}

/// Whether all steps mean something in a cluster of this size.
fn all_fit(mut steps: &mut dyn Iterator<Item = &Step>, size: usize) -> bool {
    Iterator::all(&mut steps, |step| {
        let fits = peers::fits(&step.action, size) && !names_peers(&step.action);
        fits && all_fit(&mut step.action.nested(), size)
    })
}

/// Whether an action names peers that another cluster may not have, or groups of a certain size.
fn names_peers(action: &Action) -> bool {
    let named = |target: &Target| !matches!(target, Target::Leader | Target::All | Target::Any);
    match action {
        Action::Fault(fault) => fault.names_peers(),
        Action::Remember(target) => named(target),
        Action::Rule(_) | Action::Calm { core: Some(_), .. } => true,
        // Whom these name, `fits` has looked at.
        Action::Expect(_) | Action::Propose(_) | Action::Agree(_) => false,
        Action::Calm { core: None, .. } | Action::Storm(_) | Action::Join => false,
        Action::Run(_) | Action::RunUntil { .. } | Action::Lift(_) | Action::Allow(_) => false,
        Action::Repeat { .. } | Action::Chance { .. } | Action::FewerThan { .. } => false,
        Action::Budget { .. } | Action::Clients { .. } => false,
    }
}

fn why_unwritable(report: &RunReport) -> &'static str {
    match &report.verdict {
        Verdict::Failed(Failure::EndlessPlan { .. }) => "does not end",
        Verdict::Hung(_) => "hangs, and nobody can wait for each smaller one that does",
        Verdict::Fault(_) => "is a fault of the harness itself",
        Verdict::Failed(Failure::Unmet(unmet)) if unmet.is_liveness => {
            "took longer than its scenario allows, and the steps of a plan take as long as they say"
        }
        _ => "failed by what the clients of `clients` remember, and a plan has only their commands",
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Made, crash, made_up};
    use super::*;

    #[test]
    fn a_scenario_that_names_a_core_is_not_tried_with_fewer_peers() {
        let fits = |calm: &str| {
            let text = format!("name = \"calm\"\npeers = 5\nsteps = [{{ {calm} }}]\n");
            all_fit(&mut Scenario::parse("calm.toml", &text).unwrap().steps.iter(), 4)
        };
        assert!(fits("calm = true"));
        assert!(!fits("calm = true, core = [\"S0\", \"S2\", \"S4\"]"));
    }

    #[test]
    fn the_seed_under_which_it_fails_soonest_is_taken() {
        let mut cell = Made::needing(|candidate| candidate.seed.0 != 50);
        cell.end = Box::new(|candidate| (SimTime(1), candidate.seed.0.abs_diff(51)));
        let mut search = made_up(&mut cell, vec![crash(0)]);
        reseed(&mut search);
        assert_eq!(search.best().seed, Seed(51), "the one before it does not fail");
    }
}
