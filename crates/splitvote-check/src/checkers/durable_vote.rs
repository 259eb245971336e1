//! A vote is durable before the candidate is told of it.
//!
//! # Paper
//! Figure 2, persistent state: "Updated on stable storage before responding to RPCs".
//!
//! # Checks
//! Whenever a granting reply leaves: that this very vote, term and candidate, was on the voter's
//! disk at some time before, or that a later term is there now.
//!
//! 1. Suppose S3 grants S1 its vote of term 4 while the sync is still under way.
//! 2. S3 crashes; the disk holds term 3.
//! 3. S3 restarts, hears S2's request for term 4 and grants that one too. The fault is in step 1,
//!    even if no crash ever comes.
//!
//! # Whom it must not accuse
//! - A Raft that writes its state anew as one, and writes the latest only once the disk is free. The vote of term 4
//!   is never on its disk, but once term 5 is there, it can be given to nobody else, and the reply may leave.
//! - A voter that does all of it in one step, so that no view ever shows the vote:
//!   1. Suppose S0 is in term 3. Its handlers wait for a lock, and S1's request for term 4 waits with them.
//!   2. The lock is free. In one step a handler notes the vote for S1 in term 4, and the timer has S0 stand in term 5.
//!   3. S0 writes its state, which is term 5 by now. Once that is durable, it grants S1 the vote of term 4.
//!
//!   What counts is that S0 was handed the request in no later term than 4. That it may hold over a crash: a Raft may
//!   keep the votes of past terms on its disk.
//!
//! # Does not check
//! A Raft whose records do not tell of ballots. The candidate's own vote: that is
//! real-majority's. Replies that refuse. A vote that was synced, as far as the voter can know: its disk lied.
//! A voter that is handed the request in time, and decides in a later term that is durable: its view need not show
//! which of both it did. It breaks the rule all the same for requests that reach it later, which are not rare, and a
//! second vote of that term, or one for a log that is behind, is one-vote's and election-restriction's.
//!
//! # Standing
//! Guarantee: a crash after such a grant makes a second one legal for the voter, which the run may
//! never show. It might accuse a correct Raft whose records tell of ballots, but not of all of them.
//!
//! # Mutants that trip it
//! E3, E3B, E4, N40.

use super::prelude::*;

pub(super) const RULE: Rule =
    Rule::new("durable-vote", "Figure 2", "A vote is durable before the candidate is told of it.")
        .advising("write term and vote, sync, and reply when `Input::Synced` tells of that sync");

/// The evidence: a vote that was granted too early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolatileVote {
    /// Who granted it.
    pub voter: PeerId,
    /// The peer that it goes to.
    pub candidate: PeerId,
    /// In which term.
    pub term: Term,
    /// What was on the voter's disk instead: term and vote.
    pub on_disk: Option<(Term, Option<PeerId>)>,
}

pub(super) fn check(ghost: &Ghost, _: SimTime, seen: &Observation) -> Option<VolatileVote> {
    let &Observation::VoteGrantSent { voter, candidate, term } = seen else {
        return None;
    };
    let peer = ghost.peer(voter).filter(|_| ghost.tells_ballots)?;
    let ballot = ghost.term(term).and_then(|cast| cast.find(voter, candidate));
    let on_disk = peer.disk;
    // Who is in a later term already when it is asked has not decided in the term for which it is.
    let is_in_time = || {
        let asked = ghost.term(term);
        !ghost.describes_requests
            || asked.is_some_and(|asked| asked.has_heard_in_time(voter, candidate))
    };
    let was_cast = ballot.is_some() || !peer.view.shows_vote() || is_in_time();
    let is_past = was_cast && on_disk.is_some_and(|(durable, _)| durable > term);
    let is_durable = is_past || ballot.is_some_and(|ballot| ballot.is_durable);
    let noted = ballot.map_or(SimTime::ZERO, |ballot| ballot.at);
    (!is_durable && !peer.is_deceived_since(noted)).then_some(VolatileVote {
        voter,
        candidate,
        term,
        on_disk,
    })
}

impl Proof for VolatileVote {
    fn finding(&self) -> Finding {
        let Self { voter, candidate, term, .. } = *self;
        let words = "its answer leaves while its disk";
        Finding::new("volatile-vote", [voter, candidate])
            .leads([Lead::Vote(voter, candidate, term), Lead::BallotOnDisk(voter, words)])
    }

