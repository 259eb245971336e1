//! What elects: mutants that count wrongly, or against the wrong number.

use splitvote_peer::{PeerSet, Term};

use crate::mutant::mutants;

mutants! {

mutant {
    E6 RepliesCounted "replies-counted" Safety
    bug: "Granting replies are counted, not voters, so a repeated reply is a second vote."
    violates: "Election Safety"
    source: "ktoso/akka-raft#45; microsoft/coyote-samples#8"
    fn count_votes(&self, _voters: PeerSet, granting_replies: u32) -> usize {
        granting_replies as usize
    }
}

mutant {
    E7 OldVoteCounted "old-vote-counted" Safety
    bug: "A vote granted in an earlier term counts in the election of the current one."
    violates: "Election Safety"
    source: "andreev-io/little-raft#44"
    fn reply_counts(&self, asked_in: Term, current: Term) -> bool {
        asked_in <= current
    }
}

mutant {
    N1 MajorityAtHalf "majority-at-half" Safety
    bug: "Half of the cluster elects, rounded down: of three, the candidate alone."
    violates: "Election Safety"
    source: "founding notes, question 7"
    fn votes_needed(&self, cluster_size: usize) -> usize {
        cluster_size / 2
    }
}

mutant {
    N2 MajorityWithoutSelf "majority-without-self" Safety
    bug: "The majority is that of the other servers, the candidate not included: two of four."
    violates: "Election Safety, in clusters of even size"
    source: "founding notes, question 7"
    fn votes_needed(&self, cluster_size: usize) -> usize {
        cluster_size.saturating_sub(1) / 2 + 1
    }
}

mutant {
    N4 LeaderInferredFromOwnVote "leader-inferred-from-own-vote" Safety
    bug: "A server that finds itself in votedFor takes itself for the leader."
    violates: "Election Safety"
    source: "founding notes, question 3"
    fn is_elected(&self, votes: usize, needed: usize, voted_for_me: bool) -> bool {
        voted_for_me || votes >= needed
    }
}

mutant {
    N27 SevenCountedAsFive "seven-counted-as-five" Safety
    bug: "Three votes are enough in every cluster of five peers or more."
    violates: "Election Safety"
    source: "common bug: a majority that was written down for the cluster of the tests"
    fn votes_needed(&self, cluster_size: usize) -> usize {
        (cluster_size / 2 + 1).min(3)
    }
}

mutant {
    N41 OwnVoteNotAwaited "own-vote-not-awaited" Safety
    bug: "A candidate counts its own vote before it is durable, though all its replies wait: it may lead, crash, and lead the same term once more."
    violates: "one leader per term"
    source: "Figure 2, State; Raft dissertation, section 10.2.1, taken too far"
    fn own_vote_counts(&self, _is_durable: bool) -> bool {
        true
    }
}

}
