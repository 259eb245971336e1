//! Reads timed steps as a plan.
//!
//! Every step names an instant and the very peers that it is about. The last one is no act: it demands
//! something, or says with `run` how long the run goes on.

use std::time::Duration;

use splitvote_peer::time::nanos;
use splitvote_peer::{PeerId, PeerSet, SimTime};

use super::Plan;
use crate::act::{Act, Seek, Timed};
use crate::fault::{Ends, Symbolic, Translate, Written};
use crate::scenario::{Action, Agree, CountRange, DriftRange, DurationRange, Place, Step, Target};
use crate::setup::Setup;

/// A step that belongs in no plan.
pub(crate) struct NoPlan {
    pub(crate) place: Place,
    pub(crate) problem: String,
    pub(crate) remedy: &'static str,
}

/// The plan whose steps these are, and where each of them stands; the last one is its end.
pub(crate) fn plan(setup: Setup, steps: &[Step]) -> Result<(Plan, Vec<Place>), NoPlan> {
    let mut plan = Plan { setup, acts: Vec::new(), demand: None, until: SimTime::ZERO };
    let mut places = Vec::new();
    let Some((last, steps)) = steps.split_last() else { return Ok((plan, places)) };
    for step in steps {
        let at = advance(&mut plan, step)?;
        let acts = acts(&step.action).map_err(|problem| no_plan(step, problem))?;
        places.extend(acts.iter().map(|_| step.place));
        plan.acts.extend(acts.into_iter().map(|act| Timed { at, act }));
    }
    advance(&mut plan, last)?;
    plan.demand = demand(last)?;
    places.push(last.place);
    Ok((plan, places))
}

/// Goes on to the instant of a step.
fn advance(plan: &mut Plan, step: &Step) -> Result<SimTime, NoPlan> {
    let Some(at) = step.at else {
        return Err(no_plan(step, Problem("this step has no `at`", "add `at = \"1.5s\"`")));
    };
    let at = SimTime(nanos(exactly_for(at).map_err(|problem| no_plan(step, problem))?));
    if at < plan.until {
        let problem = Problem("this step is before the one above it", "put them in order");
        return Err(no_plan(step, problem));
    }
    plan.until = at;
    Ok(at)
}

/// What is wrong, and what would be right.
struct Problem(&'static str, &'static str);

fn no_plan(step: &Step, Problem(problem, remedy): Problem) -> NoPlan {
    NoPlan { place: step.place, problem: problem.to_owned(), remedy }
}

/// What the last step demands; `None` if it only says how long the run goes on.
fn demand(step: &Step) -> Result<Option<Action>, NoPlan> {
    if step.action == Action::Run(DurationRange::exactly(Duration::ZERO)) {
        return Ok(None);
    }
    if let Action::Calm { lasts, load, .. } = &step.action {
        for range in [Some(*lasts), *load].into_iter().flatten() {
            exactly_for(range).map_err(|problem| no_plan(step, problem))?;
        }
    }
    if acts(&step.action).is_ok() {
        let remedy =
            "the last step is `run = \"0s\"` at the end of the run, or what is demanded then";
        return Err(no_plan(step, Problem("the run has no end: is something cut off?", remedy)));
    }
    Ok(Some(step.action.clone()))
}

/// The acts that a step stands for: one for each peer that it names.
fn acts(action: &Action) -> Result<Vec<Act>, Problem> {
    match action {
        Action::Fault(fault) => {
            Ok(fault.translate(&mut Exact)?.into_iter().map(Act::Fault).collect())
        }
        Action::Propose(propose) if propose.index.is_none() && propose.applied_on.is_none() => {
            let to = propose.to.iter().map(peer).collect::<Result<Vec<_>, _>>()?;
            let bytes = propose.bytes;
            let one: Vec<Act> = to.into_iter().map(|to| Act::Propose { to, bytes }).collect();
            Ok(vec![one; exactly(propose.count)? as usize].concat())
        }
        Action::Agree(Agree {
            on, retry, count, bytes, within, is_in_background: true, ..
        }) => {
            let (on, retry, bytes, within) = (*on, *retry, *bytes, *within);
            let one = Act::Agree(Seek { on, retry, bytes, within });
            Ok(vec![one; exactly(*count)? as usize])
        }
        Action::Allow(budget) => Ok(vec![Act::Allow(*budget)]),
        Action::Budget { .. } => Err(Problem(
            "no step of a case contains others",
            "leave `steps` out: the budget then counts from there on",
        )),
        Action::Run(_)
        | Action::RunUntil { .. }
        | Action::Expect(_)
        | Action::Remember(_)
        | Action::Storm(_)
        | Action::Calm { .. }
        | Action::Agree(_)
        | Action::Join
        | Action::Propose(_)
        | Action::Rule(_)
        | Action::Lift(_)
        | Action::Repeat { .. }
        | Action::Chance { .. }
        | Action::FewerThan { .. }
        | Action::Clients { .. } => Err(Problem(
            "only what is done to the cluster, a command or a budget can be a step of a case",
            "a demand can only be its last step",
        )),
    }
}

/// A case draws nothing, and names its peers.
struct Exact;

impl Translate<Symbolic, Written> for Exact {
    type Error = Problem;

    fn who(&mut self, who: &Vec<Target>) -> Result<Vec<PeerId>, Problem> {
        who.iter().map(peer).collect()
    }

    fn links(&mut self, from: &Target, to: &Target) -> Result<Vec<Ends<Written>>, Problem> {
        Ok(vec![(peer(from)?, peer(to)?)])
    }

    fn groups(&mut self, groups: &[Vec<Target>]) -> Result<Vec<PeerSet>, Problem> {
        groups.iter().map(|group| group.iter().map(peer).collect()).collect()
    }

    fn count(&mut self, count: &CountRange) -> Result<u64, Problem> {
        exactly(*count)
    }

    fn span(&mut self, range: &DurationRange) -> Result<Duration, Problem> {
        exactly_for(*range)
    }

    fn drift(&mut self, DriftRange { min, max }: &DriftRange) -> Result<i32, Problem> {
        let problem = Problem("nothing is drawn in a case", "write one percentage");
        if min == max { Ok(*min) } else { Err(problem) }
    }
}

fn exactly_for(DurationRange { min, max }: DurationRange) -> Result<Duration, Problem> {
    let problem = Problem("nothing is drawn in a case", "write one duration");
    if min == max { Ok(min) } else { Err(problem) }
}

fn peer(target: &Target) -> Result<PeerId, Problem> {
    match target {
        Target::Peer(peer) => Ok(*peer),
        _ => Err(Problem("a case names the peers that it is about", "write S0, S1 and so on")),
    }
}

fn exactly(CountRange { min, max }: CountRange) -> Result<u64, Problem> {
    let problem = Problem("nothing is drawn in a case", "write one number");
    if min == max { Ok(min) } else { Err(problem) }
}
