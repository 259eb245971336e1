//! What the peers are configured with: as usual, if it is all the same, and snapshots after fewer entries.

use splitvote_peer::Settings;

use super::search::Search;

/// After how many entries a snapshot may be made, the fewest first.
const EVERY: [u64; 5] = [2, 3, 4, 5, 8];

/// Offers the usual settings one by one, and snapshots that take fewer commands.
pub(super) fn plain(search: &mut Search<'_>) {
    let usual = Settings::default();
    let changes: [fn(&mut Settings, &Settings); 10] = [
        |settings, usual| settings.no_op = usual.no_op,
        |settings, usual| settings.pre_vote = usual.pre_vote,
        |settings, usual| settings.check_quorum = usual.check_quorum,
        |settings, usual| settings.batch_delay = usual.batch_delay,
        |settings, usual| settings.entries_per_append = usual.entries_per_append,
        |settings, usual| settings.bytes_per_append = usual.bytes_per_append,
        |settings, usual| settings.appends_in_flight = usual.appends_in_flight,
        |settings, usual| settings.snapshot_chunk = usual.snapshot_chunk,
        |settings, usual| settings.shuffled_tasks = usual.shuffled_tasks,
        |settings, usual| settings.timing = usual.timing.clone(),
    ];
    for change in changes {
        let candidate = search.best().changing_setup(|setup| change(&mut setup.settings, &usual));
        if candidate.plan.setup.settings != search.best().plan.setup.settings {
            search.offer(&candidate);
        }
    }
    let every = search.best().plan.setup.snapshots.every;
    for fewer in EVERY.into_iter().filter(|fewer| every.is_some_and(|every| *fewer < every)) {
        if search.offer_setup(|setup| setup.snapshots.every = Some(fewer)) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Made, crash, from, plan};
    use super::*;
    use crate::shrink::candidate::Candidate;
    use splitvote_peer::SimTime;

    #[test]
    fn snapshots_come_after_fewer_commands() {
        let every = |candidate: &Candidate| candidate.plan.setup.snapshots.every.unwrap_or(0);
        let mut cell = Made::needing(move |candidate| every(candidate) >= 3);
        cell.end = Box::new(move |candidate| (SimTime(7_000_000), every(candidate)));
        let start = plan(vec![crash(0)]).changing_setup(|setup| setup.snapshots.every = Some(10));
        let mut search = from(&mut cell, start);
        plain(&mut search);
        assert_eq!(every(search.best()), 3);
    }
}
