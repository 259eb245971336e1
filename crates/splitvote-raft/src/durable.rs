//! Nothing is promised before the disk has it.
//!
//! Figure 2, State: "Updated on stable storage before responding to RPCs". Every reply states the
//! current term, and so waits until the latest ballot is durable; one that speaks of entries waits
//! for those too. With nothing under way it leaves at once. Several syncs may be under way: what
//! waits stands in a queue in their order, whose buffer is reused.
//!
//! Why a reply of an earlier term is still sent when its sync completes:
//! 1. Suppose S0 grants S1 its vote in term 3, and before the sync completes it adopts term 4.
//! 2. The ballot (3, S1) is durable first, for syncs cover all records before them.
//! 3. The reply says "granted, term 3", which is true for ever: S0 votes for no other in term 3.
//! 4. The same with an append of term 3: S0 held the entries when it voted in term 4, so that no
//!    leader of term 4 whom S0 has voted for lacks them.

use std::collections::VecDeque;

use splitvote_peer::{CallId, LogIndex, RequestId, Role, SyncId, Term};

use crate::journal::Journal;
use crate::message::Message;
use crate::raft::{Cx, Raft};
use crate::record::{Ballot, DiskRecord};
use crate::rules::Rules;

/// What waits for nothing waits for this sync.
const NOTHING: SyncId = SyncId(0);

/// What is under way between the peer and its disk.
#[derive(Clone, Debug)]
pub(crate) struct Disk {
    /// The ballot that was last handed to the disk.
    pub(crate) ballot: Ballot,
    /// The sync that makes it durable.
    ballot_sync: SyncId,
    /// The latest sync that was asked for.
    asked: SyncId,
    /// The latest sync that has completed.
    synced: SyncId,
    /// Up to here the present log is durable.
    pub(crate) durable: LogIndex,
    /// The syncs under way, and how far each makes the present log durable.
    entry_syncs: VecDeque<(SyncId, LogIndex)>,
    /// Whether the log was written to since the latest sync was asked for.
    pub(crate) is_ahead: bool,
    pub(crate) journal: Journal,
    replies: Waiting<(CallId, Message)>,
    accepted: Waiting<(RequestId, LogIndex, Term)>,
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
    pub(crate) fn forget_behind(&mut self, index: LogIndex) {
        self.durable = self.durable.min(index);
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
    fn sync_of(&self, index: LogIndex) -> SyncId {
        if self.durable >= index {
            return NOTHING;
        }
        let under_way = self.entry_syncs.iter().find(|(_, through)| *through >= index);
        under_way.map_or(SyncId(self.asked.0 + 1), |(sync, _)| *sync)
    }
}

/// What waits for syncs, in their order.
#[derive(Clone, Debug)]
pub(crate) struct Waiting<T>(VecDeque<(SyncId, T)>);

impl<T> Default for Waiting<T> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<T> Waiting<T> {
    pub(crate) fn push(&mut self, until: SyncId, what: T) {
        let later = self.0.iter().rev().take_while(|(sync, _)| *sync > until).count();
        self.0.insert(self.0.len() - later, (until, what));
    }

    /// The next that waits for no later sync than this one.
    pub(crate) fn due(&mut self, synced: SyncId) -> Option<T> {
        if self.0.front()?.0 > synced {
            return None;
        }
        self.0.pop_front().map(|(_, what)| what)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &(SyncId, T)> {
        self.0.iter()
    }
}

impl<R: Rules + Clone> Raft<R> {
    /// Whether a reply may leave that relies on the current term and vote.
    #[inline]
    pub(crate) fn ballot_is_durable(&self) -> bool {
        self.disk.synced >= self.disk.ballot_sync || !self.rules.waits_for_sync()
    }

    /// Answers a call, now or when the ballot is durable.
    #[inline]
    pub(crate) fn reply(&mut self, call: CallId, message: Message, cx: &mut Cx<'_, R>) {
        if self.ballot_is_durable() {
            let bytes = message.bytes();
            cx.reply(call, message, bytes);
        } else {
            self.disk.replies.push(self.disk.ballot_sync, (call, message));
        }
    }

    /// Answers a call, now or when ballot and log are durable, the latter up to this index.
    #[inline]
    pub(crate) fn reply_with_log(
        &mut self,
        call: CallId,
        message: Message,
        through: LogIndex,
        cx: &mut Cx<'_, R>,
    ) {
        if self.disk.durable >= through || !self.rules.acknowledges_after_sync() {
            self.reply(call, message, cx);
        } else {
            let until = self.disk.sync_of(through.min(self.log.last().index));
            self.reply_after(call, message, until, cx);
        }
    }

    /// Answers a call, now or when the ballot is durable and a sync has completed.
    #[inline(never)]
    pub(crate) fn reply_after(
        &mut self,
        call: CallId,
        message: Message,
        until: SyncId,
        cx: &mut Cx<'_, R>,
    ) {
        let ballot = if self.ballot_is_durable() { NOTHING } else { self.disk.ballot_sync };
        let until = until.max(ballot);
        if self.disk.synced >= until {
            let bytes = message.bytes();
            cx.reply(call, message, bytes);
        } else {
            self.disk.replies.push(until, (call, message));
        }
    }

    /// Answers a client when what was last written of the log is durable.
    pub(crate) fn accept(&mut self, request: RequestId, index: LogIndex) {
        self.disk.accepted.push(SyncId(self.disk.asked.0 + 1), (request, index, self.term));
    }

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

    /// A sync has completed, and with it all that were asked for before it.
    pub(crate) fn on_synced(&mut self, sync: SyncId, cx: &mut Cx<'_, R>) {
        self.disk.synced = self.disk.synced.max(sync);
        self.disk.entries_synced(sync);
        self.finish_checkpoints(sync, cx);
        while let Some((call, message)) = self.disk.replies.due(sync) {
            let bytes = message.bytes();
            cx.reply(call, message, bytes);
        }
        self.answer_accepted(sync, cx);
        if self.role == Role::Leader {
            self.advance_commit(cx);
        }
        self.count_own_vote(cx);
    }

    /// Answers the clients whose entries are durable now.
    fn answer_accepted(&mut self, sync: SyncId, cx: &mut Cx<'_, R>) {
        while let Some((request, index, term)) = self.disk.accepted.due(sync) {
            cx.answer(request, splitvote_peer::ProposalAnswer::Accepted { index, term });
        }
    }
}
