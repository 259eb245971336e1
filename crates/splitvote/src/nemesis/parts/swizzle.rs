//! A swizzle, as FoundationDB calls it: all links of some peers are clogged, one peer after the other, and
//! unclogged one after the other in another order.
//!
//! What was held up for one peer arrives when the others have long heard of what came after it.

use std::time::Duration;

use splitvote_peer::{PeerId, SimTime};

use super::{Part, Scene, Stream, Strength, between, boxed, some_of};
use crate::fault::Clog;

pub(super) fn make(strength: Strength, _: &mut Stream) -> Part {
    // Whom, from when on and until when, the next one last.
    let mut to_clog = Vec::new();
    boxed(move |scene, chance, faults| {
        let Some((peer, from, until)) = to_clog.pop() else {
            to_clog = draw(scene, chance);
            return strength.pause(Duration::from_secs(3), chance);
        };
        if scene.now < from {
            to_clog.push((peer, from, until));
            return from.since(scene.now);
        }
        let lasts = until.since(scene.now);
        for other in scene.peers().filter(|other| *other != peer) {
            faults.push(Clog { from: peer, to: other, lasts }.into());
            faults.push(Clog { from: other, to: peer, lasts }.into());
        }
        Duration::ZERO
    })
}

/// Draws who is clogged from when on, and in which other order they are unclogged: both instants
/// of each are drawn, the one before the middle of the swizzle, the other behind it.
fn draw(scene: &Scene, chance: &mut Stream) -> Vec<(PeerId, SimTime, SimTime)> {
    let count = chance.between(1, scene.size() as u64) as usize;
    let peers = some_of(scene.all(), count, chance);
    let timing = &scene.timing;
    let half = between(chance, timing.election_timeout_min / 2, timing.election_timeout_max * 3);
    let clogged = peers.iter().map(|peer| {
        let from = scene.now + between(chance, Duration::ZERO, half);
        let until = scene.now + half + between(chance, Duration::from_millis(1), half);
        (peer, from, until)
    });
    let mut to_clog: Vec<_> = clogged.collect();
    to_clog.sort_by_key(|(_, from, _)| std::cmp::Reverse(*from));
    to_clog
}
