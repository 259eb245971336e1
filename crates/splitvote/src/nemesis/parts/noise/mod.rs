//! What the network does to packets, in bursts: see `kinds` for each kind of noise.
//!
//! Each has one field of the network's profile to itself: it turns it up for a while and back to where
//! it was. Over the labs' network, whose noise has three switches, those that have one flip it.

mod kinds;

use std::time::Duration;

use splitvote_sim::{Labrpc, NetworkProfile, Probability, Realistic, Stream};

use super::{Part, Strength, between, boxed};
use crate::fault::Network;
pub(super) use kinds::{crowding, duplication, loss, reordering, slowness, staleness};

/// A kind of noise.
#[derive(Clone, Copy)]
struct Kind {
    /// Copies the field of the profile that it has to itself.
    copy: fn(&mut Realistic, &Realistic),
    /// Turns it up.
    turn_up: fn(&mut Realistic, Strength, &mut Stream),
    /// The same for its switch of the labs' network, if it has one.
    lab: Option<Switch>,
}

/// A switch of the labs' network, and how it stands during a burst.
type Switch = (fn(&mut Labrpc) -> &mut bool, bool);

fn noise(strength: Strength, kind: Kind) -> Part {
    // The network before the burst, during one.
    let mut before = None;
    boxed(move |scene, chance, faults| {
        let now = scene.network_after(faults);
        let mut profile = now;
        let lasts = if let Some(before) = before.take() {
            kind.turn_down(&mut profile, before);
            strength.pause(Duration::from_secs(2), chance)
        } else {
            kind.turn_up(&mut profile, strength, chance);
            before = Some(now);
            between(chance, Duration::from_millis(50), Duration::from_secs(2))
        };
        if profile != now {
            faults.push(Network(profile).into());
        }
        lasts
    })
}

impl Kind {
    fn turn_up(&self, profile: &mut NetworkProfile, strength: Strength, chance: &mut Stream) {
        match (profile, self.lab) {
            (NetworkProfile::Realistic(profile), _) => (self.turn_up)(profile, strength, chance),
            (NetworkProfile::Labrpc(profile), Some((switch, up))) => *switch(profile) = up,
            (NetworkProfile::Labrpc(_), None) => {}
        }
    }

    fn turn_down(&self, profile: &mut NetworkProfile, mut before: NetworkProfile) {
        match (profile, &mut before, self.lab) {
            (NetworkProfile::Realistic(profile), NetworkProfile::Realistic(before), _) => {
                (self.copy)(profile, before);
            }
            (
                NetworkProfile::Labrpc(profile),
                NetworkProfile::Labrpc(before),
                Some((switch, _)),
            ) => {
                *switch(profile) = *switch(before);
            }
            // No part replaces one kind of network by the other.
            _ => {}
        }
    }
}

/// Up to so many percent, less for the weaker.
fn percent(most: u64, strength: Strength, chance: &mut Stream) -> Probability {
    let most = (most * strength.0 / Strength::MOST).max(1);
    Probability::percent(chance.between(1, most) as u32)
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
