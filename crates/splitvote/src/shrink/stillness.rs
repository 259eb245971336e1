//! A world in which nothing is left to chance but timeouts: packets, syncs and snapshots take the same time,
//! always, and no fault is drawn.

use std::time::Duration;

use splitvote_sim::{
    ClockProfile, DiskProfile, InFlight, Latency, NetworkProfile, Realistic, SnapshotProfile,
};

use super::candidate::Candidate;
use super::search::Search;
use crate::fault::Fault;
use crate::setup::Setup;

/// What a packet takes on a still network.
pub(super) const PACKET: Duration = Duration::from_millis(1);
/// What a sync may take on a still disk: some bugs need that it takes a while.
const SYNCS: [u64; 4] = [0, 1, 5, 20];
/// A still world draws other times, so that a candidate is given more than one chance.
const SEEDS: u64 = 24;

/// A network that treats all packets alike.
pub(super) fn network() -> NetworkProfile {
    NetworkProfile::Realistic(Realistic {
        one_way_delay: Latency::Constant(PACKET),
        ..Realistic::default()
    })
}

/// Offers the best with everything still, and then with one thing after the other.
pub(super) fn still(search: &mut Search<'_>) {
    for sync in SYNCS {
        let candidate = entirely(search.best(), sync);
        if search.offer_stiller(&candidate, SEEDS) {
            break;
        }
    }
    let candidate = of_network(search.best());
    search.offer_stiller(&candidate, SEEDS);
    for sync in SYNCS {
        let candidate = search.best().without_faults(|fault| matches!(fault, Fault::Disk(_)));
        let candidate = candidate.changing_setup(|setup| setup.disk = disk(sync));
        if search.offer_stiller(&candidate, SEEDS) {
            break;
        }
    }
    let changes: [fn(&mut Setup); 6] = [
        |setup| setup.snapshots = SnapshotProfile::default(),
        |setup| setup.snapshots.bytes = SnapshotProfile::default().bytes,
        |setup| setup.snapshots.latency = Latency::NONE,
        |setup| setup.snapshots.latency = Latency::Constant(Duration::from_millis(20)),
        |setup| setup.clocks = ClockProfile::default(),
        |setup| setup.in_flight = InFlight::default(),
    ];
    for change in changes {
        let candidate = search.best().changing_setup(change);
        search.offer_stiller(&candidate, 0);
    }
}

fn entirely(candidate: &Candidate, sync: u64) -> Candidate {
    let plain =
        candidate.without_faults(|fault| matches!(fault, Fault::Network(_) | Fault::Disk(_)));
    plain.changing_setup(|setup| {
        (setup.network, setup.disk) = (network(), disk(sync));
        setup.snapshots.latency = Latency::NONE;
        setup.clocks = ClockProfile::default();
    })
}

/// The candidate on a still network.
pub(super) fn of_network(candidate: &Candidate) -> Candidate {
    let plain = candidate.without_faults(|fault| matches!(fault, Fault::Network(_)));
    plain.changing_setup(|setup| setup.network = network())
}

fn disk(sync: u64) -> DiskProfile {
    let sync_latency = Latency::Constant(Duration::from_millis(sync));
    DiskProfile { sync_latency, ..DiskProfile::default() }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Made, crash, from, plan};
    use super::*;

    #[test]
    fn what_needs_no_chance_is_left_none() {
        let mut cell = Made::needing(|candidate| {
            candidate.plan.setup.disk.sync_latency != Latency::NONE
                && candidate.plan.acts.contains(&crash(1))
        });
        let start = plan(vec![crash(1)]).changing_setup(|setup| {
            let (min, max) = (Duration::ZERO, Duration::from_millis(5));
            setup.disk.sync_latency = Latency::Uniform { min, max };
        });
        let mut search = from(&mut cell, start);
        still(&mut search);
        let setup = &search.best().plan.setup;
        assert_eq!(setup.network, network());
        assert_eq!(setup.disk, disk(1), "the shortest sync with which it fails");
        assert_eq!(search.weight().drawn, 0);
    }
}
