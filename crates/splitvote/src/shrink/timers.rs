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
        for thirds in 0..=3 {
            search.offer_setup(|setup| {
                let timing = &setup.settings.timing;
                let range = timing.election_timeout_max.saturating_sub(timing.election_timeout_min);
                let timeout = timing.election_timeout_min + range / 3 * thirds;
                setup.overrides.election_timeouts.insert((peer, 0), timeout);
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

    /// As it was with R14, whose timeouts are 300 to 600 ms: its case had one of 200 ms.
    #[test]
    fn no_timeout_is_written_down_that_its_peer_could_not_draw() {
        let written = |candidate: &Candidate| {
            candidate.plan.setup.overrides.election_timeouts.get(&(PeerId(1), 0)).copied()
        };
        let mut cell = Made::needing(|_| true);
        let deliveries = move |candidate: &Candidate| {
            let timeout = written(candidate).map_or(900, |timeout| timeout.as_millis() as u64);
            (SimTime(1), if timeout == NEVER.as_millis() as u64 { 1_000 } else { timeout })
        };
        cell.end = Box::new(deliveries);
        let start = plan(vec![crash(0)]).changing_setup(|setup| {
            let timing = &mut setup.settings.timing;
            timing.election_timeout_min = Duration::from_millis(300);
            timing.election_timeout_max = Duration::from_millis(600);
        });
        let mut search = from(&mut cell, start);
        quiet(&mut search);
        assert_eq!(written(search.best()), Some(Duration::from_millis(300)));
        super::super::times::round(&mut search);
        assert_eq!(written(search.best()), Some(Duration::from_millis(300)), "nor made of one");
    }

    #[test]
    fn who_never_stands_is_said_not_to() {
        let (of, is) = (PeerId(1), Some(NEVER));
        let mut cell = Made::needing(move |candidate| {
            candidate.plan.setup.overrides.election_timeouts.get(&(of, 0)) == Some(&NEVER)
        });
        let mut search = from(&mut cell, never_standing(&plan(Vec::new()), of));
        assert!(!search.offer(&search.best().without_acts(&[0])), "it would stand later on");
        assert_eq!(
            search.best().plan.acts,
            [super::super::testing::timed(0, ElectionTimeout { of, is })]
        );
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
