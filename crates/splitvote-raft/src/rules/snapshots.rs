//! The rules of log compaction (paper, section 7 and Figure 13).

/// Hands the rules of log compaction, and those that came before them, on.
macro_rules! snapshots {
    ($define:ident $(, $more:ident)*; $($rules:tt)*) => {
        $define! { $($more),*; $($rules)*
            // ---- Compaction (section 7) ----

            /// Section 7: is the state machine's own snapshot of use? Not if the peer has a newer
            /// one by now, and not if it holds more than was applied.
            fn takes_own_snapshot(&self, through: LogIndex, present: LogIndex, applied: LogIndex) -> bool {
                present < through && through <= applied
            }

            /// Section 7: the log is discarded "up through the last included index", whether or not
            /// the slowest follower has it; it can be sent the snapshot.
            fn discards_through(&self, through: LogIndex, slowest: LogIndex) -> LogIndex {
                let _ = slowest;
                through
            }

            /// Section 7: log entries go only when the snapshot that replaces them is durable. Are
            /// the two changed together?
            fn saves_snapshot_before_discarding(&self) -> bool { true }

            // ---- Restart ----

            /// Is a snapshot whole that a restart finds so many bytes of, of so many as it should
            /// have, with or without the record that ends it?
            fn snapshot_is_whole(&self, found: usize, stated: usize, ended: bool) -> bool {
                ended && found == stated
            }

            /// Does a restarted peer hold on to the snapshot that it found, so that it can send it
            /// and write it again?
            fn reloads_snapshot(&self) -> bool { true }

            // ---- InstallSnapshot (Figure 13) ----

            /// Section 7, "a follower that lags so far behind": is it sent a snapshot? Yes, if the
            /// log no longer holds the next entry it needs.
            fn sends_snapshot(&self, next: LogIndex, first: LogIndex) -> bool { next < first }

            /// Is a snapshot that is under way in parts, through `sending`, sent to its end though there is a newer
            /// one? Yes: a transfer that takes longer than the leader needs for the next would never end.
            fn ends_transfer(&self, sending: LogIndex, newest: LogIndex) -> bool {
                let _ = (sending, newest);
                true
            }

            /// Section 5.1, "Servers retry RPCs": is a part of a snapshot sent again that nobody has
            /// answered?
            fn repeats_snapshot(&self) -> bool { true }

            /// Figure 13: is the answer news that the follower has so many bytes of a snapshot, if the leader
            /// knew of `known`? It is if its call is waited for, or if it says more than was known, however
            /// late; and if it says less and is no older than the last step forward (`is_recent`).
            fn learns_from_part(&self, is_awaited: bool, received: u64, known: u64, is_recent: bool) -> bool {
                is_awaited || received > known || received < known && is_recent
            }

            /// Section 7: is the state machine to be set to this snapshot? Only if that brings it
            /// forward; "a snapshot that describes a prefix of its log" must not throw it back.
            fn restores(&self, through: LogIndex, applied: LogIndex) -> bool { through > applied }

            /// Figure 13, receiver implementation 2: does a part begin a new snapshot? Parts of two snapshots, or
            /// of two leaders, are never put together.
            fn begins_snapshot_anew(&self, is_same_leader: bool, is_same_snapshot: bool) -> bool {
                !is_same_leader || !is_same_snapshot
            }

            /// Figure 13, receiver implementation 3, "at given offset": is a part added that begins at `offset`
            /// when so many bytes are there? A part before it may be missing, or it came twice.
            fn continues_snapshot(&self, offset: usize, held: usize) -> bool { offset == held }

            /// Figure 13, results: is a snapshot answered that the follower has no use for, so that
            /// the leader can go on?
            fn answers_old_snapshot(&self) -> bool { true }

            /// Figure 13, receiver implementation 7: is a log kept that disagrees with the snapshot
            /// about its last included entry?
            fn keeps_conflicting_log(&self) -> bool { false }

            /// Figure 13, receiver implementation 8, "Reset state machine": what counts as applied
            /// once the state machine is set to a snapshot.
            fn applied_after_install(&self, applied: LogIndex, through: LogIndex) -> LogIndex {
                let _ = applied;
                through
            }

        }
    };
}

pub(super) use snapshots;
