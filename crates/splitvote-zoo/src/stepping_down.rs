//! Terms and leaders: mutants that do not step down, or follow the wrong one.

use splitvote_peer::{PeerId, Term};

use crate::mutant::mutants;

mutants! {

mutant {
    E12 HigherTermInReplyIgnored "higher-term-in-reply-ignored" Safety
    bug: "A candidate or leader does not step down on a reply with a higher term."
    violates: "a higher term is adopted"
    source: "deventlab/d-engine#39; timothya, Raft notes"
    fn steps_down_on_reply(&self, _theirs: Term, _current: Term) -> bool {
        false
    }
}

mutant {
    E15 OldLeaderHeeded "old-leader-heeded" Safety
    bug: "An AppendEntries of an old term resets the timer and reinstalls the old leader."
    violates: "a request of an old term is refused and changes nothing"
    source: "resetius/miniraft-cpp#28; butaneprotocol/oracles#32"
    fn heeds_append(&self, _theirs: Term, _current: Term) -> bool {
        true
    }
}

mutant {
    E21 ElectedLeaderIgnored "elected-leader-ignored" Safety
    bug: "A candidate does not yield to the elected leader of its own term."
    violates: "a candidate recognizes the leader of its term"
    source: "komamitsu/oraft#30"
    fn yields_to_leader(&self) -> bool {
        false
    }
}

mutant {
    N5 VoteTakenForLeadership "vote-taken-for-leadership" Safety
    bug: "A server takes the candidate that it voted for for the leader."
    violates: "the leader is known from AppendEntries of the current term only"
    source: "founding notes, question 3"
    fn leader_after_vote(&self, _leader: Option<PeerId>, candidate: PeerId) -> Option<PeerId> {
        Some(candidate)
    }
}

mutant {
    N6 HigherTermInRequestIgnored "higher-term-in-request-ignored" Safety
    bug: "A request with a higher term does not raise the receiver's term."
    violates: "a higher term is adopted"
    source: "deventlab/d-engine#39, its other half"
    fn adopts_term(&self, _theirs: Term, _current: Term) -> bool {
        false
    }
}

mutant {
    N42 LeaderKeptInNewTerm "leader-kept-in-new-term" Safety
    bug: "A peer that adopts a new term goes on naming the leader of the old one."
    violates: "a leader is named in its own term only"
    source: "MIT 6.5840 students: the leader's id is never reset"
    fn leader_in_new_term(&self, leader: Option<PeerId>) -> Option<PeerId> {
        leader
    }
}

}
