//! The leader keeps as many followers as do not suffice; the others can elect one of their own.

use splitvote_peer::PeerSet;
use splitvote_sim::Stream;

use super::super::scene::{Scene, one_of, some_of};
use crate::fault::{Fault, Partition};

pub(super) fn cut(scene: &Scene, chance: &mut Stream) -> Vec<Fault> {
    let anybody = one_of(scene.all(), chance);
    let Some(leader) = scene.leader().or(anybody) else { return Vec::new() };
    let alone = PeerSet::from_iter([leader]);
    let company = scene.majority().saturating_sub(2);
    let minority = some_of(scene.all().difference(alone), company, chance).union(alone);
    vec![Partition { groups: vec![minority, scene.all().difference(minority)] }.into()]
}
