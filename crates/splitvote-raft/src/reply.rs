//! Nothing is promised before the disk has it.
//!
//! Figure 2, State: "Updated on stable storage before responding to RPCs". Every reply states the
//! current term, and so waits until the latest ballot is durable; one that speaks of entries waits
//! for those too. With nothing under way it leaves at once. What waits stands in a queue in the order
//! of the syncs, whose buffer is reused.
//!
//! Why a reply of an earlier term is still sent when its sync completes:
//! 1. Suppose S0 grants S1 its vote in term 3, and before the sync completes it adopts term 4.
//! 2. The ballot (3, S1) is durable first, for syncs cover all records before them.
//! 3. The reply says "granted, term 3", which is true for ever: S0 votes for no other in term 3.
//! 4. The same with an append of term 3: S0 held the entries when it voted in term 4, so that no
//!    leader of term 4 whom S0 has voted for lacks them.

use std::collections::VecDeque;

use splitvote_peer::{CallId, LogIndex, ProposalAnswer, RequestId, SyncId};

use crate::message::Message;
use crate::raft::{Cx, Raft};
use crate::rules::Rules;

/// What waits for nothing waits for this sync.
pub(crate) const NOTHING: SyncId = SyncId(0);

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
        if self.0.back().is_none_or(|(sync, _)| *sync <= until) {
            return self.0.push_back((until, what));
        }
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

    /// Answers a call, now or when ballot and log are durable, the latter up to this index. Without a
    /// wait the message is made where it leaves.
    #[inline(always)]
    pub(crate) fn reply_with_log(
        &mut self,
        call: CallId,
        message: impl Fn() -> Message,
        through: LogIndex,
        cx: &mut Cx<'_, R>,
    ) {
        let waits = self.disk.durable < through && self.rules.acknowledges_after_sync();
        if waits || !self.ballot_is_durable() {
            let through = through.min(self.log.last().index);
            let until = if waits { self.disk.sync_of(through) } else { NOTHING };
            return self.reply_after(call, message(), until, cx);
        }
        cx.reply_with(call, message().bytes(), message);
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

    /// Answers the clients whose entries are durable now.
    pub(crate) fn answer_accepted(&mut self, sync: SyncId, cx: &mut Cx<'_, R>) {
        while let Some((request, index, term)) = self.disk.accepted.due(sync) {
            cx.answer(request, ProposalAnswer::Accepted { index, term });
        }
    }
}
