//! The leader takes and sends: what leaves for which follower, in which term, and how often (section
//! 5.3).

use splitvote_peer::{LogIndex, Role, Term};

use crate::mutant::mutants;

mutants! {

mutant {
    R14 ArgumentsReadTooLate "arguments-read-too-late" Safety
    bug: "AppendEntries planned by a leader states the term of the moment it leaves, even if the sender was deposed."
    violates: "only a leader sends AppendEntries, and in the term it was elected in"
    source: "the habit of building RPC arguments after the lock is released; known bugs, BUGS-005"
    fn replicates(&self, _role: Role, _elected_in: Term, current: Term) -> Option<Term> {
        Some(current)
    }
}

mutant {
    R14B CommitReadFromLogEnd "commit-read-from-log-end" Safety
    bug: "leaderCommit states the end of the leader's log instead of its commitIndex."
    violates: "State Machine Safety"
    source: "the habit of reading leaderCommit from state that has moved on; known bugs, BUGS-005"
    fn stated_commit(&self, _commit: LogIndex, last: LogIndex) -> LogIndex {
        last
    }
}

mutant {
    R16 OneSlowPeerBlocksAll "one-slow-peer-blocks-all" Liveness
    bug: "No follower is sent entries while another has not answered: one slow peer blocks all."
    violates: "entries are replicated at the pace of a majority"
    source: "MIT labrpc, long delays"
    fn waits_for_all_replies(&self) -> bool {
        true
    }
}

mutant {
    R19 EntriesSentAgain "entries-sent-again" Budget
    bug: "What is on its way is sent again until it is acknowledged."
    violates: "an entry is sent to each peer once"
    source: "MIT 6.5840 lab 3B, TestRPCBytes3B"
    fn next_after_sending(&self, next: LogIndex, _sent: LogIndex) -> LogIndex {
        next
    }
}

mutant {
    R19B ProposalsNotBatched "proposals-not-batched" Budget
    bug: "Every proposal is synced and sent by itself, and none waits for those beside it."
    violates: "entries of one instant share one AppendEntries"
    source: "MIT 6.5840 lab 3B, TestCount3B"
    fn batches_proposals(&self) -> bool {
        false
    }
}

mutant {
    N15 ProposalOverwrites "proposal-overwrites" Safety
    bug: "A leader puts a command behind commitIndex, in the place of entries that are on their way."
    violates: "Leader Append-Only"
    source: "common student bug: commitIndex + 1 taken for the next index"
    fn proposal_goes_behind(&self, _last: LogIndex, commit: LogIndex) -> LogIndex {
        commit
    }
}

mutant {
    R22 LargeEntrySkipped "large-entry-skipped" Safety
    bug: "An entry that does not fit into a batch any more is left out of it, and smaller ones behind it take its place."
    violates: "Log Matching"
    source: "logcabin#160"
    fn skips_what_does_not_fit(&self) -> bool {
        true
    }
}

}
