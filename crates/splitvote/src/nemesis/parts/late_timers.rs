//! A peer wakes up late: what it waited for, and what it is sent, is taken up 1 to 200 ms after it should be.
//!
//! FoundationDB lets one timer in four be late by u^1000 times 200 ms, for a u drawn between 0 and 1:
//! mostly by nothing that matters, once in some hundred timers by a millisecond or more, and then each size
//! is as likely as its double. Here only the latter are drawn.

use std::time::Duration;

use super::{Part, Stream, Strength, between, boxed, one_of};
use crate::fault::{Pause, Resume};

/// The most that a peer is late.
const MOST: Duration = Duration::from_millis(200);
/// 2^7 ms is more than half of it.
const SIZES: u64 = 8;

pub(super) fn make(strength: Strength, _: &mut Stream) -> Part {
    let mut late = None;
    boxed(move |scene, chance, faults| {
        if let Some(peer) = late.take() {
            faults.push(Resume { of: peer }.into());
            return strength.pause(Duration::from_millis(800), chance);
        }
        let least = Duration::from_millis(1 << chance.below(SIZES));
        let by = between(chance, least, (least * 2).min(MOST));
        late = one_of(scene.alive(), chance);
        faults.extend(late.map(|of| Pause { of }.into()));
        by
    })
}
