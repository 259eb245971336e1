//! Checkpoints: how the record log is kept short (paper, section 7).
//!
//! A checkpoint is a run of records that stands for all the state before it but for entries behind
//! it: a snapshot with the ballot, or the whole state. Once it is durable, the records before it are
//! forgotten, back to the first entry that the log still holds. They go no earlier:
//! 1. Suppose they went at once, and the peer crashed before the sync.
//! 2. Then the disk would hold neither, and the peer would come back without its vote.

use splitvote_peer::{Snapshot, SyncId};

use crate::chunk::Chunk;
use crate::log::Entry;
use crate::raft::{Cx, Raft};
use crate::record::DiskRecord;
use crate::rules::Rules;

/// The most bytes of a snapshot in one record. A snapshot of two bytes or more has two parts at
/// least, so that a crash can always leave half of it.
const SNAPSHOT_PART_BYTES: usize = 4096;

/// How many useless records may gather, besides as many as the state needs, before the state is
/// written out anew.
const SPARE_RECORDS: u64 = 32;

/// How many useless records a boot leaves alone.
const SPARE_RECORDS_AT_BOOT: u64 = 2;

/// A checkpoint on its way to the disk.
#[derive(Clone, Debug)]
pub(crate) struct Checkpoint {
    /// Its first record.
    start: u64,
    /// The snapshot that it holds and that is to be taken over.
    pub(crate) snapshot: Option<Snapshot>,
    /// What is to be written once this is durable.
    then: Option<Snapshot>,
    /// Whether it is the whole state.
    is_rewrite: bool,
}

/// The records that a snapshot is written as, but for the one that ends it.
pub(crate) fn parts(snapshot: &Snapshot) -> impl Iterator<Item = Chunk> {
    let length = snapshot.state.len();
    let part = length.div_ceil(2).clamp(1, SNAPSHOT_PART_BYTES);
    (0..length).step_by(part).map(move |offset| Chunk::of(snapshot, offset, part))
}

impl<R: Rules + Clone> Raft<R> {
    /// Writes a snapshot and asks for it to be made durable. Only then it is taken over, and what it
    /// replaces forgotten.
    pub(crate) fn save_snapshot(&mut self, snapshot: Snapshot, cx: &mut Cx<'_, R>) -> SyncId {
        if !self.rules.saves_snapshot_before_discarding() {
            self.take_over(&snapshot, cx);
            return self.rewrite(false, Some(snapshot), cx);
        }
        let start = self.disk.journal.written;
        self.write_checkpoint(Some(&snapshot), cx);
        let sync = self.sync(cx);
        let snapshot = Some(snapshot);
        let checkpoint = Checkpoint { start, snapshot, then: None, is_rewrite: false };
        self.disk.journal.under_way.push(sync, checkpoint);
        sync
    }

    /// What every checkpoint begins with.
    fn write_checkpoint(&mut self, snapshot: Option<&Snapshot>, cx: &mut Cx<'_, R>) {
        if let Some(snapshot) = snapshot {
            for part in parts(snapshot) {
                self.write(DiskRecord::SnapshotPart(part), cx);
            }
            let (through, length) = (snapshot.through, snapshot.state.len());
            self.write(DiskRecord::SnapshotEnd { through, length }, cx);
        }
        if self.rules.persists_ballot() {
            self.write(self.disk.ballot.into(), cx);
        }
    }

    /// Writes the whole state out anew once too many useless records have gathered, so that a long
    /// run of elections does not fill the disk.
    pub(crate) fn rewrite_if_long(&mut self, cx: &mut Cx<'_, R>) {
        let needed = self.log.len() as u64 + self.disk.journal.snapshot_records;
        self.rewrite_if(SPARE_RECORDS + needed, cx);
    }

    /// A boot cleans up what a crash has left.
    pub(crate) fn clean_up(&mut self, cx: &mut Cx<'_, R>) {
        self.rewrite_if(SPARE_RECORDS_AT_BOOT, cx);
    }

    fn rewrite_if(&mut self, spare: u64, cx: &mut Cx<'_, R>) {
        let journal = &self.disk.journal;
        if journal.useless(&self.log) > spare && journal.under_way.iter().next().is_none() {
            self.rewrite(true, None, cx);
        }
    }

    fn rewrite(
        &mut self,
        with_snapshot: bool,
        then: Option<Snapshot>,
        cx: &mut Cx<'_, R>,
    ) -> SyncId {
        let start = self.disk.journal.written;
        let snapshot = self.snapshot.clone().filter(|_| with_snapshot);
        self.write_checkpoint(snapshot.as_ref(), cx);
        self.disk.journal.places.clear();
        for (index, Entry { term, command }) in self.log.iter() {
            self.disk.journal.places.push_back(self.disk.journal.written);
            self.disk.journal.count();
            let (term, command) = (*term, command.clone());
            cx.persist(DiskRecord::Entry { index, term, command });
        }
        let sync = self.sync(cx);
        self.disk.journal.is_rewriting = true;
        let checkpoint = Checkpoint { start, snapshot: None, then, is_rewrite: true };
        self.disk.journal.under_way.push(sync, checkpoint);
        sync
    }

    /// Takes over the checkpoints that are durable now.
    pub(crate) fn finish_checkpoints(&mut self, sync: SyncId, cx: &mut Cx<'_, R>) {
        while let Some(checkpoint) = self.disk.journal.under_way.due(sync) {
            self.disk.journal.checkpoint = checkpoint.start;
            self.disk.journal.is_rewriting &= !checkpoint.is_rewrite;
            if let Some(snapshot) = checkpoint.snapshot {
                self.disk.journal.snapshot_records = parts(&snapshot).count() as u64 + 1;
                self.take_over(&snapshot, cx);
            }
            self.forget_old_records(cx);
            if let Some(snapshot) = checkpoint.then {
                let start = self.disk.journal.written;
                self.write_checkpoint(Some(&snapshot), cx);
                let sync = self.sync(cx);
                let checkpoint =
                    Checkpoint { start, snapshot: None, then: None, is_rewrite: false };
                self.disk.journal.under_way.push(sync, checkpoint);
            }
        }
    }

    /// While the state is written out anew, the places of its entries are not durable yet.
    fn forget_old_records(&mut self, cx: &mut Cx<'_, R>) {
        let synced = self.disk.synced;
        let journal = &mut self.disk.journal;
        if journal.is_rewriting {
            return;
        }
        let first_needed = journal.first_needed(synced);
        if first_needed > journal.forgotten {
            journal.forgotten = first_needed;
            cx.compact((journal.written - first_needed) as usize);
        }
    }
}
