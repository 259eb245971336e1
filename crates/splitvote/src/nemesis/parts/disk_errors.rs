//! Disks that fail: a sync that fails, a disk that is full, a record that is damaged. One peer at a time, so that
//! the others can go on; it starts again, on a disk that is mended.
//!
//! What disks get wrong: PostgreSQL 2018, "fsyncgate"; "Protocol-Aware Recovery for Consensus-Based Storage",
//! FAST '18, section 2.

use std::time::Duration;

use splitvote_peer::{Damage, SimTime};
use splitvote_sim::RecordKind;

use super::{Aim, Part, Stream, Strength, between, boxed};
use crate::fault::{Disarm, FailSync, FillDisk, FreeDisk, MendDisk, Restart, Rot};

/// How often the part looks whether the peer has stopped.
const LOOK: Duration = Duration::from_millis(5);

pub(super) fn make(strength: Strength, chance: &mut Stream) -> Part {
    // The longest that a peer stays down, drawn once.
    let longest_down = Duration::from_millis([5, 50, 600][chance.below(3) as usize]);
    // Whose disk fails, and until when it is awaited that the peer stops.
    let mut struck = None;
    boxed(move |scene, chance, faults| {
        if let Some((of, until)) = struck {
            if scene.now < until && scene.view(of).is_some() {
                return LOOK;
            }
            if until != SimTime::ZERO {
                struck = Some((of, SimTime::ZERO));
                return between(chance, Duration::ZERO, longest_down);
            }
            struck = None;
            // What is damaged or full is found at the first start, and is no more at the second.
            faults.extend([Restart { of }.into(), Disarm { of }.into(), FreeDisk { of }.into()]);
            faults.extend([MendDisk { of }.into(), Restart { of }.into()]);
            return strength.pause(Duration::from_secs(1), chance);
        }
        let target = Aim::draw(chance).resolve(scene, chance);
        let (what, count) = (chance.below(4), chance.below(8));
        let Some(of) = target else { return LOOK };
        match what {
            0 | 1 => faults.push(FailSync { of, after: count }.into()),
            2 => faults.push(FillDisk { of }.into()),
            _ => {
                // It is found at a boot, and so the peer has to stop.
                let (record, damage) = (RecordKind::Any, Damage::Told);
                faults.push(Rot { of, record, back: count, damage }.into());
                faults.push(FailSync { of, after: 0 }.into());
            }
        }
        struck = Some((of, scene.now + scene.timing.election_timeout_max * 2));
        LOOK
    })
}
