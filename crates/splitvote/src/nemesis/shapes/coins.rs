//! A coin for each peer: heads on one side, tails on the other. Now and then nobody is cut off. (VOPR.)

use splitvote_peer::PeerSet;
use splitvote_sim::Stream;

use super::super::scene::Scene;
use crate::fault::{Fault, Partition};

pub(super) fn cut(scene: &Scene, chance: &mut Stream) -> Vec<Fault> {
    let heads: PeerSet = scene.peers().filter(|_| chance.below(2) == 0).collect();
    let sides = [heads, scene.all().difference(heads)];
    vec![Partition { groups: sides.into_iter().filter(|side| !side.is_empty()).collect() }.into()]
}
