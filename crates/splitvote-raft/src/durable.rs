//! Nothing is promised before the disk has it.
//!
//! Figure 2, State: "Updated on stable storage before responding to RPCs". Every reply states the
//! current term, and so waits until the latest ballot is durable; with nothing under way it leaves
//! at once. Several syncs may be under way: what waits stands in a queue in their order, whose
//! buffer is reused.
//!
//! Why a reply of an earlier term is still sent when its sync completes:
//! 1. Suppose S0 grants S1 its vote in term 3, and before the sync completes it adopts term 4.
//! 2. The ballot (3, S1) is durable first, for syncs cover all records before them.
//! 3. The reply says "granted, term 3", which is true for ever: S0 votes for no other in term 3.

use std::collections::VecDeque;

use splitvote_peer::{CallId, LogIndex, RequestId, SyncId, Term};

use crate::message::Message;
use crate::raft::{Cx, Raft};
use crate::record::{Ballot, DiskRecord};
use crate::rules::Rules;

/// How many records more than the state needs may gather before the state is written out anew.
const SPARE_RECORDS: usize = 64;

/// What is under way between the peer and its disk.
#[derive(Clone, Debug)]
pub(crate) struct Disk {
    /// The ballot that was last handed to the disk.
    ballot: Ballot,
    /// The sync that makes it durable.
    ballot_sync: SyncId,
    /// The latest sync that has completed.
    synced: SyncId,
    /// How many records the disk holds.
    records: usize,
    /// The state was written out anew: the sync to wait for, and how many records stand before it.
    rewrite: Option<(SyncId, usize)>,
    replies: Waiting<(CallId, Message)>,
    pub(crate) accepted: Waiting<(RequestId, LogIndex, Term)>,
}

impl Disk {
    pub(crate) fn new(ballot: Ballot, records: usize) -> Self {
        Self {
            ballot,
            ballot_sync: SyncId(0),
            synced: SyncId(0),
            records,
            rewrite: None,
            replies: Waiting::default(),
            accepted: Waiting::default(),
        }
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
        debug_assert!(self.0.back().is_none_or(|(last, _)| *last <= until), "syncs are counted up");
        self.0.push_back((until, what));
    }

    /// The next that waits for no later sync than this one.
    pub(crate) fn due(&mut self, synced: SyncId) -> Option<T> {
        if self.0.front()?.0 > synced {
            return None;
        }
        self.0.pop_front().map(|(_, what)| what)
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
        self.disk.ballot_sync = cx.sync();
        if first != after {
            self.write(after.into(), cx);
            cx.sync();
        }
        self.rewrite_if_long(cx);
    }

    /// Hands one record to the disk; it is durable only after a sync.
    pub(crate) fn write(&mut self, record: DiskRecord, cx: &mut Cx<'_, R>) {
        self.disk.records += 1;
        cx.persist(record);
    }

    /// Writes the whole state out anew once too many old records have gathered, so that a long run
    /// of elections does not fill the disk. The old ones go only when the new ones are durable:
    /// 1. Suppose they went at once, and the peer crashed before the sync.
    /// 2. Then the disk would hold neither, and the peer would come back without its vote.
    pub(crate) fn rewrite_if_long(&mut self, cx: &mut Cx<'_, R>) {
        let before = self.disk.records;
        if self.disk.rewrite.is_some() || before <= self.log.len() + SPARE_RECORDS {
            return;
        }
        if self.rules.persists_ballot() {
            self.write(self.disk.ballot.into(), cx);
        }
        for (index, entry) in self.log.iter() {
            self.disk.records += 1;
            cx.persist(DiskRecord::Entry {
                index,
                term: entry.term,
                command: entry.command.clone(),
            });
        }
        self.disk.rewrite = Some((cx.sync(), before));
    }

    /// A sync has completed, and with it all that were asked for before it.
    pub(crate) fn on_synced(&mut self, sync: SyncId, cx: &mut Cx<'_, R>) {
        self.disk.synced = self.disk.synced.max(sync);
        while let Some((call, message)) = self.disk.replies.due(sync) {
            let bytes = message.bytes();
            cx.reply(call, message, bytes);
        }
        self.answer_accepted(sync, cx);
        if let Some((awaited, before)) = self.disk.rewrite.take_if(|(awaited, _)| *awaited <= sync)
        {
            debug_assert!(awaited <= sync && before < self.disk.records);
            self.disk.records -= before;
            cx.compact(self.disk.records);
        }
        self.count_own_vote(cx);
    }
}
