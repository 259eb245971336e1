//! The rules of replication (Figure 2; paper, sections 5.3, 5.4.2 and 5.5).

/// Hands the rules of replication, and those that came before them, on.
macro_rules! replication {
    ($define:ident $(, $more:ident)*; $($rules:tt)*) => {
        $define! { $($more),*; $($rules)*
            // ---- The leader takes and sends (section 5.3) ----

            /// Figure 2, Leaders, rule 2: "append entry to local log": the entry behind which a
            /// client's command goes. Figure 3, Leader Append-Only: none is overwritten for it.
            fn proposal_goes_behind(&self, last: LogIndex, commit: LogIndex) -> LogIndex {
                let _ = commit;
                last
            }

            /// Figure 2, Leaders: who replicates when the planned round has come, and in which
            /// term. Only a leader does, and only in the term it was elected in.
            fn replicates(&self, role: Role, elected_in: Term, current: Term) -> Option<Term> {
                (role == Role::Leader && elected_in == current).then_some(current)
            }

            /// Does a proposal wait for those of the same instant, so that all leave together?
            fn batches_proposals(&self) -> bool { true }

            /// Section 5.3, "issues AppendEntries RPCs in parallel": does the leader hold back
            /// entries for one follower while another has not answered?
            fn waits_for_all_replies(&self) -> bool { false }

            /// Figure 2, Leaders, rule 3: the first entry to send after those up to `sent` have
            /// left. What is on its way is not sent again.
            fn next_after_sending(&self, next: LogIndex, sent: LogIndex) -> LogIndex {
                let _ = next;
                sent.saturating_add(1)
            }

            /// Section 5.3: an AppendEntries holds consecutive entries "immediately following" `prevLogIndex`. If
            /// one does not fit any more, is it left out for those behind it?
            /// 1. Suppose a batch takes 100 bytes, and the entries 4, 5 and 6 have 10, 200 and 10.
            /// 2. If it were made of 4 and 6, the follower would take 6 for the entry behind 4, at index 5.
            fn skips_what_does_not_fit(&self) -> bool { false }

            /// Section 5.1, "Servers retry RPCs if they do not receive a response": are entries sent again that
            /// were lost, or that nobody has answered?
            fn repeats_entries(&self) -> bool { true }

            /// Section 5.5, "retries indefinitely": is a follower sent entries again that had fallen silent and
            /// answers now?
            fn ends_silence(&self) -> bool { true }

            /// Figure 2, AppendEntries, arguments: the `leaderCommit` that a heartbeat states, without entries.
            fn commit_in_heartbeat(&self, commit: LogIndex) -> LogIndex { commit }

            /// Figure 2, AppendEntries, arguments: the `leaderCommit` that is stated.
            fn stated_commit(&self, commit: LogIndex, last: LogIndex) -> LogIndex {
                let _ = last;
                commit
            }

            // ---- The leader hears (section 5.3) ----

            /// Figure 2, State: `nextIndex` is "initialized to leader last log index + 1".
            fn next_at_election(&self, last: LogIndex) -> LogIndex { last.saturating_add(1) }

            /// Figure 2, State: `matchIndex` is "initialized to 0" after election.
            fn matched_at_election(&self, before: LogIndex) -> LogIndex { let _ = before; 0 }

            /// Section 5.1: does a reply of this term speak of the leader's present log?
            fn append_reply_counts(&self, theirs: Term, current: Term) -> bool { theirs == current }

            /// Figure 2, Leaders, rule 3, "If successful": `matchIndex` follows from what was
            /// asked, and not from what log and `nextIndex` have become meanwhile.
            fn matched_after_success(&self, asked: LogIndex, next: LogIndex, last: LogIndex) -> LogIndex {
                let _ = (next, last);
                asked
            }

            /// Section 5.3: where to go on after a refusal. If the leader has entries of the
            /// conflicting term, behind the last of them; if not, at the follower's first of it.
            fn back_off(&self, refused: LogIndex, hint: LogIndex, last_of_term: Option<LogIndex>) -> LogIndex {
                match last_of_term {
                    Some(last) if last < refused => last.saturating_add(1),
                    _ => hint,
                }
            }

            /// Figure 2, Leaders, rule 3, "If AppendEntries fails because of log inconsistency:
            /// decrement nextIndex". A refusal of what the follower is known to hold is an old
            /// one, and `nextIndex` stays above `matchIndex`.
            fn next_after_refusal(&self, known: Progress, refused: LogIndex, back_off: LogIndex) -> Option<LogIndex> {
                let lowest = known.matched.saturating_add(1);
                (refused >= lowest).then(|| back_off.clamp(lowest, refused))
            }

            /// Figure 2, State: `matchIndex` "increases monotonically". A refusal leaves it alone.
            fn matched_after_refusal(&self, matched: LogIndex, next: LogIndex) -> LogIndex {
                let _ = next;
                matched
            }

            // ---- The follower takes entries (section 5.3) ----

            /// Figure 2, AppendEntries, receiver implementation 2, for heartbeats too: the own
            /// entry at `prevLogIndex` has the term `prevLogTerm`.
            fn log_matches(&self, own_term: Option<Term>, previous: LogPosition, entries: usize) -> bool {
                let _ = entries;
                own_term == Some(previous.term)
            }

            /// Figure 2, AppendEntries, receiver implementation 3: only "if an existing entry
            /// conflicts with a new one", it and all that follow are deleted.
            fn delete_from(&self, conflict: Option<LogIndex>, previous: LogIndex) -> Option<LogIndex> {
                let _ = previous;
                conflict
            }

            /// Figure 2, AppendEntries, receiver implementation 5: "set commitIndex =
            /// min(leaderCommit, index of last new entry)", and never back. `verified` is that
            /// last new entry, `last` the end of the follower's log.
            fn follower_commit(
                &self,
                commit: LogIndex,
                leader_commit: LogIndex,
                verified: LogIndex,
                last: LogIndex
            ) -> LogIndex {
                let _ = last;
                commit.max(leader_commit.min(verified))
            }

            /// Section 5.2, "returns to follower state": how much of its log a leader keeps that
            /// steps down. All of it: entries may be committed that it has not heard are.
            fn kept_after_stepping_down(&self, last: LogIndex, commit: LogIndex) -> LogIndex {
                let _ = commit;
                last
            }

            // ---- Committing and applying (sections 5.3 and 5.4.2) ----

            /// Section 5.3: an entry is committed once it is "replicated [...] on a majority of
            /// the servers", the leader included.
            fn acknowledgements_needed(&self, cluster_size: usize) -> usize {
                Configuration::simple(cluster_size).quorum_size()
            }

            /// Section 5.4.2: "Only log entries from the leader's current term are committed by
            /// counting replicas".
            fn commits_by_counting(&self, entry_term: Term, current: Term) -> bool { entry_term == current }

            /// Figure 2, All Servers, rule 1: who applies what is committed. Everyone.
            fn applies(&self, role: Role) -> bool { let _ = role; true }

            /// Figure 2, All Servers, rule 1: the first entry to apply when the commit index is
            /// ahead of what was applied.
            fn first_to_apply(&self, applied: LogIndex, commit: LogIndex) -> LogIndex {
                let _ = commit;
                applied.saturating_add(1)
            }

            /// Figure 2, State: `commitIndex` is volatile, and starts anew at a restart, at the snapshot if there
            /// is one. What else was committed the leader tells.
            fn commit_at_boot(&self, snapshot: LogIndex, last: LogIndex) -> LogIndex {
                let _ = last;
                snapshot
            }

            /// Figure 2, State: `lastApplied` starts anew at a restart, behind the snapshot if
            /// there is one.
            fn applied_at_boot(&self, snapshot: LogIndex, last: LogIndex) -> LogIndex {
                let _ = last;
                snapshot
            }

        }
    };
}

pub(super) use replication;
