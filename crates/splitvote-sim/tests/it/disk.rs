//! Disks through the world: what a crash keeps, and when a sync is over.

use crate::common::*;
use splitvote_peer::{PeerId, PeerSet, SimTime, SyncId};
use splitvote_sim::{DiskProfile, Latency, Seed, Unsynced, WorldConfig};

fn with(sync_latency: Latency, unsynced: Unsynced) -> Stage {
    let disk = DiskProfile { sync_latency, unsynced, ..DiskProfile::default() };
    stage(&WorldConfig { disk, ..WorldConfig::new(2, Seed(1)) })
}

fn slow() -> Stage {
    with(Latency::Constant(5 * MS), Unsynced::Lost)
}

/// What the present life of a peer found on its disk.
fn survived(world: &Stage, peer: PeerId) -> Vec<u64> {
    let saw = world.puppet(peer).saw.iter();
    saw.filter_map(|(_, saw)| if let Saw::Survived(r) = saw { Some(r.clone()) } else { None })
        .next()
        .unwrap_or_default()
}

fn restart(world: &mut Stage, peer: PeerId) -> Vec<u64> {
    world.crash(peer);
    assert!(world.peer(peer).is_none() && world.view(peer).is_none());
    world.boot(peer);
    survived(world, peer)
}

#[test]
fn a_crash_keeps_what_was_synced_and_loses_the_rest() {
    let mut world = slow();
    world.order(A, Order::Persist(1));
    world.order(A, Order::Persist(2));
    world.order(A, Order::Sync);
    world.order(A, Order::Persist(3));
    world.run(5 * MS);
    assert_eq!(world.puppet(A).saw[1].1, Saw::Synced(SyncId(1)));
    assert_eq!(world.disk(A).len(), 3);
    assert_eq!(restart(&mut world, A), [1, 2]);
    assert_eq!(world.disk(A).len(), 2);
}

#[test]
fn a_sync_under_way_at_the_crash_makes_nothing_durable_and_is_never_reported() {
    let mut world = slow();
    world.order(A, Order::Persist(1));
    world.order(A, Order::Sync);
    world.run(4 * MS);
    assert_eq!(restart(&mut world, A), []);
    world.run(100 * MS);
    assert_eq!(world.puppet(A).saw.len(), 1, "only the boot");
    assert!(world.watcher().durable.is_empty());
}

/// Counterexample 1 of `splitvote_sim`'s disk: no disk says that a later record is durable while it hangs on an
/// earlier one.
#[test]
fn no_sync_overtakes_one_that_hangs() {
    let mut world = slow();
    let hangs =
        DiskProfile { sync_latency: Latency::Constant(3_600_000 * MS), ..DiskProfile::default() };
    let quick = world.disk_profile();
    world.set_disk(hangs);
    world.order(A, Order::Persist(1));
    world.order(A, Order::Sync);
    world.set_disk(quick);
    world.order(A, Order::Persist(2));
    world.order(A, Order::Sync);
    world.order(B, Order::Persist(3));
    world.order(B, Order::Sync);
    world.run(100 * MS);
    assert_eq!(world.puppet(A).saw.len(), 1, "only the boot");
    assert_eq!(world.puppet(B).saw[1].1, Saw::Synced(SyncId(1)), "another disk");
    // A power failure ends what hung, too.
    assert_eq!(restart(&mut world, A), []);
    world.order(A, Order::Persist(4));
    world.order(A, Order::Sync);
    world.run(5 * MS);
    assert_eq!(world.puppet(A).saw[1].1, Saw::Synced(SyncId(1)));
}

#[test]
fn several_syncs_under_way_each_cover_what_came_before_them() {
    let mut world = slow();
    for record in 1..=3 {
        world.order(A, Order::Persist(record));
        world.order(A, Order::Sync);
        world.run(MS);
    }
    world.run(2 * MS);
    assert_eq!(world.watcher().durable, [(SimTime::ZERO + 5 * MS, A, 1)]);
    world.run(MS);
    assert_eq!(restart(&mut world, A), [1, 2]);
}

/// A later sync may be faster than an earlier one; what it covers includes the earlier's records,
/// and each record becomes durable once.
#[test]
fn a_sync_that_overtakes_another_covers_its_records() {
    let mut world = with(Latency::Uniform { min: MS, max: 50 * MS }, Unsynced::Lost);
    for record in 0..100 {
        world.order(A, Order::Persist(record));
        world.order(A, Order::Sync);
    }
    world.run(50 * MS);
    let durable: Vec<u64> = world.watcher().durable.iter().map(|(.., record)| *record).collect();
    assert_eq!(durable, (0..100).collect::<Vec<_>>());
    let syncs = world.puppet(A).saw.iter().filter(|(_, saw)| matches!(saw, Saw::Synced(_)));
    assert_eq!(syncs.count(), 100);
}

#[test]
fn a_sync_takes_its_time_and_is_never_over_within_the_step() {
    for (latency, at) in [(Latency::NONE, 0), (Latency::Constant(5 * MS), 5)] {
        let mut world = with(latency, Unsynced::Lost);
        world.order(A, Order::Persist(1));
        world.order(A, Order::Sync);
        assert_eq!(world.puppet(A).saw.len(), 1, "not within the step");
        world.run(100 * MS);
        assert_eq!(ms(world.puppet(A).saw[1].0), at);
    }
}

