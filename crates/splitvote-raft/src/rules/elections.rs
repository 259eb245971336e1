//! The rules of elections (Figure 2; paper, sections 5.1, 5.2 and 5.4.1).

/// Hands the rules of elections, and those that came before them, on.
macro_rules! elections {
    ($define:ident $(, $more:ident)*; $($rules:tt)*) => {
        $define! { $($more),*; $($rules)*
            // ---- Terms (section 5.1) ----

            /// Section 5.2: "To begin an election, a follower increments its current term".
            fn next_term(&self, current: Term) -> Term { current.saturating_add(1) }

            /// Figure 2, All Servers, rule 2, for requests: does a request of this term make the receiver
            /// adopt the term and become a follower?
            fn adopts_term(&self, theirs: Term, current: Term) -> bool { theirs > current }

            /// Figure 2, All Servers, rule 2, for replies: does a reply of this term make a candidate or a
            /// leader step down?
            fn steps_down_on_reply(&self, theirs: Term, current: Term) -> bool { theirs > current }

            /// Figure 2, State: `votedFor` is the vote "in current term", so a new term starts without.
            fn vote_in_new_term(&self, old_vote: Option<PeerId>) -> Option<PeerId> { let _ = old_vote; None }

            /// Figure 2, RPC results, "term: currentTerm, for [the sender] to update itself": the term that a
            /// refusal states.
            fn term_in_refusal(&self, theirs: Term, current: Term) -> Term { let _ = theirs; current }

            /// Section 5.1, terms "act as a logical clock": whom a peer takes for the leader when it adopts a new
            /// term. Nobody: the old one led another term.
            fn leader_in_new_term(&self, leader: Option<PeerId>) -> Option<PeerId> { let _ = leader; None }

            // ---- Granting votes (sections 5.2 and 5.4.1) ----

            /// Figure 2, RequestVote, receiver implementation 1: "Reply false if term < currentTerm". A higher one
            /// has been adopted by then.
            fn votes_in(&self, theirs: Term, current: Term) -> bool { theirs == current }

            /// Figure 2, RequestVote, receiver implementation 2, first half: "If votedFor is null or
            /// candidateId". The second is the same candidate asking again.
            fn may_vote_for(&self, voted_for: Option<PeerId>, candidate: PeerId) -> bool {
                voted_for.is_none_or(|vote| vote == candidate)
            }

            /// Figure 2, RequestVote, receiver implementation 2, second half: the candidate's log is "at
            /// least as up-to-date" as the voter's; section 5.4.1 defines it: later last term, or the same
            /// last term and a log not shorter.
            fn is_up_to_date(&self, mine: LogPosition, theirs: LogPosition) -> bool { theirs >= mine }

            /// Section 5.2: a vote that is refused leaves `votedFor` as it was.
            fn vote_after_refusal(&self, vote: Option<PeerId>, candidate: PeerId) -> Option<PeerId> {
                let _ = candidate;
                vote
            }

            /// Section 5.2: a candidate becomes leader by a majority and says so by AppendEntries; having
            /// voted for it tells nothing about who leads.
            fn leader_after_vote(&self, leader: Option<PeerId>, candidate: PeerId) -> Option<PeerId> {
                let _ = candidate;
                leader
            }

            // ---- Keeping a vote within its term (section 5.2) ----

            /// Section 5.2, "at most one candidate in a given term": a heartbeat of the current term
            /// leaves a follower's vote alone.
            fn vote_after_heartbeat(&self, vote: Option<PeerId>) -> Option<PeerId> { vote }

            /// Section 5.2: a candidate that yields to the leader of its own term keeps the vote that it
            /// cast for itself.
            fn vote_after_yielding(&self, vote: Option<PeerId>) -> Option<PeerId> { vote }

            /// Figure 2, Candidates, "Vote for self": what a candidate writes into its own ballot.
            fn own_vote(&self, me: PeerId) -> Option<PeerId> { Some(me) }

            // ---- Counting votes (section 5.2) ----

            /// Section 5.2: "a majority of the servers in the full cluster".
            fn votes_needed(&self, cluster_size: usize) -> usize {
                Configuration::simple(cluster_size).quorum_size()
            }

            /// Section 5.2: what is counted is voters, the candidate included, and not granting replies:
            /// RPCs are repeated, and so are replies.
            fn count_votes(&self, voters: PeerSet, granting_replies: u32) -> usize {
                let _ = granting_replies;
                voters.len()
            }

            /// Figure 2, State, "before responding to RPCs": does the candidate's vote for itself count? Once it is
            /// durable, and not before: the head of `election` says why.
            fn own_vote_counts(&self, is_durable: bool) -> bool { is_durable }

            /// Section 5.2, votes "for the same term": is the reply to a request of `asked_in` an answer
            /// to the election of the current term?
            fn reply_counts(&self, asked_in: Term, current: Term) -> bool { asked_in == current }

            /// Figure 2, Candidates: "If votes received from majority of servers: become leader".
            fn is_elected(&self, votes: usize, needed: usize, voted_for_me: bool) -> bool {
                let _ = voted_for_me;
                votes >= needed
            }

            // ---- Standing (sections 5.1 and 5.2) ----

            /// Figure 2, Followers, rule 2, and Candidates, rule 4: who starts an election when its
            /// election timeout elapses. Leaders have none.
            fn stands_at_timeout(&self, role: Role) -> bool { role != Role::Leader }

            /// Section 5.1, "Servers retry RPCs": the term that a repeated RequestVote states, if the
            /// request is still worth repeating. Only a candidate asks, and only in the term it stood in.
            fn solicits(&self, role: Role, stood_in: Term, current: Term) -> Option<Term> {
                (role == Role::Candidate && stood_in == current).then_some(stood_in)
            }

            /// Section 5.2, "restarts its randomized election timeout at the start of an election": which
            /// of the timeout drawn at boot and the one drawn now is used.
            fn timeout(&self, first_drawn: Duration, fresh: Duration) -> Duration { let _ = first_drawn; fresh }

            /// Section 5.2: does a leader that becomes a follower start its election timer? It had none.
            fn arms_timer_after_office(&self) -> bool { true }

            // ---- Heartbeats (section 5.2) ----

            /// Figure 2, AppendEntries, receiver implementation 1: "Reply false if term < currentTerm".
            /// What is not heeded changes nothing in the receiver.
            fn heeds_append(&self, theirs: Term, current: Term) -> bool { theirs >= current }

            /// Figure 2, Candidates: "If AppendEntries RPC received from new leader: convert to follower".
            fn yields_to_leader(&self) -> bool { true }

            /// Figure 2, Followers, rule 2: "receiving AppendEntries RPC from current leader" restarts the
            /// election timer, whether or not the log check succeeds.
            fn append_resets_timer(&self, log_matches: bool) -> bool { let _ = log_matches; true }

            /// Section 5.2: an InstallSnapshot, too, is the voice of the current leader. Does it restart the
            /// election timer?
            fn install_resets_timer(&self) -> bool { true }

            /// Figure 2, Followers, rule 2: of all vote requests only a granted one restarts the timer.
            fn request_resets_timer(&self, granted: bool) -> bool { granted }
        }
    };
}

pub(super) use elections;
