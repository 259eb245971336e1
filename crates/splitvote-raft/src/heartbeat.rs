//! Heartbeats: the leader's claim to its term, and how the others take it (paper, section 5.2).
//!
//! This is the hot path of every run: no allocation, no sync, no tracing.

use splitvote_peer::{CallId, LocalTime, LogIndex, LogPosition, PeerId, Role, Term};
use tracing::debug;

use crate::message::Message;
use crate::raft::{Cx, NEVER, Raft};
use crate::rules::Rules;

impl<R: Rules + Clone> Raft<R> {
    /// Figure 2, Leaders, rule 1: "send initial empty AppendEntries RPCs (heartbeat) to each
    /// server; repeat during idle periods to prevent election timeouts".
    pub(crate) fn send_heartbeats(&mut self, cx: &mut Cx<'_, R>) {
        let heartbeat = Message::AppendEntries {
            term: self.term,
            previous: self.log.last(),
            commit: self.commit,
        };
        let bytes = heartbeat.bytes();
        for peer in cx.others() {
            cx.call(peer, heartbeat.clone(), bytes);
        }
        self.beat_at = cx.now() + self.timing.heartbeat_interval;
    }

    /// A leader that steps down has nothing to repeat.
    pub(crate) fn stop_heartbeats(&mut self) {
        self.beat_at = NEVER;
    }

    /// Figure 2, AppendEntries RPC, receiver implementation 1, 2 and 5.
    #[inline]
    pub(crate) fn on_append(
        &mut self,
        call: CallId,
        from: PeerId,
        (term, previous, commit): (Term, LogPosition, LogIndex),
        cx: &mut Cx<'_, R>,
    ) {
        if self.rules.adopts_term(term, self.term) {
            self.adopt_term(term, cx);
            self.save_ballot(cx);
        }
        let heeded = self.rules.heeds_append(term, self.term) && self.follows_leader();
        let success = heeded && self.hear_leader(from, previous, commit, cx);
        self.reply(call, Message::AppendEntriesReply { term: self.term, success }, cx);
    }

    /// Whether the peer is a follower of the sender, or becomes one. A leader does not: its term
    /// has no other leader (section 5.2, Election Safety).
    #[inline]
    fn follows_leader(&mut self) -> bool {
        match self.role {
            Role::Follower => {
                self.voted_for = self.rules.vote_after_heartbeat(self.voted_for);
                true
            }
            Role::Candidate => self.rules.yields_to_leader() && self.yield_to_leader(),
            Role::Leader => false,
        }
    }

    /// Section 5.2: the candidate "recognizes the leader as legitimate and returns to follower
    /// state". Its vote stays cast.
    #[cold]
    fn yield_to_leader(&mut self) -> bool {
        debug!(me = %self.me, term = self.term, "yields to the leader of its term");
        self.role = Role::Follower;
        self.voted_for = self.rules.vote_after_yielding(self.voted_for);
        true
    }

    /// Takes a heartbeat of the leader: who leads, the election timer, the log check, and the
    /// commit index, as far as the logs are known to agree.
    #[inline]
    fn hear_leader(
        &mut self,
        leader: PeerId,
        previous: LogPosition,
        commit: LogIndex,
        cx: &mut Cx<'_, R>,
    ) -> bool {
        self.leader = Some(leader);
        let log_matches = self.log.matches(previous);
        if self.rules.append_resets_timer(log_matches) {
            self.reset_election_timer(cx);
        }
        if log_matches {
            self.commit = self.commit.max(commit.min(previous.index));
        }
        log_matches
    }

    /// Figure 2, Followers, rule 2: a fresh timeout from now on; the old deadline is void.
    #[inline]
    pub(crate) fn reset_election_timer(&mut self, cx: &mut Cx<'_, R>) {
        let timing = &self.timing;
        let fresh = cx.election_timeout(timing.election_timeout_min, timing.election_timeout_max);
        self.election_deadline = self.deadline(cx.now(), fresh);
    }

    #[inline]
    fn deadline(&self, now: LocalTime, fresh: std::time::Duration) -> LocalTime {
        now + self.rules.timeout(self.first_timeout, fresh)
    }
}
