//! A leader that nobody hears gives up, and one that is heard is not disturbed: CheckQuorum
//! (dissertation, sections 6.2 and 4.2.3).
//!
//! With every beat the leader asks whether it has heard from a majority within an election timeout,
//! the minimum that is drawn. An answer to anything that it sent in its term counts when it arrives.
//! If not, it steps down. Its term stays as it is: another may long lead a later one, and must not
//! be disturbed.
//!
//! In return whoever follows a leader disregards requests for votes. One needs the other:
//! 1. Suppose S0 leads five, and hears nobody any more, though everyone still hears it.
//! 2. It commits nothing, and nobody stands, for its heartbeats keep all timers from elapsing.
//! 3. Only S0 can end this. That is the quorum's check.
//! 4. Suppose now that S4 hears nobody, though everyone hears it: it stands in term after term.
//! 5. Everyone adopts each, and no leader lasts. Only those who are asked can end this, by
//!    disregarding it; which they may only because 3. takes out of office whoever is of no use.
//!
//! A later term that is disregarded as a request still reaches a leader as the refusal of its
//! heartbeat, if the two can hear each other: that disturbance is needed to take the peer back in.

use std::time::Duration;

use splitvote_peer::Role;
use tracing::debug;

use crate::raft::{Cx, NEVER, Raft};
use crate::rules::Rules;

impl<R: Rules + Clone> Raft<R> {
    /// The time has come for the next heartbeats, or, without a majority, for stepping down.
    pub(crate) fn on_beat(&mut self, cx: &mut Cx<'_, R>) {
        if self.settings.check_quorum && !self.hears_quorum(cx) {
            self.give_up_office(cx);
        } else {
            self.send_heartbeats(cx);
        }
    }

    /// Section 6.2: whether a majority, the leader included, has answered within an election timeout.
    #[inline(never)]
    fn hears_quorum(&self, cx: &Cx<'_, R>) -> bool {
        let patience = self.settings.timing.election_timeout_min;
        let heard = cx.others().filter_map(|peer| self.followers.get(peer.index())).filter(|row| {
            let silent_for = cx.now().0.saturating_sub(row.heard_at.0);
            self.rules.is_heard(Duration::from_nanos(silent_for), patience)
        });
        self.rules.has_quorum(heard.count(), cx.cluster_size())
    }

    /// Section 6.2: the leader "steps down". Its vote stays cast, for the reason at the head of
    /// `voting`.
    #[cold]
    fn give_up_office(&mut self, cx: &mut Cx<'_, R>) {
        debug!(me = %self.me, term = self.term, "steps down without a quorum");
        self.leader = None;
        self.voted_for = self.rules.vote_after_quorum_loss(self.voted_for);
        self.leave_office(cx);
        self.role = Role::Follower;
        self.save_ballot(cx);
    }

    /// Section 4.2.3: whether the peer leads, or has heard from the leader of its term within the
    /// minimum election timeout. By a clock that was set back meanwhile it has not.
    pub(crate) fn is_led(&self, cx: &Cx<'_, R>) -> bool {
        let heard_at = self.leader_heard_at;
        let is_recent = heard_at != NEVER
            && cx.now() >= heard_at
            && cx.now() < heard_at + self.settings.timing.election_timeout_min;
        self.role == Role::Leader || self.leader.is_some() && is_recent
    }

    /// Section 4.2.3: whether a request for a vote is left aside.
    pub(crate) fn disregards_request(&self, cx: &Cx<'_, R>) -> bool {
        self.settings.check_quorum && self.rules.disregards_vote_request(self.is_led(cx))
    }
}
