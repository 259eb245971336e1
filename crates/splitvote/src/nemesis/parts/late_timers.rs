//! A peer wakes up late: what it waited for, and what it is sent, is taken up 1 to 200 ms after it should be.
//!
//! FoundationDB lets one timer in four be late by u^1000 times 200 ms, for a u drawn between 0 and 1:
//! mostly by nothing that matters, once in some hundred timers by a millisecond or more, and then each size
//! is as likely as its double. Here only the latter are drawn.

use std::time::Duration;

use splitvote_peer::PeerId;
use splitvote_sim::Stream;

use super::{Part, PartKind, Scene, Strength, between, boxed, one_of};
use crate::fault::{Fault, FaultClass, Pause, Resume};

pub(crate) const KIND: PartKind = PartKind {
    name: "late-timers",
    class: FaultClass::Pauses,
    stream: 19,
    make: |strength, _| boxed(LateTimers { strength, late: None }),
};

/// The most that a peer is late.
const MOST: Duration = Duration::from_millis(200);
/// 2^7 ms is more than half of it.
const SIZES: u64 = 8;

struct LateTimers {
    strength: Strength,
    late: Option<PeerId>,
}

impl Part for LateTimers {
    fn strike(&mut self, scene: &Scene, chance: &mut Stream, faults: &mut Vec<Fault>) -> Duration {
        if let Some(peer) = self.late.take() {
            faults.push(Resume { of: peer }.into());
            return self.strength.pause(Duration::from_millis(800), chance);
        }
        let least = Duration::from_millis(1 << chance.below(SIZES));
        let by = between(chance, least, (least * 2).min(MOST));
        self.late = one_of(scene.alive(), chance);
        faults.extend(self.late.map(|of| Pause { of }.into()));
        by
    }
}
