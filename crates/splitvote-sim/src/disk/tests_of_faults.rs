//! What a failed sync leaves, what a full disk takes, and what a boot finds of damaged records.

use std::collections::BTreeSet;

use splitvote_peer::{Damage, DiskError, Durable};

use super::*;
use crate::chance::Probability;

/// A record of a ballot if its number is even, else of nothing that is known; damaged, it is 0.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark(u64);

impl Record for Mark {
    fn meaning(&self) -> Durable {
        match self.0 % 2 {
            0 => Durable::Ballot { term: self.0, voted_for: None },
            _ => Durable::Other,
        }
    }
    fn bytes(&self) -> usize {
        1
    }
    fn damaged(&self) -> Option<Self> {
        (self.0 < 100).then_some(Self(0))
    }
}

fn disk(seed: u64, marks: &[u64]) -> Disk<Mark> {
    Disk::new(Seed(seed), PeerId(0), marks.iter().copied().map(Mark).collect())
}

fn numbers<'a>(records: impl Iterator<Item = &'a Mark>) -> Vec<u64> {
    records.map(|mark| mark.0).collect()
}

fn persist(disk: &mut Disk<Mark>, marks: impl IntoIterator<Item = u64>) {
    marks.into_iter().for_each(|mark| disk.persist(Mark(mark)));
}

/// A whole sync: what it made durable, or why it failed.
fn sync(disk: &mut Disk<Mark>) -> Result<Vec<u64>, DiskError> {
    let (sync, _) = disk.sync(&DiskProfile::default());
    match sync.error {
        None => Ok(numbers(disk.synced(&sync))),
        Some(_) => Err(disk.sync_failed(&sync)),
    }
}

fn crash(disk: &mut Disk<Mark>) -> Vec<u64> {
    numbers(disk.crash(Unsynced::Lost))
}

fn boot(disk: &mut Disk<Mark>) -> Option<Vec<u64>> {
    disk.take_out_missing();
    disk.found().map(|found| numbers(found.iter()))
}

const OTHER: RecordPlace = RecordPlace { kind: RecordKind::Any, back: 0 };

#[test]
fn a_failed_sync_leaves_any_prefix_and_tells_of_nothing_before_the_crash() {
    let mut outcomes = BTreeSet::new();
    for seed in 0..200 {
        let mut disk = disk(seed, &[1]);
        persist(&mut disk, 2..=4);
        disk.fail_sync(Some((0, DiskError::Io)));
        assert_eq!(sync(&mut disk), Err(DiskError::Io));
        let survived = crash(&mut disk);
        assert_eq!(numbers(disk.records())[1..], survived, "what survived is told of");
        assert_eq!(boot(&mut disk), Some(numbers(disk.records())), "and nothing is damaged");
        outcomes.insert(survived);
    }
    let prefixes = [vec![], vec![2], vec![2, 3], vec![2, 3, 4]];
    assert_eq!(outcomes, prefixes.into());
}

/// The second sync succeeds, and what the first should have covered is not durable all the same.
#[test]
fn a_second_sync_does_not_cover_what_the_first_has_failed_to() {
    let mut outcomes = BTreeSet::new();
    for seed in 0..200 {
        let mut disk = disk(seed, &[1]);
        persist(&mut disk, 2..=4);
        disk.fail_sync(Some((0, DiskError::Io)));
        assert_eq!(sync(&mut disk), Err(DiskError::Io));
        disk.persist(Mark(5));
        assert_eq!(sync(&mut disk), Ok(vec![5]), "the new record only");
        let survived = crash(&mut disk);
        let found = boot(&mut disk).unwrap();
        let expected: Vec<u64> =
            [2, 3, 4].into_iter().map(|n| if survived.contains(&n) { n } else { 0 }).collect();
        assert_eq!(found, [vec![1], expected, vec![5]].concat(), "a hole of damaged records");
        assert!(!disk.mend(), "which nothing can mend");
        outcomes.insert(survived);
    }
    assert_eq!(outcomes.len(), 4, "any prefix");
}

#[test]
fn what_is_written_behind_a_failed_sync_is_lost_with_it() {
    for seed in 0..50 {
        let mut disk = disk(seed, &[]);
        persist(&mut disk, 1..=9);
        disk.fail_sync(Some((0, DiskError::Io)));
        assert_eq!(sync(&mut disk), Err(DiskError::Io));
        disk.persist(Mark(10));
        numbers(disk.crash(Unsynced::Prefix));
        let found = numbers(disk.records());
        assert_eq!(found, (1..=found.len() as u64).collect::<Vec<_>>(), "no gap");
    }
}

#[test]
fn the_armed_sync_fails_and_no_other() {
    let mut disk = disk(1, &[]);
    disk.fail_sync(Some((2, DiskError::Io)));
    let outcomes: Vec<bool> = (0..5).map(|_| sync(&mut disk).is_ok()).collect();
    assert_eq!(outcomes, [true, true, false, true, true]);
    disk.fail_sync(Some((0, DiskError::Io)));
    crash(&mut disk);
    assert!(!disk.is_to_fail(), "a crash takes it back");
}

