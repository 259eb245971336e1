//! Clocks run fast or slow by up to 1 %, rarely by up to 20 %. (TimeSim.)

use std::time::Duration;

use super::{Part, Stream, Strength, boxed, one_of};
use crate::fault::DriftClock;

pub(super) fn make(strength: Strength, _: &mut Stream) -> Part {
    boxed(move |scene, chance, faults| {
        let target = one_of(scene.all(), chance);
        let most: u64 = if chance.below(8) == 0 { 200_000 } else { 10_000 };
        let ppm = chance.between(0, 2 * most) as i32 - most as i32;
        faults.extend(target.map(|peer| DriftClock { of: peer, ppm }.into()));
        strength.pause(Duration::from_secs(4), chance)
    })
}
