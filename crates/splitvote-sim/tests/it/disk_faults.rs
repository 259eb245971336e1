//! Disks that fail and rot, through the world: what the peer is told, and whether it starts again.

use crate::common::*;
use splitvote_peer::{Damage, DiskError, DiskTrouble, PeerId, SimTime, SyncId};
use splitvote_sim::{
    DiskProfile, Disturbance, Latency, RecordKind, RecordPlace, Seed, WorldConfig,
};

fn slow() -> Stage {
    let disk = DiskProfile { sync_latency: Latency::Constant(5 * MS), ..DiskProfile::default() };
    stage(&WorldConfig { disk, ..WorldConfig::new(2, Seed(1)) })
}

fn saw(world: &Stage, peer: PeerId) -> Vec<Saw> {
    world.puppet(peer).saw.iter().map(|(_, saw)| saw.clone()).collect()
}

fn troubles(world: &Stage) -> Vec<DiskTrouble> {
    let disturbed = world.watcher().disturbed.iter();
    disturbed
        .filter_map(|what| match what {
            Disturbance::DiskTrouble { peer: A, trouble } => Some(*trouble),
            _ => None,
        })
        .collect()
}

fn write(world: &mut Stage, record: u64) {
    world.order(A, Order::Persist(record));
    world.order(A, Order::Sync);
}

const NEWEST: RecordPlace = RecordPlace { kind: RecordKind::Any, back: 0 };

#[test]
fn a_peer_is_told_of_a_failed_sync_in_its_time_and_stops() {
    let mut world = slow();
    world.fail_sync(A, 1, DiskError::Io);
    assert!(world.is_armed(A));
    write(&mut world, 2);
    write(&mut world, 4);
    assert!(world.is_armed(A), "the second sync is under way, and to fail");
    world.run(5 * MS);
    assert!(world.peer(A).is_none());
    assert_eq!(world.watcher().crashed, [(SimTime::ZERO + 5 * MS, A)]);
    let told = [
        DiskTrouble::WillFail { after: 1, error: DiskError::Io },
        DiskTrouble::SyncFailed(DiskError::Io),
        DiskTrouble::Stopped,
    ];
    assert_eq!(troubles(&world), told);
    world.run(100 * MS);
    assert_eq!(world.puppet(B).notes(), [1], "what it did before it stopped, and no more");
    world.boot(A);
    let Some(Saw::Survived(found)) = saw(&world, A).first().cloned() else { panic!("no boot") };
    assert!(found == [2] || found == [2, 4], "{found:?}");
}

#[test]
fn all_syncs_under_way_fail_with_the_first() {
    let mut world = slow();
    world.order(A, Order::GoOn);
    world.fail_sync(A, 0, DiskError::Io);
    write(&mut world, 2);
    world.run(3 * MS);
    write(&mut world, 4);
    world.run(3 * MS);
    write(&mut world, 6);
    world.run(20 * MS);
    let told = &saw(&world, A)[1..];
    let failed = |sync| Saw::SyncFailed(SyncId(sync), DiskError::Io);
    assert_eq!(told, [failed(1), failed(2), Saw::Synced(SyncId(3))]);
    let durable: Vec<u64> = world.watcher().durable.iter().map(|(.., record)| *record).collect();
    assert_eq!(durable, [6], "and what they covered is not durable with the third");
    assert!(!world.is_syncing(A));
}

#[test]
fn a_paused_peer_hears_of_a_failed_sync_when_it_resumes() {
    let mut world = slow();
    world.fail_sync(A, 0, DiskError::Io);
    write(&mut world, 2);
    world.pause(A);
    world.run(50 * MS);
    assert!(world.peer(A).is_some());
    world.resume(A);
    world.run(MS);
    assert!(world.peer(A).is_none());
}

/// In a calm nothing fails any more that was to fail before.
#[test]
fn a_failure_under_way_can_be_taken_back() {
    for pauses in [false, true] {
        let mut world = slow();
        world.fail_sync(A, 0, DiskError::Io);
        write(&mut world, 2);
        if pauses {
            world.pause(A);
            world.run(50 * MS);
        }
        assert!(world.is_armed(A));
        world.disarm(A);
        assert!(!world.is_armed(A));
        world.resume(A);
        world.run(50 * MS);
        assert_eq!(saw(&world, A)[1..], [Saw::Synced(SyncId(1))], "paused: {pauses}");
        assert_eq!(world.watcher().durable.len(), 1);
    }
}