#[test]
fn syncs_fail_as_often_as_the_profile_says_and_change_the_time_of_none() {
    let failing = |percent| DiskProfile {
        failing: Probability::percent(percent),
        sync_latency: crate::Latency::Uniform {
            min: std::time::Duration::ZERO,
            max: std::time::Duration::from_millis(9),
        },
        ..DiskProfile::default()
    };
    let run = |percent| {
        let mut disk = disk(1, &[]);
        (0..1_000).map(|_| disk.sync(&failing(percent))).collect::<Vec<_>>()
    };
    let failed = run(20).iter().filter(|(sync, _)| sync.error.is_some()).count();
    assert!((150..250).contains(&failed), "{failed} of 1000");
    let times = |percent| run(percent).iter().map(|(_, time)| *time).collect::<Vec<_>>();
    assert_eq!(times(0), times(20));
}

#[test]
fn a_full_disk_takes_nothing_more_and_says_so_once() {
    let mut disk = disk(1, &[]);
    disk.persist(Mark(1));
    assert!(disk.set_full(true) && !disk.set_full(true));
    assert_eq!(sync(&mut disk), Ok(vec![1]), "there was space for that one");
    disk.persist(Mark(3));
    assert_eq!(sync(&mut disk), Err(DiskError::NoSpace));
    assert_eq!(sync(&mut disk), Ok(vec![]), "and nothing more to say");
    disk.set_full(false);
    disk.persist(Mark(5));
    assert_eq!(sync(&mut disk), Ok(vec![5]), "there is space again");
    crash(&mut disk);
    assert_eq!(boot(&mut disk), Some(vec![1, 0, 5]), "3 was never written");
}

#[test]
fn what_waits_for_space_is_written_when_there_is_some() {
    let mut disk = disk(1, &[]);
    disk.set_full(true);
    disk.persist(Mark(1));
    let (under_way, _) = disk.sync(&DiskProfile::default());
    assert!(disk.fails(&under_way));
    disk.set_full(false);
    assert!(!disk.fails(&under_way));
    assert_eq!(numbers(disk.synced(&under_way)), [1]);
}

#[test]
fn a_crash_finds_nothing_of_what_there_was_no_space_for() {
    for seed in 0..50 {
        let mut disk = disk(seed, &[]);
        disk.persist(Mark(1));
        disk.set_full(true);
        persist(&mut disk, [3, 5]);
        numbers(disk.crash(Unsynced::Prefix));
        assert!(numbers(disk.records()).len() < 2, "{seed}: {:?}", disk.records());
        assert!(disk.is_full(), "and it is still full");
    }
}

#[test]
fn a_damaged_record_is_told_until_it_is_mended() {
    let mut disk = disk(1, &[1, 2, 3, 4, 5]);
    let newest_ballot = RecordPlace { kind: RecordKind::Ballot, back: 0 };
    assert!(disk.rot(newest_ballot, Damage::Told) && disk.can_be_mended());
    assert!(disk.rot(OTHER, Damage::Told));
    assert_eq!(boot(&mut disk), Some(vec![1, 2, 3, 0, 0]));
    assert_eq!(boot(&mut disk), Some(vec![1, 2, 3, 0, 0]), "as often as it boots");
    assert!(disk.rot(newest_ballot, Damage::Told), "the newest that is whole");
    assert!(!disk.rot(newest_ballot, Damage::Told), "there is no third");
    assert_eq!(boot(&mut disk), Some(vec![1, 0, 3, 0, 0]));
    assert!(disk.mend());
    assert_eq!(boot(&mut disk), Some(vec![1, 2, 3, 4, 5]));
}

#[test]
fn only_what_is_durable_rots() {
    let mut disk = disk(1, &[1]);
    disk.persist(Mark(2));
    assert!(disk.rot(OTHER, Damage::Told));
    assert!(!disk.rot(OTHER, Damage::Told), "2 is not durable");
    sync(&mut disk).unwrap();
    assert_eq!(boot(&mut disk), Some(vec![0, 2]));
}

#[test]
fn a_raft_that_cannot_look_at_damage_finds_nothing() {
    let mut disk = disk(1, &[1, 101]);
    assert!(disk.rot(OTHER, Damage::Told));
    assert_eq!(boot(&mut disk), None);
    disk.mend();
    assert_eq!(boot(&mut disk), Some(vec![1, 101]));
}

#[test]
fn what_nothing_tells_of_is_gone_at_the_boot_and_mended_only_before() {
    let mut disk = disk(1, &[1, 2, 3, 4, 5]);
    let back = |back| RecordPlace { kind: RecordKind::Any, back };
    assert!(disk.rot(back(3), Damage::Untold) && disk.mend());
    assert_eq!(boot(&mut disk), Some(vec![1, 2, 3, 4, 5]));
    assert!(disk.rot(back(0), Damage::Told) && disk.rot(back(2), Damage::Untold));
    assert!(disk.rot(back(0), Damage::Untold));
    assert_eq!(boot(&mut disk), Some(vec![1, 3, 0]), "2 and 4 are gone");
    assert_eq!(disk.bytes(), 3);
    assert!(disk.mend());
    assert_eq!(boot(&mut disk), Some(vec![1, 3, 5]));
    persist(&mut disk, [7]);
    assert_eq!(sync(&mut disk), Ok(vec![7]));
    disk.compact(2);
    disk.forget();
    assert_eq!(boot(&mut disk), Some(vec![5, 7]), "numbered anew");
}

#[test]
fn what_is_forgotten_is_not_damaged_any_more() {
    let mut disk = disk(1, &[1, 2, 3]);
    assert!(disk.rot(RecordPlace { kind: RecordKind::Any, back: 2 }, Damage::Told));
    disk.compact(2);
    disk.forget();
    assert!(!disk.can_be_mended());
    assert_eq!(boot(&mut disk), Some(vec![2, 3]));
}
