//! Two groups of any size, neither empty.

use splitvote_sim::Stream;

use super::super::scene::{Scene, some_of};
use crate::fault::{Fault, Partition};

pub(super) fn cut(scene: &Scene, chance: &mut Stream) -> Vec<Fault> {
    let size = chance.between(1, scene.size().saturating_sub(1).max(1) as u64) as usize;
    let one = some_of(scene.all(), size, chance);
    vec![Partition { groups: vec![one, scene.all().difference(one)] }.into()]
}
