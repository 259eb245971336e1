//! The voter's side of an election, and what a higher term does (paper, sections 5.1, 5.2, 5.4.1).
//!
//! Only two things touch `votedFor`: a new term, and casting a vote. What is never done is to clear
//! it because the role changes:
//! 1. Suppose S1 and S2 stand in term 3 of a cluster of four, and S2 wins with S0 and S3.
//! 2. S2's heartbeat makes S1 a follower. If S1 forgot its vote for itself,
//! 3. it could vote for S3 in term 3: two votes of one server in one term.

use splitvote_peer::{CallId, LogPosition, PeerId, Role, Term};
use tracing::debug;

use crate::canvass::Canvass;
use crate::message::Message;
use crate::raft::{Cx, Raft};
use crate::rules::Rules;

impl<R: Rules + Clone> Raft<R> {
    /// Figure 2, RequestVote RPC, receiver implementation.
    #[inline(never)]
    pub(crate) fn on_request_vote(
        &mut self,
        call: CallId,
        from: PeerId,
        term: Term,
        last_log: LogPosition,
        cx: &mut Cx<'_, R>,
    ) {
        if self.disregards_request(cx) {
            return self.answer_vote(call, term, false, cx);
        }
        if self.rules.adopts_term(term, self.term) {
            self.adopt_term(term, cx);
        }
        let granted = self.rules.votes_in(term, self.term) && self.decide_vote(from, last_log);
        if self.rules.request_resets_timer(granted) && self.role != Role::Leader {
            self.reset_election_timer(cx);
        }
        self.save_ballot(cx);
        self.answer_vote(call, term, granted, cx);
    }

    fn answer_vote(&mut self, call: CallId, asked_in: Term, granted: bool, cx: &mut Cx<'_, R>) {
        let current = self.term;
        let term = if granted { current } else { self.rules.term_in_refusal(asked_in, current) };
        self.reply(call, Message::RequestVoteReply { term, asked_in, granted }, cx);
    }

    /// Grants or refuses a vote in the current term.
    fn decide_vote(&mut self, candidate: PeerId, last_log: LogPosition) -> bool {
        let granted = self.rules.may_vote_for(self.voted_for, candidate)
            && self.rules.is_up_to_date(self.log.last(), last_log);
        if granted {
            self.voted_for = Some(candidate);
            self.canvass = Canvass::default();
            self.leader = self.rules.leader_after_vote(self.leader, candidate);
            debug!(me = %self.me, term = self.term, %candidate, "grants its vote");
        } else {
            self.voted_for = self.rules.vote_after_refusal(self.voted_for, candidate);
        }
        granted
    }

    /// Figure 2, All Servers: "If RPC request or response contains term T > currentTerm: set
    /// currentTerm = T, convert to follower". The caller saves the ballot once it has decided on
    /// the vote as well, so that both are one record.
    ///
    /// The election timer goes on as it was. A leader has none, and so arms one.
    pub(crate) fn adopt_term(&mut self, term: Term, cx: &mut Cx<'_, R>) {
        debug!(me = %self.me, role = %self.role, old_term = self.term, term, "adopts a higher term");
        self.term = term;
        self.voted_for = self.rules.vote_in_new_term(self.voted_for);
        self.leader = self.rules.leader_in_new_term(self.leader);
        if self.role == Role::Leader {
            self.leave_office(cx);
        }
        self.role = Role::Follower;
    }

    /// What a leader leaves behind that becomes a follower, whose timer runs again.
    pub(crate) fn leave_office(&mut self, cx: &mut Cx<'_, R>) {
        self.stop_heartbeats();
        if self.rules.arms_timer_after_office() {
            self.reset_election_timer(cx);
        }
        let kept = self.rules.kept_after_stepping_down(self.log.last().index, self.commit);
        self.delete_from(kept.saturating_add(1), true, cx);
    }

    /// Figure 2, All Servers, for replies. True if the peer has stepped down.
    #[inline]
    pub(crate) fn yields_to_reply(&mut self, term: Term, cx: &mut Cx<'_, R>) -> bool {
        let yields = self.rules.steps_down_on_reply(term, self.term);
        if yields {
            self.adopt_and_save(term, cx);
        }
        yields
    }

    #[cold]
    pub(crate) fn adopt_and_save(&mut self, term: Term, cx: &mut Cx<'_, R>) {
        self.adopt_term(term, cx);
        self.save_heard_term(cx);
    }

    /// A term that somebody else has begun.
    #[cold]
    pub(crate) fn save_heard_term(&mut self, cx: &mut Cx<'_, R>) {
        if self.rules.persists_heard_term() {
            self.save_ballot(cx);
        }
    }
}
