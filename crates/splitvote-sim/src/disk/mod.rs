//! A peer's disk: a log of typed records with an explicit sync (design, decision 6).
//!
//! A crash keeps all that was synced, and of the rest what the profile says. Records are numbered
//! from the first that was ever written, so that a sync or a compaction under way means the same
//! records whatever is written or forgotten meanwhile.
//!
//! Syncs complete in the order in which they were begun: one that takes long holds up those behind it.
//! 1. Suppose a sync of records 4 to 6 hangs, and the peer writes record 7 and syncs again.
//! 2. If the second sync completed first, it would say that all up to 7 is durable.
//! 3. No disk says so while it hangs on 4.
//!
//! A compaction asked for takes effect once the first record that it keeps is durable:
//! 1. Suppose a peer writes its state out anew, behind all older records, and asks to forget these.
//! 2. The power fails before the next sync. What was written anew is lost.
//! 3. Had the older records been forgotten at once, the disk would be empty.

mod failing;
mod profile;
mod rot;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_faults;

use std::collections::VecDeque;

use splitvote_peer::{DiskError, PeerId, Record};

use crate::chance::{Probability, Seed, Stream, StreamId, scale, scale_word};
pub(crate) use failing::Sync;
use failing::{Failing, Holes};
pub use profile::{DiskProfile, SlowSync, Unsynced};
use rot::Rot;
pub use rot::{RecordKind, RecordPlace};

/// How many records a disk has room for before it grows.
const ROOM: usize = 64;

/// One peer's disk.
#[derive(Clone, Debug)]
pub(crate) struct Disk<R> {
    records: VecDeque<R>,
    /// The number of the first of `records`: as many were forgotten before it.
    first: u64,
    /// All records with a lower number are durable.
    durable: u64,
    /// All records with a lower number are to be forgotten.
    unwanted: u64,
    /// The sizes of `records`, added up.
    bytes: u64,
    /// The most that `bytes` was, and how many records that were.
    peak: Peak,
    /// Whose it is.
    owner: PeerId,
    stream: Stream,
    faults: Stream,
    failing: Failing,
    rot: Vec<Rot>,
}

/// The raft state of a peer when it was largest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Peak {
    /// The sizes of all records, added up.
    pub bytes: u64,
    /// How many records these were, of entries, ballots and all else.
    pub records: u64,
}

impl<R: Record> Disk<R> {
    pub(crate) fn new(seed: Seed, peer: PeerId, records: Vec<R>) -> Self {
        let bytes = records.iter().map(size).fold(0, u64::wrapping_add);
        let mut records = VecDeque::from(records);
        records.reserve(ROOM);
        Self {
            durable: records.len() as u64,
            peak: Peak { bytes, records: records.len() as u64 },
            records,
            first: 0,
            unwanted: 0,
            bytes,
            owner: peer,
            stream: Stream::new(seed, StreamId::Disk(peer)),
            faults: Stream::new(seed, StreamId::DiskFaults(peer)),
            failing: Failing::new(seed, peer),
            rot: Vec::new(),
        }
    }

