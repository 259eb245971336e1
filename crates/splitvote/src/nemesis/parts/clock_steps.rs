//! A clock jumps forward: by 1.5^k ms for a drawn k, up to 2.2 s, so that each size is as likely as the next.
//! (Jepsen. A peer's clock is monotonic, so that none ever jumps back.)

use std::time::Duration;

use super::{Aim, Part, Stream, Strength, boxed};
use crate::fault::StepClock;

/// 1.5^19 ms is 2.2 s.
const SIZES: u64 = 20;

pub(super) fn make(strength: Strength, _: &mut Stream) -> Part {
    boxed(move |scene, chance, faults| {
        let target = Aim::draw(chance).resolve(scene, chance);
        let size = chance.below(SIZES);
        let by = (0..size).fold(Duration::from_millis(1), |by, _| by * 3 / 2);
        faults.extend(target.map(|peer| StepClock { of: peer, by }.into()));
        strength.pause(Duration::from_secs(2), chance)
    })
}
