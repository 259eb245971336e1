//! The disk of one peer hangs for longer than any election timeout, or for a moment, while the peer runs on.
//!
//! What hangs: hashicorp/raft#503 and etcd-io/etcd#7617, leaders that kept their office on a disk that hung.

use std::time::Duration;

use super::{Aim, Part, Stream, Strength, between, boxed};
use crate::fault::{ReleaseDisk, StallDisk};

pub(super) fn make(strength: Strength, _: &mut Stream) -> Part {
    let mut stalled = None;
    boxed(move |scene, chance, faults| {
        if let Some(of) = stalled.take() {
            faults.push(ReleaseDisk { of }.into());
            return strength.pause(Duration::from_secs(2), chance);
        }
        let Some(of) = Aim::draw(chance).resolve(scene, chance) else {
            return Duration::from_millis(100);
        };
        let timeout = scene.timing.election_timeout_max;
        let lasts = between(chance, timeout / 2, timeout * 6);
        faults.push(StallDisk { of }.into());
        stalled = Some(of);
        lasts
    })
}
