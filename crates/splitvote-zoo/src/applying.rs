//! What is applied, in which order, and where applying starts after a restart (Figure 2).

use splitvote_peer::LogIndex;

use crate::mutant::mutants;

mutants! {

mutant {
    R18 AppliedTwice "applied-twice" Safety
    bug: "Applying starts at lastApplied instead of behind it: an entry is applied twice."
    violates: "each entry is applied once, in order"
    source: "MIT lab tester, \"apply out of order\"; openraft#1246"
    fn first_to_apply(&self, applied: LogIndex, _commit: LogIndex) -> LogIndex {
        applied.max(1)
    }
}

mutant {
    R18B OnlyNewestApplied "only-newest-applied" Safety
    bug: "When commitIndex rises by several entries, the last of them alone is applied."
    violates: "each entry is applied, in order"
    source: "MIT lab tester, \"apply out of order\""
    fn first_to_apply(&self, _applied: LogIndex, commit: LogIndex) -> LogIndex {
        commit
    }
}

mutant {
    R18C NeverAppliedAfterRestart "never-applied-after-restart" Safety
    bug: "A restarted peer takes its whole log for applied, and applies none of it again."
    violates: "each entry is applied, in order, in every life"
    source: "openraft#1246"
    fn applied_at_boot(&self, _snapshot: LogIndex, last: LogIndex) -> LogIndex {
        last
    }
}

mutant {
    R18D SnapshotNotCountedAsApplied "snapshot-not-counted-as-applied" Liveness
    bug: "A restarted peer forgets that its snapshot is applied, looks for entry 1, and applies nothing."
    violates: "what is committed is applied in the end"
    source: "common student bug: lastApplied starts at 0 behind a snapshot"
    fn applied_at_boot(&self, _snapshot: LogIndex, _last: LogIndex) -> LogIndex {
        0
    }
}

}
