//! What is waited for in the end: for a shorter time, if that will do. A story that repeats is told by a few of its
//! periods, and what is waited for in vain for ten seconds seldom differs from what is for two.
//!
//! The wait never becomes shorter than some election timeouts: below that, only luck would tell a broken Raft from the
//! paper's, which has to hold in the same case.

use std::time::Duration;

use super::search::Search;
use crate::scenario::{Action, Expectation};

/// For how many of the longest election timeouts something is waited for, the fewest first.
const PERIODS: [u32; 3] = [5, 8, 16];

/// Offers to wait for less long.
pub(super) fn wait_less(search: &mut Search<'_>) {
    for periods in PERIODS {
        let longest = search.best().plan.setup.settings.timing.election_timeout_max;
        let within = longest.saturating_mul(periods);
        let Some(demand) =
            search.best().plan.demand.as_ref().and_then(|demand| shorter(demand, within))
        else {
            continue;
        };
        let mut candidate = search.best().clone();
        candidate.plan.demand = Some(demand);
        if search.offer(&candidate) {
            return;
        }
    }
}

/// The same demand with no more time than this; `None` if it has no more anyway, or no time of its own.
fn shorter(demand: &Action, within: Duration) -> Option<Action> {
    match demand {
        Action::RunUntil { happening, within: now } if now.is_none_or(|now| within < now) => {
            Some(Action::RunUntil { happening: *happening, within: Some(within) })
        }
        Action::Expect(Expectation::OneLeader { within: now })
            if now.is_none_or(|now| within < now) =>
        {
            Some(Action::Expect(Expectation::OneLeader { within: Some(within) }))
        }
        Action::Expect(Expectation::Applied { index, on, within: now })
            if now.is_none_or(|now| within < now) =>
        {
            let within = Some(within);
            Some(Action::Expect(Expectation::Applied { index: *index, on: *on, within }))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use splitvote_check::Happening;
    use splitvote_peer::SimTime;

    use super::super::candidate::Candidate;
    use super::super::testing::{Made, crash, from, plan};
    use super::*;

    fn wait(candidate: &Candidate) -> Duration {
        match candidate.plan.demand {
            Some(Action::RunUntil { within: Some(within), .. }) => within,
            Some(Action::Expect(Expectation::OneLeader { within: Some(within) })) => within,
            _ => Duration::from_secs(5),
        }
    }

    fn shrunk(least: Duration, demand: Action) -> Option<Action> {
        let mut cell = Made::needing(move |candidate| wait(candidate) >= least);
        cell.end = Box::new(|candidate| (SimTime(1), wait(candidate).as_millis() as u64));
        let mut start = plan(vec![crash(0)]);
        start.plan.demand = Some(demand);
        let mut search = from(&mut cell, start);
        wait_less(&mut search);
        search.best().plan.demand.clone()
    }

    fn office(within: Duration) -> Action {
        Action::RunUntil { happening: Happening::WonElection, within: Some(within) }
    }

    #[test]
    fn what_is_waited_for_in_vain_is_waited_for_less_long() {
        let (ten, millis) = (Duration::from_secs(10), Duration::from_millis);
        assert_eq!(shrunk(Duration::ZERO, office(ten)), Some(office(millis(1_500))));
        assert_eq!(shrunk(millis(2_000), office(ten)), Some(office(millis(2_400))));
        assert_eq!(shrunk(ten, office(ten)), Some(office(ten)));
        let looks = |within| Action::Expect(Expectation::OneLeader { within });
        assert_eq!(shrunk(Duration::ZERO, looks(None)), Some(looks(Some(millis(1_500)))));
    }

    #[test]
    fn no_wait_is_shorter_than_some_election_timeouts() {
        let short = office(Duration::from_millis(1_500));
        assert_eq!(shrunk(Duration::ZERO, short.clone()), Some(short));
    }
}
