//! Clocks that show different times: each is set forward once, by up to 18 minutes. (TimeSim, Jepsen.)
//!
//! Who compares the clocks of two peers errs; and whoever waits for its timer has waited long enough.

use std::time::Duration;

use super::{Part, Stream, Strength, boxed};
use crate::fault::StepClock;

pub(super) fn make(strength: Strength, _: &mut Stream) -> Part {
    let mut is_set = false;
    boxed(move |scene, chance, faults| {
        if is_set {
            return Duration::from_secs(3_600);
        }
        // The first strike of all parts is at the beginning of a storm; this one comes when there is
        // a cluster to disturb.
        let Some(_) = scene.leader() else { return scene.timing.election_timeout_min };
        is_set = true;
        for peer in scene.peers() {
            // The weakest sets clocks half a second apart, each stronger one three times as far.
            let most = (1..strength.0).fold(500_u64, |most, _| most * 3);
            let by = Duration::from_millis(chance.between(0, most));
            faults.push(StepClock { of: peer, by }.into());
        }
        Duration::from_secs(3_600)
    })
}
