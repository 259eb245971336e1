//! Crashes at a chosen point: between two writes of a peer, or before one of its messages. The restart
//! follows quickly.

use std::time::Duration;

use splitvote_peer::SimTime;

use super::{Aim, Part, Stream, Strength, between, boxed};
use crate::fault::{CrashAtSend, CrashAtWrite, Restart};

/// How often the part looks whether the peer has crashed.
const LOOK: Duration = Duration::from_millis(5);

pub(super) fn make(strength: Strength, chance: &mut Stream) -> Part {
    let longest_down = Duration::from_millis([5, 20, 400][chance.below(3) as usize]);
    // Who is to crash, and until when that is awaited.
    let mut armed = None;
    boxed(move |scene, chance, faults| {
        if let Some((peer, until)) = armed {
            if scene.view(peer).is_none() {
                // It is down; the next strike starts it again.
                if until == SimTime::ZERO {
                    faults.push(Restart { of: peer }.into());
                    armed = None;
                    return strength.pause(Duration::from_millis(800), chance);
                }
                armed = Some((peer, SimTime::ZERO));
                return between(chance, Duration::ZERO, longest_down);
            }
            if scene.now < until {
                return LOOK;
            }
            armed = None;
        }
        let target = Aim::draw(chance).resolve(scene, chance);
        let (is_write, after) = (chance.below(2) == 0, chance.below(6));
        let Some(peer) = target else { return LOOK };
        faults.push(if is_write {
            CrashAtWrite { of: peer, after }.into()
        } else {
            CrashAtSend { of: peer, after }.into()
        });
        armed = Some((peer, scene.now + scene.timing.election_timeout_max * 2));
        LOOK
    })
}
