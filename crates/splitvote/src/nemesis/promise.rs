//! What Raft promises to survive, computed: how much of a cluster may be broken at once.
//!
//! Paper: section 5 (safety depends on neither timing nor messages; a peer recovers from its disk), and
//! Figure 2 (what has to be on the disk before a peer answers).
//!
//! Safety holds whatever packets, clocks and schedulers do, and if all peers are down at once: no part of
//! the nemesis needs a bound there. It does not hold if a peer that goes on voting has forgotten what
//! its disk acknowledged. Not one may, however large the cluster:
//!
//! 1. Suppose S0, of three, votes for S1 in term 1. Its disk says that the vote is durable, and lies.
//! 2. S1 leads term 1 with the votes of S0 and its own.
//! 3. S0 crashes and starts again, without its vote, and votes for S2 in term 1.
//! 4. S2 leads term 1 with the votes of S0 and its own. In a cluster of five the same happens with S0 as
//!    the one in the middle of two pairs.
//!
//! So no part may make a disk lie (`Fault::within_promise`). A scenario may, to see that it is found out; it says
//! whose, and not a majority's: what a majority has forgotten, nobody is left to miss.
//!
//! Does not check: that a cluster makes progress. Who is needed for that is [`Promise::quorum`]; a storm may
//! take it away.

use std::fmt;

use splitvote_peer::{Configuration, PeerSet};
use splitvote_sim::{DiskProfile, Probability};

/// What a cluster of a given size promises to survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    cluster: Configuration,
}

/// More is broken than a scenario may break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beyond {
    liars: PeerSet,
    peers: usize,
    at_most: usize,
}

impl fmt::Display for Beyond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { liars, peers, at_most } = self;
        write!(
            f,
            "the disks of {liars} may lie or lose a record untold, {} of {peers}, but at most {at_most} may: what a majority \
             forgets, nobody is left to miss",
            liars.len()
        )
    }
}

impl std::error::Error for Beyond {}

impl Promise {
    /// What a cluster of so many peers promises.
    #[must_use]
    pub fn of(peers: usize) -> Self {
        Self { cluster: Configuration::simple(peers) }
    }

    /// How many peers can elect a leader and commit: a majority.
    #[must_use]
    pub fn quorum(self) -> usize {
        self.cluster.quorum_size()
    }

    /// How many peers may be down, cut off or paused at once while the others go on: a minority.
    #[must_use]
    pub fn may_be_away(self) -> usize {
        self.cluster.tolerated()
    }

    /// Whether a scenario may say that the disks of these peers lie.
    ///
    /// # Errors
    /// If they are more than a minority.
    pub fn allows(self, liars: PeerSet) -> Result<(), Beyond> {
        let (peers, at_most) = (self.cluster.voters().len(), self.may_be_away());
        if liars.len() > at_most { Err(Beyond { liars, peers, at_most }) } else { Ok(()) }
    }
}

/// Whose disks may lie under a profile.
pub(crate) fn liars_of(profile: &DiskProfile) -> PeerSet {
    if profile.lying == Probability::NEVER { PeerSet::EMPTY } else { profile.liars }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_majority_and_what_is_left_are_the_cluster() {
        let quorums = (1..=7).map(|peers| Promise::of(peers).quorum());
        assert_eq!(quorums.collect::<Vec<_>>(), [1, 2, 2, 3, 3, 4, 4]);
        let away = (1..=7).map(|peers| Promise::of(peers).may_be_away());
        assert_eq!(away.collect::<Vec<_>>(), [0, 0, 1, 1, 2, 2, 3]);
    }

    #[test]
    fn a_minority_may_lie_where_a_scenario_says_so_and_no_more() {
        for peers in 1..=7 {
            let promise = Promise::of(peers);
            for liars in 0..=peers {
                let is_allowed = promise.allows(PeerSet::all(liars)).is_ok();
                assert_eq!(is_allowed, 2 * liars < peers, "{liars} of {peers}");
            }
        }
        let beyond = Promise::of(3).allows(PeerSet::all(2)).unwrap_err().to_string();
        assert!(beyond.contains("{S0, S1}") && beyond.contains("at most 1 may"), "{beyond}");
    }
}
