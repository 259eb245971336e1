//! What is committed, by the leader's count and by the follower's hearing (sections 5.3 and 5.4.2).

use splitvote_peer::{LogIndex, Term};

use crate::mutant::mutants;

mutants! {

mutant {
    R1 OldTermCommittedByCounting "old-term-committed-by-counting" Safety
    bug: "An entry of an earlier term is committed by counting replicas (Figure 8)."
    violates: "Leader Completeness, State Machine Safety"
    source: "extended Raft paper, section 5.4.2; logcabin#44"
    fn commits_by_counting(&self, entry_term: Term, current: Term) -> bool {
        entry_term <= current
    }
}

mutant {
    R4 UnverifiedTailCommitted "unverified-tail-committed" Safety
    bug: "A follower takes leaderCommit up to the end of its own log, beyond what was verified."
    violates: "State Machine Safety"
    source: "atomix/copycat#265; rabbitmq/ra#508"
    fn follower_commit(
        &self,
        commit: LogIndex,
        leader_commit: LogIndex,
        _verified: LogIndex,
        last: LogIndex
    ) -> LogIndex {
        commit.max(leader_commit.min(last))
    }
}

mutant {
    R5 CommitGoesBack "commit-goes-back" Safety
    bug: "A follower takes leaderCommit over even if it knew of more."
    violates: "commitIndex increases monotonically"
    source: "bakwc/PySyncObj#166"
    fn follower_commit(
        &self,
        _commit: LogIndex,
        leader_commit: LogIndex,
        verified: LogIndex,
        _last: LogIndex
    ) -> LogIndex {
        leader_commit.min(verified)
    }
}

mutant {
    R6 CommitBeyondLog "commit-beyond-log" Safety
    bug: "A follower takes leaderCommit over even if its log does not reach so far."
    violates: "State Machine Safety: commitIndex lies within the log"
    source: "vesoft-inc/nebula#681"
    fn follower_commit(
        &self,
        commit: LogIndex,
        leader_commit: LogIndex,
        _verified: LogIndex,
        _last: LogIndex
    ) -> LogIndex {
        commit.max(leader_commit)
    }
}

mutant {
    N12 ReceiptTakenForCommitment "receipt-taken-for-commitment" Safety
    bug: "A follower takes all that it has received for committed."
    violates: "State Machine Safety"
    source: "common student bug: leaderCommit is never read"
    fn follower_commit(
        &self,
        commit: LogIndex,
        _leader_commit: LogIndex,
        verified: LogIndex,
        _last: LogIndex
    ) -> LogIndex {
        commit.max(verified)
    }
}

mutant {
    N13 CommittedByHalf "committed-by-half" Safety
    bug: "An entry on half of the peers, rounded down, is committed: on two of five."
    violates: "Leader Completeness: a committed entry is on a majority"
    source: "common student bug: the median of matchIndex, one place off"
    fn acknowledgements_needed(&self, cluster_size: usize) -> usize {
        (cluster_size / 2).max(1)
    }
}

mutant {
    N14 LeaderNotCounted "leader-not-counted" Safety
    bug: "The majority is that of the other peers, the leader not included: two of four."
    violates: "Leader Completeness, in clusters of even size"
    source: "common student bug: the number of peers taken for the size of the cluster"
    fn acknowledgements_needed(&self, cluster_size: usize) -> usize {
        cluster_size.saturating_sub(1) / 2 + 1
    }
}

mutant {
    N43 CommitIndexFromLog "commit-index-from-log" Safety
    bug: "A restarted peer takes all of its log for committed, and applies it."
    violates: "State Machine Safety"
    source: "common bug: the commit index is restored from what was persisted"
    fn commit_at_boot(&self, _snapshot: LogIndex, last: LogIndex) -> LogIndex {
        last
    }
}

mutant {
    N44 CommitIndexRemembered "commit-index-remembered" Safety
    bug: "A follower remembers the highest commit index that it ever heard, and applies it to whatever its log has come to hold."
    violates: "State Machine Safety"
    source: "common bug: leaderCommit is kept until the log is long enough, and not held against what was verified"
    remembers: heard;
    fn follower_commit(
        &self,
        commit: LogIndex,
        leader_commit: LogIndex,
        _verified: LogIndex,
        last: LogIndex
    ) -> LogIndex {
        self.heard.set(self.heard.get().max(leader_commit));
        commit.max(self.heard.get().min(last))
    }
}

}
