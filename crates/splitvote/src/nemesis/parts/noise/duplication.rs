//! Packets arrive twice, up to 50 %, the second time with a delay of its own. (VOPR.)

use splitvote_sim::{Realistic, Stream};

use super::super::super::part::{PartKind, Strength};
use super::{Kind, noise, percent};
use crate::fault::FaultClass;

pub(crate) const KIND: PartKind = PartKind {
    name: "duplication",
    class: FaultClass::Duplication,
    stream: 8,
    make: |strength, _| noise(strength, NOISE),
};

const NOISE: Kind = Kind { copy: |to, from| to.duplicate = from.duplicate, turn_up, lab: None };

fn turn_up(profile: &mut Realistic, strength: Strength, chance: &mut Stream) {
    profile.duplicate = percent(50, strength, chance);
}
