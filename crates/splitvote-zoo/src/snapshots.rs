//! Snapshots: taken, sent, installed, and what of the log goes with them (section 7, Figure 13).

use splitvote_peer::{LogIndex, Role};

use crate::mutant::mutants;

mutants! {

mutant {
    S2 ConflictingLogKept "conflicting-log-kept" Safety
    bug: "A log that disagrees with the snapshot stays when the snapshot is installed."
    violates: "Log Matching: the log behind a snapshot continues it"
    source: "hashicorp/raft#697"
    fn keeps_conflicting_log(&self) -> bool {
        true
    }
}

mutant {
    S3 LogDiscardedFirst "log-discarded-first" Safety
    bug: "The log is cut on the disk first, and the snapshot that replaces it is written after that."
    violates: "what was committed is never forgotten"
    source: "Students' Guide to Raft, aside on optimizations"
    fn saves_snapshot_before_discarding(&self) -> bool {
        false
    }
}

mutant {
    S4 SnapshotNotReloaded "snapshot-not-reloaded" Safety
    bug: "A restarted peer does not load its snapshot, and the next write of its state erases it."
    violates: "what was committed is never forgotten"
    source: "MIT 6.5840 lab 3D, TestSnapshotInit3D"
    fn reloads_snapshot(&self) -> bool {
        false
    }
}

mutant {
    S5 OldSnapshotRestored "old-snapshot-restored" Safety
    bug: "A snapshot older than the state machine sets it back."
    violates: "lastApplied increases monotonically"
    source: "hashicorp/raft#248"
    fn restores(&self, _through: LogIndex, _applied: LogIndex) -> bool {
        true
    }
}

mutant {
    S5B OwnSnapshotReplacesNewer "own-snapshot-replaces-newer" Safety
    bug: "A snapshot that the peer made itself, slowly, replaces a newer one that was installed meanwhile."
    violates: "what was committed is never forgotten"
    source: "hashicorp/raft#248; MIT 6.5840 lab 3D, hint on going backwards"
    fn takes_own_snapshot(&self, through: LogIndex, _present: LogIndex, applied: LogIndex) -> bool {
        through <= applied
    }
}

mutant {
    S6 OldEntriesAppliedAfterInstall "old-entries-applied-after-install" Safety
    bug: "Applying goes on where it was when a snapshot was installed, and applies what the snapshot holds."
    violates: "each entry is applied once, in order"
    source: "eBay/NuRaft#407"
    fn applied_after_install(&self, applied: LogIndex, _through: LogIndex) -> LogIndex {
        applied
    }
}

mutant {
    S8 SnapshotNeverSent "snapshot-never-sent" Liveness
    bug: "A follower that needs entries which were discarded is never sent the snapshot."
    violates: "a follower that lags behind catches up"
    source: "hashicorp/raft#212"
    fn sends_snapshot(&self, _next: LogIndex, _first: LogIndex) -> bool {
        false
    }
}

mutant {
    S11 OldSnapshotNotAnswered "old-snapshot-not-answered" Liveness
    bug: "A snapshot of what the follower has applied already is never answered, and the leader waits."
    violates: "a follower that lags behind catches up"
    source: "rabbitmq/ra#508; camunda/camunda#10183"
    fn answers_old_snapshot(&self) -> bool {
        false
    }
}

mutant {
    S11B LostSnapshotNotRepeated "lost-snapshot-not-repeated" Liveness
    bug: "A snapshot that was lost on its way stays pending for ever."
    violates: "a follower that lags behind catches up"
    source: "camunda/camunda#10183; hashicorp/raft#212"
    fn repeats_snapshot(&self) -> bool {
        false
    }
}

mutant {
    S12 GapBehindSnapshot "gap-behind-snapshot" Safety
    bug: "The log is discarded one entry too far, and begins with a gap behind the snapshot."
    violates: "what was committed is never forgotten"
    source: "redisraft#43 and #53"
    fn discards_through(&self, through: LogIndex, _slowest: LogIndex) -> LogIndex {
        through.saturating_add(1)
    }
}

mutant {
    S15 TransferBegunAnew "transfer-begun-anew" Liveness
    bug: "A snapshot that is under way in parts is given up for every newer one: under load no transfer ever ends."
    violates: "a follower that lags behind catches up"
    source: "common bug: the snapshot to send is looked up with every part"
    fn ends_transfer(&self, sending: LogIndex, newest: LogIndex) -> bool {
        sending >= newest
    }
}

mutant {
    S14 LogKeptForSlowest "log-kept-for-slowest" Budget
    bug: "The leader discards no entry that some follower lacks: one that is down keeps the log growing."
    violates: "the log stays short, whoever is down"
    source: "MIT 6.5840 lab 3D, limits of the raft state"
    fn discards_through(&self, through: LogIndex, slowest: LogIndex) -> LogIndex {
        through.min(slowest)
    }
}

mutant {
    S16 LateAnswerIgnored "late-answer-to-part-ignored" Liveness
    bug: "Only the answer to the part that was sent last counts: if round trips are longer than the leader's patience, no transfer ever ends."
    violates: "a follower that lags behind catches up"
    source: "common bug: a reply is matched with the latest call"
    fn learns_from_part(&self, is_awaited: bool, _received: u64, _known: u64, _is_recent: bool) -> bool {
        is_awaited
    }
}

mutant {
    S13 FollowersNeverApply "followers-never-apply" Liveness
    bug: "Only the leader applies what is committed; a follower's state machine stays as it was."
    violates: "what is committed is applied by everyone in the end"
    source: "redisraft#14"
    fn applies(&self, role: Role) -> bool {
        role == Role::Leader
    }
}

mutant {
    S20 SnapshotNotAwaited "snapshot-not-awaited" Safety
    bug: "A snapshot is acknowledged before it is durable."
    violates: "what was acknowledged is durable"
    source: "tikv#994; common bug: a snapshot is renamed into place and never synced"
    fn acknowledges_snapshot_after_sync(&self) -> bool {
        false
    }
}

mutant {
    S21 PartsMixed "parts-mixed" Safety
    bug: "Parts of a newer snapshot are added to what has arrived of an older one."
    violates: "a snapshot is what its sender took"
    source: "hashicorp/raft and braft: an assembly that is keyed by its sender alone"
    fn begins_snapshot_anew(&self, is_same_leader: bool, _is_same_snapshot: bool) -> bool {
        !is_same_leader
    }
}

mutant {
    S22 PartAddedTwice "part-added-twice" Safety
    bug: "A part of a snapshot is added wherever it belongs: one that comes twice is there twice."
    violates: "a snapshot is what its sender took"
    source: "Figure 13, receiver implementation 3, without its offset"
    fn continues_snapshot(&self, _offset: usize, _held: usize) -> bool {
        true
    }
}

}
