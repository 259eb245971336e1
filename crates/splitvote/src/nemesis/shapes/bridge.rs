//! Two groups that share one peer: it reaches all, the others only their own group.

use splitvote_peer::PeerSet;
use splitvote_sim::Stream;

use super::super::scene::{Scene, one_of, some_of};
use crate::fault::{Fault, Partition};

pub(super) fn cut(scene: &Scene, chance: &mut Stream) -> Vec<Fault> {
    let Some(bridge) = one_of(scene.all(), chance) else { return Vec::new() };
    let bridge = PeerSet::from_iter([bridge]);
    let others = scene.all().difference(bridge);
    let one = some_of(others, others.len() / 2, chance);
    let other = others.difference(one);
    vec![Partition { groups: vec![one.union(bridge), other.union(bridge)] }.into()]
}
