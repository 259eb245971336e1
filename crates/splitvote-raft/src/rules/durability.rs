//! The rules of the disk (Figure 2, State: "Updated on stable storage before responding to RPCs").

/// Hands the rules of the disk, and those that came before them, on.
macro_rules! durability {
    ($define:ident $(, $more:ident)*; $($rules:tt)*) => {
        $define! { $($more),*; $($rules)*
            /// Are term and vote written to the disk at all?
            fn persists_ballot(&self) -> bool { true }

            /// Is a term written to the disk that a leader's message or a reply tells of?
            fn persists_heard_term(&self) -> bool { true }

            /// Is the term of an AppendEntries handed to the disk before its entries? A crash between the two
            /// leaves no entry of a term that the peer does not know.
            fn saves_term_before_entries(&self) -> bool { true }

            /// Which term a reply states that has waited for the disk: the one in which it was decided, or the
            /// one that the peer is in when it leaves. The latter may not be durable, and makes an answer to an
            /// earlier leader pass for one to the present.
            fn term_in_late_reply(&self, decided_in: Term, current: Term) -> Term { let _ = current; decided_in }

            /// Up to where the log is durable once it was cut behind `kept`. What is written there anew is not.
            fn durable_after_deletion(&self, durable: LogIndex, kept: LogIndex) -> LogIndex { durable.min(kept) }

            /// Figure 13, results: does the answer to the last part of a snapshot wait until the disk has all of
            /// it?
            fn acknowledges_snapshot_after_sync(&self) -> bool { true }

            /// Do replies, and the candidate's own vote, wait until the disk has the ballot?
            fn waits_for_sync(&self) -> bool { true }

            /// What the first write of a new ballot holds, and replies wait for. The paper's update is
            /// one: term and vote reach the disk together or not at all.
            fn ballot_written_first(&self, before: Ballot, after: Ballot) -> Ballot { let _ = before; after }

            /// Does a follower's "success" wait until the entries it speaks of are durable?
            fn acknowledges_after_sync(&self) -> bool { true }

            /// Section 5.3, "replicated [...] on a majority": how far the leader counts itself. Its own
            /// disk is one of the majority, and not what it has in memory only.
            fn own_match(&self, durable: LogIndex, last: LogIndex, cluster_size: usize) -> LogIndex {
                let _ = (last, cluster_size);
                durable
            }

            /// Dissertation, section 10.2.1, "the leader may even commit an entry before it has been written to
            /// its own disk": do entries leave before the leader's own disk has them? Otherwise a leader whose
            /// disk hangs keeps its office by heartbeats, and nothing is ever committed.
            fn sends_before_sync(&self) -> bool { true }

            /// Are entries synced at all, or taken for durable once they are written?
            fn syncs_entries(&self) -> bool { true }

            /// Figure 2, `log[]` is persistent on every path: are the entries written that replace
            /// conflicting ones, and the deletion of those?
            fn persists_overwrite(&self) -> bool { true }

            /// Does the peer stop when a sync has failed? Nothing was promised yet that rests on it, and
            /// a restart finds what has survived. Not so if it syncs once more and goes on:
            /// 1. Suppose S0, of three, votes for S1 in term 1, and the sync of that vote fails.
            /// 2. S0 syncs again. The disk takes the vote for written, and the sync succeeds.
            /// 3. S0 grants S1 its vote, and S1 leads term 1.
            /// 4. The power of S0 fails. It finds no vote, and votes for S2 in term 1: S2 leads it, too.
            ///
            /// The same where there is no space left. A leader that goes on with what it can still do,
            /// heartbeats, keeps its followers from electing one that can write.
            fn stops_after_failed_sync(&self, error: DiskError) -> bool { let _ = error; true }

            /// Does the peer stay down when it finds a damaged record at boot? Once it was durable, and
            /// may have been acknowledged, counted or voted by. To cut the log off before it and go on is
            /// not safe ("Protocol-Aware Recovery for Consensus-Based Storage", FAST '18):
            /// 1. Suppose S0 leads three peers, and 5@1 is durable on S0 and S1 only: it is committed.
            /// 2. S1 restarts, finds 5@1 damaged, and cuts its log off at 4@1. S0 crashes.
            /// 3. S2, whose log ends at 4@1, wins term 2 with the vote of S1: 5@1 is forgotten.
            ///
            /// A record that was being written when the power failed is another matter
            /// ([`crate::DiskRecord::Torn`]): no sync had covered it, so nothing rests on it.
            fn stops_at_damage(&self) -> bool { true }

        }
    };
}

pub(super) use durability;
