//! A crash between any two persistence operations.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use crate::common::*;
use splitvote_peer::SimTime;
use splitvote_sim::{DiskProfile, Latency, NetworkProfile, Seed, Unsynced, WorldConfig};

/// A world in which a crash keeps whatever was written, so that one sees what was.
fn world() -> Stage {
    let disk = DiskProfile { unsynced: Unsynced::Prefix, ..DiskProfile::default() };
    let network = NetworkProfile::Realistic(ten_ms());
    // Under this seed the first crash of A keeps all of up to two records.
    let keeps_all = |seed: &u64| {
        let mut trial = stage(&WorldConfig { disk, ..WorldConfig::new(2, Seed(*seed)) });
        (1..=4).for_each(|record| trial.order(A, Order::Persist(record)));
        trial.crash(A);
        trial.disk(A).len() == 4
    };
    let seed = Seed((0..100).find(keeps_all).unwrap());
    stage(&WorldConfig { disk, network, ..WorldConfig::new(2, seed) })
}

/// What a save leaves behind if A crashes at the persistence operation of this number: how many
/// notes left, what its disk holds, and whether A runs.
fn save(after: u64) -> (usize, Vec<u64>, bool) {
    let mut world = world();
    world.order(A, Order::Persist(1));
    world.order(A, Order::Sync);
    world.run(MS);
    world.crash_at_write(A, after);
    world.order(A, Order::Save { to: B, record: 2 });
    world.run(100 * MS);
    let records = world.disk(A).map(|mark| mark.0).collect();
    (world.watcher().sent.len(), records, world.peer(A).is_some())
}

#[test]
fn it_crashes_before_the_operation_and_the_rest_of_the_step_never_happens() {
    assert_eq!(save(0), (1, vec![1], false), "before the record");
    assert_eq!(save(1), (1, vec![1, 2], false), "before the sync");
    assert_eq!(save(2), (1, vec![1, 2], false), "before the compaction");
    assert_eq!(save(3), (2, vec![2], true), "later than the step");
}

#[test]
fn operations_of_several_steps_are_counted() {
    let mut world = world();
    world.crash_at_write(A, 2);
    world.order(A, Order::Persist(1));
    world.order(B, Order::Persist(1));
    world.note(A, B, 7);
    world.order(A, Order::Sync);
    assert!(world.peer(A).is_some());
    world.run(MS);
    world.order(A, Order::Persist(2));
    assert!(world.peer(A).is_none());
    assert_eq!(world.watcher().crashed, [(SimTime::ZERO + MS, A)]);
    assert_eq!(world.disk(A).map(|mark| mark.0).collect::<Vec<_>>(), [1]);
    assert!(world.peer(B).is_some(), "nobody else is concerned");
}

/// A sync under way when the peer crashed in the midst of a step is lost as with any crash.
#[test]
fn the_crash_is_as_any_other() {
    let disk = DiskProfile { sync_latency: Latency::Constant(5 * MS), ..DiskProfile::default() };
    let mut world = stage(&WorldConfig { disk, ..WorldConfig::new(2, Seed(1)) });
    world.order(A, Order::Answer(Manner::After(50 * MS)));
    world.call(B, A, 1);
    world.run(20 * MS);
    world.crash_at_write(A, 2);
    world.order(A, Order::Save { to: B, record: 2 });
    assert_eq!(world.disk(A).len(), 0);
    world.boot(A);
    assert_eq!(world.puppet(A).saw[0].1, Saw::Survived(vec![]));
    world.run(100 * MS);
    assert_eq!(world.puppet(A).saw.len(), 1, "no sync, no wake of the earlier life");
}

#[test]
fn a_crash_or_a_boot_takes_it_back() {
    let mut world = world();
    world.crash_at_write(A, 0);
    world.crash(A);
    world.crash_at_write(A, 0);
    world.boot(A);
    world.order(A, Order::Save { to: B, record: 2 });
    assert!(world.peer(A).is_some());
    world.crash_at_write(splitvote_peer::PeerId(99), 0);
}

#[test]
fn to_arm_it_counts_in_the_digest() {
    let digest = |after: Option<u64>| {
        let mut world = world();
        if let Some(after) = after {
            world.crash_at_write(A, after);
        }
        world.digest()
    };
    let digests = [digest(None), digest(Some(0)), digest(Some(1))];
    assert!(digests[0] != digests[1] && digests[1] != digests[2] && digests[0] != digests[2]);
}

#[test]
fn an_armed_crash_can_be_disarmed() {
    let mut world = world();
    world.crash_at_write(A, 0);
    assert!(world.is_armed(A) && !world.is_armed(B));
    world.disarm(A);
    assert!(!world.is_armed(A));
    world.order(A, Order::Save { to: B, record: 2 });
    assert!(world.peer(A).is_some());
    world.disarm(splitvote_peer::PeerId(99));
}
