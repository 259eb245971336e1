//! Clocks that show different times: each is set forward once, by up to 18 minutes. (TimeSim, Jepsen.)
//!
//! Who compares the clocks of two peers errs; and whoever waits for its timer has waited long enough.

use std::time::Duration;

use splitvote_sim::Stream;

use super::{Part, PartKind, Scene, Strength, boxed};
use crate::fault::{Fault, FaultClass, StepClock};

pub(crate) const KIND: PartKind = PartKind {
    name: "clock-offset",
    class: FaultClass::Clocks,
    stream: 18,
    make: |strength, _| boxed(ClockOffset { strength, is_set: false }),
};

struct ClockOffset {
    strength: Strength,
    is_set: bool,
}

impl Part for ClockOffset {
    fn strike(&mut self, scene: &Scene, chance: &mut Stream, faults: &mut Vec<Fault>) -> Duration {
        if self.is_set {
            return Duration::from_secs(3_600);
        }
        // The first strike of all parts is at the beginning of a storm; this one comes when there is
        // a cluster to disturb.
        let Some(_) = scene.leader() else { return scene.timing.election_timeout_min };
        self.is_set = true;
        for peer in scene.peers() {
            // The weakest sets clocks half a second apart, each stronger one three times as far.
            let most = (1..self.strength.0).fold(500_u64, |most, _| most * 3);
            let by = Duration::from_millis(chance.between(0, most));
            faults.push(StepClock { of: peer, by }.into());
        }
        Duration::from_secs(3_600)
    }
}
