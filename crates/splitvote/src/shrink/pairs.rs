//! Pairs: two acts, or an act and the fate of a packet, that matter only because of each other.

use super::acts::units;
use super::candidate::Candidate;
use super::search::Search;

/// Of how many parts all pairs are tried.
const PARTS: usize = 14;

/// Offers the best without any two of its parts.
pub(super) fn delete(search: &mut Search<'_>) {
    let mut first = 0;
    while first < parts(search.best()) && !search.is_over() {
        let count = parts(search.best());
        if count > PARTS {
            return;
        }
        let is_smaller = (first + 1..count).any(|second| {
            let candidate = without(search.best(), [first, second]);
            search.offer(&candidate)
        });
        // What is at this place now is another.
        first += usize::from(!is_smaller);
    }
}

/// How many parts there are: acts with what undoes them, and fates of packets.
fn parts(candidate: &Candidate) -> usize {
    units(&candidate.plan).len() + candidate.plan.setup.overrides.packets.len()
}

fn without(candidate: &Candidate, gone: [usize; 2]) -> Candidate {
    let units = units(&candidate.plan);
    let acts = gone.iter().filter_map(|part| units.get(*part)).flatten();
    let mut places: Vec<usize> = acts.copied().collect();
    places.sort_unstable();
    let rest = candidate.without_acts(&places);
    rest.without_fates(|place| gone.contains(&(units.len() + place)))
}

#[cfg(test)]
mod tests {
    use splitvote_peer::PeerId;
    use splitvote_sim::Verdict;

    use super::super::testing::{Made, crash, from, plan, timed};
    use super::*;
    use crate::fault::Pause;

    #[test]
    fn what_matters_because_of_another_goes_with_it() {
        let paused = || timed(3, Pause { of: PeerId(1) });
        let mut cell = Made::needing(move |candidate| {
            let is_there = |timed: &_| candidate.plan.acts.contains(timed);
            let packets = candidate.plan.setup.overrides.packets.len();
            is_there(&crash(5)) && is_there(&paused()) == (packets == 1)
        });
        let start = plan(vec![paused(), crash(5)]).changing_setup(|setup| {
            setup.overrides.packets.insert((PeerId(0), PeerId(1), 7), Verdict::Drop);
        });
        let mut search = from(&mut cell, start);
        delete(&mut search);
        assert_eq!(search.best().plan.acts, [crash(5)]);
        assert!(search.best().plan.setup.overrides.packets.is_empty());
    }
}