    fn sentence(&self) -> String {
        let Self { voter, candidate, term, on_disk } = self;
        let disk = match on_disk {
            None => "nothing".to_owned(),
            Some((term, None)) => format!("term {term} and no vote"),
            Some((term, Some(other))) => format!("term {term} and a vote for {other}"),
        };
        format!(
            "{voter} granted {candidate} its vote of term {term} before it was durable, with {disk} \
             on its disk"
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::script::Script;

    #[test]
    fn a_grant_that_leaves_before_the_sync_fires() {
        let mut run = Script::new(3);
        run.stand(1, 4).ask(1, 0).durable(0, 3, None).vote_in_memory(0, 1, 4).tell(0, 1, 4);
        let sentence = "S0 granted S1 its vote of term 4 before it was durable, with term 3 and \
                        no vote on its disk";
        assert_eq!(run.verdict(), Some(("durable-vote", sentence.to_owned())));
    }

    #[test]
    fn a_durable_term_without_the_vote_is_not_enough() {
        let mut run = Script::new(3);
        run.stand(1, 4).ask(1, 0).durable(0, 4, None).vote_in_memory(0, 1, 4).tell(0, 1, 4);
        assert_eq!(run.verdict().map(|(name, _)| name), Some("durable-vote"));
    }

    #[test]
    fn a_vote_that_a_later_term_on_the_disk_makes_final_may_leave() {
        let mut run = Script::new(3);
        run.stand(1, 4).ask(1, 0).durable(0, 3, None).vote_in_memory(0, 1, 4);
        run.follow(0, None, 5).durable(0, 5, None).tell(0, 1, 4);
        assert_eq!(run.verdict(), None);
    }

    #[test]
    fn a_vote_that_was_never_cast_in_its_term_is_not_final() {
        let mut run = Script::new(3);
        run.stand(1, 4).ask(1, 0).follow(0, None, 5).durable(0, 5, None).tell(0, 1, 4);
        assert_eq!(run.verdict().map(|(name, _)| name), Some("durable-vote"));
    }

    #[test]
    fn a_vote_and_a_later_candidacy_of_one_step_are_no_offence_once_the_later_term_is_durable() {
        let mut run = Script::new(3);
        run.stand(1, 4).ask(1, 0).hear(1, 0, 4);
        run.stand(0, 5).tell(0, 1, 4);
        assert_eq!(run.verdict(), None, "no view shows the vote, but it was asked in term 0");
        let mut run = Script::new(3);
        run.stand(1, 4).ask(1, 0).hear(1, 0, 4).durable(0, 4, None);
        run.stand_in_memory(0, 5).tell(0, 1, 4);
        let sentence = "S0 granted S1 its vote of term 4 before it was durable, with term 4 and no \
                        vote on its disk";
        assert_eq!(run.verdict(), Some(("durable-vote", sentence.to_owned())));
    }

    #[test]
    fn a_voter_that_is_asked_in_a_later_term_fires() {
        let mut run = Script::new(3);
        run.stand(1, 4).ask(1, 0).stand(0, 5).hear(1, 0, 4).tell(0, 1, 4);
        assert_eq!(run.verdict().map(|(name, _)| name), Some("durable-vote"));
    }

    #[test]
    fn of_requests_that_are_not_described_nobody_knows_when_they_came() {
        let mut run = Script::new(3);
        run.stand(1, 4).stand(0, 5).tell(0, 1, 4);
        assert_eq!(run.verdict(), None);
    }

    #[test]
    fn a_vote_that_survived_without_a_sync_is_durable() {
        let mut run = Script::new(3);
        run.stand(1, 4).ask(1, 0).durable(0, 3, None).vote_in_memory(0, 1, 4);
        run.crash(0).restart_with(0, 4, Some(1)).tell(0, 1, 4);
        assert_eq!(run.verdict(), None);
    }

    #[test]
    fn a_peer_that_never_writes_anything_fires() {
        let mut run = Script::new(3);
        run.stand(1, 4).ask(1, 0).vote_in_memory(0, 1, 4).tell(0, 1, 4);
        let sentence = "S0 granted S1 its vote of term 4 before it was durable, with nothing on \
                        its disk";
        assert_eq!(run.verdict(), Some(("durable-vote", sentence.to_owned())));
    }

    #[test]
    fn a_raft_whose_records_do_not_tell_of_ballots_is_not_held_to_them() {
        let mut run = Script::without_disks(3);
        run.stand_in_memory(1, 4).ask(1, 0).vote_in_memory(0, 1, 4).tell(0, 1, 4);
        run.follow(0, None, 5).tell(0, 1, 4);
        assert_eq!(run.verdict(), None, "and a late repeat is no new vote");
    }
}
