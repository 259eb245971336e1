//! The leader hears: what became of its AppendEntries (paper, section 5.3).
//!
//! Replies come late, twice, in any order, or not at all. A success says up to where the follower's
//! disk agrees, which stays true as long as the leader leads; so it only ever moves `matchIndex`
//! forward. A refusal is taken seriously only if nothing since has proved it old:
//! 1. Suppose S0 leads and sends S1 entries 5 and 6 in two calls, and the second is faster.
//! 2. S1 refuses it, for it lacks 5. Then 5 arrives; its success is faster than the refusal.
//! 3. S0 knows that S1 holds 5 when it hears that 5 is missing. Going back before 5 would send again
//!    what S1 has, and with every such reply once more.

use splitvote_peer::{CallId, LogIndex, LogPosition, PeerId, Role, Term};

use crate::message::AppendResult;
use crate::progress::InFlight;
use crate::raft::{Cx, Raft};
use crate::replication::Shared;
use crate::rules::Rules;

impl<R: Rules + Clone> Raft<R> {
    /// Figure 2, AppendEntries RPC, results. A function by itself, as
    /// [`on_append`](Self::on_append) is.
    #[inline(never)]
    pub(crate) fn on_append_reply(
        &mut self,
        call: CallId,
        from: PeerId,
        term: Term,
        result: &AppendResult,
        cx: &mut Cx<'_, R>,
    ) {
        if self.yields_to_reply(term, cx)
            || self.account(from).is_none()
            || !self.rules.append_reply_counts(term, self.term)
        {
            return;
        }
        let follower = &mut self.followers[from.index()];
        follower.heard_at = cx.now();
        let sent = follower.returned(call.number, cx.now());
        let is_news =
            matches!(*result, AppendResult::Success { through } if through > follower.matched);
        let ends_silence = self.rules.ends_silence()
            && follower.silence.broken_by(call.number, is_news || sent.is_some());
        match *result {
            AppendResult::Success { through } => {
                follower.window = follower.window.saturating_add(is_news.into());
                self.on_success(from, through, cx);
            }
            AppendResult::Conflict { previous, hint } => {
                self.on_conflict(from, sent, (previous, hint), cx);
            }
            AppendResult::Stale => {}
        }
        if ends_silence {
            self.catch_up(from, self.term, &mut Shared::default(), cx);
        }
    }

    /// Figure 2, Leaders, rule 3: "If successful: update nextIndex and matchIndex for follower".
    #[inline(always)]
    fn on_success(&mut self, from: PeerId, through: LogIndex, cx: &mut Cx<'_, R>) {
        let last = self.log.last().index;
        let follower = &mut self.followers[from.index()];
        let matched = self.rules.matched_after_success(through, follower.next, last).min(last);
        let is_news = matched > follower.matched;
        follower.holds(matched);
        if follower.next > self.log.base().index {
            follower.transfer = None;
        }
        let lacks_entries = follower.next <= last;
        if is_news {
            self.advance_commit(cx);
        }
        if lacks_entries {
            self.catch_up(from, self.term, &mut Shared::default(), cx);
        }
    }

    /// Figure 2, Leaders, rule 3: "If AppendEntries fails because of log inconsistency: decrement
    /// nextIndex and retry". Section 5.3: by a whole term at a time. If what the follower lacks is
    /// still under way, it is waited for, and only what was refused must be sent again.
    #[cold]
    fn on_conflict(
        &mut self,
        from: PeerId,
        sent: Option<InFlight>,
        (refused, hint): (LogIndex, LogPosition),
        cx: &mut Cx<'_, R>,
    ) {
        let follower = &mut self.followers[from.index()];
        // While a probe is under way, the refusal of anything else tells nothing new.
        if follower.probing && sent.is_none() && follower.in_flight() > 0 {
            return;
        }
        let last_of_term = if hint.term == 0 { None } else { self.log.last_of_term(hint.term) };
        let back_off = self.rules.back_off(refused, hint.index, last_of_term);
        let known = follower.progress();
        let next = self.rules.next_after_refusal(known, refused, back_off);
        match next {
            Some(next) if !follower.is_under_way(next) => {
                follower.go_back_to(next);
                follower.matched = self.rules.matched_after_refusal(follower.matched, next);
            }
            _ => {
                let Some(sent) = sent.filter(|_| self.rules.repeats_entries()) else { return };
                follower.lost(sent);
            }
        }
        self.catch_up(from, self.term, &mut Shared::default(), cx);
    }

    /// A call with entries or a part of a snapshot has gone unanswered for a whole interval.
    #[cold]
    pub(crate) fn give_up(&mut self, peer: PeerId, call: u64) {
        let Some(follower) = self.followers.get_mut(peer.index()) else { return };
        follower.give_up(self.rules.repeats_entries());
        follower.silence.unanswered(call);
        if let Some(transfer) = &mut follower.transfer
            && self.rules.repeats_snapshot()
        {
            transfer.give_up();
        }
    }

    /// The network reports that nobody has answered. What was lost is sent again, soon but
    /// not at once: a peer that is down would be called again in the same instant, and for ever.
    pub(crate) fn on_call_failed(&mut self, call: CallId, from: PeerId, cx: &mut Cx<'_, R>) {
        if self.role != Role::Leader {
            return;
        }
        let Some(follower) = self.followers.get_mut(from.index()) else { return };
        let entries = follower.returned(call.number, cx.now());
        if let (Some(entries), true) = (entries, self.rules.repeats_entries()) {
            follower.lost(entries);
        }
        let was_snapshot = self.snapshot_call_failed(call.number, from);
        if entries.is_some() || was_snapshot {
            self.followers[from.index()].silence.lost(call.number);
            self.plan_round_soon(cx);
        }
    }
}
