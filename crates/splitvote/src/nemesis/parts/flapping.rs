//! A flapping peer: its links come and go many times within an election timeout.

use std::time::Duration;

use super::{Aim, Part, Stream, Strength, between, boxed};
use crate::fault::{Connect, Disconnect};

pub(super) fn make(strength: Strength, _: &mut Stream) -> Part {
    // Who is cut off at present.
    let mut peer = None;
    let mut flaps_left = 0_u64;
    boxed(move |scene, chance, faults| {
        if let Some(peer) = peer.take() {
            faults.push(Connect { of: peer }.into());
            flaps_left = flaps_left.saturating_sub(1);
            if flaps_left == 0 {
                return strength.pause(Duration::from_secs(3), chance);
            }
        } else {
            if flaps_left == 0 {
                flaps_left = chance.between(2, 8);
            }
            peer = Aim::draw(chance).resolve(scene, chance);
            faults.extend(peer.map(|of| Disconnect { of }.into()));
        }
        between(chance, Duration::from_millis(5), scene.timing.election_timeout_min / 2)
    })
}
