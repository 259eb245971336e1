//! Packets arrive once more, up to 3 s later: messages of old terms.

use splitvote_sim::{Latency, Realistic, Staleness, Stream};

use super::super::super::part::{PartKind, Strength};
use super::{Kind, millis, noise, percent};
use crate::fault::FaultClass;

pub(crate) const KIND: PartKind = PartKind {
    name: "stale-replay",
    class: FaultClass::StaleReplay,
    stream: 10,
    make: |strength, _| noise(strength, NOISE),
};

const NOISE: Kind = Kind { copy: |to, from| to.stale = from.stale, turn_up, lab: None };

fn turn_up(profile: &mut Realistic, strength: Strength, chance: &mut Stream) {
    let probability = percent(30, strength, chance);
    let max = millis([300, 1_000, 3_000][chance.below(3) as usize]);
    profile.stale = Staleness { probability, delay: Latency::Uniform { min: millis(50), max } };
}
