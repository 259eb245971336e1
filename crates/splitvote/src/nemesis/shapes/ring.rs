//! A ring of majorities: each peer reaches a majority, and no two of them the same.

use splitvote_peer::PeerSet;
use splitvote_sim::Stream;

use super::super::scene::{Scene, in_any_order};
use crate::fault::{Fault, Partition};

pub(super) fn cut(scene: &Scene, chance: &mut Stream) -> Vec<Fault> {
    let ring = in_any_order(scene.all(), chance);
    // Peers whose distance on the ring is small enough that each reaches a majority, itself included.
    let reach = scene.majority() / 2;
    let next = |place: usize, step: usize| ring[(place + step) % ring.len()];
    let pairs = (0..ring.len()).flat_map(|place| {
        (1..=reach.max(1)).map(move |step| PeerSet::from_iter([next(place, 0), next(place, step)]))
    });
    vec![Partition { groups: pairs.collect() }.into()]
}
