//! A line in which each peer reaches its neighbours alone.

use splitvote_peer::PeerSet;
use splitvote_sim::Stream;

use super::super::scene::{Scene, in_any_order};
use crate::act::Act;

pub(super) fn cut(scene: &Scene, chance: &mut Stream) -> Vec<Act> {
    let line = in_any_order(scene.all(), chance);
    let pairs = line.windows(2).map(|pair| pair.iter().copied().collect::<PeerSet>());
    vec![Act::Partition(pairs.collect())]
}
