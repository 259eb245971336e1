//! Who belongs to a cluster and whose voices make a quorum.
//!
//! Everything that has to know how many peers are enough asks a [`Configuration`]. Today every
//! cluster has one set of voters; while a membership changes there are two, and a decision needs a
//! majority of each (joint consensus; paper, section 6).

use std::fmt;

use crate::id::PeerId;
use crate::peer_set::PeerSet;

/// The members of a cluster: its voters, in one set or in two, and its learners.
///
/// ```
/// use splitvote_peer::{Configuration, PeerId, PeerSet};
///
/// let five = Configuration::simple(5);
/// let three: PeerSet = [PeerId(0), PeerId(2), PeerId(4)].into_iter().collect();
/// assert!(five.has_quorum(three));
/// assert_eq!(five.quorum().to_string(), "3 of 5");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Configuration {
    voters: PeerSet,
    incoming: Option<PeerSet>,
    learners: PeerSet,
}

impl Configuration {
    /// A cluster of `count` peers, all of them voters.
    #[must_use]
    pub fn simple(count: usize) -> Self {
        Self::of(PeerSet::all(count))
    }

    /// A cluster of these voters.
    #[must_use]
    pub fn of(voters: PeerSet) -> Self {
        Self { voters, incoming: None, learners: PeerSet::EMPTY }
    }

    /// The step between two configurations: a quorum is a majority of the old voters and a majority
    /// of the new ones.
    #[must_use]
    pub fn joint(old: PeerSet, new: PeerSet) -> Self {
        Self { incoming: Some(new), ..Self::of(old) }
    }

    /// The same voters, and these learners: peers that receive the log and have no voice. Who votes
    /// is no learner.
    #[must_use]
    pub fn with_learners(self, learners: PeerSet) -> Self {
        Self { learners: learners.difference(self.voters()), ..self }
    }

    /// Whether two sets of voters decide.
    #[must_use]
    pub fn is_joint(self) -> bool {
        self.incoming.is_some()
    }

    /// All voters, those of both sets.
    #[must_use]
    pub fn voters(self) -> PeerSet {
        self.incoming.map_or(self.voters, |incoming| self.voters.union(incoming))
    }

    /// Whether the peer has a voice.
    #[must_use]
    pub fn is_voter(self, peer: PeerId) -> bool {
        self.voters().contains(peer)
    }

    /// The peers that receive the log and have no voice.
    #[must_use]
    pub fn learners(self) -> PeerSet {
        self.learners
    }

    /// All voters and learners.
    #[must_use]
    pub fn members(self) -> PeerSet {
        self.voters().union(self.learners)
    }

    /// Whether these peers decide: more than half of each set of voters is among them. A set without
    /// voters never decides.
    #[inline]
    #[must_use]
    pub fn has_quorum(self, peers: PeerSet) -> bool {
        let is_majority = |voters: PeerSet| voters.intersection(peers).len() >= majority(voters);
        is_majority(self.voters) && self.incoming.is_none_or(is_majority)
    }

    /// How many voters the smallest quorum has.
    #[must_use]
    pub fn quorum_size(self) -> usize {
        let old = majority(self.voters);
        let Some(incoming) = self.incoming else { return old };
        let new = majority(incoming);
        let common = self.voters.intersection(incoming).len();
        // Who votes in both sets counts in both.
        old + new - common.min(old).min(new)
    }

    /// How many voters may be missing, whoever they are, so that the rest still decides.
    #[must_use]
    pub fn tolerated(self) -> usize {
        let spare = |voters: PeerSet| voters.len().saturating_sub(majority(voters));
        let old = spare(self.voters);
        self.incoming.map_or(old, |incoming| old.min(spare(incoming)))
    }

    /// What a quorum is, for sentences: `2 of 3`, or `2 of 3 and 3 of 4`.
    #[must_use]
    pub fn quorum(self) -> Quorum {
        Quorum(self)
    }
}

/// More than half of the voters: of none, more than there are.
fn majority(voters: PeerSet) -> usize {
    voters.len() / 2 + 1
}