#[test]
fn under_the_prefix_profile_a_crash_keeps_any_prefix_of_the_rest() {
    let mut kept = std::collections::BTreeSet::new();
    for seed in 0..60 {
        let disk = DiskProfile { unsynced: Unsynced::Prefix, ..DiskProfile::default() };
        let mut world = stage(&WorldConfig { disk, ..WorldConfig::new(1, Seed(seed)) });
        world.order(A, Order::Persist(1));
        world.order(A, Order::Sync);
        world.run(MS);
        (2..=4).for_each(|record| world.order(A, Order::Persist(record)));
        kept.insert(restart(&mut world, A));
    }
    let expected = [vec![1], vec![1, 2], vec![1, 2, 3], vec![1, 2, 3, 4]];
    assert_eq!(kept.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn what_survived_one_crash_survives_the_next() {
    let mut world = with(Latency::NONE, Unsynced::Prefix);
    (1..=8).for_each(|record| world.order(A, Order::Persist(record)));
    let first = restart(&mut world, A);
    assert_eq!(restart(&mut world, A), first);
}

#[test]
fn a_disk_may_be_given_at_the_start() {
    let config = WorldConfig::new(2, Seed(1));
    let records = |peer: PeerId| if peer == A { vec![Mark(7)] } else { vec![] };
    let mut world = Stage::with_disks(&config, &(), Tape::default(), records).unwrap();
    assert_eq!(survived(&world, A), [7]);
    assert_eq!(restart(&mut world, A), [7], "it counts as synced");
    assert_eq!(survived(&world, B), []);
}

#[test]
fn what_a_crash_leaves_on_the_disk_is_durable_from_then_on() {
    let disk = DiskProfile { unsynced: Unsynced::Torn, ..DiskProfile::default() };
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..60 {
        let mut world = stage(&WorldConfig { disk, ..WorldConfig::new(1, Seed(seed)) });
        (1..=3).for_each(|record| world.order(A, Order::Persist(record)));
        let survived = restart(&mut world, A);
        let durable = world.watcher().durable.iter().map(|(.., record)| *record);
        assert_eq!(durable.collect::<Vec<_>>(), survived);
        assert_eq!(restart(&mut world, A), survived);
        assert_eq!(world.watcher().durable.len(), survived.len(), "each is told once");
        seen.insert(survived);
    }
    assert!(seen.contains(&vec![1, TORN]) && seen.contains(&vec![1, 2, 3]), "{seen:?}");
}

#[test]
fn a_disk_that_lies_loses_what_it_said_was_durable() {
    let disk = DiskProfile { lying: percent(100), ..DiskProfile::default() };
    let mut world = stage(&WorldConfig { disk, ..WorldConfig::new(1, Seed(1)) });
    world.order(A, Order::Persist(1));
    world.order(A, Order::Sync);
    world.run(MS);
    assert_eq!(world.puppet(A).saw[1].1, Saw::Synced(SyncId(1)), "so it says");
    assert!(world.watcher().durable.is_empty(), "so it is");
    assert_eq!(restart(&mut world, A), []);
}

#[test]
fn only_the_disks_of_liars_lie() {
    let liars = PeerSet::from_iter([B]);
    let disk = DiskProfile { lying: percent(100), liars, ..DiskProfile::default() };
    let mut world = stage(&WorldConfig { disk, ..WorldConfig::new(2, Seed(1)) });
    for peer in [A, B] {
        world.order(peer, Order::Persist(1));
        world.order(peer, Order::Sync);
    }
    world.run(MS);
    let durable = world.watcher().durable.iter().map(|(_, peer, _)| *peer);
    assert_eq!(durable.collect::<Vec<_>>(), [A]);
}

#[test]
fn an_honest_sync_makes_durable_what_a_lie_did_not() {
    let disk = DiskProfile { lying: percent(50), ..DiskProfile::default() };
    let mut world = stage(&WorldConfig { disk, ..WorldConfig::new(1, Seed(1)) });
    for record in 0..100 {
        world.order(A, Order::Persist(record));
        world.order(A, Order::Sync);
        world.run(MS);
    }
    let instants = world.watcher().durable.iter().map(|(at, ..)| *at);
    let honest = instants.collect::<std::collections::BTreeSet<_>>().len();
    assert!((30..70).contains(&honest), "{honest} of 100");
    let durable = world.watcher().durable.iter().map(|(.., record)| *record).collect::<Vec<_>>();
    assert_eq!(durable, (0..durable.len() as u64).collect::<Vec<_>>(), "each once, in order");
}

#[test]
fn a_compaction_that_waits_takes_effect_with_the_sync() {
    let mut world = slow();
    world.order(A, Order::Persist(1));
    world.order(A, Order::Sync);
    world.run(5 * MS);
    world.order(A, Order::Save { to: B, record: 2 });
    assert_eq!(world.disk(A).len(), 2);
    assert_eq!((world.raft_state_bytes(A), world.raft_state_peak(A).bytes), (16, 16));
    world.run(5 * MS);
    assert_eq!(world.disk(A).map(|mark| mark.0).collect::<Vec<_>>(), [2]);
    assert_eq!((world.raft_state_bytes(A), world.raft_state_peak(A).bytes), (8, 16));
    world.reset_raft_state_peaks();
    assert_eq!(world.raft_state_peak(A).bytes, 8);
    assert_eq!(world.raft_state_bytes(PeerId(99)), 0);
}
