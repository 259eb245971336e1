//! A peer whose election timeouts are far shorter than everybody else's: shorter than a heartbeat interval, or than
//! a round trip.
//!
//! hashicorp/raft#609: a peer that asks for pre-votes more often than answers arrive kept the others from standing.

use std::time::Duration;

use super::{Part, Stream, Strength, between, boxed, one_of};
use crate::fault::ElectionTimeout;

/// By how much shorter, at least and at most.
const SHORTER: [u32; 5] = [2, 4, 8, 20, 50];

pub(super) fn make(strength: Strength, _: &mut Stream) -> Part {
    let mut struck = None;
    boxed(move |scene, chance, faults| {
        if let Some(of) = struck.take() {
            faults.push(ElectionTimeout { of, is: None }.into());
            return strength.pause(Duration::from_secs(2), chance);
        }
        let Some(of) = one_of(scene.alive(), chance) else { return Duration::from_millis(100) };
        let shorter = SHORTER[chance.below(SHORTER.len() as u64) as usize];
        let is = scene.timing.election_timeout_min / shorter;
        let is = is.max(Duration::from_millis(2));
        faults.push(ElectionTimeout { of, is: Some(is) }.into());
        struck = Some(of);
        between(chance, Duration::from_millis(200), Duration::from_millis(1_500))
    })
}
