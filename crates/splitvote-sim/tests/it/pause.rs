//! A paused peer takes no steps while its clock goes on, and all that waits for it comes in order.

use crate::common::*;
use splitvote_peer::{EntryId, PeerId, SimTime};
use splitvote_sim::{
    DiskProfile, Disturbance, Fate, InFlight, Latency, NetworkProfile, Seed, SnapshotProfile,
    WorldConfig,
};

/// What the puppet saw since it started, without the boot itself, and when by its clock in ms.
fn saw(world: &Stage, peer: PeerId) -> Vec<(u64, Saw)> {
    let saw = world.puppet(peer).saw.iter().skip(1);
    saw.map(|(at, saw)| (ms(*at), saw.clone())).collect()
}

fn slow_disk() -> Stage {
    let disk = DiskProfile { sync_latency: Latency::Constant(5 * MS), ..DiskProfile::default() };
    let network = NetworkProfile::Realistic(ten_ms());
    stage(&WorldConfig { disk, network, ..WorldConfig::new(3, Seed(1)) })
}

#[test]
fn what_would_reach_a_paused_peer_reaches_it_in_order_when_it_resumes() {
    let mut world = slow_disk();
    world.order(A, Order::Persist(1));
    world.order(A, Order::Sync);
    world.note(C, A, 1);
    world.run(MS);
    world.call(B, A, 2);
    world.pause(A);
    assert!(world.is_paused(A) && !world.is_paused(B));
    assert!(world.alive().contains(A), "it is up");
    world.run(20 * MS);
    world.note(A, C, 3);
    assert_eq!(saw(&world, A), [], "it takes no step");
    assert!(world.puppet(C).notes().is_empty(), "the order waits, too");
    world.resume(A);
    assert!(!world.is_paused(A));
    world.run(10 * MS);
    let sync = world.puppet(A).saw[1].1.clone();
    assert!(matches!(sync, Saw::Synced(_)));
    let request = Saw::Request { from: B, tag: 2 };
    assert_eq!(
        saw(&world, A),
        [(21, sync), (21, Saw::Note { from: C, tag: 1 }), (21, request)],
        "its clock went on"
    );
    assert_eq!(world.puppet(B).replies(), [2]);
    assert_eq!(world.puppet(C).notes(), [3]);
}

#[test]
fn a_timer_that_is_overdue_goes_off_at_once_and_one_that_is_not_in_its_time() {
    for (pause, expected) in [(50, 70), (10, 40)] {
        let mut world = realistic(2, |_| {});
        world.order(A, Order::Answer(Manner::After(20 * MS)));
        world.call(B, A, 1);
        world.run(10 * MS);
        world.pause(A);
        world.run(pause * MS);
        assert!(world.puppet(B).replies().is_empty());
        world.resume(A);
        world.run(100 * MS);
        assert_eq!(saw(&world, B)[0].0, expected);
    }
}

#[test]
fn a_clock_that_changes_does_not_wake_a_paused_peer() {
    let mut world = realistic(2, |_| {});
    world.order(A, Order::Answer(Manner::After(20 * MS)));
    world.call(B, A, 1);
    world.run(10 * MS);
    world.pause(A);
    world.step_clock(A, 100 * MS);
    world.set_clock_drift(A, 1_000);
    world.run(50 * MS);
    assert!(world.puppet(B).replies().is_empty());
    world.resume(A);
    world.run(10 * MS);
    assert_eq!(world.puppet(B).replies(), [1]);
}

#[test]
fn the_disk_of_a_paused_peer_works_on_and_a_crash_keeps_what_it_synced() {
    let mut world = slow_disk();
    world.order(A, Order::Persist(1));
    world.order(A, Order::Sync);
    world.pause(A);
    assert!(world.is_syncing(A) && world.has_unsynced(A));
    world.run(5 * MS);
    assert!(!world.is_syncing(A) && !world.has_unsynced(A));
    assert_eq!(world.watcher().durable, [(SimTime::ZERO + 5 * MS, A, 1)]);
    world.crash(A);
    world.boot(A);
    assert_eq!(saw(&world, A), []);
    assert_eq!(world.puppet(A).saw[0].1, Saw::Survived(vec![1]));
    assert!(!world.is_paused(A), "a boot begins unpaused");
    world.run(100 * MS);
    assert_eq!(saw(&world, A), [], "the crash dropped what was held");
}

#[test]
fn a_crash_of_a_paused_peer_drops_what_is_held_for_it() {
    let mut world = realistic(2, |_| {});
    world.note(B, A, 1);
    world.pause(A);
    world.run(20 * MS);
    assert!(world.watcher().perished.is_empty());
    world.crash(A);
    assert_eq!(world.watcher().perished, [(SimTime::ZERO + 20 * MS, Fate::Dead)]);
    world.resume(A);
    world.boot(A);
    world.run(20 * MS);
    assert!(world.puppet(A).notes().is_empty());
}

