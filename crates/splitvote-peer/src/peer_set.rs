//! A set of peers.

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::PeerId;

/// A set of peers, small enough to copy: a bit a peer. Prints as `{S0, S2}`.
///
/// It holds the peers below [`PeerId::MAX_PEERS`]; no other can be a member of a cluster, nor of a set.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct PeerSet(u128);

impl PeerSet {
    /// The set without members.
    pub const EMPTY: Self = Self(0);

    /// All peers of a cluster of `count`; those below [`PeerId::MAX_PEERS`] if it is more.
    #[must_use]
    pub fn all(count: usize) -> Self {
        match u32::try_from(count).ok().and_then(|count| 1_u128.checked_shl(count)) {
            Some(beyond) => Self(beyond - 1),
            None => Self(u128::MAX),
        }
    }

    /// Adds a peer; true if it was not yet a member. A peer that no cluster can have is not added.
    #[inline]
    pub fn insert(&mut self, peer: PeerId) -> bool {
        let before = self.0;
        self.0 |= Self::bit(peer);
        self.0 != before
    }

    /// Takes a peer out; true if it was a member.
    #[inline]
    pub fn remove(&mut self, peer: PeerId) -> bool {
        let bit = Self::bit(peer);
        let was_member = self.0 & bit != 0;
        self.0 &= !bit;
        was_member
    }

    /// Whether the peer is a member.
    #[inline]
    #[must_use]
    pub fn contains(self, peer: PeerId) -> bool {
        self.0 & Self::bit(peer) != 0
    }

    /// How many peers are members.
    #[inline]
    #[must_use]
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether there is no member.
    #[inline]
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The members of both sets.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The members of either set.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The members of this set that are not in the other.
    #[must_use]
    pub fn difference(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The members in ascending order.
    pub fn iter(self) -> impl Iterator<Item = PeerId> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            if rest == 0 {
                return None;
            }
            let lowest = rest.trailing_zeros() as u8;
            rest &= rest - 1;
            Some(PeerId(lowest))
        })
    }

    /// The bit of a peer; none for a peer that no cluster can have.
    #[inline]
    fn bit(peer: PeerId) -> u128 {
        1_u128.checked_shl(u32::from(peer.0)).unwrap_or(0)
    }
}

impl FromIterator<PeerId> for PeerSet {
    fn from_iter<I: IntoIterator<Item = PeerId>>(peers: I) -> Self {
        let mut set = Self::EMPTY;
        for peer in peers {
            set.insert(peer);
        }
        set
    }
}

/// The members in ascending order: `[0, 2]`.
impl Serialize for PeerSet {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for PeerSet {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let peers = Vec::<PeerId>::deserialize(from)?;
        match peers.iter().find(|peer| peer.index() >= PeerId::MAX_PEERS) {
            Some(peer) => Err(D::Error::custom(format_args!(
                "{peer} is no peer: a cluster has at most {} of them",
                PeerId::MAX_PEERS
            ))),
            None => Ok(peers.into_iter().collect()),
        }
    }
}

impl fmt::Display for PeerSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (place, peer) in self.iter().enumerate() {
            if place > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{peer}")?;
        }
        f.write_str("}")
    }
}

impl fmt::Debug for PeerSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_counts_each_peer_once() {
        let mut set = PeerSet::EMPTY;
        assert!(set.insert(PeerId(2)));
        assert!(!set.insert(PeerId(2)), "the second insertion changes nothing");
        set.insert(PeerId(127));
        assert_eq!(set.len(), 2);
        assert_eq!(set.to_string(), "{S2, S127}");
        assert!(set.remove(PeerId(2)) && !set.remove(PeerId(2)));
        assert_eq!(set.iter().collect::<Vec<_>>(), [PeerId(127)]);
    }

    #[test]
    fn a_peer_that_no_cluster_can_have_is_never_a_member() {
        let mut set: PeerSet = [PeerId(72)].into_iter().collect();
        assert!(!set.insert(PeerId(200)) && !set.contains(PeerId(200)) && !set.remove(PeerId(200)));
        assert_eq!(set.iter().collect::<Vec<_>>(), [PeerId(72)], "S200 is not taken for S72");
        for count in [0, 1, 5, 127, 128, 200, usize::MAX] {
            assert_eq!(PeerSet::all(count), PeerId::all(count).collect(), "{count}");
        }
    }
}
