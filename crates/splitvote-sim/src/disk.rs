//! A peer's disk: a log of typed records with an explicit sync (design, decision 6).
//!
//! A crash keeps all that was synced, and of the rest what the profile says.

use crate::chance::{Seed, Stream, StreamId};
use crate::latency::Latency;
use splitvote_peer::PeerId;

/// How disks behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiskProfile {
    /// How long a sync takes.
    pub sync_latency: Latency,
    /// What a crash keeps of the records that were not synced.
    pub unsynced: Unsynced,
}

impl Default for DiskProfile {
    /// A sync takes no time, as the lab's persister, and what was not synced is lost.
    fn default() -> Self {
        Self { sync_latency: Latency::NONE, unsynced: Unsynced::Lost }
    }
}

/// What a crash keeps of the records that were persisted but not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsynced {
    /// Nothing.
    Lost,
    /// A prefix of a drawn length.
    Prefix,
}

/// One peer's disk.
#[derive(Clone, Debug)]
pub(crate) struct Disk<R> {
    records: Vec<R>,
    /// How many records were forgotten before the first of `records`.
    forgotten: u64,
    /// The number of records, forgotten ones included, that are durable.
    durable: u64,
    stream: Stream,
}

impl<R> Disk<R> {
    pub(crate) fn new(seed: Seed, peer: PeerId, records: Vec<R>) -> Self {
        let durable = records.len() as u64;
        Self { records, forgotten: 0, durable, stream: Stream::new(seed, StreamId::Disk(peer)) }
    }

    /// All that is written, durable or not. After a crash: all that survived.
    pub(crate) fn records(&self) -> &[R] {
        &self.records
    }

    pub(crate) fn persist(&mut self, record: R) {
        self.records.push(record);
    }

    /// Starts a sync: how many records it covers, and how many nanoseconds it takes.
    pub(crate) fn sync(&mut self, profile: &DiskProfile) -> (u64, u64) {
        let word = self.stream.word();
        let covers = self.forgotten + self.records.len() as u64;
        (covers, profile.sync_latency.nanos(word))
    }

    /// A sync that covers so many records has completed: the records that it made durable.
    pub(crate) fn synced(&mut self, covers: u64) -> &[R] {
        let from = self.durable.max(self.forgotten);
        self.durable = self.durable.max(covers);
        let place = |number: u64| ((number - self.forgotten) as usize).min(self.records.len());
        &self.records[place(from)..place(self.durable.max(from))]
    }

    /// Forgets all records but the last `keep`. What is forgotten must have been replaced by a
    /// record that is kept, so forgetting takes effect together with the next sync; until then a
    /// crash would need the old records, and they stay.
    pub(crate) fn compact(&mut self, keep: usize) {
        let droppable = self.records.len().saturating_sub(keep);
        let durable_here = self.durable.saturating_sub(self.forgotten) as usize;
        let dropped = if durable_here > droppable { droppable } else { 0 };
        self.records.drain(..dropped);
        self.forgotten += dropped as u64;
    }

    /// The power fails: what was not synced is lost as the profile says. Two words, always.
    pub(crate) fn crash(&mut self, unsynced: Unsynced) {
        let durable_here = self.durable.saturating_sub(self.forgotten) as usize;
        let at_risk = self.records.len().saturating_sub(durable_here) as u64;
        let prefix = self.stream.between(0, at_risk) as usize;
        let kept = match unsynced {
            Unsynced::Lost => 0,
            Unsynced::Prefix => prefix,
        };
        self.records.truncate(durable_here + kept);
        self.durable = self.forgotten + self.records.len() as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk(records: Vec<u32>) -> Disk<u32> {
        Disk::new(Seed(1), PeerId(0), records)
    }

    #[test]
    fn a_crash_keeps_what_was_synced_and_loses_the_rest() {
        let mut disk = disk(vec![]);
        disk.persist(1);
        let (covers, _) = disk.sync(&DiskProfile::default());
        disk.persist(2);
        assert_eq!(disk.synced(covers), [1]);
        disk.crash(Unsynced::Lost);
        assert_eq!(disk.records(), [1]);
    }

    #[test]
    fn a_sync_under_way_at_the_crash_made_nothing_durable() {
        let mut disk = disk(vec![7]);
        disk.persist(8);
        disk.sync(&DiskProfile::default());
        disk.crash(Unsynced::Lost);
        assert_eq!(disk.records(), [7]);
    }

    #[test]
    fn a_prefix_of_the_unsynced_records_may_survive() {
        let mut lengths = std::collections::BTreeSet::new();
        let mut disk = disk(vec![]);
        for _ in 0..50 {
            (0..3).for_each(|record| disk.persist(record));
            let before = disk.records().len() - 3;
            disk.crash(Unsynced::Prefix);
            lengths.insert(disk.records().len() - before);
        }
        assert_eq!(lengths.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3]);
    }

    #[test]
    fn records_are_forgotten_only_when_what_replaces_them_is_durable() {
        let mut disk = disk(vec![1, 2, 3]);
        disk.persist(4);
        disk.compact(1);
        assert_eq!(disk.records(), [1, 2, 3, 4], "4 is not durable yet");
        let (covers, _) = disk.sync(&DiskProfile::default());
        assert_eq!(disk.synced(covers), [4]);
        disk.compact(1);
        assert_eq!(disk.records(), [4]);
        disk.persist(5);
        let (covers, _) = disk.sync(&DiskProfile::default());
        assert_eq!(disk.synced(covers), [5]);
        disk.crash(Unsynced::Lost);
        assert_eq!(disk.records(), [4, 5]);
    }
}
