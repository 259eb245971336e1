//! The leader sends: entries, heartbeats, news of commitment (paper, sections 5.2 and 5.3).
//!
//! Proposals are only appended; they leave together in a *round*, which is planned for the end of
//! the instant (or of `batch_delay`). A round brings every follower as far as can be: a snapshot if
//! it lags too far behind, entries as long as not too many are under way, or the commit index if
//! that is news. The commit index goes with the next entries; alone it goes only if none follow
//! soon:
//! 1. Suppose twelve proposals come one after another, each a little after the one before is
//!    committed.
//! 2. If every commitment were told at once, each would cost two messages to each follower.
//! 3. Waiting a tenth of a heartbeat interval, all but the last are told with the next entries.
//!
//! Heartbeats are the hot path of every run: no allocation, no sync, no tracing.

use splitvote_peer::{LocalTime, LogIndex, PeerId, Role, Term};

use crate::batch::{Batch, entry_bytes};
use crate::log::Entry;
use crate::message::Message;
use crate::progress::Follower;
use crate::raft::{Cx, NEVER, Raft};
use crate::rules::Rules;

/// What part of a heartbeat interval news of commitment, and a repetition, wait for company.
const PATIENCE_DIVISOR: u32 = 10;

/// The batch that was built last: followers that need the same entries share it.
#[derive(Default)]
pub(crate) struct Shared(Option<(LogIndex, Batch)>);

impl<R: Rules + Clone> Raft<R> {
    /// Figure 2, volatile state on leaders, "Reinitialized after election"; section 8: a no-op at
    /// the start of the term, if the scenario asks for one.
    pub(crate) fn begin_leading(&mut self, cx: &mut Cx<'_, R>) {
        let next = self.rules.next_at_election(self.log.last().index);
        self.followers.resize_with(cx.cluster_size(), Follower::default);
        let are_heard = self.rules.counts_all_as_heard_at_election();
        let heard_at = if are_heard { cx.now() } else { LocalTime(0) };
        for follower in &mut self.followers {
            follower.start(self.rules.matched_at_election(follower.matched), next, heard_at);
        }
        if self.settings.no_op {
            let command = self.no_op.clone();
            self.append(Entry { term: self.term, command }, cx);
            self.sync_log(cx);
        }
        self.send_heartbeats(cx);
    }

    /// Plans a round for this time, if none comes earlier.
    #[inline]
    pub(crate) fn plan_round(&mut self, at: LocalTime) {
        self.round_at = self.round_at.min(at);
    }

    /// Plans a round for what can wait for company.
    pub(crate) fn plan_round_soon(&mut self, cx: &Cx<'_, R>) {
        self.plan_round(cx.now() + self.settings.timing.heartbeat_interval / PATIENCE_DIVISOR);
    }

    /// The time has come that was planned for a round. What a deposed leader has appended is still
    /// made durable; it is sent by a leader only.
    pub(crate) fn on_round(&mut self, cx: &mut Cx<'_, R>) {
        self.round_at = NEVER;
        self.sync_log(cx);
        let elected_in = self.campaign.stood_in;
        if let Some(term) = self.rules.replicates(self.role, elected_in, self.term) {
            let mut shared = Shared::default();
            for peer in cx.others() {
                self.catch_up(peer, term, &mut shared, cx);
            }
        }
    }

    /// Sends a follower what it lacks. True if anything was sent.
    #[inline(never)]
    pub(crate) fn catch_up(
        &mut self,
        peer: PeerId,
        term: Term,
        shared: &mut Shared,
        cx: &mut Cx<'_, R>,
    ) -> bool {
        let Some(follower) = self.followers.get(peer.index()) else { return false };
        if self.rules.sends_snapshot(follower.next, self.log.first()) {
            return self.send_snapshot(peer, term, cx);
        }
        let mut has_sent = false;
        while self.has_room(peer) && self.send_entries(peer, term, shared, cx) {
            has_sent = true;
        }
        let follower = &self.followers[peer.index()];
        let has_news = follower.told_commit < self.commit.min(follower.matched);
        if !has_sent && has_news && follower.in_flight() == 0 {
            self.send_heartbeat(peer, term, cx);
            has_sent = true;
        }
        has_sent
    }

    /// Whether one more AppendEntries with entries may be under way to a follower.
    fn has_room(&self, peer: PeerId) -> bool {
        let follower = &self.followers[peer.index()];
        let window = if follower.probing { 1 } else { self.settings.appends_in_flight };
        let window = window.min(follower.window).max(1);
        let is_blocked = follower.silence.is_silent()
            || self.rules.waits_for_all_replies()
                && self.followers.iter().any(|other| other.in_flight() > 0);
        follower.in_flight() < window && !is_blocked
    }

