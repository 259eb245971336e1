//! The peer's record log: what is written to it, and where the entries of the log stand in it.
//!
//! Records are numbered from the boot on. The log in memory and the records of it on the disk are
//! changed together, here and nowhere else.

use std::collections::VecDeque;

use splitvote_peer::{LogIndex, LogPosition, Snapshot, SyncId};

use crate::checkpoint::{Checkpoint, parts};
use crate::log::{Entry, Log};
use crate::raft::{Cx, Raft};
use crate::record::DiskRecord;
use crate::reply::Waiting;
use crate::rules::Rules;

/// Where things stand in the record log.
#[derive(Clone, Debug, Default)]
pub(crate) struct Journal {
    /// How many records were written, those found at boot included.
    pub(crate) written: u64,
    /// How many of them are forgotten.
    pub(crate) forgotten: u64,
    /// Where the last durable checkpoint starts.
    pub(crate) checkpoint: u64,
    /// The records of its snapshot.
    pub(crate) snapshot_records: u64,
    /// For each entry of the log, the number of the record that holds it.
    pub(crate) places: VecDeque<u64>,
    /// Deletions on their way to the disk: until which sync, and the number of the first record that
    /// each makes useless.
    pub(crate) deletions: VecDeque<(SyncId, u64)>,
    pub(crate) under_way: Waiting<Checkpoint>,
    /// Whether the whole state is being written out anew.
    pub(crate) is_rewriting: bool,
}

impl Journal {
    pub(crate) fn new(found: usize, places: VecDeque<u64>, snapshot: Option<&Snapshot>) -> Self {
        let snapshot_records = snapshot.map_or(0, |snapshot| parts(snapshot).count() as u64 + 1);
        Self { written: found as u64, places, snapshot_records, ..Self::default() }
    }

    pub(crate) fn count(&mut self) {
        self.written += 1;
    }

    /// Up to which record nothing is needed any more.
    ///
    /// Entries that are deleted stay needed until that is durable:
    /// 1. Suppose 6, 7 and 8 are durable, and a snapshot through 5 stands between 7 and 8.
    /// 2. A new leader's 6 replaces them in memory, and all before the snapshot is forgotten.
    /// 3. The peer crashes before its new 6 is durable, and finds 8 behind a gap: what its disk had
    ///    acknowledged is gone, and nothing durable says why.
    pub(crate) fn first_needed(&mut self, synced: SyncId) -> u64 {
        self.deletions.retain(|(due, _)| *due > synced);
        let deleted = self.deletions.iter().map(|(_, first)| *first).min();
        let first = self.places.front().copied().unwrap_or(u64::MAX);
        first.min(self.checkpoint).min(deleted.unwrap_or(u64::MAX))
    }

    /// How many records there are besides those that the state needs.
    pub(crate) fn useless(&self, log: &Log) -> u64 {
        let needed = log.len() as u64 + self.snapshot_records + 1;
        (self.written - self.forgotten).saturating_sub(needed)
    }

    /// The newest snapshot that is being written: through where, and until which sync.
    pub(crate) fn saving(&self) -> Option<(LogPosition, SyncId)> {
        self.under_way.iter().rev().find_map(|(sync, checkpoint)| {
            checkpoint.snapshot.as_ref().map(|snapshot| (snapshot.through, *sync))
        })
    }
}

impl<R: Rules + Clone> Raft<R> {
    /// Appends an entry to the log and, unless told otherwise, to the disk. None if there is no
    /// index left.
    pub(crate) fn append(&mut self, entry: Entry, cx: &mut Cx<'_, R>) -> Option<LogIndex> {
        let Entry { term, ref command } = entry;
        let command = command.clone();
        let index = self.log.append(entry)?;
        self.disk.journal.places.push_back(self.disk.journal.written);
        self.disk.is_ahead = true;
        self.write(DiskRecord::Entry { index, term, command }, cx);
        Some(index)
    }

    /// The same in memory only.
    pub(crate) fn append_unwritten(&mut self, entry: Entry) {
        if let Some(index) = self.log.append(entry) {
            self.disk.journal.places.push_back(self.disk.journal.written);
            self.disk.durable = index;
        }
    }

    /// Deletes the entries from an index on.
    pub(crate) fn delete_from(&mut self, from: LogIndex, written: bool, cx: &mut Cx<'_, R>) {
        let from = from.max(self.log.first());
        if from > self.log.last().index {
            return;
        }
        self.log.truncate(from);
        let first_deleted = self.disk.journal.places.get(self.log.len()).copied();
        self.disk.journal.places.truncate(self.log.len());
        self.disk.forget_behind(from - 1, &self.rules);
        if written {
            let due = SyncId(self.disk.asked.0 + 1);
            self.disk.journal.deletions.extend(first_deleted.map(|first| (due, first)));
            self.disk.is_ahead = true;
            self.write(DiskRecord::Deleted { from }, cx);
        }
    }

    /// Discards the entries up to an index that a durable snapshot reaches.
    pub(crate) fn discard_through(&mut self, index: LogIndex) {
        let count = self.log.discard_through(index);
        self.disk.journal.places.drain(..count.min(self.disk.journal.places.len()));
        self.disk.durable = self.disk.durable.max(self.log.base().index);
    }

    /// Discards the whole log for a durable snapshot.
    pub(crate) fn discard_log(&mut self, through: LogPosition) {
        self.log = Log::behind(through);
        self.disk.journal.places.clear();
        self.disk.forget_behind(through.index, &self.rules);
        self.disk.durable = through.index;
    }
}
