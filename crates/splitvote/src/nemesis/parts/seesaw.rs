//! Office goes to and fro between two peers: whoever leads is cut off until the other leads, and back.
//!
//! A leader that is deposed and leads again soon meets what it has left behind: replies to its earlier
//! terms, entries that nobody else has, accounts of followers that have changed since.

use std::time::Duration;

use splitvote_peer::PeerSet;

use super::{Part, Stream, Strength, between, boxed, one_of};
use crate::fault::{Heal, Partition};

pub(super) fn make(strength: Strength, _: &mut Stream) -> Part {
    let mut turns_left = 0;
    // Who is cut off at present.
    let mut deposed = None;
    boxed(move |scene, chance, faults| {
        let timeout = scene.timing.election_timeout_max;
        let wait = between(chance, timeout / 4, timeout * 2);
        let pause = strength.pause(Duration::from_secs(3), chance);
        let keeps_one = chance.below(2) == 0;
        let kept = one_of(scene.all(), chance);
        // One alone has nobody to take its place.
        if scene.size() < 2 {
            return pause;
        }
        if turns_left == 0 {
            turns_left = chance.between(2, 7);
            return pause;
        }
        turns_left -= 1;
        let back = deposed.take();
        if back.is_some() {
            faults.push(Heal.into());
        }
        if turns_left == 0 {
            return pause;
        }
        let leader = scene.leader().filter(|leader| Some(*leader) != back);
        if let Some(leader) = leader {
            // With one follower left to it, it goes on appending what will be replaced.
            let company = if keeps_one { kept.filter(|kept| Some(*kept) != back) } else { None };
            let cut: PeerSet = company.into_iter().chain([leader]).collect();
            let groups = if cut.len() < scene.majority() {
                vec![cut, scene.all().difference(cut)]
            } else {
                vec![scene.all().difference(PeerSet::from_iter([leader]))]
            };
            faults.push(Partition { groups }.into());
            deposed = Some(leader);
        }
        wait
    })
}