    /// Figure 2, Leaders, rule 3: "If last log index >= nextIndex for a follower: send
    /// AppendEntries RPC with log entries starting at nextIndex".
    fn send_entries(
        &mut self,
        peer: PeerId,
        term: Term,
        shared: &mut Shared,
        cx: &mut Cx<'_, R>,
    ) -> bool {
        let next = self.followers[peer.index()].next;
        if next > self.last_to_send() {
            return false;
        }
        let Some(previous) = self.log.position(next.saturating_sub(1)) else { return false };
        let entries = self.batch_from(next, shared);
        let through = previous.index + entries.len() as u64;
        let commit = self.rules.stated_commit(self.commit, self.log.last().index);
        let message = Message::AppendEntries { term, previous, commit, entries };
        let bytes = message.bytes();
        let call = cx.call(peer, message, bytes);
        let follower = &mut self.followers[peer.index()];
        follower.sent(call.number, through, cx.now());
        follower.next = self.rules.next_after_sending(next, through);
        follower.told_commit = commit;
        true
    }

    /// The last entry that may leave.
    fn last_to_send(&self) -> LogIndex {
        let last = self.log.last().index;
        if self.rules.sends_before_sync() { last } else { last.min(self.disk.durable) }
    }

    fn batch_from(&self, next: LogIndex, shared: &mut Shared) -> Batch {
        match &shared.0 {
            Some((first, batch)) if *first == next => batch.clone(),
            _ => {
                let count = self.settings.entries_per_append.max(1);
                let may_leave = self.last_to_send().saturating_sub(next).saturating_add(1);
                let count = count.min(usize::try_from(may_leave).unwrap_or(usize::MAX));
                let batch = Batch::from(self.entries_that_fit(next, count));
                shared.0 = Some((next, batch.clone()));
                batch
            }
        }
    }

    /// Up to `count` entries from an index on, no more than the bytes that one AppendEntries may hold; but one at
    /// least.
    fn entries_that_fit(&self, next: LogIndex, count: usize) -> Vec<Entry> {
        let entries = self.log.from(next, count);
        let Some(limit) = self.settings.bytes_per_append else { return entries.cloned().collect() };
        let (mut fitting, mut bytes) = (Vec::new(), 0_usize);
        for entry in entries {
            let with_it = bytes.saturating_add(entry_bytes(entry));
            if with_it <= limit || fitting.is_empty() {
                bytes = with_it;
                fitting.push(entry.clone());
            } else if !self.rules.skips_what_does_not_fit() {
                break;
            }
        }
        fitting
    }

    /// Figure 2, Leaders, rule 1: "send initial empty AppendEntries RPCs (heartbeat) to each
    /// server; repeat during idle periods to prevent election timeouts". What nobody has answered
    /// for a whole interval is sent again once a heartbeat is answered.
    pub(crate) fn send_heartbeats(&mut self, cx: &mut Cx<'_, R>) {
        let (term, now) = (self.term, cx.now());
        let interval = self.settings.timing.heartbeat_interval;
        let last = self.log.last().index;
        let mut shared = Shared::default();
        for peer in cx.others() {
            let follower = &self.followers[peer.index()];
            if let Some(call) = follower.overdue(now, interval) {
                self.give_up(peer, call);
            }
            let follower = &self.followers[peer.index()];
            let lacks_entries = follower.next <= last && follower.in_flight() == 0;
            if !(lacks_entries && self.catch_up(peer, term, &mut shared, cx)) {
                self.send_heartbeat(peer, term, cx);
            }
        }
        self.beat_at = now + interval;
    }

    /// An AppendEntries without entries. While entries are on their way it asks only for what the
    /// follower is known to hold: a refusal would say no more than that it was faster than they.
    #[inline]
    fn send_heartbeat(&mut self, peer: PeerId, term: Term, cx: &mut Cx<'_, R>) {
        let follower = &mut self.followers[peer.index()];
        let last = self.log.last();
        let held =
            if follower.probing { follower.next.saturating_sub(1) } else { follower.matched };
        let held = held.clamp(self.log.base().index, last.index);
        let previous = self.log.position(held).unwrap_or(last);
        let commit = self.rules.stated_commit(self.commit, last.index);
        let commit = self.rules.commit_in_heartbeat(commit);
        follower.told_commit = commit;
        let heartbeat = || Message::heartbeat(term, previous, commit);
        let bytes = heartbeat().bytes();
        cx.call_with(peer, bytes, heartbeat);
    }

    /// A leader that steps down has nothing to repeat. A round that is planned finds that by itself.
    pub(crate) fn stop_heartbeats(&mut self) {
        self.beat_at = NEVER;
    }

    /// Whether the peer leads, and has an account of this follower.
    #[inline]
    pub(crate) fn account(&self, peer: PeerId) -> Option<&Follower> {
        let is_other = self.role == Role::Leader && peer != self.me;
        self.followers.get(peer.index()).filter(|_| is_other)
    }
}
