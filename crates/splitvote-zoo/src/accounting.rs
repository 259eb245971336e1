//! The leader hears: what it believes its followers hold, nextIndex and matchIndex (section 5.3).

use splitvote_peer::{LogIndex, Progress, Term};

use crate::mutant::mutants;

mutants! {

mutant {
    R8 MatchFromNextIndex "match-from-next-index" Safety
    bug: "A success sets matchIndex to nextIndex - 1, and nextIndex has moved on since the request."
    violates: "Leader Completeness: matchIndex is what the follower is known to hold"
    source: "Students' Guide to Raft, on term confusion"
    fn matched_after_success(&self, _asked: LogIndex, next: LogIndex, _last: LogIndex) -> LogIndex {
        next.saturating_sub(1)
    }
}

mutant {
    R8B MatchFromLogEnd "match-from-log-end" Safety
    bug: "A success sets matchIndex to the end of the leader's log, which has grown since the request."
    violates: "Leader Completeness: matchIndex is what the follower is known to hold"
    source: "Students' Guide to Raft, on term confusion"
    fn matched_after_success(&self, _asked: LogIndex, _next: LogIndex, last: LogIndex) -> LogIndex {
        last
    }
}

mutant {
    R10 OldRefusalHeeded "old-refusal-heeded" Budget
    bug: "A refusal that comes late moves nextIndex back behind what the follower has acknowledged."
    violates: "nextIndex stays above matchIndex"
    source: "known bugs, BUGS-009; MIT labrpc, long reordering"
    fn next_after_refusal(&self, _known: Progress, _refused: LogIndex, back_off: LogIndex) -> Option<LogIndex> {
        Some(back_off.max(1))
    }
}

mutant {
    R11 OneIndexForBoth "one-index-for-both" Safety
    bug: "One variable serves as matchIndex and nextIndex: backing off claims all before it."
    violates: "Leader Completeness: matchIndex is what the follower is known to hold"
    source: "Students' Guide to Raft, on matchIndex; known bugs, BUGS-010"
    fn matched_after_refusal(&self, _matched: LogIndex, next: LogIndex) -> LogIndex {
        next.saturating_sub(1)
    }
}

mutant {
    R12 MatchKeptFromEarlierTerm "match-kept-from-earlier-term" Safety
    bug: "A leader that is elected again goes on with the matchIndex of its earlier term."
    violates: "Leader Completeness: matchIndex starts at 0 with each term"
    source: "known bugs, BUGS-006"
    fn matched_at_election(&self, before: LogIndex) -> LogIndex {
        before
    }
}

mutant {
    N7 OldAppendReplyCounted "old-append-reply-counted" Safety
    bug: "An AppendEntries reply of an earlier term counts for the log of the present one."
    violates: "Leader Completeness: matchIndex is what the follower is known to hold"
    source: "Students' Guide to Raft, on term confusion"
    fn append_reply_counts(&self, theirs: Term, current: Term) -> bool {
        theirs <= current
    }
}

mutant {
    N8 NextIndexStartsAtOne "next-index-starts-at-one" Budget
    bug: "A new leader starts every nextIndex at 1 and sends its whole log, or its snapshot, to everyone."
    violates: "nextIndex starts behind the leader's last entry"
    source: "common student bug: nextIndex left at its first value"
    fn next_at_election(&self, _last: LogIndex) -> LogIndex {
        1
    }
}

mutant {
    N9 BackOffByOne "back-off-by-one" Budget
    bug: "A refusal moves nextIndex back by one entry instead of by a term."
    violates: "a log is found to agree within a few round trips"
    source: "MIT 6.5840 lab 3B, TestBackup3B"
    fn back_off(&self, refused: LogIndex, _hint: LogIndex, _last_of_term: Option<LogIndex>) -> LogIndex {
        refused
    }
}

mutant {
    N28 BackOffStandsStill "back-off-stands-still" Liveness
    bug: "nextIndex stays where it is when AppendEntries is refused: the same entries are offered again for ever."
    violates: "a follower that lags behind catches up"
    source: "common student bug: the hint is read and not used"
    fn next_after_refusal(&self, known: Progress, refused: LogIndex, _back_off: LogIndex) -> Option<LogIndex> {
        (refused > known.matched).then(|| refused.saturating_add(1))
    }
}

mutant {
    N29 LostEntriesForgotten "lost-entries-forgotten" Liveness
    bug: "Entries that are lost on their way are not sent again: they count as sent."
    violates: "a follower that lags behind catches up"
    source: "paper, section 5.1: servers retry RPCs"
    fn repeats_entries(&self) -> bool {
        false
    }
}

mutant {
    N30 SilentForEver "silent-for-ever" Liveness
    bug: "A follower that left entries unanswered once is sent heartbeats only, for ever."
    violates: "a follower that lags behind catches up"
    source: "paper, section 5.5: servers retry RPCs indefinitely"
    fn ends_silence(&self) -> bool {
        false
    }
}

mutant {
    N31 CommitOnlyWithEntries "commit-only-with-entries" Liveness
    bug: "Heartbeats state no commitIndex: followers learn what is committed with the next entries only."
    violates: "what is committed is applied by all"
    source: "MIT 6.5840, common bug: leaderCommit left out of heartbeats"
    fn commit_in_heartbeat(&self, _commit: LogIndex) -> LogIndex {
        0
    }
}

}
