//! A clock jumps forward: by 1.5^k ms for a drawn k, up to 2.2 s, so that each size is as likely as the next.
//! (Jepsen. A peer's clock is monotonic, so that none ever jumps back.)

use std::time::Duration;

use splitvote_sim::Stream;

use super::{Aim, Part, PartKind, Scene, Strength, boxed};
use crate::fault::{Fault, FaultClass, StepClock};

pub(crate) const KIND: PartKind = PartKind {
    name: "clock-steps",
    class: FaultClass::Clocks,
    stream: 12,
    make: |strength, _| boxed(ClockSteps { strength }),
};

/// 1.5^19 ms is 2.2 s.
const SIZES: u64 = 20;

struct ClockSteps {
    strength: Strength,
}

impl Part for ClockSteps {
    fn strike(&mut self, scene: &Scene, chance: &mut Stream, faults: &mut Vec<Fault>) -> Duration {
        let target = Aim::draw(chance).resolve(scene, chance);
        let size = chance.below(SIZES);
        let by = (0..size).fold(Duration::from_millis(1), |by, _| by * 3 / 2);
        faults.extend(target.map(|peer| StepClock { of: peer, by }.into()));
        self.strength.pause(Duration::from_secs(2), chance)
    }
}
