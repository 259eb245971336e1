//! One clock is stepped a few milliseconds at a time, over and over. (Jepsen.)

use std::time::Duration;

use splitvote_peer::PeerId;
use splitvote_sim::Stream;

use super::{Aim, Part, PartKind, Scene, Strength, between, boxed};
use crate::fault::{Fault, FaultClass, StepClock};

pub(crate) const KIND: PartKind = PartKind {
    name: "clock-strobe",
    class: FaultClass::Clocks,
    stream: 14,
    make: |strength, _| boxed(ClockStrobe { strength, peer: None, steps_left: 0 }),
};

struct ClockStrobe {
    strength: Strength,
    peer: Option<PeerId>,
    steps_left: u64,
}

impl Part for ClockStrobe {
    fn strike(&mut self, scene: &Scene, chance: &mut Stream, faults: &mut Vec<Fault>) -> Duration {
        if self.steps_left == 0 {
            self.steps_left = chance.between(3, 20);
            self.peer = Aim::draw(chance).resolve(scene, chance);
            return self.strength.pause(Duration::from_secs(4), chance);
        }
        self.steps_left -= 1;
        let by = between(chance, Duration::from_millis(1), scene.timing.election_timeout_min / 3);
        faults.extend(self.peer.map(|peer| StepClock { of: peer, by }.into()));
        between(chance, Duration::from_millis(5), Duration::from_millis(40))
    }
}
