//! Clocks that jump, run fast or slow, or are strobed: stepped many times in a row.

use std::time::Duration;

use splitvote_peer::PeerId;
use splitvote_sim::Stream;

use super::super::part::{Part, PartKind, Strength, between};
use super::super::scene::{Aim, Scene, one_of};
use super::boxed;
use crate::act::{Act, FaultClass};

pub(crate) const STEPS: PartKind = PartKind {
    name: "clock-steps",
    class: FaultClass::Clocks,
    stream: 12,
    make: |strength, _| boxed(Steps { strength }),
};
pub(crate) const DRIFT: PartKind = PartKind {
    name: "clock-drift",
    class: FaultClass::Clocks,
    stream: 13,
    make: |strength, _| boxed(Drift { strength }),
};
pub(crate) const STROBE: PartKind = PartKind {
    name: "clock-strobe",
    class: FaultClass::Clocks,
    stream: 14,
    make: |strength, _| boxed(Strobe { strength, peer: None, steps_left: 0 }),
};

/// A clock jumps, from a millisecond to some seconds: each size as likely as its double.
struct Steps {
    strength: Strength,
}

impl Part for Steps {
    fn strike(&mut self, scene: &Scene, chance: &mut Stream, acts: &mut Vec<Act>) -> Duration {
        let target = Aim::draw(chance).resolve(scene, chance);
        let by = Duration::from_millis(1 << chance.below(12));
        acts.extend(target.map(|peer| Act::StepClock { peer, by }));
        self.strength.pause(Duration::from_secs(2), chance)
    }
}

/// Clocks run fast or slow by up to 1 %, rarely by up to 20 %.
struct Drift {
    strength: Strength,
}

impl Part for Drift {
    fn strike(&mut self, scene: &Scene, chance: &mut Stream, acts: &mut Vec<Act>) -> Duration {
        let target = one_of(scene.all(), chance);
        let most: u64 = if chance.below(8) == 0 { 200_000 } else { 10_000 };
        let ppm = chance.between(0, 2 * most) as i32 - most as i32;
        acts.extend(target.map(|peer| Act::DriftClock { peer, ppm }));
        self.strength.pause(Duration::from_secs(4), chance)
    }
}

/// One clock is stepped a few milliseconds at a time, over and over.
struct Strobe {
    strength: Strength,
    peer: Option<PeerId>,
    steps_left: u64,
}

impl Part for Strobe {
    fn strike(&mut self, scene: &Scene, chance: &mut Stream, acts: &mut Vec<Act>) -> Duration {
        if self.steps_left == 0 {
            self.steps_left = chance.between(3, 20);
            self.peer = Aim::draw(chance).resolve(scene, chance);
            return self.strength.pause(Duration::from_secs(4), chance);
        }
        self.steps_left -= 1;
        let by = between(chance, Duration::from_millis(1), scene.timing.election_timeout_min / 3);
        acts.extend(self.peer.map(|peer| Act::StepClock { peer, by }));
        between(chance, Duration::from_millis(5), Duration::from_millis(40))
    }
}
