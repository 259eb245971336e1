//! A peer that hears nobody, or whom nobody hears; or one link that works one way only.

use splitvote_peer::PeerId;
use splitvote_sim::Stream;

use super::super::scene::{Aim, Scene, one_of};
use crate::fault::{Cut, Fault};

pub(super) fn cut(scene: &Scene, chance: &mut Stream) -> Vec<Fault> {
    let peer = Aim::draw(chance).resolve(scene, chance);
    let other = one_of(scene.all(), chance);
    let shape = chance.below(3);
    let (Some(peer), Some(other)) = (peer, other) else { return Vec::new() };
    let others = scene.peers().filter(|other| *other != peer);
    let cut = |from: PeerId, to: PeerId| Cut { from, to }.into();
    match shape {
        0 => others.map(|other| cut(other, peer)).collect(),
        1 => others.map(|other| cut(peer, other)).collect(),
        _ if other == peer => Vec::new(),
        _ => vec![cut(peer, other)],
    }
}
