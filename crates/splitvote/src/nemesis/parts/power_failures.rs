//! The power fails: all peers, or a drawn number of them, crash at one instant and start again one by one.
//!
//! What nobody has synced is gone everywhere at once, and whoever is back first finds nobody who remembers.

use std::time::Duration;

use splitvote_peer::{PeerId, SimTime};
use splitvote_sim::Stream;

use super::{Part, PartKind, Scene, Strength, between, boxed, some_of};
use crate::fault::{Crash, Fault, FaultClass, Restart};

pub(crate) const KIND: PartKind = PartKind {
    name: "power-failures",
    class: FaultClass::Crashes,
    stream: 21,
    make: |strength, chance| {
        let longest_down = Duration::from_millis([5, 20, 600][chance.below(3) as usize]);
        boxed(PowerFailures { strength, longest_down, down: Vec::new() })
    },
};

struct PowerFailures {
    strength: Strength,
    /// The longest that a peer is down, drawn once.
    longest_down: Duration,
    /// Who starts when, the next one last.
    down: Vec<(SimTime, PeerId)>,
}

impl Part for PowerFailures {
    fn strike(&mut self, scene: &Scene, chance: &mut Stream, faults: &mut Vec<Fault>) -> Duration {
        if let Some((at, peer)) = self.down.pop() {
            if scene.now < at {
                self.down.push((at, peer));
                return at.since(scene.now);
            }
            faults.push(Restart { of: peer }.into());
            return if self.down.is_empty() {
                self.strength.pause(Duration::from_secs(3), chance)
            } else {
                Duration::ZERO
            };
        }
        let all = chance.below(2) == 0;
        let some = chance.between(1, scene.size() as u64) as usize;
        let peers = some_of(scene.all(), if all { scene.size() } else { some }, chance);
        for peer in peers.iter() {
            faults.push(Crash { of: peer }.into());
            let back = scene.now + between(chance, Duration::ZERO, self.longest_down);
            self.down.push((back, peer));
        }
        self.down.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        Duration::ZERO
    }
}
