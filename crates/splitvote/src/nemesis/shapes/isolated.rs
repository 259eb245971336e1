//! One peer alone: anybody, or one whom it hurts most.

use splitvote_peer::PeerSet;
use splitvote_sim::Stream;

use super::super::scene::{Aim, Scene};
use crate::fault::{Fault, Partition};

pub(super) fn cut(scene: &Scene, chance: &mut Stream) -> Vec<Fault> {
    let Some(peer) = Aim::draw(chance).resolve(scene, chance) else { return Vec::new() };
    let alone = PeerSet::from_iter([peer]);
    vec![Partition { groups: vec![alone, scene.all().difference(alone)] }.into()]
}