/// What a quorum of a configuration is. Prints as `2 of 3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quorum(Configuration);

impl fmt::Display for Quorum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Configuration { voters, incoming, .. } = self.0;
        write!(f, "{} of {}", majority(voters), voters.len())?;
        match incoming {
            Some(incoming) => write!(f, " and {} of {}", majority(incoming), incoming.len()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The set whose members are the bits of a number.
    fn set(bits: u8) -> PeerSet {
        (0..8).filter(|peer| bits & 1 << peer != 0).map(PeerId).collect()
    }

    #[test]
    fn half_of_an_even_cluster_is_no_quorum() {
        for (count, needed, spare) in [(1, 1, 0), (2, 2, 0), (3, 2, 1), (4, 3, 1), (5, 3, 2)] {
            let cluster = Configuration::simple(count);
            assert_eq!((cluster.quorum_size(), cluster.tolerated()), (needed, spare), "{count}");
            assert!(cluster.has_quorum(PeerSet::all(needed)));
            assert!(!cluster.has_quorum(PeerSet::all(needed - 1)));
        }
    }

    #[test]
    fn a_cluster_without_voters_decides_nothing() {
        for nobody in [
            Configuration::simple(0),
            Configuration::joint(PeerSet::EMPTY, set(0b111)),
            Configuration::joint(set(0b111), PeerSet::EMPTY),
        ] {
            assert!(!nobody.has_quorum(PeerSet::all(8)), "{nobody:?}");
            assert_eq!(nobody.tolerated(), 0);
        }
    }

    #[test]
    fn both_sets_of_a_joint_configuration_have_to_agree() {
        let step = Configuration::joint(set(0b0_0111), set(0b1_1100));
        assert!(
            step.is_joint() && !step.has_quorum(set(0b0_0011)) && !step.has_quorum(set(0b1_1000))
        );
        assert!(step.has_quorum(set(0b0_1101)), "S2 votes in both sets");
        assert_eq!(step.quorum_size(), 3);
        assert_eq!(step.quorum().to_string(), "2 of 3 and 2 of 3");
    }

    #[test]
    fn a_learner_is_a_member_without_a_voice() {
        let cluster = Configuration::simple(3).with_learners(set(0b1_1001));
        assert_eq!(cluster.learners(), set(0b1_1000), "S0 votes");
        assert!(!cluster.is_voter(PeerId(4)) && cluster.is_voter(PeerId(0)));
        assert_eq!(cluster.members(), set(0b1_1111));
        assert!(!cluster.has_quorum(set(0b1_1001)), "one voter and two learners");
    }

    /// All configurations of up to five peers, against all their sets: two quorums always meet, the
    /// smallest quorum has the size that is said, and as many peers as are tolerated may be missing.
    #[test]
    fn any_two_quorums_of_a_configuration_meet() {
        let sets = || (0..32).map(set);
        let simple = sets().map(Configuration::of);
        let joint = sets().flat_map(|old| sets().map(move |new| Configuration::joint(old, new)));
        for cluster in simple.chain(joint) {
            let quorums: Vec<PeerSet> = sets().filter(|peers| cluster.has_quorum(*peers)).collect();
            for (place, one) in quorums.iter().enumerate() {
                let meets = |other: &PeerSet| !one.intersection(*other).is_empty();
                assert!(quorums.iter().skip(place + 1).all(meets), "{cluster:?}, {one}");
            }
            let Some(smallest) = quorums.iter().map(|quorum| quorum.len()).min() else { continue };
            assert_eq!(smallest, cluster.quorum_size(), "{cluster:?}");
            let rest_decides = |away: PeerSet| cluster.has_quorum(PeerSet::all(5).difference(away));
            let away = |count: usize| sets().filter(move |away| away.len() == count);
            assert!(away(cluster.tolerated()).all(rest_decides), "{cluster:?}");
            assert!(!away(cluster.tolerated() + 1).all(rest_decides), "{cluster:?}");
        }
    }
}
