//! Disks that are slow for a while, and crashes that tear what was not synced.

use std::time::Duration;

use splitvote_sim::{DiskProfile, Latency, Probability, SlowSync, Stream, Unsynced};

use super::{Part, PartKind, Scene, Strength, between, boxed};
use crate::fault::{Disk, Fault, FaultClass};

pub(crate) const KIND: PartKind = PartKind {
    name: "disks",
    class: FaultClass::Disks,
    stream: 15,
    make: |strength, _| boxed(Disks { strength, before: None }),
};

struct Disks {
    strength: Strength,
    before: Option<DiskProfile>,
}

impl Part for Disks {
    fn strike(&mut self, scene: &Scene, chance: &mut Stream, faults: &mut Vec<Fault>) -> Duration {
        if let Some(before) = self.before.take() {
            faults.push(Disk(before).into());
            return self.strength.pause(Duration::from_secs(2), chance);
        }
        self.before = Some(scene.disk);
        let percent = chance.between(1, 10 * self.strength.0) as u32;
        let max = Duration::from_millis([20, 100, 500][chance.below(3) as usize]);
        let latency = Latency::Uniform { min: Duration::from_millis(1), max };
        let slow_sync = SlowSync { probability: Probability::percent(percent), latency };
        let unsynced = [Unsynced::Lost, Unsynced::Prefix, Unsynced::Torn, Unsynced::Varied];
        let unsynced = unsynced[chance.below(4) as usize];
        faults.push(Disk(DiskProfile { slow_sync, unsynced, ..scene.disk }).into());
        between(chance, Duration::from_millis(200), Duration::from_secs(3))
    }
}