#[test]
fn a_full_disk_fails_syncs_until_it_has_space_again() {
    let mut world = slow();
    world.order(A, Order::GoOn);
    world.fill_disk(A);
    assert!(world.is_disk_full(A) && !world.is_disk_full(B));
    write(&mut world, 2);
    world.run(5 * MS);
    assert_eq!(saw(&world, A)[1], Saw::SyncFailed(SyncId(1), DiskError::NoSpace));
    world.crash(A);
    world.boot(A);
    assert!(world.is_disk_full(A), "a restart makes no space");
    world.free_disk(A);
    write(&mut world, 4);
    world.run(5 * MS);
    assert_eq!(saw(&world, A)[1], Saw::Synced(SyncId(1)));
    assert_eq!(world.disk(A).map(|mark| mark.0).collect::<Vec<_>>(), [4]);
}

#[test]
fn a_peer_that_stops_at_its_boot_stays_down() {
    let mut world = slow();
    [2, 4, 6].into_iter().for_each(|record| write(&mut world, record));
    world.run(5 * MS);
    world.rot(A, NEWEST, Damage::Told);
    world.crash(A);
    world.boot(A);
    assert_eq!(saw(&world, A), [Saw::Survived(vec![2, 4, DAMAGED])], "one is none of its concern");
    world.rot(A, NEWEST, Damage::Told);
    world.crash(A);
    world.boot(A);
    assert!(world.peer(A).is_none() && world.is_disk_rotten(A));
    assert_eq!(troubles(&world).last(), Some(&DiskTrouble::Stopped));
    world.run(100 * MS);
    world.mend_disk(A);
    world.boot(A);
    assert_eq!(saw(&world, A), [Saw::Survived(vec![2, 4, 6])]);
}

#[test]
fn a_raft_that_cannot_look_at_a_damaged_record_is_not_even_started() {
    let mut world = slow();
    write(&mut world, 3);
    world.run(5 * MS);
    world.crash(A);
    world.rot(A, NEWEST, Damage::Told);
    world.boot(A);
    assert!(world.peer(A).is_none());
    world.mend_disk(A);
    world.boot(A);
    assert_eq!(saw(&world, A), [Saw::Survived(vec![3])]);
}

#[test]
fn of_untold_damage_the_watcher_hears_and_the_peer_does_not() {
    let mut world = slow();
    [2, 4].into_iter().for_each(|record| write(&mut world, record));
    world.run(5 * MS);
    world.rot(A, NEWEST, Damage::Untold);
    world.crash(A);
    world.boot(A);
    assert_eq!(saw(&world, A), [Saw::Survived(vec![2])]);
    let expected = [DiskTrouble::Rotten(Damage::Untold), DiskTrouble::Missing];
    assert_eq!(troubles(&world), expected);
}

#[test]
fn what_befalls_a_disk_counts() {
    let digest = |act: fn(&mut Stage)| {
        let mut world = slow();
        write(&mut world, 2);
        world.run(5 * MS);
        act(&mut world);
        world.digest()
    };
    let digests = [
        digest(|_| {}),
        digest(|world| world.fail_sync(A, 0, DiskError::Io)),
        digest(|world| world.fail_sync(A, 1, DiskError::Io)),
        digest(|world| world.fail_sync(A, 0, DiskError::NoSpace)),
        digest(|world| {
            world.fail_sync(A, 0, DiskError::Io);
            world.disarm(A);
        }),
        digest(|world| world.fill_disk(A)),
        digest(|world| {
            world.fill_disk(A);
            world.free_disk(A);
        }),
        digest(|world| world.rot(A, NEWEST, Damage::Told)),
        digest(|world| world.rot(A, NEWEST, Damage::Untold)),
        digest(|world| {
            world.rot(A, NEWEST, Damage::Told);
            world.mend_disk(A);
        }),
    ];
    let different: std::collections::BTreeSet<u64> = digests.into_iter().collect();
    assert_eq!(different.len(), digests.len());
}
