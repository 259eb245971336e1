//! The power fails: all peers, or a drawn number of them, crash at one instant and start again one by one.
//!
//! What nobody has synced is gone everywhere at once, and whoever is back first finds nobody who remembers.

use std::time::Duration;

use super::{Part, Stream, Strength, between, boxed, some_of};
use crate::fault::{Crash, Restart};

pub(super) fn make(strength: Strength, chance: &mut Stream) -> Part {
    // The longest that a peer is down, drawn once.
    let longest_down = Duration::from_millis([5, 20, 600][chance.below(3) as usize]);
    // Who starts when, the next one last.
    let mut down = Vec::new();
    boxed(move |scene, chance, faults| {
        if let Some((at, peer)) = down.pop() {
            if scene.now < at {
                down.push((at, peer));
                return at.since(scene.now);
            }
            faults.push(Restart { of: peer }.into());
            return if down.is_empty() {
                strength.pause(Duration::from_secs(3), chance)
            } else {
                Duration::ZERO
            };
        }
        let all = chance.below(2) == 0;
        let some = chance.between(1, scene.size() as u64) as usize;
        let peers = some_of(scene.all(), if all { scene.size() } else { some }, chance);
        for peer in peers.iter() {
            faults.push(Crash { of: peer }.into());
            let back = scene.now + between(chance, Duration::ZERO, longest_down);
            down.push((back, peer));
        }
        down.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        Duration::ZERO
    })
}
