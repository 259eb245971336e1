//! The rules of PreVote and CheckQuorum: who may disturb a leader, and when a leader gives up
//! (dissertation, sections 9.6, 6.2 and 4.2.3). Both are options.

/// Hands the rules of PreVote and CheckQuorum, and those that came before them, on.
macro_rules! stability {
    ($define:ident $(, $more:ident)*; $($rules:tt)*) => {
        $define! { $($more),*; $($rules)*
            // ---- PreVote (dissertation, section 9.6) ----

            /// Is a PreVote answered at all, whatever term it names? Always: whoever asks for a term
            /// that is not above the receiver's learns the receiver's term by the answer, and by
            /// nothing else.
            fn answers_pre_vote(&self, asked_for: Term, current: Term) -> bool {
                let _ = (asked_for, current);
                true
            }

            /// Section 9.6: would the receiver vote for the asker? Only in a later term than its own,
            /// "if the candidate's log is sufficiently up-to-date, and the voters have not received
            /// heartbeats from a valid leader for at least a baseline election timeout".
            fn grants_pre_vote(&self, is_later_term: bool, is_up_to_date: bool, is_led: bool) -> bool {
                is_later_term && is_up_to_date && !is_led
            }

            /// Section 9.6: does a PreVote restart the receiver's election timer? A yes is no vote, and binds
            /// nobody:
            /// 1. Suppose S0 has by far the shortest timeout, and a log that only S1 of five would vote for.
            /// 2. It asks again and again, and S1 says yes each time.
            /// 3. If that restarted the timer of S1, S1 would never ask, however good its log.
            fn pre_vote_resets_timer(&self, granted: bool) -> bool { let _ = granted; false }

            /// Section 9.6: a term is raised only by who stands. Does a PreVote make its receiver
            /// adopt the term that it names?
            fn adopts_pre_vote_term(&self, asked_for: Term, current: Term) -> bool {
                let _ = (asked_for, current);
                false
            }

            /// Section 9.6, "if it first learns": is the answer to this call one to the question that
            /// the peer asks now, whose first call was that one? What somebody thought of an earlier
            /// one may no longer hold.
            fn pre_vote_counts(&self, call: u64, first_call: u64) -> bool { call >= first_call }

            /// Section 9.6: "they would be willing" is no vote. Which others' votes a candidate has
            /// when it begins to stand.
            fn votes_after_pre_vote(&self, willing: PeerSet) -> PeerSet { let _ = willing; PeerSet::EMPTY }

            // ---- CheckQuorum (dissertation, section 6.2) ----

            /// Section 6.2: is a follower heard from that has been silent for so long? Not "if an
            /// election timeout elapses without" an answer.
            fn is_heard(&self, silent_for: Duration, election_timeout: Duration) -> bool {
                silent_for < election_timeout
            }

            /// Section 6.2, "if an election timeout elapses": does a leader that has just been elected count
            /// the others as heard from? No round of heartbeats can have succeeded yet.
            fn counts_all_as_heard_at_election(&self) -> bool { true }

            /// Section 6.2, "a majority of its cluster": do so many followers, and the leader itself,
            /// keep it in office?
            fn has_quorum(&self, followers_heard: usize, cluster_size: usize) -> bool {
                followers_heard.saturating_add(1) >= Configuration::simple(cluster_size).quorum_size()
            }

            /// Paper, section 5.2, "at most one candidate in a given term": a leader that steps down
            /// within its term keeps the vote that it cast for itself.
            fn vote_after_quorum_loss(&self, vote: Option<PeerId>) -> Option<PeerId> { vote }

            /// Section 4.2.3: a server that receives a RequestVote "within the minimum election timeout
            /// of hearing from a current leader [...] does not update its term or grant its vote".
            fn disregards_vote_request(&self, is_led: bool) -> bool { is_led }
        }
    };
}

pub(super) use stability;
