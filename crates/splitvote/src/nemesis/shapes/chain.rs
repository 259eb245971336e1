//! A line in which each peer reaches its neighbours alone.

use splitvote_peer::PeerSet;
use splitvote_sim::Stream;

use super::super::scene::{Scene, in_any_order};
use crate::fault::{Fault, Partition};

pub(super) fn cut(scene: &Scene, chance: &mut Stream) -> Vec<Fault> {
    let line = in_any_order(scene.all(), chance);
    let pairs = line.windows(2).map(|pair| pair.iter().copied().collect::<PeerSet>());
    vec![Partition { groups: pairs.collect() }.into()]
}
