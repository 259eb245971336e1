//! The leader's side of InstallSnapshot (paper, section 7, Figure 13).
//!
//! One part is under way to a follower at a time. The reply says how much the follower has, so that
//! a transfer goes on where it was cut off. A newer snapshot starts it anew.

use std::sync::Arc;

use splitvote_peer::{CallId, LogIndex, PeerId, Term};

use crate::chunk::Chunk;
use crate::message::Message;
use crate::progress::Transfer;
use crate::raft::{Cx, Raft};
use crate::replication::Shared;
use crate::rules::Rules;

impl<R: Rules + Clone> Raft<R> {
    /// Section 7: "the leader must occasionally send snapshots to followers that lag behind". True
    /// if a part was sent; false if one is under way.
    pub(crate) fn send_snapshot(&mut self, peer: PeerId, term: Term, cx: &mut Cx<'_, R>) -> bool {
        let Some(snapshot) = &self.snapshot else { return false };
        let through = snapshot.through.index;
        let follower = &mut self.followers[peer.index()];
        let known = follower.transfer.filter(|transfer| transfer.through == through);
        let interval = self.settings.timing.heartbeat_interval;
        if let Some(Transfer { call: Some(_), sent_at, .. }) = known
            && (cx.now() < sent_at + interval || !self.rules.repeats_snapshot())
        {
            return false;
        }
        let offset = known.map_or(0, |transfer| transfer.offset);
        let length = self.settings.snapshot_chunk.unwrap_or(usize::MAX).max(1);
        let chunk = Arc::new(Chunk::of(snapshot, offset, length));
        let message = Message::InstallSnapshot { term, chunk };
        let bytes = message.bytes();
        let call = Some(cx.call(peer, message, bytes).number);
        follower.transfer = Some(Transfer { through, offset, call, sent_at: cx.now() });
        true
    }

    /// Figure 13, results.
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
        if installed {
            follower.holds(through.min(last));
            follower.transfer = None;
            self.advance_commit(cx);
        } else if let Some(transfer) = &mut follower.transfer
            && transfer.through == through
            && transfer.call == Some(call.number)
        {
            transfer.call = None;
            transfer.offset = usize::try_from(received).unwrap_or(usize::MAX);
        } else {
            return;
        }
        self.catch_up(from, self.term, &mut Shared::default(), cx);
    }

    /// The network reports that a call was lost: true if it carried a part of a snapshot, which is
    /// then no longer under way.
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
