//! Partitions of every shape: one begins, lasts between half and three times an election timeout, and is
//! healed or replaced by the next.

use std::time::Duration;

use super::super::shapes::SHAPES;
use super::{Part, Stream, Strength, between, boxed};
use crate::fault::Heal;

pub(super) fn make(strength: Strength, _: &mut Stream) -> Part {
    let mut is_cut = false;
    boxed(move |scene, chance, faults| {
        let shape = SHAPES[chance.below(SHAPES.len() as u64) as usize];
        let heals = is_cut && chance.below(2) == 0;
        if is_cut {
            faults.push(Heal.into());
        }
        if heals || scene.size() < 2 {
            is_cut = false;
            return strength.pause(Duration::from_secs(2), chance);
        }
        faults.extend(shape(scene, chance));
        is_cut = true;
        let timeout = scene.timing.election_timeout_max;
        between(chance, timeout / 2, timeout * 3)
    })
}
