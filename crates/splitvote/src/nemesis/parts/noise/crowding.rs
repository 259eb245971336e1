//! Links carry 2 to 20 packets at once; if one more leaves, one of them all is lost. (VOPR.)

use splitvote_sim::{Realistic, Stream};

use super::super::super::part::{PartKind, Strength};
use super::{Kind, noise};
use crate::fault::FaultClass;

pub(crate) const KIND: PartKind = PartKind {
    name: "crowding",
    class: FaultClass::Loss,
    stream: 17,
    make: |strength, _| noise(strength, NOISE),
};

const NOISE: Kind = Kind { copy: |to, from| to.capacity = from.capacity, turn_up, lab: None };

fn turn_up(profile: &mut Realistic, strength: Strength, chance: &mut Stream) {
    let most = 2 + 18 * (Strength::MOST - strength.0) / (Strength::MOST - 1);
    profile.capacity = Some(chance.between(2, most) as u8);
}
