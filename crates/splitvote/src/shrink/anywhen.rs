//! Faults at any moment of the run: what an act saves depends on when it is done.
//!
//! A heartbeat that nobody needs is two deliveries, and a cut in time saves a dozen of them; but only right
//! after the vote, or before the reply. So every instant at which something happened is tried, and the
//! smallest of all that come of it is taken, not the first that is smaller.

use std::ops::RangeInclusive;

use splitvote_peer::{PeerId, PeerSet, SimTime};

use super::candidate::Candidate;
use super::moments::instants;
use super::search::Search;
use crate::act::{Act, Timed};
use crate::fault::{Crash, Cut, Disconnect, Partition};

/// In clusters of which sizes links are cut one by one, and the cluster in two.
const SMALL: RangeInclusive<usize> = 2..=5;
/// How many events all candidates of one pass may have together.
const EVENTS: u64 = 200_000;
/// Of a run with more events than this, too few moments could be tried.
const LONG: u64 = 2_000;
/// How often the smallest is taken in a pass.
const TIMES: u32 = 2;

/// Offers to silence somebody at any moment.
pub(super) fn fall_silent(search: &mut Search<'_>) {
    best_of_all(
        search,
        |best| silences(best.plan.setup.peers).len(),
        |best, instants| {
            let silences = silences(best.plan.setup.peers);
            let all = instants.iter().flat_map(|at| {
                let at = *at;
                silences.iter().map(move |act| (at, act))
            });
            all.map(|(at, act)| inserted(best, Timed { at, act: act.clone() })).collect()
        },
    );
}

/// Offers to do each act at any other moment.
pub(super) fn move_acts(search: &mut Search<'_>) {
    best_of_all(
        search,
        |best| best.plan.acts.len(),
        |best, instants| {
            // When a demand counts from is no fault.
            let places =
                (0..best.plan.acts.len()).filter(|place| !best.plan.acts[*place].act.is_demand());
            let all = places.flat_map(|place| instants.iter().map(move |at| (place, *at)));
            all.map(|(place, at)| {
                let rest = best.without_acts(&[place]);
                inserted(&rest, Timed { at, act: best.plan.acts[place].act.clone() })
            })
            .collect()
        },
    );
}

/// Offers every other fault in the place of each.
pub(super) fn swap(search: &mut Search<'_>) {
    for place in 0..search.best().plan.acts.len() {
        let best = search.best().clone();
        let Some(timed) = best.plan.acts.get(place) else { return };
        if timed.act.class().is_none() {
            continue;
        }
        let others = silences(best.plan.setup.peers);
        let candidates = others.into_iter().filter(|act| *act != timed.act).map(|act| {
            let mut candidate = best.clone();
            candidate.plan.acts[place].act = act;
            candidate
        });
        search.offer_all(candidates);
    }
}

/// Offers all candidates that `list` makes of the best and its instants, `each` for every instant, and
/// again of the smallest.
fn best_of_all(
    search: &mut Search<'_>,
    each: impl Fn(&Candidate) -> usize,
    list: impl Fn(&Candidate, &[SimTime]) -> Vec<Candidate>,
) {
    if search.events() > LONG {
        return;
    }
    for _ in 0..TIMES {
        let best = search.best().clone();
        let runs = EVENTS / search.events().max(1);
        let instants = instants(&search.trace(), runs as usize / each(&best).max(1));
        if !search.offer_all(list(&best, &instants)) {
            return;
        }
    }
}

/// All that makes for fewer packets in a cluster of this size.
fn silences(size: usize) -> Vec<Act> {
    let crashes = PeerId::all(size).map(|of| Crash { of }.into());
    let mut all: Vec<Act> =
        crashes.chain(PeerId::all(size).map(|of| Disconnect { of }.into())).collect();
    if SMALL.contains(&size) {
        let links = PeerId::all(size).flat_map(|from| PeerId::all(size).map(move |to| (from, to)));
        all.extend(links.filter(|(from, to)| from != to).map(|(from, to)| Cut { from, to }.into()));
        all.extend(halves(size));
    }
    all
}

/// Every partition in two groups of more than one.
fn halves(size: usize) -> impl Iterator<Item = Act> {
    // S0 is always in the first.
    let firsts = (0..1u32 << (size - 1)).map(move |others| {
        PeerId::all(size)
            .filter(|peer| peer.0 == 0 || others >> (peer.0 - 1) & 1 == 1)
            .collect::<PeerSet>()
    });
    let groups = firsts.map(move |first| vec![first, PeerSet::all(size).difference(first)]);
    let is_half = |groups: &Vec<PeerSet>| groups.iter().all(|group| group.len() > 1);
    groups.filter(is_half).map(|groups| Partition { groups }.into())
}

/// The same with this done besides, after all that is done at its instant.
fn inserted(candidate: &Candidate, timed: Timed) -> Candidate {
    let mut other = candidate.clone();
    let place = other.plan.acts.partition_point(|before| before.at <= timed.at);
    other.plan.acts.insert(place, timed);
    other
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Made, crash, made_up, sent, timed};
    use super::*;
    use crate::fault::{Fault, Restart};

    /// A cell that counts as many deliveries as this says.
    fn counting(deliveries: impl Fn(&Candidate) -> u64 + 'static) -> Made {
        let mut cell = Made::needing(|_| true);
        cell.trace.events = (1..=9).map(|at| sent(at, at, at + 1)).collect();
        cell.end = Box::new(move |candidate| (SimTime(9_000_000), deliveries(candidate)));
        cell
    }

    #[test]
    fn somebody_falls_silent_when_it_saves_most() {
        // S3 is needed until the fourth millisecond, and is a dozen deliveries a millisecond.
        let mut cell = counting(|candidate| {
            let silent = candidate.plan.acts.iter().find(|timed| {
                timed.act == Disconnect { of: PeerId(3) }.into() && timed.at >= SimTime(4_000_000)
            });
            silent.map_or(108, |timed| timed.at.0 / 1_000_000 * 12)
        });
        let mut search = made_up(&mut cell, vec![crash(6)]);
        fall_silent(&mut search);
        assert_eq!(search.best().plan.acts, [timed(4, Disconnect { of: PeerId(3) }), crash(6)]);
    }

    #[test]
    fn an_act_moves_past_another() {
        let restart = || timed(3, Restart { of: PeerId(1) });
        let mut cell = counting(|candidate| {
            let acts = &candidate.plan.acts;
            let crashed =
                acts.iter().find(|timed| matches!(timed.act.fault(), Some(Fault::Crash(_))));
            10 + crashed.map_or(99, |timed| timed.at.0.abs_diff(5_000_000) / 1_000_000)
        });
        let mut search = made_up(&mut cell, vec![crash(1), restart()]);
        move_acts(&mut search);
        assert_eq!(search.best().plan.acts.last(), Some(&crash(5)));
    }

    #[test]
    fn a_fault_takes_the_place_of_another() {
        let halves: Act = Partition {
            groups: vec![
                PeerSet::from_iter([PeerId(0), PeerId(3)]),
                PeerSet::from_iter([PeerId(1), PeerId(2), PeerId(4)]),
            ],
        }
        .into();
        let wanted = halves.clone();
        let mut cell = counting(move |candidate| {
            let is_better = candidate.plan.acts.iter().any(|timed| timed.act == wanted);
            if is_better { 5 } else { 6 }
        });
        let mut search = made_up(&mut cell, vec![crash(2)]);
        swap(&mut search);
        assert_eq!(search.best().plan.acts, [timed(2, halves)]);
    }
}