#[test]
fn a_crash_between_the_resume_and_what_it_releases_drops_it_too() {
    let mut world = realistic(2, |_| {});
    world.note(B, A, 1);
    world.pause(A);
    world.run(20 * MS);
    world.resume(A);
    world.crash(A);
    world.boot(A);
    world.run(20 * MS);
    assert!(world.puppet(A).notes().is_empty());
    assert_eq!(world.watcher().perished.len(), 1);
}

#[test]
fn a_peer_paused_again_at_the_instant_of_its_resume_loses_nothing() {
    let mut world = realistic(2, |_| {});
    (1..=3).for_each(|tag| world.note(B, A, tag));
    world.pause(A);
    world.run(20 * MS);
    world.resume(A);
    world.pause(A);
    world.run(20 * MS);
    assert!(world.puppet(A).notes().is_empty());
    world.resume(A);
    world.run(MS);
    assert_eq!(world.puppet(A).notes(), [1, 2, 3]);
}

/// They have arrived: they wait at the peer's host.
#[test]
fn a_partition_does_not_cut_what_waits_for_a_paused_peer() {
    let network = NetworkProfile::Realistic(ten_ms());
    let in_flight = InFlight::Cut;
    let mut world = stage(&WorldConfig { in_flight, network, ..WorldConfig::new(2, Seed(1)) });
    world.note(B, A, 1);
    world.pause(A);
    world.run(10 * MS);
    world.cut(B, A);
    world.note(B, A, 2);
    world.resume(A);
    world.heal();
    world.run(20 * MS);
    assert_eq!(world.puppet(A).notes(), [1]);
}

#[test]
fn the_labs_network_waits_for_a_paused_server_and_reports_to_a_paused_caller() {
    let mut world = lab(3, true, false, false);
    world.pause(B);
    world.call(A, B, 1);
    world.run(1_000 * MS);
    assert!(world.puppet(A).replies().is_empty() && world.puppet(A).failures().is_empty());
    world.resume(B);
    world.run(10 * MS);
    assert_eq!(world.puppet(A).replies(), [1]);

    world.cut(A, C);
    world.call(A, C, 2);
    world.pause(A);
    world.run(1_000 * MS);
    assert!(world.puppet(A).failures().is_empty());
    world.resume(A);
    world.run(MS);
    assert_eq!(world.puppet(A).failures().len(), 1);

    world.call(A, B, 3);
    world.pause(B);
    world.run(100 * MS);
    world.crash(B);
    world.run(10_000 * MS);
    assert_eq!(world.puppet(A).failures().len(), 2, "the call fails as with any crash");
}

#[test]
fn a_snapshot_waits_for_a_paused_peer() {
    let snapshots = SnapshotProfile {
        every: Some(1),
        latency: Latency::Constant(5 * MS),
        ..SnapshotProfile::default()
    };
    let mut world = stage(&WorldConfig { snapshots, ..WorldConfig::new(1, Seed(1)) });
    world.order(A, Order::Apply { index: 1, entry: EntryId { term: 1, digest: 7 } });
    world.pause(A);
    world.run(50 * MS);
    world.resume(A);
    world.run(MS);
    let snapshots = world.puppet(A).snapshots();
    assert_eq!(snapshots.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [50]);
}

#[test]
fn who_is_down_or_unknown_is_not_paused_and_heal_does_not_resume() {
    let mut world = realistic(2, |_| {});
    world.crash(B);
    let before = world.digest();
    for peer in [B, PeerId(99)] {
        world.pause(peer);
        world.resume(peer);
        assert!(!world.is_paused(peer));
    }
    world.resume(A);
    assert_eq!(world.digest(), before, "nothing happened");
    world.boot(B);
    assert!(!world.is_paused(B));
    world.pause(A);
    world.pause(A);
    world.heal();
    assert!(world.is_paused(A));
    world.resume(A);
    let told = [Disturbance::Paused { peer: A }, Disturbance::Resumed { peer: A }];
    assert_eq!(world.watcher().disturbed, told, "each once");
}

#[test]
fn a_pause_and_a_resume_count_in_the_digest() {
    let digest = |pauses: bool, resumes: bool| {
        let mut world = realistic(2, |_| {});
        if pauses {
            world.pause(A);
        }
        if resumes {
            world.resume(A);
        }
        world.digest()
    };
    assert_ne!(digest(false, false), digest(true, false));
    assert_ne!(digest(true, false), digest(true, true));
}

#[test]
fn a_fork_of_a_world_with_a_paused_peer_goes_on_as_the_original() {
    let mut world = slow_disk();
    world.order(A, Order::Persist(1));
    world.order(A, Order::Sync);
    (1..=3).for_each(|tag| world.call(B, A, tag));
    world.pause(A);
    world.run(20 * MS);
    let mut fork = world.clone();
    for world in [&mut world, &mut fork] {
        world.resume(A);
        world.run(100 * MS);
    }
    assert_eq!(world.digest(), fork.digest());
    assert_eq!(saw(&world, A), saw(&fork, A));
    assert_eq!(fork.puppet(B).replies(), [1, 2, 3]);
}
