//! A vote must stay cast until its term ends: mutants that lose it, never write it, or carry it on.

use splitvote_peer::PeerId;

use crate::mutant::mutants;

mutants! {

mutant {
    E1 VoteClearedByHeartbeat "vote-cleared-by-heartbeat" Safety
    bug: "Every AppendEntries of the current term clears votedFor."
    violates: "one vote per term"
    source: "camunda/camunda#5356; Truxify#6843"
    fn vote_after_heartbeat(&self, _vote: Option<PeerId>) -> Option<PeerId> {
        None
    }
}

mutant {
    E2 VoteClearedByYielding "vote-cleared-by-yielding" Safety
    bug: "A candidate that yields to the leader of its own term forgets its vote for itself."
    violates: "one vote per term"
    source: "ktoso/akka-raft#56; microsoft/CCF#5891"
    fn vote_after_yielding(&self, _vote: Option<PeerId>) -> Option<PeerId> {
        None
    }
}

mutant {
    E5 OwnVoteNotRecorded "own-vote-not-recorded" Safety
    bug: "A candidate counts its own vote but does not record it, and can vote for another."
    violates: "one vote per term"
    source: "vesoft-inc/nebula#3415"
    fn own_vote(&self, _me: PeerId) -> Option<PeerId> {
        None
    }
}

mutant {
    E13 VoteCarriedIntoNewTerm "vote-carried-into-new-term" Safety
    bug: "votedFor is not cleared when the term rises: an old vote stands for one who never asked."
    violates: "a new term starts without a vote"
    source: "timothya, Raft notes; butaneprotocol/oracles#18"
    fn vote_in_new_term(&self, old_vote: Option<PeerId>) -> Option<PeerId> {
        old_vote
    }
}

}
