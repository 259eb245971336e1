//! A random directed graph: each link is cut with the same probability, itself drawn.

use splitvote_sim::Stream;

use super::super::scene::Scene;
use crate::fault::{Cut, Fault};

pub(super) fn cut(scene: &Scene, chance: &mut Stream) -> Vec<Fault> {
    let percent = chance.between(10, 60);
    let links = scene.peers().flat_map(|from| scene.peers().map(move |to| (from, to)));
    links
        .filter(|(from, to)| from != to && chance.below(100) < percent)
        .map(|(from, to)| Cut { from, to }.into())
        .collect()
}
