//! Packets fall behind those sent after them, by up to 2.2 s. Over the labs' network it is its own long
//! reordering: two replies of three take 0.2 to 2.2 s more. (labrpc.)

use splitvote_sim::{Latency, Realistic, Reordering, Stream};

use super::super::super::part::{PartKind, Strength};
use super::{Kind, Switch, millis, noise, percent};
use crate::fault::FaultClass;

pub(crate) const KIND: PartKind = PartKind {
    name: "reordering",
    class: FaultClass::Reordering,
    stream: 9,
    make: |strength, _| noise(strength, NOISE),
};

const NOISE: Kind = Kind {
    copy: |to, from| to.reorder = from.reorder,
    turn_up,
    lab: Some(Switch {
        copy: |to, from| to.long_reordering = from.long_reordering,
        turn_up: |lab| lab.long_reordering = true,
    }),
};

fn turn_up(profile: &mut Realistic, strength: Strength, chance: &mut Stream) {
    let probability = percent(60, strength, chance);
    let max = millis([30, 300, 2_200][chance.below(3) as usize]);
    profile.reorder = Reordering { probability, delay: Latency::Uniform { min: millis(1), max } };
}
