//! A leader has a real majority behind it.
//!
//! # Paper
//! Section 5.2: "A candidate wins an election if it receives votes from a majority of the servers
//! in the full cluster for the same term."
//!
//! # Checks
//! Whenever a peer takes office: that the peers which really voted for it in that term, by their
//! views or by granting replies, are more than half of the cluster; and that its own vote was on
//! its disk before it counted it.
//!
//! 1. Suppose S0 of five stands in term 4 and S1 grants its vote.
//! 2. The network duplicates the reply, and S0 counts it twice: 3 votes with its own.
//! 3. S0 leads with the votes of {S0, S1}. No second leader need ever appear: this is the fault.
//!
//! # Does not check
//! Whether the replies had reached the candidate by then: a vote that was cast is enough. The own
//! vote in a Raft whose records do not tell of ballots, or whose disk has lied about it. Clusters that change their
//! membership.
//!
//! # Standing
//! Guarantee where the leader was told of too few votes, its own among them unless it gave that away;
//! for a Raft that describes no votes, where views show too few. Practice where only views do. A
//! leader's own vote that is not durable breaks a guarantee only if it had no majority without it:
//! otherwise one more grant of the same peer makes no second majority. It might accuse a correct Raft
//! that tells of votes by messages of another kind.
//!
//! # Mutants that trip it
//! E5, E6, E7, N1, N2, N4; and E3, E3B, E4, whose own vote is not durable.

use super::prelude::*;

pub(super) const RULE: Rule =
    Rule::new("real-majority", "5.2", "A leader has the votes of a majority of the cluster.");

/// The evidence: a leader without a majority, or with a vote of its own that a crash would erase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoMajority {
    /// Too few peers voted for it.
    TooFew {
        /// The peer that leads.
        leader: PeerId,
        /// The term that this is about.
        term: Term,
        /// Who really voted for it.
        voters: PeerSet,
        /// How many votes a leader needs.
        needed: usize,
        /// How many peers the cluster has.
        cluster_size: usize,
        /// Whether the votes that it was told of were too few, and not merely those that views show.
        is_told: bool,
    },
    /// Its own vote was not on its disk.
    OwnVoteVolatile {
        /// The peer that leads.
        leader: PeerId,
        /// The term that this is about.
        term: Term,
        /// Whether it had no majority without it.
        is_needed: bool,
    },
}

pub(super) fn check(ghost: &Ghost, _: SimTime, seen: &Observation) -> Option<NoMajority> {
    let (leader, before, after) = seen.step()?;
    if !entered(Role::Leader, before, after) {
        return None;
    }
    let term = after.term;
    let mut voters = ghost.voters(term, leader);
    if after.voted_for == Some(leader) || !after.shows_vote() {
        voters.insert(leader);
    }
    let needed = ghost.majority();
    // Neither messages nor views tell of votes.
    if !ghost.describes_grants && ghost.all().any(|(_, peer)| !peer.view.shows_vote()) {
        return None;
    }
    if !after.shows_vote() && has_told_another(ghost, leader, term) {
        voters.remove(leader);
    }
    let others = granted_by_others(ghost, leader, term);
    // Views are asked only where messages tell of no votes. Whoever leads counts itself.
    let mut told = if ghost.describes_grants { others } else { voters };
    if !has_told_another(ghost, leader, term) {
        told.insert(leader);
    }
    let decide = |peers: PeerSet| ghost.configuration.has_quorum(peers);
    let is_told = !decide(told);
    if decide(voters) {
        voters = told;
    }
    if !decide(voters) {
        let cluster_size = ghost.cluster_size();
        return Some(NoMajority::TooFew { leader, term, voters, needed, cluster_size, is_told });
    }
    let own = ghost.term(term).and_then(|cast| cast.find(leader, leader));
    let is_durable = own.is_some_and(|ballot| ballot.is_durable);
    let noted = own.map_or(SimTime::ZERO, |ballot| ballot.at);
    let is_deceived = ghost.peer(leader).is_some_and(|peer| peer.is_deceived_since(noted));
    let is_volatile = ghost.tells_ballots && !is_durable && !is_deceived;
    let is_needed = !decide(others);
    is_volatile.then_some(NoMajority::OwnVoteVolatile { leader, term, is_needed })
}

fn granted_by_others(ghost: &Ghost, leader: PeerId, term: Term) -> PeerSet {
    let mut granted = ghost.term(term).map_or(PeerSet::EMPTY, |cast| cast.granted_to(leader));
    granted.remove(leader);
    granted
}

/// Whether it gave its vote of the term away.
fn has_told_another(ghost: &Ghost, leader: PeerId, term: Term) -> bool {
    ghost.term(term).is_some_and(|cast| cast.told_vote_for_another(leader, leader).is_some())
}

impl Proof for NoMajority {
    fn finding(&self) -> Finding {
        match *self {
            Self::TooFew { leader, term, is_told, .. } => Finding::new("too-few", [leader])
                .leads([Lead::Election(leader, term)])
                .of_practice_unless(is_told),
            Self::OwnVoteVolatile { leader, term, is_needed } => {
                let words = "of its own vote its disk";
                Finding::new("own-vote-volatile", [leader])
                    .leads([Lead::Election(leader, term), Lead::BallotOnDisk(leader, words)])
                    .of_practice_unless(is_needed)
            }
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::TooFew { leader, term, voters, needed, cluster_size, .. } => format!(
                "{leader} leads term {term} with the votes of {voters} only, {needed} of \
                 {cluster_size} are needed"
            ),
            Self::OwnVoteVolatile { leader, term, .. } => format!(
                "{leader} took office in term {term} before its vote for itself was durable"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::script::Script;

    #[test]
    fn half_of_the_cluster_is_no_majority() {
        let mut run = Script::new(4);
        run.elect(0, 4, &[0, 1]);
        let sentence = "S0 leads term 4 with the votes of {S0, S1} only, 3 of 4 are needed";
        assert_eq!(run.verdict(), Some(("real-majority", sentence.to_owned())));
    }

    #[test]
    fn votes_of_an_older_term_do_not_count() {
        let mut run = Script::new(3);
        run.stand(0, 3).ask(0, 1).grant(1, 0, 3).stand(0, 4).take_office(0);
        assert_eq!(run.verdict().map(|(name, _)| name), Some("real-majority"));
    }

    #[test]
    fn a_leader_whose_own_vote_is_not_durable_fires() {
        let mut run = Script::new(3);
        run.durable(0, 3, None).stand_in_memory(0, 4).ask(0, 1).grant(1, 0, 4).take_office(0);
        let sentence = "S0 took office in term 4 before its vote for itself was durable";
        assert_eq!(run.verdict(), Some(("real-majority", sentence.to_owned())));
    }

    #[test]
    fn a_leader_that_never_writes_anything_fires_unless_its_raft_has_no_disk() {
        let lead = |mut run: Script| {
            run.stand_in_memory(0, 4).ask(0, 1).vote_in_memory(1, 0, 4).take_office(0);
            run.verdict().map(|(name, _)| name)
        };
        assert_eq!(lead(Script::new(3)), Some("real-majority"));
        assert_eq!(lead(Script::without_disks(3)), None);
    }

    #[test]
    fn a_bare_majority_is_enough_though_a_voter_has_crashed() {
        let mut run = Script::new(5);
        run.stand(0, 4).ask(0, 1).ask(0, 2).grant(1, 0, 4).crash(1).grant(2, 0, 4).take_office(0);
        assert_eq!(run.verdict(), None);
    }
}
