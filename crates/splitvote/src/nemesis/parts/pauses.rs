//! Peers stand still while their clocks run on. From one such pause to the next it takes a quarter of the time
//! that passes between two crashes at rest. (VOPR.)

use std::time::Duration;

use super::{Aim, Part, Stream, Strength, between, boxed};
use crate::fault::{Pause, Resume};

pub(super) fn make(strength: Strength, _: &mut Stream) -> Part {
    let mut paused = None;
    boxed(move |scene, chance, faults| {
        if let Some(peer) = paused.take() {
            faults.push(Resume { of: peer }.into());
            return strength.pause(Duration::from_millis(625), chance);
        }
        let Some(peer) = Aim::draw(chance).resolve(scene, chance) else {
            return Duration::from_millis(100);
        };
        let timeout = scene.timing.election_timeout_max;
        let lasts = between(chance, timeout / 4, timeout * 3);
        faults.push(Pause { of: peer }.into());
        paused = Some(peer);
        lasts
    })
}
