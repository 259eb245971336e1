//! Whom to vote for: mutants of RequestVote, receiver implementation 2.

use splitvote_peer::{LogPosition, PeerId, Term};

use crate::mutant::mutants;

mutants! {

mutant {
    E9 RetriedRequestRefused "retried-request-refused" Liveness
    bug: "Who has voted refuses everyone, the candidate that it voted for included."
    violates: "a lost reply is made good by asking again"
    source: "vesoft-inc/nebula#2419"
    fn may_vote_for(&self, voted_for: Option<PeerId>, _candidate: PeerId) -> bool {
        voted_for.is_none()
    }
}

mutant {
    E10 LogsComparedByLength "logs-compared-by-length" Safety
    bug: "Of two logs the longer one passes for more up-to-date, whatever their last terms."
    violates: "Leader Completeness"
    source: "Students' Guide to Raft, on the election restriction"
    fn is_up_to_date(&self, mine: LogPosition, theirs: LogPosition) -> bool {
        theirs.index >= mine.index
    }
}

mutant {
    E10B LogComparisonReversed "log-comparison-reversed" Safety
    bug: "The comparison of logs is the wrong way round: votes go to the less up-to-date."
    violates: "Leader Completeness"
    source: "lieuzhenghong, Raft notes"
    fn is_up_to_date(&self, mine: LogPosition, theirs: LogPosition) -> bool {
        theirs <= mine
    }
}

mutant {
    E11 RefusedVoteRecorded "refused-vote-recorded" Safety
    bug: "The vote for a candidate that is refused for its log is stored as if granted."
    violates: "votes only for logs at least as up-to-date"
    source: "databendlabs/databend#16175; databendlabs/openraft#1220"
    fn vote_after_refusal(&self, vote: Option<PeerId>, candidate: PeerId) -> Option<PeerId> {
        vote.or(Some(candidate))
    }
}

mutant {
    N40 StaleRequestGranted "stale-request-granted" Safety
    bug: "A request of an earlier term is granted in the present one: the vote goes to a candidate that stands no longer."
    violates: "one vote per term, for who asks in it"
    source: "Figure 2, RequestVote, receiver implementation 1, forgotten"
    fn votes_in(&self, theirs: Term, current: Term) -> bool {
        theirs <= current
    }
}

}
