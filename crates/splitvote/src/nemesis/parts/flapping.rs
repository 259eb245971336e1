//! A flapping peer: its links come and go many times within an election timeout.

use std::time::Duration;

use splitvote_peer::PeerId;
use splitvote_sim::Stream;

use super::{Aim, Part, PartKind, Scene, Strength, between, boxed};
use crate::fault::{Connect, Disconnect, Fault, FaultClass};

pub(crate) const KIND: PartKind = PartKind {
    name: "flapping",
    class: FaultClass::Partitions,
    stream: 5,
    make: |strength, _| boxed(Flapping { strength, peer: None, flaps_left: 0 }),
};

struct Flapping {
    strength: Strength,
    /// Who is cut off at present.
    peer: Option<PeerId>,
    flaps_left: u64,
}

impl Part for Flapping {
    fn strike(&mut self, scene: &Scene, chance: &mut Stream, faults: &mut Vec<Fault>) -> Duration {
        if let Some(peer) = self.peer.take() {
            faults.push(Connect { of: peer }.into());
            self.flaps_left = self.flaps_left.saturating_sub(1);
            if self.flaps_left == 0 {
                return self.strength.pause(Duration::from_secs(3), chance);
            }
        } else {
            if self.flaps_left == 0 {
                self.flaps_left = chance.between(2, 8);
            }
            self.peer = Aim::draw(chance).resolve(scene, chance);
            faults.extend(self.peer.map(|of| Disconnect { of }.into()));
        }
        between(chance, Duration::from_millis(5), scene.timing.election_timeout_min / 2)
    }
}
