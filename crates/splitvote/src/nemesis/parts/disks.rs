//! Disks that are slow for a while, and crashes that tear what was not synced.

use std::time::Duration;

use splitvote_sim::{DiskProfile, Latency, Probability, SlowSync, Unsynced};

use super::{Part, Stream, Strength, between, boxed};
use crate::fault::Disk;

pub(super) fn make(strength: Strength, _: &mut Stream) -> Part {
    let mut before = None;
    boxed(move |scene, chance, faults| {
        if let Some(before) = before.take() {
            faults.push(Disk(before).into());
            return strength.pause(Duration::from_secs(2), chance);
        }
        before = Some(scene.disk);
        let percent = chance.between(1, 10 * strength.0) as u32;
        let max = Duration::from_millis([20, 100, 500][chance.below(3) as usize]);
        let latency = Latency::Uniform { min: Duration::from_millis(1), max };
        let slow_sync = SlowSync { probability: Probability::percent(percent), latency };
        let unsynced = [Unsynced::Lost, Unsynced::Prefix, Unsynced::Torn, Unsynced::Varied];
        let unsynced = unsynced[chance.below(4) as usize];
        faults.push(Disk(DiskProfile { slow_sync, unsynced, ..scene.disk }).into());
        between(chance, Duration::from_millis(200), Duration::from_secs(3))
    })
}
