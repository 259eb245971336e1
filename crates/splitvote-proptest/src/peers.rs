//! Peers, links and seeds.

use proptest::prelude::*;
use splitvote::{PeerId, Seed};

/// The seed of a run. It does not shrink: another seed is another run, and says nothing of this one.
pub fn seed() -> impl Strategy<Value = Seed> + Clone {
    (0..u64::from(u32::MAX)).no_shrink().prop_map(Seed)
}

/// A peer; it shrinks toward S0.
pub(crate) fn peer(peers: usize) -> impl Strategy<Value = PeerId> + Clone {
    (0..size(peers)).prop_map(PeerId)
}

/// A directed link between two different peers. In a cluster of one there is none, and nothing comes of it.
pub(crate) fn link(peers: usize) -> impl Strategy<Value = (PeerId, PeerId)> + Clone {
    let size = size(peers);
    (0..size, 1..size.max(2)).prop_map(move |(from, further)| {
        let to = (u16::from(from) + u16::from(further)) % u16::from(size);
        (PeerId(from), PeerId(to as u8))
    })
}

/// As many peers as a cluster can have; of another size none can be made, as a run says.
pub(crate) fn size(peers: usize) -> u8 {
    peers.clamp(1, PeerId::MAX_PEERS) as u8
}
