//! The candidate's side of an election: standing, asking, counting, winning (paper, section 5.2).
//!
//! A candidate asks for votes while its own ballot is still on its way to the disk (as in the
//! dissertation, section 10.2.1), but counts its own vote, and may lead, only once the ballot is
//! durable. Asking early is safe, since a request promises nothing:
//! 1. Suppose S0 of five stands in term 7, and its requests leave before its ballot is durable.
//! 2. S1, S2 and S3 vote for S0. S0 crashes, and comes back in term 6 without a vote.
//! 3. It may now vote for S4 in term 7, but it has never led term 7, replies to its former life are
//!    not delivered, and S1 to S3 have voted. Stands it again, the votes are cast for the same S0.
//!
//! Leading early would not be, even with a majority of the others:
//! 1. Suppose S0 in step 2 above led term 7 before its ballot was durable, and sent x as entry 5.
//! 2. It crashes, comes back in term 6, and stands in term 7 once more.
//! 3. S1 to S3 have voted for S0 in term 7, and rightly grant a repeated request.
//! 4. S0 leads term 7 a second time and sends y as entry 5: one index, one term, two commands.

use splitvote_peer::{PeerId, PeerSet, Role, Term};
use tracing::debug;

use crate::message::Message;
use crate::raft::{Cx, NEVER, Raft};
use crate::rules::Rules;

/// What a candidate knows about its election.
#[derive(Clone, Debug, Default)]
pub(crate) struct Campaign {
    /// The term it stood in.
    pub(crate) stood_in: Term,
    /// Who has answered, and need not be asked again.
    answered: PeerSet,
    /// Who has voted for it; itself only once that vote is durable.
    voters: PeerSet,
    /// How often a vote was granted, repetitions included.
    granting_replies: u32,
}

impl Campaign {
    fn count(&mut self, voter: PeerId) {
        self.voters.insert(voter);
        self.granting_replies = self.granting_replies.saturating_add(1);
    }
}

impl<R: Rules + Clone> Raft<R> {
    /// The election deadline has passed. Section 5.2: no leader was heard of, or nobody won.
    pub(crate) fn on_election_timeout(&mut self, cx: &mut Cx<'_, R>) {
        if self.term == Term::MAX {
            // There is no next term, and a second election in this one could elect a second leader.
            self.reset_election_timer(cx);
        } else if self.rules.stands_at_timeout(self.role) {
            if self.settings.pre_vote {
                self.reset_election_timer(cx);
                self.ask_first(cx);
            } else {
                self.stand(cx);
            }
        } else {
            self.election_deadline = NEVER;
        }
    }

    /// Figure 2, Candidates, rule 1.
    pub(crate) fn stand(&mut self, cx: &mut Cx<'_, R>) {
        self.term = self.rules.next_term(self.term);
        self.role = Role::Candidate;
        self.leader = None;
        self.voted_for = self.rules.own_vote(self.me);
        let mut willing = std::mem::take(&mut self.canvass).willing;
        willing.remove(self.me);
        let voters = self.rules.votes_after_pre_vote(willing);
        self.campaign = Campaign { stood_in: self.term, voters, ..Campaign::default() };
        debug!(me = %self.me, term = self.term, last_log = %self.log.last(), "stands for election");
        self.reset_election_timer(cx);
        self.save_ballot(cx);
        self.ask_for_votes(self.term, cx);
        self.beat_at = cx.now() + self.settings.timing.heartbeat_interval;
        self.count_own_vote(cx);
    }

    /// Sends a RequestVote to everyone who has not answered yet.
    fn ask_for_votes(&self, term: Term, cx: &mut Cx<'_, R>) {
        let request = Message::RequestVote { term, last_log: self.log.last() };
        let bytes = request.bytes();
        for peer in cx.others().filter(|peer| !self.campaign.answered.contains(*peer)) {
            cx.call(peer, request.clone(), bytes);
        }
    }

    /// The time has come that was planned for repeating requests. Whether they still make sense
    /// is seen only now; whoever no longer stands plans no further round.
    pub(crate) fn repeat_requests(&mut self, cx: &mut Cx<'_, R>) {
        if let Some(term) = self.rules.solicits(self.role, self.campaign.stood_in, self.term) {
            self.ask_for_votes(term, cx);
        }
        let asks_first = self.asks_first();
        if asks_first {
            self.ask_the_unwilling(cx);
        }
        let again = cx.now() + self.settings.timing.heartbeat_interval;
        self.beat_at = if self.role == Role::Candidate || asks_first { again } else { NEVER };
    }

    /// Figure 2, RequestVote RPC, results.
    #[inline(never)]
    pub(crate) fn on_vote_reply(
        &mut self,
        from: PeerId,
        (term, asked_in, granted): (Term, Term, bool),
        cx: &mut Cx<'_, R>,
    ) {
        if self.yields_to_reply(term, cx)
            || self.role != Role::Candidate
            || !self.rules.reply_counts(asked_in, self.term)
        {
            return;
        }
        if term >= asked_in {
            // Who disregarded the request, being led, may think otherwise later.
            self.campaign.answered.insert(from);
        }
        if granted {
            self.campaign.count(from);
            debug!(me = %self.me, term = self.term, voter = %from, "is granted a vote");
            self.lead_if_elected(cx);
        }
    }

    /// Counts the candidate's vote for itself, once and only when it is durable.
    pub(crate) fn count_own_vote(&mut self, cx: &mut Cx<'_, R>) {
        let is_counted = self.campaign.voters.contains(self.me);
        if self.role == Role::Candidate
            && !is_counted
            && self.rules.own_vote_counts(self.ballot_is_durable())
        {
            self.campaign.count(self.me);
            self.lead_if_elected(cx);
        }
    }

    /// Figure 2, Candidates, rule 2. Not before the own vote counts: see the head of this file.
    fn lead_if_elected(&mut self, cx: &mut Cx<'_, R>) {
        let Campaign { voters, granting_replies, .. } = self.campaign;
        let votes = self.rules.count_votes(voters, granting_replies);
        let needed = self.rules.votes_needed(cx.cluster_size());
        let voted_for_me = self.voted_for == Some(self.me);
        if voters.contains(self.me) && self.rules.is_elected(votes, needed, voted_for_me) {
            self.lead(cx);
        }
    }

    /// Section 5.2: the winner "sends heartbeat messages to all of the other servers to establish
    /// its authority". A leader has no election timer.
    fn lead(&mut self, cx: &mut Cx<'_, R>) {
        debug!(me = %self.me, term = self.term, voters = %self.campaign.voters, "leads");
        self.role = Role::Leader;
        self.leader = Some(self.me);
        self.election_deadline = NEVER;
        self.begin_leading(cx);
    }
}
