//! Entries and snapshots on the disk: mutants that acknowledge what a crash can take back, or trust
//! what a crash has left (Figure 2, State).

use splitvote_peer::{DiskError, LogIndex, Term};

use crate::mutant::mutants;

mutants! {

mutant {
    P1 AppendNotAwaited "append-not-awaited" Safety
    bug: "AppendEntries is acknowledged before the entries are durable."
    violates: "Leader Completeness: what was acknowledged stays"
    source: "hiqlite#361; robustmq#2039; tikv#994"
    fn acknowledges_after_sync(&self) -> bool {
        false
    }
}

mutant {
    P1B EntriesNeverSynced "entries-never-synced" Safety
    bug: "Entries are written and never synced: the peer takes a write for durable."
    violates: "Leader Completeness: what was acknowledged stays"
    source: "disks that lie, and programs that forget fsync; robustmq#2039"
    fn syncs_entries(&self) -> bool {
        false
    }
}

mutant {
    P2 LeaderCountsItsMemory "leader-counts-its-memory" Safety
    bug: "The leader counts itself before its own append is durable."
    violates: "Leader Completeness: a committed entry is on a majority of disks"
    source: "d-engine#447; goraft#150"
    fn own_match(&self, _durable: LogIndex, last: LogIndex, _cluster_size: usize) -> LogIndex {
        last
    }
}

mutant {
    P3 SingleVoterCommitsMemory "single-voter-commits-memory" Safety
    bug: "A single voter commits and applies an entry before it is durable."
    violates: "what was committed is never forgotten"
    source: "etcd#14370"
    fn own_match(&self, durable: LogIndex, last: LogIndex, cluster_size: usize) -> LogIndex {
        if cluster_size == 1 { last } else { durable }
    }
}

mutant {
    P5 OverwriteNotWritten "overwrite-not-written" Safety
    bug: "Entries that replace conflicting ones are kept in memory only; the disk keeps the old ones."
    violates: "Leader Completeness: what was acknowledged stays"
    source: "MIT 6.5840 lab 3C: persist() forgotten on one path"
    fn persists_overwrite(&self) -> bool {
        false
    }
}

mutant {
    P6 HalfSnapshotTrusted "half-snapshot-trusted" Safety
    bug: "A restart takes half a snapshot for a whole one."
    violates: "what was committed is never forgotten"
    source: "redisraft#654"
    fn snapshot_is_whole(&self, _found: usize, _stated: usize, _ended: bool) -> bool {
        true
    }
}

mutant {
    P7 SyncRetried "sync-retried" Safety
    bug: "A sync that failed is done once more, and what the second one says is believed."
    violates: "what was acknowledged is durable"
    source: "PostgreSQL 2018, fsyncgate; cockroachdb/cockroach#37102; rostamlabs/rostam#94"
    fn stops_after_failed_sync(&self, _error: DiskError) -> bool {
        false
    }
}

mutant {
    P8 DamageCutOff "damage-cut-off" Safety
    bug: "A restart cuts the log off at a damaged record, as if it had been torn, and goes on."
    violates: "what was committed is never forgotten"
    source: "Protocol-Aware Recovery for Consensus-Based Storage, FAST '18, section 2: Truncate"
    fn stops_at_damage(&self) -> bool {
        false
    }
}

mutant {
    P9 NothingAwaited "nothing-awaited" Safety
    bug: "No reply and no count waits for the disk: neither votes, nor entries, nor snapshots."
    violates: "what was acknowledged is durable"
    source: "fsync switched off for speed: Elle and Jepsen reports of several stores"
    fn waits_for_sync(&self) -> bool {
        false
    }
    fn acknowledges_after_sync(&self) -> bool {
        false
    }
    fn acknowledges_snapshot_after_sync(&self) -> bool {
        false
    }
    fn own_match(&self, _durable: LogIndex, last: LogIndex, _cluster_size: usize) -> LogIndex {
        last
    }
}

mutant {
    P10 TermSavedAfterEntries "term-saved-after-entries" Safety
    bug: "The term of an AppendEntries is written after its entries: a crash in between leaves entries of a term that the peer does not know."
    violates: "no term is forgotten that a log holds"
    source: "common bug: one save at the end of the handler"
    fn saves_term_before_entries(&self) -> bool {
        false
    }
}

mutant {
    P11 LaterTermInReply "later-term-in-reply" Safety
    bug: "A reply that has waited for the disk states the term that the peer is in when it leaves."
    violates: "what a reply states was true, and is durable, when it was decided"
    source: "common bug: the reply is filled in after the sync"
    fn term_in_late_reply(&self, _decided_in: Term, current: Term) -> Term {
        current
    }
}

mutant {
    P12 DurableAfterDeletion "durable-after-deletion" Safety
    bug: "How far the log is durable is not put back when it is cut: what replaces the old entries counts as durable at once."
    violates: "what was acknowledged is durable"
    source: "common bug: an index of what is stable that only grows, as in etcd before unstable.stableTo looked at terms"
    fn durable_after_deletion(&self, durable: LogIndex, _kept: LogIndex) -> LogIndex {
        durable
    }
}

mutant {
    P13 OwnDiskFirst "own-disk-first" Liveness
    bug: "A leader sends only what its own disk has: if that hangs, it keeps its office by heartbeats, and nothing is committed any more."
    violates: "a leader that is of no use loses its office"
    source: "hashicorp/raft#503; etcd-io/etcd#7617"
    fn sends_before_sync(&self) -> bool {
        false
    }
}

}
