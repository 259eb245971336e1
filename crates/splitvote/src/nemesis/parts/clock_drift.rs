//! Clocks run fast or slow by up to 1 %, rarely by up to 20 %. (TimeSim.)

use std::time::Duration;

use splitvote_sim::Stream;

use super::{Part, PartKind, Scene, Strength, boxed, one_of};
use crate::fault::{DriftClock, Fault, FaultClass};

pub(crate) const KIND: PartKind = PartKind {
    name: "clock-drift",
    class: FaultClass::Clocks,
    stream: 13,
    make: |strength, _| boxed(ClockDrift { strength }),
};

struct ClockDrift {
    strength: Strength,
}

impl Part for ClockDrift {
    fn strike(&mut self, scene: &Scene, chance: &mut Stream, faults: &mut Vec<Fault>) -> Duration {
        let target = one_of(scene.all(), chance);
        let most: u64 = if chance.below(8) == 0 { 200_000 } else { 10_000 };
        let ppm = chance.between(0, 2 * most) as i32 - most as i32;
        faults.extend(target.map(|peer| DriftClock { of: peer, ppm }.into()));
        self.strength.pause(Duration::from_secs(4), chance)
    }
}
