//! The state machines of the harness: what they apply, and the snapshots that they hand back.

use std::collections::BTreeSet;

use crate::common::*;
use splitvote_peer::{EntryId, History, LogIndex, LogPosition, SimTime, Snapshot};
use splitvote_sim::{ConfigError, Latency, Seed, SnapshotProfile, World, WorldConfig};

fn entry(digest: u64) -> EntryId {
    EntryId { term: 2, digest }
}

/// What the first so many entries amount to.
fn history(entries: u64) -> History {
    (1..=entries).fold(History::EMPTY, |history, index| history.then(entry(index)))
}

fn at(index: LogIndex) -> LogPosition {
    LogPosition { index, term: 2 }
}

fn config(latency: Latency) -> WorldConfig {
    let snapshots = SnapshotProfile { every: Some(10), bytes: 100, latency };
    WorldConfig { snapshots, ..WorldConfig::new(2, Seed(1)) }
}

fn apply(world: &mut Stage, indexes: std::ops::RangeInclusive<LogIndex>) {
    for index in indexes {
        world.order(A, Order::Apply { index, entry: entry(index) });
    }
}

#[test]
fn it_applies_what_it_is_handed_and_tells_the_watcher() {
    let mut world = stage(&WorldConfig::new(2, Seed(1)));
    apply(&mut world, 1..=20);
    assert_eq!(world.applied(A), 20);
    assert_eq!(world.machine_state(A), (at(20), history(20)));
    assert_eq!(world.machine_state(B), (LogPosition::default(), History::EMPTY));
    assert_eq!(world.watcher().applied.len(), 20);
    assert_eq!(world.watcher().applied[2], (A, 3, entry(3)));
    world.run(1_000 * MS);
    assert_eq!(world.puppet(A).snapshots(), [], "nobody asked for snapshots");
}

#[test]
fn a_snapshot_comes_a_while_after_its_entry_and_holds_the_state_of_then() {
    let mut world = stage(&config(Latency::Constant(5 * MS)));
    apply(&mut world, 1..=8);
    world.run(10 * MS);
    assert_eq!(world.watcher().snapshots, [], "index 9 is not there yet");
    apply(&mut world, 9..=12);
    world.run(4 * MS);
    assert_eq!(world.watcher().snapshots, []);
    world.run(MS);
    let snapshot = Snapshot::of(at(9), history(9), 100);
    assert_eq!(world.puppet(A).snapshots(), [(15, snapshot.clone())]);
    assert_eq!(world.watcher().snapshots, [(SimTime::ZERO + 15 * MS, A, snapshot)]);
    assert_eq!(world.applied(A), 12, "the machine went on");
}

#[test]
fn a_snapshot_that_takes_no_time_still_comes_after_the_step() {
    let mut world = stage(&config(Latency::NONE));
    apply(&mut world, 9..=9);
    assert_eq!(world.puppet(A).snapshots(), []);
    world.run(MS);
    assert_eq!(world.puppet(A).snapshots().len(), 1);
}

/// A slow one may be overtaken by a later one, and by what the peer installs meanwhile.
#[test]
fn each_snapshot_draws_its_own_time_and_nobody_elses() {
    let latency = Latency::Uniform { min: MS, max: 1_000 * MS };
    let arrivals = |disturb: bool| {
        let mut world = stage(&config(latency));
        if disturb {
            world.order(B, Order::Apply { index: 9, entry: entry(9) });
            world.order(A, Order::Draw);
        }
        apply(&mut world, 1..=100);
        world.run(1_000 * MS);
        world.puppet(A).snapshots()
    };
    let plain = arrivals(false);
    assert_eq!(plain.len(), 10);
    let order: Vec<LogIndex> = plain.iter().map(|(_, snapshot)| snapshot.through.index).collect();
    assert!(!order.is_sorted(), "{order:?}");
    assert_eq!(arrivals(true), plain);
}

