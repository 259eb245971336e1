//! Snapshots that a peer takes over: its own state machine's and the leader's (paper, section 7).
//!
//! Either is written to the disk first. Once it is durable, the state machine is set to it if that
//! brings it forward, and the log up to it is discarded. Entries behind it stay if the log agrees
//! with it.
//!
//! Why a log that disagrees is cut before the snapshot is written, at its last included entry:
//! 1. Suppose S1's log ends with entries 9 and 10 of term 2, and the leader of term 4 sends a
//!    snapshot through 9 of term 3.
//! 2. If the snapshot were durable first, and S1 crashed, it would find entry 10 of term 2 behind
//!    it, and take it for part of the leader's log.
//! 3. What stands before entry 9 must stay until then: it may be committed with S1's help.

use splitvote_peer::{CallId, LogIndex, LogPosition, Payload, PeerId, Snapshot, Term};
use tracing::debug;

use crate::chunk::{Assembly, Chunk};
use crate::log::LAST_INDEX;
use crate::message::Message;
use crate::raft::{Cx, Raft};
use crate::reply::NOTHING;
use crate::rules::Rules;

/// A snapshot that arrives from a leader in parts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Incoming {
    /// Which leader sends it: that of this term.
    term: Term,
    assembly: Assembly,
}

impl<R: Rules + Clone> Raft<R> {
    /// The state machine has made a snapshot of itself.
    pub(crate) fn on_own_snapshot(&mut self, snapshot: Snapshot, cx: &mut Cx<'_, R>) {
        let through = snapshot.through;
        let saving = self.disk.journal.saving().map_or(0, |(through, _)| through.index);
        let present = self.snapshot.as_ref().map_or(0, |present| present.through.index);
        let present = present.max(saving).max(self.log.base().index);
        let is_of_this_log = through.index < self.log.first() || self.log.matches(through);
        if is_of_this_log && self.rules.takes_own_snapshot(through.index, present, self.applied) {
            self.save_snapshot(snapshot, cx);
        }
    }

    /// Figure 13, InstallSnapshot RPC, receiver implementation.
    #[inline(never)]
    pub(crate) fn on_install(
        &mut self,
        call: CallId,
        from: PeerId,
        (term, chunk): (Term, &Chunk),
        cx: &mut Cx<'_, R>,
    ) {
        let through = chunk.through();
        if !self.heeds(term, cx) || through.index > LAST_INDEX {
            let reply = self.install_reply(0, 0, false);
            return self.reply(call, reply, cx);
        }
        self.hear_leader(from, self.rules.install_resets_timer(), cx);
        if !self.rules.restores(through.index, self.applied) {
            return self.answer_old(call, through.index, cx);
        }
        if let Some((saving, sync)) = self.disk.journal.saving()
            && saving.index >= through.index
        {
            let reply = self.install_reply(through.index, 0, true);
            return self.reply_after(call, reply, sync, cx);
        }
        match self.receive(term, chunk) {
            Ok(snapshot) => self.install(call, snapshot, cx),
            Err(received) => {
                let reply = self.install_reply(through.index, received, false);
                self.reply(call, reply, cx);
            }
        }
    }

    fn install_reply(&self, through: LogIndex, received: u64, installed: bool) -> Message {
        Message::InstallSnapshotReply { term: self.term, through, received, installed }
    }

    /// The follower has applied all that the snapshot holds. So the leader may go on behind it, once
    /// what was applied is durable here.
    fn answer_old(&mut self, call: CallId, through: LogIndex, cx: &mut Cx<'_, R>) {
        if self.rules.answers_old_snapshot() {
            let reply = self.install_reply(through, 0, true);
            self.reply_with_log(call, || reply.clone(), through, cx);
        }
    }

    /// Figure 13, receiver implementation 2 to 5: the snapshot, or how many bytes of it are here. A
    /// newer snapshot and a new leader start from the beginning; a late part of an older one does
    /// not, for the newer one would be thrown away half-way.
    fn receive(&mut self, term: Term, chunk: &Chunk) -> Result<Snapshot, u64> {
        if let Some(snapshot) = chunk.whole() {
            self.incoming = Incoming::default();
            return Ok(snapshot);
        }
        let Incoming { term: known_term, assembly } = &mut self.incoming;
        if *known_term == term && chunk.through().index < assembly.through.index {
            return Err(0);
        }
        let (is_same_leader, is_same) = (*known_term == term, assembly.through == chunk.through());
        if self.rules.begins_snapshot_anew(is_same_leader, is_same) {
            *known_term = term;
            *assembly = Assembly { through: chunk.through(), bytes: Payload::default() };
        }
        let continues = self.rules.continues_snapshot(chunk.offset(), assembly.bytes.len());
        if assembly.add_if(continues, chunk) && chunk.is_last() {
            return Ok(std::mem::take(assembly).into_snapshot());
        }
        Err(assembly.bytes.len() as u64)
    }

    /// Figure 13, receiver implementation 5 to 7, up to the disk.
    fn install(&mut self, call: CallId, snapshot: Snapshot, cx: &mut Cx<'_, R>) {
        let through = snapshot.through;
        debug!(me = %self.me, term = self.term, %through, "receives a snapshot");
        if self.disagrees_with(through) && !self.rules.keeps_conflicting_log() {
            self.delete_from(through.index, true, cx);
        }
        let sync = self.save_snapshot(snapshot, cx);
        let waits = self.rules.acknowledges_snapshot_after_sync();
        let sync = if waits { sync } else { NOTHING };
        let reply = self.install_reply(through.index, 0, true);
        self.reply_after(call, reply, sync, cx);
    }

    /// Whether another entry stands where the snapshot ends.
    fn disagrees_with(&self, through: LogPosition) -> bool {
        self.log.term_at(through.index).is_some_and(|term| term != through.term)
    }

    /// Figure 13, receiver implementation 6 to 8, for a snapshot that is durable.
    pub(crate) fn take_over(&mut self, snapshot: &Snapshot, cx: &mut Cx<'_, R>) {
        let through = snapshot.through;
        if self.rules.restores(through.index, self.applied) {
            debug!(me = %self.me, term = self.term, %through, "installs a snapshot");
            cx.restored(snapshot.clone());
            self.applied = self.rules.applied_after_install(self.applied, through.index);
            self.commit = self.commit.max(through.index);
            self.apply_committed(cx);
        }
        self.snapshot = Some(snapshot.clone());
        let slowest = self.slowest_follower().unwrap_or(through.index);
        if self.log.matches(through) {
            self.discard_through(self.rules.discards_through(through.index, slowest));
        } else if through.index > self.log.base().index
            && !(self.disagrees_with(through) && self.rules.keeps_conflicting_log())
        {
            self.discard_log(through);
        }
    }

    /// Up to where the slowest follower is known to hold the log, if the peer leads.
    fn slowest_follower(&self) -> Option<LogIndex> {
        let me = self.me;
        let others = (0..).map(PeerId).zip(&self.followers).filter(|(peer, _)| *peer != me);
        others.filter_map(|(peer, _)| self.account(peer)).map(|follower| follower.matched).min()
    }
}
