//! The rules of the disk (Figure 2, State: "Updated on stable storage before responding to RPCs").

/// Hands the rules of the disk, and those that came before them, on.
macro_rules! durability {
    ($define:ident $(, $more:ident)*; $($rules:tt)*) => {
        $define! { $($more),*; $($rules)*
            /// Are term and vote written to the disk at all?
            fn persists_ballot(&self) -> bool { true }

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

            /// Are entries synced at all, or taken for durable once they are written?
            fn syncs_entries(&self) -> bool { true }

            /// Figure 2, `log[]` is persistent on every path: are the entries written that replace
            /// conflicting ones, and the deletion of those?
            fn persists_overwrite(&self) -> bool { true }

        }
    };
}

pub(super) use durability;
