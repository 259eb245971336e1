//! Silence: who has nothing to say in the matter says nothing. A peer that crashes, or a link that is cut,
//! is one fault more to read, and may be a dozen heartbeats less.

use splitvote_peer::{PeerId, SimTime};

use super::candidate::Candidate;
use super::search::Search;
use crate::act::{Act, Timed};
use crate::fault::{Crash, Cut};

/// Offers to crash each peer, and to cut each link, for good, from the start or after any act.
pub(super) fn fall(search: &mut Search<'_>) {
    let size = search.best().plan.setup.peers;
    let links = PeerId::all(size).flat_map(|from| PeerId::all(size).map(move |to| (from, to)));
    let cuts = links.filter(|(from, to)| from != to).map(|(from, to)| Cut { from, to }.into());
    let acts: Vec<Act> = PeerId::all(size).map(|of| Crash { of }.into()).chain(cuts).collect();
    for act in acts {
        for after in 0..=search.best().plan.acts.len() {
            let candidate = doing(search.best(), after, &act);
            if search.is_over() || search.offer(&candidate) {
                break;
            }
        }
    }
}

/// The same, but this is done at the start, or directly after an act.
fn doing(candidate: &Candidate, after: usize, act: &Act) -> Candidate {
    let mut other = candidate.clone();
    let acts = &mut other.plan.acts;
    let at = after.checked_sub(1).and_then(|before| acts.get(before));
    let at = at.map_or(SimTime::ZERO, |timed| timed.at);
    acts.insert(after.min(acts.len()), Timed { at, act: act.clone() });
    other
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Made, crash, made_up};
    use super::*;

    #[test]
    fn who_only_answers_heartbeats_is_silenced() {
        let mut cell = Made::needing(|candidate| candidate.plan.acts.contains(&crash(5)));
        // S3 costs thirty deliveries until it crashes.
        cell.end = Box::new(|candidate| {
            let silent = candidate
                .plan
                .acts
                .iter()
                .find(|timed| timed.act == Crash { of: PeerId(3) }.into());
            (SimTime(9_000_000), if silent.is_some() { 2 } else { 32 })
        });
        let mut search = made_up(&mut cell, vec![crash(5)]);
        fall(&mut search);
        let silent = Timed { at: SimTime::ZERO, act: Crash { of: PeerId(3) }.into() };
        assert_eq!(search.best().plan.acts, [silent, crash(5)]);
    }
}
