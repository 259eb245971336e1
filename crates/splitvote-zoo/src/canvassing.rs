//! Asking before standing, with PreVote: mutants that ask or answer wrongly, or make more of an answer
//! than it is (dissertation, section 9.6).

use splitvote_peer::{PeerSet, Term};

use crate::mutant::mutants;

mutants! {

mutant {
    E22 OldPreVoteIgnored "old-pre-vote-ignored" Liveness
    bug: "A pre-vote for a term that is not above the receiver's is not answered: the asker never learns that it lags."
    violates: "a leader is elected in time"
    source: "etcd#8243 and #8501; tikv#3270"
    fn answers_pre_vote(&self, asked_for: Term, current: Term) -> bool {
        asked_for > current
    }
}

mutant {
    N16 PreVoteRegardlessOfLog "pre-vote-regardless-of-log" Safety
    bug: "A pre-vote is granted without a look at the asker's log: who cannot win stands, and raises the term."
    violates: "a pre-vote is granted to whom a vote would be"
    source: "common bug: the election restriction is taken for a matter of real votes only"
    fn grants_pre_vote(&self, is_later_term: bool, _is_up_to_date: bool, is_led: bool) -> bool {
        is_later_term && !is_led
    }
}

mutant {
    N17 PreVoteRegardlessOfLeader "pre-vote-regardless-of-leader" Liveness
    bug: "A pre-vote is granted although the receiver hears from a leader, or is one."
    violates: "a leader in office is left in office"
    source: "Raft dissertation, section 9.6: PreVote without its second condition"
    fn grants_pre_vote(&self, is_later_term: bool, is_up_to_date: bool, _is_led: bool) -> bool {
        is_later_term && is_up_to_date
    }
}

mutant {
    N18 PreVoteRaisesTerm "pre-vote-raises-term" Safety
    bug: "A pre-vote is handled like a request for a vote: its receiver adopts the term that it names."
    violates: "a term is raised only by who stands"
    source: "Raft dissertation, section 9.6: what PreVote is there to prevent"
    fn adopts_pre_vote_term(&self, asked_for: Term, current: Term) -> bool {
        asked_for > current
    }
}

mutant {
    N19 OldPreVoteCounted "old-pre-vote-counted" Safety
    bug: "A yes to an earlier question counts for the present one."
    violates: "who stands is welcome to a majority now"
    source: "raft-rs 0.3.1: votes are not reset when a pre-candidate begins anew"
    fn pre_vote_counts(&self, _call: u64, _first_call: u64) -> bool {
        true
    }
}

mutant {
    N20 PreVoteTakenForVote "pre-vote-taken-for-vote" Safety
    bug: "A yes to a pre-vote counts as a vote: who is welcome leads at once."
    violates: "Election Safety"
    source: "common bug: one set of voters for both rounds"
    fn votes_after_pre_vote(&self, willing: PeerSet) -> PeerSet {
        willing
    }
}

mutant {
    N34 TimerResetByPreVote "timer-reset-by-pre-vote" Liveness
    bug: "Who says yes to a PreVote resets its election timer: a peer with short timeouts that cannot win keeps the others from standing."
    violates: "a leader is elected in time"
    source: "hashicorp/raft#609"
    fn pre_vote_resets_timer(&self, granted: bool) -> bool {
        granted
    }
}

}
