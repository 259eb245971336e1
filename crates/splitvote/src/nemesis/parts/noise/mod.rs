//! What the network does to packets, in bursts: see `kinds` for each kind of noise.
//!
//! Each has one field of the network's profile to itself: it turns it up for a while and back to where
//! it was. Over the labs' network, whose noise has three switches, those that have one flip it.

mod kinds;

use std::time::Duration;

use splitvote_sim::{Labrpc, NetworkProfile, Probability, Realistic, Stream};

use super::{Part, Scene, Strength, between, boxed};
use crate::fault::{Fault, Network};
pub(super) use kinds::{CROWDING, DUPLICATION, LOSS, REORDERING, SLOWNESS, STALENESS};

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

/// A switch of the labs' network.
#[derive(Clone, Copy)]
struct Switch {
    copy: fn(&mut Labrpc, &Labrpc),
    turn_up: fn(&mut Labrpc),
}

fn noise(strength: Strength, kind: Kind) -> Box<dyn Part> {
    boxed(Noise { strength, kind, before: None })
}

struct Noise {
    strength: Strength,
    kind: Kind,
    /// The network before the burst, during one.
    before: Option<NetworkProfile>,
}

impl Noise {
    fn turn_up(&self, profile: &mut NetworkProfile, chance: &mut Stream) {
        match (profile, self.kind.lab) {
            (NetworkProfile::Realistic(profile), _) => {
                (self.kind.turn_up)(profile, self.strength, chance);
            }
            (NetworkProfile::Labrpc(profile), Some(switch)) => (switch.turn_up)(profile),
            (NetworkProfile::Labrpc(_), None) => {}
        }
    }

    fn turn_down(&self, profile: &mut NetworkProfile, before: &NetworkProfile) {
        match (profile, before) {
            (NetworkProfile::Realistic(profile), NetworkProfile::Realistic(before)) => {
                (self.kind.copy)(profile, before);
            }
            (NetworkProfile::Labrpc(profile), NetworkProfile::Labrpc(before)) => {
                if let Some(switch) = self.kind.lab {
                    (switch.copy)(profile, before);
                }
            }
            // No part replaces one kind of network by the other.
            (profile, before) => *profile = *before,
        }
    }
}

impl Part for Noise {
    fn strike(&mut self, scene: &Scene, chance: &mut Stream, faults: &mut Vec<Fault>) -> Duration {
        let now = scene.network_after(faults);
        let mut profile = now;
        let lasts = if let Some(before) = self.before.take() {
            self.turn_down(&mut profile, &before);
            self.strength.pause(Duration::from_secs(2), chance)
        } else {
            self.turn_up(&mut profile, chance);
            self.before = Some(now);
            between(chance, Duration::from_millis(50), Duration::from_secs(2))
        };
        if profile != now {
            faults.push(Network(profile).into());
        }
        lasts
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
