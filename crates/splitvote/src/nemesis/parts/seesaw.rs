//! Office goes to and fro between two peers: whoever leads is cut off until the other leads, and back.
//!
//! A leader that is deposed and leads again soon meets what it has left behind: replies to its earlier
//! terms, entries that nobody else has, accounts of followers that have changed since.

use std::time::Duration;

use splitvote_peer::{PeerId, PeerSet};
use splitvote_sim::Stream;

use super::{Part, PartKind, Scene, Strength, between, boxed, one_of};
use crate::fault::{Fault, FaultClass, Heal, Partition};

pub(crate) const KIND: PartKind = PartKind {
    name: "seesaw",
    class: FaultClass::Partitions,
    stream: 16,
    make: |strength, _| boxed(Seesaw { strength, turns_left: 0, deposed: None }),
};

struct Seesaw {
    strength: Strength,
    turns_left: u64,
    /// Who is cut off at present.
    deposed: Option<PeerId>,
}

impl Part for Seesaw {
    fn strike(&mut self, scene: &Scene, chance: &mut Stream, faults: &mut Vec<Fault>) -> Duration {
        let timeout = scene.timing.election_timeout_max;
        let wait = between(chance, timeout / 4, timeout * 2);
        let pause = self.strength.pause(Duration::from_secs(3), chance);
        let keeps_one = chance.below(2) == 0;
        let kept = one_of(scene.all(), chance);
        // One alone has nobody to take its place.
        if scene.size() < 2 {
            return pause;
        }
        if self.turns_left == 0 {
            self.turns_left = chance.between(2, 7);
            return pause;
        }
        self.turns_left -= 1;
        let back = self.deposed.take();
        if back.is_some() {
            faults.push(Heal.into());
        }
        if self.turns_left == 0 {
            return pause;
        }
        let leader = scene.leader().filter(|leader| Some(*leader) != back);
        if let Some(leader) = leader {
            // With one follower left to it, it goes on appending what will be replaced.
            let company = if keeps_one { kept.filter(|kept| Some(*kept) != back) } else { None };
            let cut: PeerSet = company.into_iter().chain([leader]).collect();
            if cut.len() < scene.majority() {
                faults.push(Partition { groups: vec![cut, scene.all().difference(cut)] }.into());
            } else {
                faults.push(
                    Partition {
                        groups: vec![scene.all().difference(PeerSet::from_iter([leader]))],
                    }
                    .into(),
                );
            }
            self.deposed = Some(leader);
        }
        wait
    }
}
