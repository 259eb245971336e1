//! Crashes at a chosen point: between two writes of a peer, or before one of its messages. The restart
//! follows quickly.

use std::time::Duration;

use splitvote_peer::{PeerId, SimTime};
use splitvote_sim::Stream;

use super::{Aim, Part, PartKind, Scene, Strength, between, boxed};
use crate::fault::{CrashAtSend, CrashAtWrite, Fault, FaultClass, Restart};

pub(crate) const KIND: PartKind = PartKind {
    name: "crash-points",
    class: FaultClass::CrashPoints,
    stream: 2,
    make: |strength, chance| {
        let longest_down = Duration::from_millis([5, 20, 400][chance.below(3) as usize]);
        boxed(CrashPoints { strength, longest_down, armed: None })
    },
};

/// How often the part looks whether the peer has crashed.
const LOOK: Duration = Duration::from_millis(5);

struct CrashPoints {
    strength: Strength,
    longest_down: Duration,
    /// Who is to crash, and until when that is awaited.
    armed: Option<(PeerId, SimTime)>,
}

impl Part for CrashPoints {
    fn strike(&mut self, scene: &Scene, chance: &mut Stream, faults: &mut Vec<Fault>) -> Duration {
        if let Some((peer, until)) = self.armed {
            if scene.view(peer).is_none() {
                // It is down; the next strike starts it again.
                if until == SimTime::ZERO {
                    faults.push(Restart { of: peer }.into());
                    self.armed = None;
                    return self.strength.pause(Duration::from_millis(800), chance);
                }
                self.armed = Some((peer, SimTime::ZERO));
                return between(chance, Duration::ZERO, self.longest_down);
            }
            if scene.now < until {
                return LOOK;
            }
            self.armed = None;
        }
        let target = Aim::draw(chance).resolve(scene, chance);
        let (is_write, after) = (chance.below(2) == 0, chance.below(6));
        let Some(peer) = target else { return LOOK };
        faults.push(if is_write {
            CrashAtWrite { of: peer, after }.into()
        } else {
            CrashAtSend { of: peer, after }.into()
        });
        self.armed = Some((peer, scene.now + scene.timing.election_timeout_max * 2));
        LOOK
    }
}
