//! One clock is stepped a few milliseconds at a time, over and over. (Jepsen.)

use std::time::Duration;

use super::{Aim, Part, Stream, Strength, between, boxed};
use crate::fault::StepClock;

pub(super) fn make(strength: Strength, _: &mut Stream) -> Part {
    let mut peer = None;
    let mut steps_left = 0;
    boxed(move |scene, chance, faults| {
        if steps_left == 0 {
            steps_left = chance.between(3, 20);
            peer = Aim::draw(chance).resolve(scene, chance);
            return strength.pause(Duration::from_secs(4), chance);
        }
        steps_left -= 1;
        let by = between(chance, Duration::from_millis(1), scene.timing.election_timeout_min / 3);
        faults.extend(peer.map(|peer| StepClock { of: peer, by }.into()));
        between(chance, Duration::from_millis(5), Duration::from_millis(40))
    })
}
