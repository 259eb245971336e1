//! Packets are lost, up to 30 %: each by itself, or in bursts, where three in four share the lot of the packet
//! before them. (VOPR; netem, as Jepsen uses it.)

use splitvote_sim::{Probability, Realistic, Stream};

use super::super::super::part::{PartKind, Strength};
use super::{Kind, Switch, noise, percent};
use crate::fault::FaultClass;

pub(crate) const KIND: PartKind = PartKind {
    name: "loss-bursts",
    class: FaultClass::Loss,
    stream: 7,
    make: |strength, _| noise(strength, NOISE),
};

const NOISE: Kind = Kind {
    copy: |to, from| {
        to.loss = from.loss;
        to.loss_correlation = from.loss_correlation;
    },
    turn_up,
    lab: Some(Switch {
        copy: |to, from| to.reliable = from.reliable,
        turn_up: |lab| lab.reliable = false,
    }),
};

fn turn_up(profile: &mut Realistic, strength: Strength, chance: &mut Stream) {
    profile.loss = percent(30, strength, chance);
    let is_correlated = chance.below(2) == 0;
    profile.loss_correlation = Probability::percent(if is_correlated { 75 } else { 0 });
}
