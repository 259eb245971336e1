//! What the network does to packets, in bursts: loss, duplication, reordering, stale replay, slowness.
//!
//! Five parts, each of which has one field of the network's profile to itself: it turns it up for a while
//! and back to where it was.

use std::time::Duration;

use splitvote_sim::{
    Latency, NetworkProfile, Probability, Realistic, Reordering, Staleness, Stream,
};

use super::super::part::{Part, PartKind, Strength, between};
use super::super::scene::Scene;
use super::boxed;
use crate::act::{Act, FaultClass};

pub(crate) const LOSS: PartKind = PartKind {
    name: "loss-bursts",
    class: FaultClass::Loss,
    stream: 7,
    make: |strength, _| noise(strength, |to, from| to.loss = from.loss, lose),
};
pub(crate) const DUPLICATION: PartKind = PartKind {
    name: "duplication",
    class: FaultClass::Duplication,
    stream: 8,
    make: |strength, _| noise(strength, |to, from| to.duplicate = from.duplicate, duplicate),
};
pub(crate) const REORDERING: PartKind = PartKind {
    name: "reordering",
    class: FaultClass::Reordering,
    stream: 9,
    make: |strength, _| noise(strength, |to, from| to.reorder = from.reorder, reorder),
};
pub(crate) const STALE: PartKind = PartKind {
    name: "stale-replay",
    class: FaultClass::StaleReplay,
    stream: 10,
    make: |strength, _| noise(strength, |to, from| to.stale = from.stale, replay),
};
pub(crate) const SLOWNESS: PartKind = PartKind {
    name: "slow-network",
    class: FaultClass::Delays,
    stream: 11,
    make: |strength, _| noise(strength, |to, from| to.one_way_delay = from.one_way_delay, slow),
};

type Copy = fn(&mut Realistic, &Realistic);
type TurnUp = fn(&mut Realistic, Strength, &mut Stream);

fn noise(strength: Strength, copy: Copy, turn_up: TurnUp) -> Box<dyn Part> {
    boxed(Noise { strength, copy, turn_up, before: None })
}

struct Noise {
    strength: Strength,
    /// Copies the field that this part has to itself.
    copy: Copy,
    turn_up: TurnUp,
    /// The profile before the burst, during one.
    before: Option<Realistic>,
}

impl Part for Noise {
    fn strike(&mut self, scene: &Scene, chance: &mut Stream, acts: &mut Vec<Act>) -> Duration {
        // The labs' network has a noise of its own.
        let NetworkProfile::Realistic(mut profile) = scene.network_after(acts) else {
            return Duration::from_secs(3_600);
        };
        if let Some(before) = self.before.take() {
            (self.copy)(&mut profile, &before);
            acts.push(Act::Network(NetworkProfile::Realistic(profile)));
            return self.strength.pause(Duration::from_secs(2), chance);
        }
        self.before = Some(profile);
        (self.turn_up)(&mut profile, self.strength, chance);
        acts.push(Act::Network(NetworkProfile::Realistic(profile)));
        between(chance, Duration::from_millis(50), Duration::from_secs(2))
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

fn lose(profile: &mut Realistic, strength: Strength, chance: &mut Stream) {
    profile.loss = percent(30, strength, chance);
}

fn duplicate(profile: &mut Realistic, strength: Strength, chance: &mut Stream) {
    profile.duplicate = percent(50, strength, chance);
}

fn reorder(profile: &mut Realistic, strength: Strength, chance: &mut Stream) {
    let probability = percent(60, strength, chance);
    let max = millis([30, 300, 2_200][chance.below(3) as usize]);
    profile.reorder = Reordering { probability, delay: Latency::Uniform { min: millis(1), max } };
}

fn replay(profile: &mut Realistic, strength: Strength, chance: &mut Stream) {
    let probability = percent(30, strength, chance);
    let max = millis([300, 1_000, 3_000][chance.below(3) as usize]);
    profile.stale = Staleness { probability, delay: Latency::Uniform { min: millis(50), max } };
}

fn slow(profile: &mut Realistic, strength: Strength, chance: &mut Stream) {
    let min = millis(chance.between(0, 30 * strength.0 / Strength::MOST));
    let max = min + millis(chance.between(1, 25 * strength.0));
    profile.one_way_delay = Latency::Uniform { min, max };
}