    /// All that is written, durable or not. After a crash: all that survived.
    pub(crate) fn records(&self) -> std::collections::vec_deque::Iter<'_, R> {
        self.records.iter()
    }

    /// Whether some of what is written is not durable.
    pub(crate) fn has_unsynced(&self) -> bool {
        self.durable < self.end()
    }

    /// The sizes of all records that it holds, added up.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The most that [`Self::bytes`] was since the last [`Self::reset_peak`].
    pub(crate) fn peak(&self) -> Peak {
        self.peak
    }

    pub(crate) fn reset_peak(&mut self) {
        self.peak = Peak { bytes: self.bytes, records: self.records.len() as u64 };
    }

    pub(crate) fn persist(&mut self, record: R) {
        self.failing.written(self.end());
        self.bytes = self.bytes.wrapping_add(size(&record));
        self.records.push_back(record);
        if self.bytes > self.peak.bytes {
            self.reset_peak();
        }
    }

    /// Starts a sync: what will come of it, and how many nanoseconds it takes. One word, and two of
    /// each of two other streams, always.
    pub(crate) fn sync(&mut self, profile: &DiskProfile) -> (Sync, u64) {
        let [word, slow, lie] = [self.stream.word(), self.faults.word(), self.faults.word()];
        let is_lie =
            profile.lying.hits(lie) && profile.liars.contains(self.owner) && self.has_unsynced();
        let is_weak = profile.of.contains(self.owner);
        let failing = if is_weak { profile.failing } else { Probability::NEVER };
        let sync = self.failing.sync(self.end(), is_lie, failing);
        let latency = match profile.slow_sync.probability.stretch(slow).filter(|_| is_weak) {
            Some(word) => profile.slow_sync.latency.nanos(word),
            None => profile.sync_latency.nanos(word),
        };
        (sync, latency)
    }

    /// A sync has completed, as it says: the records that it made durable. What an earlier sync has
    /// failed to write is not among them.
    pub(crate) fn synced(&mut self, sync: &Sync) -> impl Iterator<Item = &R> {
        let before = self.durable;
        self.durable = self.durable.max(if sync.is_lie { 0 } else { sync.covers });
        let (from, to) = (self.place(before), self.place(self.durable));
        let failing = &self.failing;
        let is_whole = !failing.has_failed();
        let records = (before..).zip(self.records.range(from..to));
        records
            .filter(move |(number, _)| is_whole || !failing.took(*number))
            .map(|(_, record)| record)
    }

    /// A sync has failed, for this reason: what it should have covered is lost but for a drawn prefix.
    pub(crate) fn sync_failed(&mut self, sync: &Sync) -> DiskError {
        self.failing.failed(self.durable, sync)
    }

    /// The sync that is started after so many others fails. Takes back the one that was armed before.
    pub(crate) fn fail_sync(&mut self, armed: Option<(u64, DiskError)>) -> bool {
        std::mem::replace(&mut self.failing.armed, armed).is_some()
    }

    /// Whether a sync that fails is still to come.
    pub(crate) fn is_to_fail(&self) -> bool {
        self.failing.armed.is_some()
    }

    /// From now on there is no space for another record, or there is again. Whether that is news.
    pub(crate) fn set_full(&mut self, is_full: bool) -> bool {
        self.failing.set_full(is_full)
    }

    /// Whether a sync that is over now fails.
    pub(crate) fn fails(&self, sync: &Sync) -> bool {
        self.failing.fails(sync)
    }

    /// Whether there is no space for another record.
    pub(crate) fn is_full(&self) -> bool {
        self.failing.is_full()
    }

    /// Forgets all records but the last `keep`, as soon as the first of these is durable.
    pub(crate) fn compact(&mut self, keep: usize) {
        let unwanted = self.end().saturating_sub(keep as u64);
        self.unwanted = self.unwanted.max(unwanted);
        self.forget();
    }

    /// Forgets what is unwanted, if what is kept instead is durable. To be called after every sync.
    pub(crate) fn forget(&mut self) {
        while self.first < self.unwanted && self.unwanted < self.durable {
            let Some(record) = self.records.pop_front() else { return };
            self.bytes = self.bytes.wrapping_sub(size(&record));
            self.first += 1;
        }
    }

    /// The power fails: what was not synced is lost as the profile says. Gives what is durable now
    /// and was not before. Two words, always.
    ///
    /// What a failed sync has written is there whatever the profile says. What it has not written ends
    /// the log, unless a later sync has completed behind it: then it is a hole of damaged records.
    pub(crate) fn crash(&mut self, unsynced: Unsynced) -> impl Iterator<Item = &R> {
        let (durable, end) = (self.durable, self.end());
        let (written, readable) = self.failing.tail(durable, end);
        let written = self.place(written);
        let at_risk = self.place(readable) - written;
        // The high half of the word tells how long the prefix is, the low half all else.
        let word = self.stream.long_word();
        let prefix = written + scale(word, at_risk as u64 + 1) as usize;
        let case = scale_word(word as u32, 6);
        let policy = match unsynced {
            Unsynced::Varied => {
                [Unsynced::Lost, Unsynced::Prefix, Unsynced::Torn][case as usize / 2]
            }
            other => other,
        };
        let (whole, is_torn) = match policy {
            Unsynced::Lost => (written, false),
            Unsynced::Prefix | Unsynced::Varied => (prefix, false),
            Unsynced::Torn => (prefix, case % 2 == 1),
        };
        let torn = self.records.get(whole).filter(|_| is_torn).and_then(Record::torn);
        let lost = self.records.drain(whole..).map(|record| size(&record));
        self.bytes = lost.fold(self.bytes, u64::wrapping_sub);
        if let Some(torn) = torn {
            self.persist(torn);
        }
        let Holes { written, lost } = self.failing.crash(durable);
        lost.into_iter().for_each(|numbers| self.never_written(numbers));
        self.durable = self.end();
        self.unwanted = self.first;
        let survived = written.into_iter().chain(std::iter::once(durable..self.durable));
        survived.flat_map(|numbers| {
            self.records.range(self.place(numbers.start)..self.place(numbers.end))
        })
    }

    /// The number of the next record.
    fn end(&self) -> u64 {
        self.first + self.records.len() as u64
    }

    /// Where the record of this number is, or the end of the log if it is not yet written.
    fn place(&self, number: u64) -> usize {
        (number.saturating_sub(self.first) as usize).min(self.records.len())
    }
}

fn size<R: Record>(record: &R) -> u64 {
    record.bytes() as u64
}
