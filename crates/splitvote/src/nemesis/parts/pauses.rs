//! Peers stand still while their clocks run on. From one such pause to the next it takes a quarter of the time
//! that passes between two crashes at rest. (VOPR.)

use std::time::Duration;

use splitvote_peer::PeerId;
use splitvote_sim::Stream;

use super::{Aim, Part, PartKind, Scene, Strength, between, boxed};
use crate::fault::{Fault, FaultClass, Pause, Resume};

pub(crate) const KIND: PartKind = PartKind {
    name: "pauses",
    class: FaultClass::Pauses,
    stream: 3,
    make: |strength, _| boxed(Pauses { strength, paused: None }),
};

struct Pauses {
    strength: Strength,
    paused: Option<PeerId>,
}

impl Part for Pauses {
    fn strike(&mut self, scene: &Scene, chance: &mut Stream, faults: &mut Vec<Fault>) -> Duration {
        if let Some(peer) = self.paused.take() {
            faults.push(Resume { of: peer }.into());
            return self.strength.pause(Duration::from_millis(625), chance);
        }
        let Some(peer) = Aim::draw(chance).resolve(scene, chance) else {
            return Duration::from_millis(100);
        };
        let timeout = scene.timing.election_timeout_max;
        let lasts = between(chance, timeout / 4, timeout * 3);
        faults.push(Pause { of: peer }.into());
        self.paused = Some(peer);
        lasts
    }
}
