//! A swizzle, as FoundationDB calls it: all links of some peers are clogged, one peer after the other, and
//! unclogged one after the other in another order.
//!
//! What was held up for one peer arrives when the others have long heard of what came after it.

use std::time::Duration;

use splitvote_peer::{PeerId, SimTime};
use splitvote_sim::Stream;

use super::{Part, PartKind, Scene, Strength, between, boxed, some_of};
use crate::fault::{Clog, Fault, FaultClass};

pub(crate) const KIND: PartKind = PartKind {
    name: "swizzle",
    class: FaultClass::Clogs,
    stream: 20,
    make: |strength, _| boxed(Swizzle { strength, to_clog: Vec::new() }),
};

struct Swizzle {
    strength: Strength,
    /// Whom, from when on and until when, the next one last.
    to_clog: Vec<(PeerId, SimTime, SimTime)>,
}

impl Swizzle {
    /// Draws who is clogged from when on, and in which other order they are unclogged: both instants
    /// of each are drawn, the one before the middle of the swizzle, the other behind it.
    fn draw(&mut self, scene: &Scene, chance: &mut Stream) {
        let count = chance.between(1, scene.size() as u64) as usize;
        let peers = some_of(scene.all(), count, chance);
        let half = between(
            chance,
            scene.timing.election_timeout_min / 2,
            scene.timing.election_timeout_max * 3,
        );
        for peer in peers.iter() {
            let from = scene.now + between(chance, Duration::ZERO, half);
            let until = scene.now + half + between(chance, Duration::from_millis(1), half);
            self.to_clog.push((peer, from, until));
        }
        self.to_clog.sort_by_key(|(_, from, _)| std::cmp::Reverse(*from));
    }
}

impl Part for Swizzle {
    fn strike(&mut self, scene: &Scene, chance: &mut Stream, faults: &mut Vec<Fault>) -> Duration {
        let Some((peer, from, until)) = self.to_clog.pop() else {
            self.draw(scene, chance);
            return self.strength.pause(Duration::from_secs(3), chance);
        };
        if scene.now < from {
            self.to_clog.push((peer, from, until));
            return from.since(scene.now);
        }
        let lasts = until.since(scene.now);
        for other in scene.peers().filter(|other| *other != peer) {
            faults.push(Clog { from: peer, to: other, lasts }.into());
            faults.push(Clog { from: other, to: peer, lasts }.into());
        }
        Duration::ZERO
    }
}
