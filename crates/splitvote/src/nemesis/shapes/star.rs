//! One peer in the middle reaches all; the others reach nobody else.

use splitvote_peer::PeerSet;
use splitvote_sim::Stream;

use super::super::scene::{Scene, one_of};
use crate::fault::{Fault, Partition};

pub(super) fn cut(scene: &Scene, chance: &mut Stream) -> Vec<Fault> {
    let Some(middle) = one_of(scene.all(), chance) else { return Vec::new() };
    let others = scene.all().iter().filter(|peer| *peer != middle);
    let rays = others.map(|peer| PeerSet::from_iter([middle, peer]));
    vec![Partition { groups: rays.collect() }.into()]
}
