//! Leaders without a quorum, and those who follow one, with CheckQuorum: mutants that stay in office,
//! leave it wrongly, or let a leader be disturbed (dissertation, sections 6.2 and 4.2.3).

use std::time::Duration;

use splitvote_peer::PeerId;

use crate::mutant::mutants;

mutants! {

mutant {
    N21 SilentFollowerCounted "silent-follower-counted" Liveness
    bug: "A follower counts for the quorum for ever once it is known: a leader that nobody hears never steps down."
    violates: "a leader without a majority gives up its office"
    source: "Raft dissertation, section 6.2: CheckQuorum without its clock"
    fn is_heard(&self, _silent_for: Duration, _election_timeout: Duration) -> bool {
        true
    }
}

mutant {
    N22 LeaderCountedTwice "leader-counted-twice" Liveness
    bug: "The leader counts itself among those that it hears, and once more as itself."
    violates: "a leader without a majority gives up its office"
    source: "common bug: one row of followers is the leader's own, and is always fresh"
    fn has_quorum(&self, followers_heard: usize, cluster_size: usize) -> bool {
        followers_heard.saturating_add(2) > cluster_size / 2
    }
}

mutant {
    N23 VoteClearedByQuorumLoss "vote-cleared-by-quorum-loss" Safety
    bug: "A leader that steps down for lack of a quorum forgets its vote for itself."
    violates: "one vote per term"
    source: "common bug: one function makes a follower of anybody, and clears votedFor"
    fn vote_after_quorum_loss(&self, _vote: Option<PeerId>) -> Option<PeerId> {
        None
    }
}

mutant {
    N24 LeaderDisturbed "leader-disturbed" Liveness
    bug: "With CheckQuorum, requests for votes are heeded although a leader is heard: one peer that hears nobody deposes leader after leader."
    violates: "a leader in office is left in office"
    source: "Raft dissertation, section 4.2.3: disruptive servers"
    fn disregards_vote_request(&self, _is_led: bool) -> bool {
        false
    }
}

mutant {
    N25 QuorumAwaitedForLong "quorum-awaited-for-long" Liveness
    bug: "A leader that nobody answers waits for four election timeouts before it gives up its office."
    violates: "a leader without a majority gives up its office"
    source: "Raft dissertation, section 6.2: one election timeout, and no more"
    fn is_heard(&self, silent_for: Duration, election_timeout: Duration) -> bool {
        silent_for < election_timeout * 4
    }
}

mutant {
    N26 NobodyHeardAtElection "nobody-heard-at-election" Liveness
    bug: "A new leader holds all others for silent until they answer, and gives up at its first look."
    violates: "a leader in office is left in office"
    source: "common bug: the time of the last answer starts at zero"
    fn counts_all_as_heard_at_election(&self) -> bool {
        false
    }
}

}
