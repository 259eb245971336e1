//! One peer alone: anybody, or one whom it hurts most.

use splitvote_peer::PeerSet;
use splitvote_sim::Stream;

use super::super::scene::{Aim, Scene};
use crate::act::Act;

pub(super) fn cut(scene: &Scene, chance: &mut Stream) -> Vec<Act> {
    let Some(peer) = Aim::draw(chance).resolve(scene, chance) else { return Vec::new() };
    let alone = PeerSet::from_iter([peer]);
    vec![Act::Partition(vec![alone, scene.all().difference(alone)])]
}
