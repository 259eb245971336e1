//! Single acts: those that do not matter vanish, faults together with what undoes them, and commands; those
//! that matter become simpler.

use splitvote_peer::SimTime;

use super::deletion::delete_parts;
use super::search::Search;
use crate::act::{Act, Seek, Timed};
use crate::plan::Plan;

/// Deletes faults with what undoes them, and then any act.
pub(super) fn delete(search: &mut Search<'_>) {
    delete_parts(
        search,
        |candidate| units(&candidate.plan).len(),
        |candidate, range| {
            let mut places: Vec<usize> =
                units(&candidate.plan)[range].iter().flatten().copied().collect();
            places.sort_unstable();
            candidate.without_acts(&places)
        },
    );
    delete_parts(
        search,
        |candidate| deletable(&candidate.plan.acts).len(),
        |candidate, range| candidate.without_acts(&deletable(&candidate.plan.acts)[range]),
    );
}

/// The places of acts that may go: without what is demanded, nothing fails.
fn deletable(acts: &[Timed]) -> Vec<usize> {
    let places = acts.iter().enumerate().filter(|(_, timed)| !timed.act.is_demand());
    places.map(|(place, _)| place).collect()
}

/// Offers simpler acts in the place of those that stay.
pub(super) fn simplify(search: &mut Search<'_>) {
    merge_commands(search);
    demand_from_the_start(search);
    let mut place = 0;
    while let Some(timed) = search.best().plan.acts.get(place) {
        let (at, simpler) = (timed.at, simpler(&timed.act));
        for act in simpler {
            let mut candidate = search.best().clone();
            candidate.plan.acts[place] = Timed { at, act };
            if search.offer(&candidate) {
                break;
            }
        }
        place += 1;
    }
}

/// The acts in units: a fault and what undoes it are one, all others stand alone.
pub(super) fn units(plan: &Plan) -> Vec<Vec<usize>> {
    let (acts, healthy) = (&plan.acts, plan.setup.healthy());
    let mut units: Vec<Vec<usize>> = Vec::new();
    for place in deletable(acts) {
        let undoes = |fault: &Timed| {
            let fault = fault.act.fault();
            let undone_by = fault.map(|fault| fault.undone_by(&healthy)).unwrap_or_default();
            acts[place].act.fault().is_some_and(|act| undone_by.contains(act))
        };
        let undone = units.iter_mut().rev().find(|unit| {
            unit.len() == 1 && unit.first().is_some_and(|first| undoes(&acts[*first]))
        });
        match undone {
            Some(unit) => unit.push(place),
            None => units.push(vec![place]),
        }
    }
    units
}

/// Acts that do less, the simplest first.
fn simpler(act: &Act) -> Vec<Act> {
    match act {
        Act::Fault(fault) => fault.simpler().into_iter().map(Act::Fault).collect(),
        Act::Agree(seek) if seek.bytes > 0 => {
            [0, seek.bytes / 2].map(|bytes| Act::Agree(Seek { bytes, ..*seek })).to_vec()
        }
        Act::Propose { to, bytes } if *bytes > 0 => {
            [0, bytes / 2].map(|bytes| Act::Propose { to: *to, bytes }).to_vec()
        }
        _ => Vec::new(),
    }
}

/// Offers the best with what is allowed counted from the start: "in the whole run" is read at once.
fn demand_from_the_start(search: &mut Search<'_>) {
    let mut candidate = search.best().clone();
    let acts = &mut candidate.plan.acts;
    acts.sort_by_key(|timed| !timed.act.is_demand());
    let demands = acts.iter_mut().take_while(|timed| timed.act.is_demand());
    demands.for_each(|timed| timed.at = SimTime::ZERO);
    if candidate.plan.acts != search.best().plan.acts {
        search.offer(&candidate);
    }
}

/// Offers the best with all commands given to the peer that got the first.
fn merge_commands(search: &mut Search<'_>) {
    let is_proposal = |act: &Act| matches!(act, Act::Propose { .. });
    let mut acts = search.best().plan.acts.iter().map(|timed| &timed.act);
    if let Some(first) = acts.find(|act| is_proposal(act)).cloned() {
        let candidate = search.best().changing_acts(|timed| {
            let act = if is_proposal(&timed.act) { first.clone() } else { timed.act.clone() };
            Some(Timed { at: timed.at, act })
        });
        search.offer(&candidate);
    }
}

#[cfg(test)]
mod tests {
    use splitvote_check::{Allowance, Budget};
    use splitvote_peer::PeerId;

    use super::super::candidate::Candidate;
    use super::super::testing::{Made, made_up, plan, timed};
    use super::*;
    use crate::fault::{Crash, CrashAtWrite, Fault, Heal, Pause, Restart, Resume};

    const S0: PeerId = PeerId(0);
    const S1: PeerId = PeerId(1);

    #[test]
    fn a_fault_goes_with_what_mends_it() {
        let acts: [Fault; 5] = [
            Crash { of: S0 }.into(),
            Pause { of: S1 }.into(),
            Restart { of: S0 }.into(),
            Heal.into(),
            Resume { of: S1 }.into(),
        ];
        let acts: Vec<Timed> = acts.into_iter().map(|act| timed(1, act)).collect();
        assert_eq!(units(&plan(acts.clone()).plan), [vec![0, 2], vec![1, 4], vec![3]]);
        // Nobody may be restarted who is up: without the unit, this could not be deleted.
        let mut cell = Made::needing(|candidate| {
            let count =
                |act: Act| candidate.plan.acts.iter().filter(|timed| timed.act == act).count();
            count(Crash { of: S0 }.into()) == count(Restart { of: S0 }.into())
                && count(Pause { of: S1 }.into()) == 1
        });
        let mut search = made_up(&mut cell, acts);
        delete(&mut search);
        assert_eq!(search.best().plan.acts, [timed(1, Pause { of: S1 })]);
    }

    #[test]
    fn what_is_demanded_is_counted_from_the_start_and_never_deleted() {
        let budget = Budget { what: Allowance::Rpcs, at_most: 20 };
        let demand = |at| timed(at, Act::Allow(budget));
        let count = |candidate: &Candidate| {
            candidate.plan.acts.iter().filter(|timed| timed.act.is_demand()).count()
        };
        // Without the demand, whatever is left would do.
        let mut cell = Made::needing(move |candidate| count(candidate) <= 1);
        let mut search = made_up(&mut cell, vec![timed(1, Heal), demand(2), timed(3, Heal)]);
        delete(&mut search);
        simplify(&mut search);
        assert_eq!(search.best().plan.acts, [demand(0)]);
        assert!(units(&plan(vec![demand(2)]).plan).is_empty());
    }

    #[test]
    fn acts_that_stay_become_simpler() {
        let mut cell = Made::needing(|candidate| {
            matches!(
                candidate.plan.acts[0].act,
                Act::Fault(Fault::CrashAtWrite(CrashAtWrite { after: 1.., .. }))
            )
        });
        let armed = timed(1, CrashAtWrite { of: S0, after: 40 });
        let long = timed(1, Act::Propose { to: S1, bytes: 500 });
        let mut search = made_up(&mut cell, vec![armed, long]);
        simplify(&mut search);
        assert_eq!(search.best().plan.acts[1].act, Act::Propose { to: S1, bytes: 0 });
    }
}
