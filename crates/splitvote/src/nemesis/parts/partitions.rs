//! Partitions of every shape: one begins, lasts between half and three times an election timeout, and is
//! healed or replaced by the next.

use std::time::Duration;

use splitvote_sim::Stream;

use super::super::shapes::SHAPES;
use super::{Part, PartKind, Scene, Strength, between, boxed};
use crate::fault::{Fault, FaultClass, Heal};

pub(crate) const KIND: PartKind = PartKind {
    name: "partitions",
    class: FaultClass::Partitions,
    stream: 4,
    make: |strength, _| boxed(Partitions { strength, is_cut: false }),
};

struct Partitions {
    strength: Strength,
    is_cut: bool,
}

impl Part for Partitions {
    fn strike(&mut self, scene: &Scene, chance: &mut Stream, faults: &mut Vec<Fault>) -> Duration {
        let shape = SHAPES[chance.below(SHAPES.len() as u64) as usize];
        let heals = self.is_cut && chance.below(2) == 0;
        if self.is_cut {
            faults.push(Heal.into());
        }
        if heals || scene.size() < 2 {
            self.is_cut = false;
            return self.strength.pause(Duration::from_secs(2), chance);
        }
        faults.extend(shape(scene, chance));
        self.is_cut = true;
        let timeout = scene.timing.election_timeout_max;
        between(chance, timeout / 2, timeout * 3)
    }
}
