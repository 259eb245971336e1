//! What a crash keeps, what a sync covers, and what a compaction forgets.

use std::collections::BTreeSet;
use std::time::Duration;

use splitvote_peer::Durable;

use super::*;
use crate::chance::Probability;
use crate::latency::Latency;

/// A record of as many bytes as its number; torn, it is a record of none.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark(u32);

impl Record for Mark {
    fn meaning(&self) -> Durable {
        Durable::Other
    }
    fn bytes(&self) -> usize {
        self.0 as usize
    }
    fn torn(&self) -> Option<Self> {
        (self.0 != 3).then_some(Self(0))
    }
}

fn disk(marks: &[u32]) -> Disk<Mark> {
    Disk::new(Seed(1), PeerId(0), marks.iter().copied().map(Mark).collect())
}

fn marks<'a>(records: impl Iterator<Item = &'a Mark>) -> Vec<u32> {
    records.map(|mark| mark.0).collect()
}

fn persist(disk: &mut Disk<Mark>, marks: impl IntoIterator<Item = u32>) {
    marks.into_iter().for_each(|mark| disk.persist(Mark(mark)));
}

/// A whole sync; what it made durable.
fn sync(disk: &mut Disk<Mark>) -> Vec<u32> {
    let (sync, _) = disk.sync(&DiskProfile::default());
    let durable = marks(disk.synced(&sync));
    disk.forget();
    durable
}

/// A crash; what survived it that was not synced.
fn crash(disk: &mut Disk<Mark>, unsynced: Unsynced) -> Vec<u32> {
    marks(disk.crash(unsynced))
}

/// What is left of the records 2, 3, 4 behind the synced record 1, over many crashes.
fn outcomes(unsynced: Unsynced) -> BTreeSet<Vec<u32>> {
    let outcome = |seed| {
        let mut disk = Disk::new(Seed(seed), PeerId(0), vec![Mark(1)]);
        persist(&mut disk, 2..=4);
        let survived = crash(&mut disk, unsynced);
        let all = marks(disk.records());
        assert_eq!(survived, all[1..], "what survived is said to be durable");
        assert_eq!(disk.bytes(), all.iter().map(|mark| u64::from(*mark)).sum::<u64>());
        all
    };
    (0..200).map(outcome).collect()
}

const PREFIXES: [&[u32]; 4] = [&[1], &[1, 2], &[1, 2, 3], &[1, 2, 3, 4]];
/// Record 3 leaves nothing behind when it is torn.
const TORN: [&[u32]; 2] = [&[1, 0], &[1, 2, 3, 0]];

fn set(outcomes: &[&[u32]]) -> BTreeSet<Vec<u32>> {
    outcomes.iter().map(|outcome| outcome.to_vec()).collect()
}

#[test]
fn a_crash_keeps_what_was_synced_and_of_the_rest_what_the_profile_says() {
    assert_eq!(outcomes(Unsynced::Lost), set(&PREFIXES[..1]));
    assert_eq!(outcomes(Unsynced::Prefix), set(&PREFIXES));
    assert_eq!(outcomes(Unsynced::Torn), set(&[&PREFIXES[..], &TORN].concat()));
    assert_eq!(outcomes(Unsynced::Varied), outcomes(Unsynced::Torn));
}

/// Nothing survives in a third of all crashes, and in a quarter of the rest.
#[test]
fn varied_crashes_are_a_third_each() {
    let outcome = |seed, unsynced| {
        let mut disk = Disk::new(Seed(seed), PeerId(0), vec![]);
        persist(&mut disk, 2..=4);
        crash(&mut disk, unsynced)
    };
    let count = |matches: &dyn Fn(&[u32]) -> bool| {
        (0..6_000).filter(|seed| matches(&outcome(*seed, Unsynced::Varied))).count()
    };
    let torn = count(&|outcome| outcome.last() == Some(&0));
    assert!((440..560).contains(&torn), "a third, half of these, half of these: {torn}");
    let nothing = count(&<[u32]>::is_empty);
    assert!((2_630..2_870).contains(&nothing), "1/3 + 1/3 * 1/4 + 1/3 * 1/8: {nothing}");
}

/// Otherwise a crash would change what later syncs and crashes draw.
#[test]
fn every_crash_draws_as_much() {
    let next = |unsynced, at_risk| {
        let mut disk = disk(&[]);
        persist(&mut disk, 0..at_risk);
        crash(&mut disk, unsynced);
        disk.stream.word()
    };
    let all = [Unsynced::Lost, Unsynced::Prefix, Unsynced::Torn, Unsynced::Varied];
    let words: BTreeSet<u32> =
        all.into_iter().flat_map(|unsynced| [next(unsynced, 0), next(unsynced, 9)]).collect();
    assert_eq!(words.len(), 1);
}