#[test]
fn a_snapshot_of_an_earlier_life_is_handed_to_no_later_one() {
    let mut world = stage(&config(Latency::Constant(5 * MS)));
    apply(&mut world, 1..=9);
    world.crash(A);
    assert_eq!(world.applied(A), 0, "the machine died with its peer");
    world.run(MS);
    world.boot(A);
    assert_eq!(world.machine_state(A), (LogPosition::default(), History::EMPTY));
    world.run(100 * MS);
    assert_eq!(world.puppet(A).snapshots(), []);
    assert_eq!(world.watcher().snapshots, []);
    apply(&mut world, 1..=9);
    world.crash(A);
    world.run(100 * MS);
    assert_eq!(world.watcher().snapshots, [], "nor to the dead");
}

#[test]
fn a_restored_machine_goes_on_from_there() {
    let mut world = stage(&config(Latency::NONE));
    world.order(A, Order::Restore { through: at(17), history: history(17), bytes: 40 });
    assert_eq!(world.machine_state(A), (at(17), history(17)));
    apply(&mut world, 18..=19);
    world.run(MS);
    assert_eq!(world.puppet(A).snapshots(), [(0, Snapshot::of(at(19), history(19), 100))]);
    assert_eq!(world.watcher().restored[0].1, Snapshot::of(at(17), history(17), 40));
}

#[test]
fn a_machine_that_cannot_read_its_snapshot_is_seen_to_be_wrong() {
    let mut world = stage(&config(Latency::NONE));
    world.order(A, Order::Restore { through: at(17), history: history(17), bytes: 23 });
    let (through, state) = world.machine_state(A);
    assert_eq!(through, at(17));
    assert_ne!(state, history(17));
}

#[test]
fn snapshots_of_any_size_are_handled_and_larger_ones_refused() {
    for (bytes, expected) in [(0, 24), (24, 24), (1 << 20, 1 << 20)] {
        let snapshots = SnapshotProfile { every: Some(10), bytes, ..SnapshotProfile::default() };
        let mut world = stage(&WorldConfig { snapshots, ..WorldConfig::new(1, Seed(1)) });
        apply(&mut world, 9..=9);
        world.run(MS);
        assert_eq!(world.puppet(A).snapshots()[0].1.state.len(), expected);
    }
    let snapshots = SnapshotProfile { bytes: usize::MAX, ..SnapshotProfile::default() };
    let config = WorldConfig { snapshots, ..WorldConfig::new(1, Seed(1)) };
    let refused = World::<Puppet, _>::new(&config, &(), Tape::default()).err();
    assert_eq!(refused, Some(ConfigError::Snapshot { bytes: usize::MAX }));
}

#[test]
fn the_last_index_of_all_is_applied_as_any_other() {
    let mut world = stage(&config(Latency::NONE));
    for index in [u64::MAX - 1, u64::MAX] {
        world.order(A, Order::Apply { index, entry: entry(1) });
    }
    world.run(MS);
    assert_eq!(world.applied(A), u64::MAX);
}

#[test]
fn what_a_machine_does_counts_in_the_digest() {
    let digest = |orders: &[(splitvote_peer::PeerId, Order)], latency| {
        let mut world = stage(&config(latency));
        for (peer, order) in orders {
            world.order(*peer, *order);
        }
        world.run(100 * MS);
        world.digest()
    };
    let apply = |index, digest| Order::Apply { index, entry: entry(digest) };
    let restore =
        |index, state| Order::Restore { through: at(index), history: History(state), bytes: 24 };
    let soon = Latency::NONE;
    let digests = [
        digest(&[(A, apply(1, 1))], soon),
        digest(&[(B, apply(1, 1))], soon),
        digest(&[(A, apply(2, 1))], soon),
        digest(&[(A, apply(1, 2))], soon),
        digest(&[(A, apply(9, 1))], soon),
        digest(&[(A, apply(9, 1))], Latency::Constant(MS)),
        digest(&[(A, restore(9, 1))], soon),
        digest(&[(A, restore(9, 2))], soon),
        digest(&[(A, restore(8, 2))], soon),
    ];
    assert_eq!(digests.iter().collect::<BTreeSet<_>>().len(), digests.len(), "{digests:x?}");
}
