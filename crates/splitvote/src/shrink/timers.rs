//! Timers: fewer heartbeats, and peers that never stand for election if it is all the same.

use std::time::Duration;

use splitvote_peer::PeerId;

use super::candidate::Candidate;
use super::search::Search;
use crate::act::Timed;
use crate::fault::ElectionTimeout;
use splitvote_peer::SimTime;

/// Longer than any case: whose timeout this is does not stand.
pub(super) const NEVER: Duration = Duration::from_secs(60);
/// Intervals of heartbeats to try, in milliseconds, the rarest first.
const HEARTBEATS: [u64; 5] = [10_000, 1_000, 500, 200, 100];
/// How many timeouts of a peer are looked at.
const TIMEOUTS: u64 = 4;

/// Offers rarer heartbeats, peers that never stand, and first timeouts that are written down.
pub(super) fn quiet(search: &mut Search<'_>) {
    for millis in HEARTBEATS {
        let interval = Duration::from_millis(millis);
        if search.offer_setup(|setup| setup.settings.timing.heartbeat_interval = interval) {
            break;
        }
    }
    for peer in PeerId::all(search.best().plan.setup.peers) {
        let candidate = never_standing(search.best(), peer);
        search.offer(&candidate);
        for millis in [150, 200, 250, 300] {
            search.offer_setup(|setup| {
                let timeouts = &mut setup.overrides.election_timeouts;
                timeouts.insert((peer, 0), Duration::from_millis(millis));
            });
        }
    }
}

/// Lets timeouts be drawn again that need not be written down.
pub(super) fn forget(search: &mut Search<'_>) {
    for peer in PeerId::all(search.best().plan.setup.peers) {
        for place in 0..TIMEOUTS {
            search.offer_setup(|setup| {
                setup.overrides.election_timeouts.remove(&(peer, place));
            });
        }
    }
}

/// The same, but this peer never stands of its own accord.
fn never_standing(candidate: &Candidate, peer: PeerId) -> Candidate {
    let mut other = candidate.changing_setup(|setup| {
        setup.overrides.election_timeouts.insert((peer, 0), NEVER);
    });
    let act = ElectionTimeout { of: peer, is: Some(NEVER) }.into();
    other.plan.acts.insert(0, Timed { at: SimTime::ZERO, act });
    other
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Made, crash, from, made_up, plan};
    use super::*;

    #[test]
    fn heartbeats_become_as_rare_as_they_may() {
        let interval =
            |candidate: &Candidate| candidate.plan.setup.settings.timing.heartbeat_interval;
        let mut cell =
            Made::needing(move |candidate| interval(candidate) <= Duration::from_millis(500));
        let end = move |candidate: &Candidate| {
            (SimTime(1), 1_000 / interval(candidate).as_millis() as u64)
        };
        cell.end = Box::new(end);
        let mut search = made_up(&mut cell, vec![crash(0)]);
        quiet(&mut search);
        assert_eq!(interval(search.best()), Duration::from_millis(500));
    }

    #[test]
    fn timeouts_that_do_not_matter_are_drawn_again() {
        let needed = (PeerId(1), 2);
        let mut cell = Made::needing(move |candidate| {
            candidate.plan.setup.overrides.election_timeouts.contains_key(&needed)
        });
        let start = plan(vec![crash(0)]).changing_setup(|setup| {
            let all = PeerId::all(5).flat_map(|peer| (0..TIMEOUTS).map(move |place| (peer, place)));
            setup.overrides.election_timeouts = all.map(|draw| (draw, NEVER)).collect();
        });
        let mut search = from(&mut cell, start);
        forget(&mut search);
        let written = &search.best().plan.setup.overrides.election_timeouts;
        assert_eq!(written.keys().copied().collect::<Vec<_>>(), [needed]);
    }
}
