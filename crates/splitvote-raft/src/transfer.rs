//! The leader's side of InstallSnapshot (paper, section 7, Figure 13).
//!
//! One part is under way to a follower at a time. The reply says how much the follower has, so that
//! a transfer goes on where it was cut off. A reply that says more than was known counts whichever
//! call it answers: the part may have been sent again before the answer could arrive. One that says less
//! counts as well, unless it answers a call from before the last step forward:
//! 1. Suppose a round trip takes twelve heartbeat intervals, and S0 has answered that it has 50 bytes. It
//!    restarts, and has none.
//! 2. The part from 50 on is given up after an interval. Twelve later S0 answers that it has 0.
//! 3. If only the answer to a call that is still waited for counted, S0 would be sent the part from 50 on
//!    again, and give the same answer, for ever.
//!
//! A snapshot in parts is sent to its end, even if there is a newer one by then:
//! 1. Suppose a transfer takes a second, and the leader compacts its log twice a second.
//! 2. If each newer snapshot started the transfer anew, none would ever arrive.

use std::sync::Arc;
use std::time::Duration;

use splitvote_peer::{CallId, LocalTime, LogIndex, PeerId, Snapshot, Term};

use crate::chunk::Chunk;
use crate::message::Message;
use crate::raft::{Cx, Raft};
use crate::replication::Shared;
use crate::rules::Rules;
use crate::silence::Silence;

/// A snapshot on its way to a follower, one part at a time.
#[derive(Clone, Debug)]
pub(crate) struct Transfer {
    snapshot: Snapshot,
    /// How many bytes the follower has.
    offset: usize,
    /// The first call since the offset is what it is.
    first_call: Option<u64>,
    /// The call under way, if any.
    call: Option<u64>,
    /// When it was made.
    sent_at: LocalTime,
}

impl Transfer {
    /// The call under way, if it should have been answered by now.
    #[inline]
    pub(crate) fn overdue(&self, now: LocalTime, patience: Duration) -> Option<u64> {
        self.call.filter(|_| self.sent_at + patience <= now)
    }

    /// Whether the answer to a call that the follower has so many bytes is news.
    fn learns_from(&self, call: u64, received: u64, rules: &impl Rules) -> bool {
        let is_recent = self.first_call.is_some_and(|first| call >= first);
        rules.learns_from_part(self.call == Some(call), received, self.offset as u64, is_recent)
    }

    /// The part under way is waited for no longer.
    pub(crate) fn give_up(&mut self) {
        self.call = None;
    }
}

impl<R: Rules + Clone> Raft<R> {
    /// Section 7: "the leader must occasionally send snapshots to followers that lag behind". True
    /// if a part was sent; false if one is under way.
    pub(crate) fn send_snapshot(&mut self, peer: PeerId, term: Term, cx: &mut Cx<'_, R>) -> bool {
        let Some(newest) = &self.snapshot else { return false };
        let follower = &mut self.followers[peer.index()];
        if follower.silence.is_silent()
            || follower.transfer.as_ref().is_some_and(|transfer| transfer.call.is_some())
        {
            return false;
        }
        let length = self.settings.snapshot_chunk.unwrap_or(usize::MAX).max(1);
        // What goes in one part is not held to: the newer one is as quick.
        let is_of_use = |known: &Transfer| {
            let through = known.snapshot.through.index;
            through >= follower.next
                && known.snapshot.state.len() > length
                && self.rules.ends_transfer(through, newest.through.index)
        };
        let known = follower.transfer.take().filter(is_of_use);
        let (snapshot, offset, first_call) = known.map_or_else(
            || (newest.clone(), 0, None),
            |known| (known.snapshot, known.offset, known.first_call),
        );
        let chunk = Arc::new(Chunk::of(&snapshot, offset, length));
        let message = Message::InstallSnapshot { term, chunk };
        let bytes = message.bytes();
        let call = Some(cx.call(peer, message, bytes).number);
        let first_call = first_call.or(call);
        let sent_at = cx.now();
        follower.transfer = Some(Transfer { snapshot, offset, first_call, call, sent_at });
        true
    }

    /// Figure 13, results.
    #[inline(never)]
    pub(crate) fn on_install_reply(
        &mut self,
        call: CallId,
        from: PeerId,
        (term, through, received, installed): (Term, LogIndex, u64, bool),
        cx: &mut Cx<'_, R>,
    ) {
        if self.yields_to_reply(term, cx)
            || self.account(from).is_none()
            || !self.rules.append_reply_counts(term, self.term)
        {
            return;
        }
        let last = self.log.last().index;
        let follower = &mut self.followers[from.index()];
        follower.heard_at = cx.now();
        if installed {
            follower.holds(through.min(last));
            follower.transfer = None;
            self.advance_commit(cx);
        } else if let Some(transfer) = &mut follower.transfer
            && transfer.snapshot.through.index == through
            && transfer.learns_from(call.number, received, &self.rules)
        {
            let offset = usize::try_from(received).unwrap_or(usize::MAX);
            if offset != transfer.offset {
                (transfer.offset, transfer.first_call) = (offset, None);
            }
            transfer.call = None;
        } else {
            return;
        }
        self.followers[from.index()].silence = Silence::None;
        self.catch_up(from, self.term, &mut Shared::default(), cx);
    }

    /// The network reports that a call was lost: true if it carried the part of a snapshot that was
    /// under way and is no longer.
    pub(crate) fn snapshot_call_failed(&mut self, call: u64, from: PeerId) -> bool {
        let Some(follower) = self.followers.get_mut(from.index()) else { return false };
        match &mut follower.transfer {
            Some(transfer) if transfer.call == Some(call) && self.rules.repeats_snapshot() => {
                transfer.call = None;
                true
            }
            _ => false,
        }
    }
}
