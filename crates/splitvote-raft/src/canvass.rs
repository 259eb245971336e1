//! Asking before standing: PreVote (dissertation, section 9.6).
//!
//! A peer whose election timeout has elapsed asks everyone whether it would get a vote in the next
//! term. It stands once a majority, itself included, would vote for it; until then its term and its
//! ballot stay as they are, and so does everything at those who are asked. A peer that was cut off
//! comes back with the term that it left with, and disturbs nobody.
//!
//! Every answer is an opinion of the moment. So a no is asked again with the next round of requests:
//! the leader's last heartbeat may have reached the others a little later. A yes counts only while
//! the question stands: until a leader is heard of, a vote is cast for another, or the term changes.
//!
//! A question that comes too late is answered all the same, with the receiver's term. Why:
//! 1. Suppose S0 leads term 1 of three, is cut off with entries that nobody else has, and steps down
//!    or restarts. S1 is elected in term 2 with the vote of S2, and crashes; S0's links are mended.
//! 2. S2 would stand in term 3, but S0's log is longer: it says no, and its term stays as it was.
//! 3. S0 would stand in term 2, which is past for S2. If S2 said nothing, S0 would never hear of term
//!    2, and ask S2 the same for ever. Neither can be elected, though they are a majority.
//! 4. S2 answers "no, I am in term 2". S0 adopts that, asks for term 3, and S2 says yes.

use splitvote_peer::{CallId, LogPosition, PeerId, PeerSet, Role, Term};
use tracing::debug;

use crate::message::Message;
use crate::raft::{Cx, Raft};
use crate::rules::Rules;

/// What a peer asks before it stands.
#[derive(Clone, Debug)]
pub(crate) struct Canvass {
    /// The term in which it would stand, if it asks anything.
    asked_for: Option<Term>,
    /// The number of the first call with this question.
    first_call: u64,
    /// Who would vote for it, itself included.
    pub(crate) willing: PeerSet,
}

impl Default for Canvass {
    fn default() -> Self {
        Self { asked_for: None, first_call: u64::MAX, willing: PeerSet::EMPTY }
    }
}

impl<R: Rules + Clone> Raft<R> {
    /// Section 9.6: the election timeout has elapsed. No leader is believed in any more.
    pub(crate) fn ask_first(&mut self, cx: &mut Cx<'_, R>) {
        let asked_for = self.rules.next_term(self.term);
        debug!(me = %self.me, asked_for, last_log = %self.log.last(), "asks before it stands");
        self.leader = None;
        self.canvass = Canvass { asked_for: Some(asked_for), ..Canvass::default() };
        self.canvass.willing.insert(self.me);
        self.ask_the_unwilling(cx);
        self.beat_at = cx.now() + self.settings.timing.heartbeat_interval;
        self.stand_if_welcome(cx);
    }

    /// Whether the question still stands.
    pub(crate) fn asks_first(&self) -> bool {
        self.canvass.asked_for == Some(self.rules.next_term(self.term))
            && self.leader.is_none()
            && self.role != Role::Leader
    }

    /// Sends a PreVote to everyone who has not said yes.
    pub(crate) fn ask_the_unwilling(&mut self, cx: &mut Cx<'_, R>) {
        let Canvass { asked_for: Some(asked_for), willing, .. } = self.canvass else { return };
        let question = Message::PreVote { asked_for, last_log: self.log.last() };
        let bytes = question.bytes();
        for peer in cx.others().filter(|peer| !willing.contains(*peer)) {
            let call = cx.call(peer, question.clone(), bytes);
            self.canvass.first_call = self.canvass.first_call.min(call.number);
        }
    }

    /// Section 9.6, the receiver: it answers, and changes nothing.
    #[inline(never)]
    pub(crate) fn on_pre_vote(
        &mut self,
        call: CallId,
        asked_for: Term,
        last_log: LogPosition,
        cx: &mut Cx<'_, R>,
    ) {
        if !self.rules.answers_pre_vote(asked_for, self.term) {
            return;
        }
        let is_up_to_date = self.rules.is_up_to_date(self.log.last(), last_log);
        let (is_later, is_led) = (asked_for > self.term, self.is_led(cx));
        let granted = self.rules.grants_pre_vote(is_later, is_up_to_date, is_led);
        if self.rules.pre_vote_resets_timer(granted) && self.role != Role::Leader {
            self.reset_election_timer(cx);
        }
        if self.rules.adopts_pre_vote_term(asked_for, self.term) {
            self.adopt_and_save(asked_for, cx);
        }
        self.reply(call, Message::PreVoteReply { term: self.term, asked_for, granted }, cx);
    }

    /// Section 9.6, the answer. Whoever learns a later term by it asks anew at once: its election
    /// timeout has elapsed all the same. Each time the term rises, so this comes to an end.
    #[inline(never)]
    pub(crate) fn on_pre_vote_reply(
        &mut self,
        call: CallId,
        from: PeerId,
        (term, asked_for, granted): (Term, Term, bool),
        cx: &mut Cx<'_, R>,
    ) {
        let asks = self.asks_first();
        if self.yields_to_reply(term, cx) {
            if asks && self.term < Term::MAX {
                self.ask_first(cx);
            }
            return;
        }
        if asks && granted && self.rules.pre_vote_counts(call.number, self.canvass.first_call) {
            debug!(me = %self.me, asked_for, voter = %from, "would get a vote");
            self.canvass.willing.insert(from);
            self.stand_if_welcome(cx);
        }
    }

    /// Section 9.6: stands "if it first learns from a majority of the cluster that they would be
    /// willing to grant the candidate their votes".
    fn stand_if_welcome(&mut self, cx: &mut Cx<'_, R>) {
        if self.canvass.willing.len() >= self.rules.votes_needed(cx.cluster_size()) {
            self.stand(cx);
        }
    }
}
