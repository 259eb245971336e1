//! The follower takes entries: the check of the log, and what is deleted (section 5.3).

use splitvote_peer::{LogIndex, LogPosition, Term};

use crate::mutant::mutants;

mutants! {

mutant {
    R2 LogCutAtPrevious "log-cut-at-previous" Safety
    bug: "A follower cuts its log at prevLogIndex, whether or not an entry conflicts."
    violates: "Leader Completeness: what was acknowledged stays"
    source: "Students' Guide to Raft, on truncation; known bugs, BUGS-011"
    fn delete_from(&self, _conflict: Option<LogIndex>, previous: LogIndex) -> Option<LogIndex> {
        Some(previous.saturating_add(1))
    }
}

mutant {
    R7 HeartbeatNotChecked "heartbeat-not-checked" Safety
    bug: "A heartbeat is accepted without the check of prevLogIndex and prevLogTerm."
    violates: "State Machine Safety"
    source: "Students' Guide to Raft, on heartbeats"
    fn log_matches(&self, own_term: Option<Term>, previous: LogPosition, entries: usize) -> bool {
        entries == 0 || own_term == Some(previous.term)
    }
}

mutant {
    R21 LogRolledBack "log-rolled-back" Safety
    bug: "A leader that steps down drops what it does not know to be committed."
    violates: "Leader Completeness: what was acknowledged stays"
    source: "microsoft/CCF#5674"
    fn kept_after_stepping_down(&self, _last: LogIndex, commit: LogIndex) -> LogIndex {
        commit
    }
}

mutant {
    N10 PreviousTermNotCompared "previous-term-not-compared" Safety
    bug: "The follower asks whether it has an entry at prevLogIndex, and not of which term."
    violates: "Log Matching"
    source: "common student bug: prevLogTerm is never read"
    fn log_matches(&self, own_term: Option<Term>, _previous: LogPosition, _entries: usize) -> bool {
        own_term.is_some()
    }
}

mutant {
    N11 ConflictKept "conflict-kept" Safety
    bug: "New entries go behind the follower's log, and conflicting ones stay in it."
    violates: "Log Matching"
    source: "common student bug: the fifth step of AppendEntries without the third"
    fn delete_from(&self, _conflict: Option<LogIndex>, _previous: LogIndex) -> Option<LogIndex> {
        None
    }
}

mutant {
    R20 RefusalStatesItsTerm "refusal-states-its-term" Liveness
    bug: "A refusal states the term of the request instead of the receiver's own: an old leader never learns that there is a new one."
    violates: "a leader is elected in time"
    source: "suspected in hashicorp/raft; Figure 2, results: currentTerm, for the sender to update itself"
    fn term_in_refusal(&self, theirs: Term, _current: Term) -> Term {
        theirs
    }
}

}
