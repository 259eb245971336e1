//! The peer and its disk: what is written, synced and durable (Figure 2, State).
//!
//! Several syncs may be under way at once; each covers all that was written before it. What of the
//! log is durable is known by index: it is what the leader counts of itself, and what a follower may
//! acknowledge.

use std::collections::VecDeque;

use splitvote_peer::{CallId, DiskError, LogIndex, RequestId, Role, SyncId, Term};
use tracing::debug;

use crate::journal::Journal;
use crate::message::Message;
use crate::raft::{Cx, Raft};
use crate::record::{Ballot, DiskRecord};
use crate::reply::{NOTHING, Waiting};
use crate::rules::Rules;

/// What is under way between the peer and its disk.
#[derive(Clone, Debug)]
pub(crate) struct Disk {
    /// The ballot that was last handed to the disk.
    pub(crate) ballot: Ballot,
    /// The sync that makes it durable.
    pub(crate) ballot_sync: SyncId,
    /// The latest sync that was asked for.
    pub(crate) asked: SyncId,
    /// The latest sync that has completed.
    pub(crate) synced: SyncId,
    /// Up to here the present log is durable.
    pub(crate) durable: LogIndex,
    /// The syncs under way, and how far each makes the present log durable.
    entry_syncs: VecDeque<(SyncId, LogIndex)>,
    /// Whether the log was written to since the latest sync was asked for.
    pub(crate) is_ahead: bool,
    pub(crate) journal: Journal,
    pub(crate) replies: Waiting<(CallId, Message)>,
    pub(crate) accepted: Waiting<(RequestId, LogIndex, Term)>,
}

impl Disk {
    /// The disk of a peer that boots: what it has recovered is durable.
    pub(crate) fn new(ballot: Ballot, durable: LogIndex, journal: Journal) -> Self {
        Self {
            ballot,
            ballot_sync: NOTHING,
            asked: NOTHING,
            synced: NOTHING,
            durable,
            entry_syncs: VecDeque::new(),
            is_ahead: false,
            journal,
            replies: Waiting::default(),
            accepted: Waiting::default(),
        }
    }

    /// The log changed behind this index: what was or becomes durable there is no longer part of it.
    pub(crate) fn forget_behind(&mut self, index: LogIndex, rules: &impl Rules) {
        self.durable = rules.durable_after_deletion(self.durable, index);
        for (_, through) in &mut self.entry_syncs {
            *through = (*through).min(index);
        }
    }

    /// A sync has completed that covers the log as far as it went then.
    fn entries_synced(&mut self, sync: SyncId) {
        while let Some((due, through)) = self.entry_syncs.front().copied()
            && due <= sync
        {
            self.durable = self.durable.max(through);
            self.entry_syncs.pop_front();
        }
    }

    /// The first sync that covers all of the log up to an index.
    pub(crate) fn sync_of(&self, index: LogIndex) -> SyncId {
        if self.durable >= index {
            return NOTHING;
        }
        let under_way = self.entry_syncs.iter().find(|(_, through)| *through >= index);
        under_way.map_or(SyncId(self.asked.0 + 1), |(sync, _)| *sync)
    }
}

impl<R: Rules + Clone> Raft<R> {
    /// Hands term and vote to the disk, if they differ from what it was given last.
    pub(crate) fn save_ballot(&mut self, cx: &mut Cx<'_, R>) {
        let before = self.disk.ballot;
        let after = Ballot { term: self.term, voted_for: self.voted_for };
        if before == after || !self.rules.persists_ballot() {
            return;
        }
        let first = self.rules.ballot_written_first(before, after);
        self.disk.ballot = after;
        self.write(first.into(), cx);
        self.disk.ballot_sync = self.sync(cx);
        if first != after {
            self.write(after.into(), cx);
            self.sync(cx);
        }
        self.rewrite_if_long(cx);
    }

    /// Hands one record to the disk; it is durable only after a sync.
    pub(crate) fn write(&mut self, record: DiskRecord, cx: &mut Cx<'_, R>) {
        self.disk.journal.count();
        cx.persist(record);
    }

    /// Asks for all that was written to be made durable.
    pub(crate) fn sync(&mut self, cx: &mut Cx<'_, R>) -> SyncId {
        let sync = cx.sync();
        self.disk.asked = sync;
        self.disk.is_ahead = false;
        if self.disk.durable < self.log.last().index {
            self.disk.entry_syncs.push_back((sync, self.log.last().index));
        }
        sync
    }

    /// Makes durable what was written of the log, if anything was: one sync for a whole batch.
    pub(crate) fn sync_log(&mut self, cx: &mut Cx<'_, R>) {
        if !self.disk.is_ahead {
            return;
        }
        if self.rules.syncs_entries() {
            self.sync(cx);
        } else {
            self.disk.is_ahead = false;
            self.disk.durable = self.log.last().index;
            self.answer_accepted(SyncId(self.disk.asked.0 + 1), cx);
            self.advance_commit(cx);
        }
    }

    /// A sync has failed: what it should have covered may or may not be on the disk.
    pub(crate) fn on_failed_sync(&mut self, error: DiskError, cx: &mut Cx<'_, R>) {
        debug!(me = %self.me, %error, "a sync fails");
        if self.rules.stops_after_failed_sync(error) {
            cx.stop();
        } else {
            self.sync(cx);
        }
    }

    /// A sync has completed, and with it all that were asked for before it.
    pub(crate) fn on_synced(&mut self, sync: SyncId, cx: &mut Cx<'_, R>) {
        self.disk.synced = self.disk.synced.max(sync);
        self.disk.entries_synced(sync);
        self.finish_checkpoints(sync, cx);
        while let Some((call, message)) = self.disk.replies.due(sync) {
            let message = message.in_term(|then| self.rules.term_in_late_reply(then, self.term));
            let bytes = message.bytes();
            cx.reply(call, message, bytes);
        }
        self.answer_accepted(sync, cx);
        if self.role == Role::Leader {
            self.advance_commit(cx);
            if !self.rules.sends_before_sync() {
                self.plan_round(cx.now());
            }
        }
        self.count_own_vote(cx);
    }
}
