//! Links over which nothing arrives for a while, and then all at once: some links, or all of one peer in
//! turn, which are then unclogged in another order (a swizzle, as FoundationDB calls it).

use std::time::Duration;

use splitvote_sim::Stream;

use super::super::part::{Part, PartKind, Strength, between};
use super::super::scene::{Aim, Scene, one_of};
use super::boxed;
use crate::act::{Act, FaultClass};

pub(crate) const KIND: PartKind = PartKind {
    name: "clogs",
    class: FaultClass::Clogs,
    stream: 6,
    make: |strength, _| boxed(Clogs { strength }),
};

struct Clogs {
    strength: Strength,
}

impl Part for Clogs {
    fn strike(&mut self, scene: &Scene, chance: &mut Stream, acts: &mut Vec<Act>) -> Duration {
        let pause = self.strength.pause(Duration::from_secs(2), chance);
        let longest = scene.timing.election_timeout_max * 4;
        let is_swizzle = chance.below(10) < 3;
        let from = Aim::draw(chance).resolve(scene, chance);
        let to = one_of(scene.all(), chance);
        let lasts = between(chance, Duration::from_millis(1), longest);
        let (Some(from), Some(to)) = (from, to) else { return pause };
        if !is_swizzle {
            if from != to {
                acts.push(Act::Clog { from, to, lasts });
            }
            return pause;
        }
        for other in scene.peers().filter(|other| *other != from) {
            let (there, back) = (between(chance, Duration::ZERO, longest), chance.below(2) == 0);
            acts.push(Act::Clog { from, to: other, lasts: there });
            if back {
                acts.push(Act::Clog { from: other, to: from, lasts: there });
            }
        }
        pause
    }
}