#[test]
fn a_sync_under_way_at_the_crash_made_nothing_durable() {
    let mut disk = disk(&[7]);
    disk.persist(Mark(8));
    disk.sync(&DiskProfile::default());
    crash(&mut disk, Unsynced::Lost);
    assert_eq!(marks(disk.records()), [7]);
}

#[test]
fn a_sync_that_lies_takes_its_time_and_makes_nothing_durable() {
    let lying = DiskProfile { lying: Probability::CERTAIN, ..DiskProfile::default() };
    let mut disk = disk(&[]);
    disk.persist(Mark(1));
    let (lie, _) = disk.sync(&lying);
    assert_eq!(marks(disk.synced(&lie)), []);
    disk.persist(Mark(2));
    assert_eq!(sync(&mut disk), [1, 2], "the next honest sync covers both");
    disk.persist(Mark(3));
    disk.sync(&lying);
    crash(&mut disk, Unsynced::Lost);
    assert_eq!(marks(disk.records()), [1, 2]);
}

#[test]
fn a_slow_sync_changes_the_time_of_no_other() {
    let [quick, slow] = [(1, 10), (100, 200)].map(|(min, max)| Latency::Uniform {
        min: Duration::from_millis(min),
        max: Duration::from_millis(max),
    });
    let times = |percent| {
        let slow_sync = SlowSync { probability: Probability::percent(percent), latency: slow };
        let profile = DiskProfile { sync_latency: quick, slow_sync, ..DiskProfile::default() };
        let mut disk = disk(&[]);
        (0..1_000).map(|_| disk.sync(&profile).1 / 1_000_000).collect::<Vec<_>>()
    };
    let (never, some) = (times(0), times(20));
    let slow = some.iter().filter(|ms| (100..=200).contains(*ms)).count();
    assert!((150..250).contains(&slow), "{slow} of 1000");
    assert!(never.iter().zip(&some).all(|(never, some)| never == some || *some >= 100));
}

#[test]
fn records_are_forgotten_only_when_what_replaces_them_is_durable() {
    let mut disk = disk(&[1, 2, 3]);
    disk.persist(Mark(4));
    disk.compact(1);
    assert_eq!(marks(disk.records()), [1, 2, 3, 4], "4 is not durable yet");
    disk.persist(Mark(5));
    assert_eq!(sync(&mut disk), [4, 5]);
    assert_eq!(marks(disk.records()), [4, 5], "it is now");
    disk.compact(1);
    assert_eq!(marks(disk.records()), [5], "what is durable already replaces at once");
    disk.persist(Mark(6));
    assert_eq!(sync(&mut disk), [6]);
    crash(&mut disk, Unsynced::Lost);
    assert_eq!(marks(disk.records()), [5, 6]);
}

#[test]
fn a_crash_takes_back_a_compaction_that_waits() {
    let mut disk = disk(&[1, 2, 3]);
    disk.persist(Mark(4));
    disk.compact(1);
    crash(&mut disk, Unsynced::Lost);
    persist(&mut disk, [5, 6]);
    sync(&mut disk);
    assert_eq!(marks(disk.records()), [1, 2, 3, 5, 6]);
}

#[test]
fn a_compaction_may_ask_for_all_or_for_more_than_there_is() {
    let mut disk = disk(&[1, 2]);
    disk.compact(5);
    assert_eq!(marks(disk.records()), [1, 2]);
    disk.compact(0);
    assert_eq!(marks(disk.records()), [1, 2], "nothing replaces them");
    disk.persist(Mark(3));
    sync(&mut disk);
    assert_eq!(marks(disk.records()), [3]);
}

#[test]
fn bytes_are_counted_as_they_come_and_go() {
    let mut disk = disk(&[10, 20]);
    let peak = |bytes, records| Peak { bytes, records };
    assert_eq!((disk.bytes(), disk.peak()), (30, peak(30, 2)));
    disk.persist(Mark(5));
    sync(&mut disk);
    disk.compact(1);
    assert_eq!((disk.bytes(), disk.peak()), (5, peak(35, 3)));
    disk.reset_peak();
    assert_eq!(disk.peak(), peak(5, 1));
    disk.persist(Mark(7));
    crash(&mut disk, Unsynced::Lost);
    assert_eq!((disk.bytes(), disk.peak()), (5, peak(12, 2)));
}

/// A log that is written and compacted all the time stays as short as it is.
#[test]
fn a_disk_in_steady_state_does_not_grow() {
    let mut disk = disk(&[]);
    for round in 0..100_000 {
        disk.persist(Mark(round % 5));
        sync(&mut disk);
        disk.compact(100);
    }
    assert_eq!(disk.records().len(), 100);
    assert!(disk.records.capacity() <= 256, "{}", disk.records.capacity());
    assert_eq!(disk.found().map(|found| found.len()), Some(100));
}
