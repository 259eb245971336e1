//! The whole network is slow: at least 0 to 30 ms one way, beyond that uniform up to 200 ms or exponential
//! with a mean of 1 to 100 ms, where one packet in a thousand takes a hundred times as long. Over the labs'
//! network calls that lead nowhere take up to 7 s to fail. (VOPR, FoundationDB, madsim, labrpc.)

use splitvote_sim::{Latency, Probability, Realistic, Stream, Tail};

use super::super::super::part::{PartKind, Strength};
use super::{Kind, Switch, millis, noise};
use crate::fault::FaultClass;

pub(crate) const KIND: PartKind = PartKind {
    name: "slow-network",
    class: FaultClass::Delays,
    stream: 11,
    make: |strength, _| noise(strength, NOISE),
};

const NOISE: Kind = Kind {
    copy: |to, from| to.one_way_delay = from.one_way_delay,
    turn_up,
    lab: Some(Switch {
        copy: |to, from| to.long_delays = from.long_delays,
        turn_up: |lab| lab.long_delays = true,
    }),
};

fn turn_up(profile: &mut Realistic, strength: Strength, chance: &mut Stream) {
    let min = millis(chance.between(0, 30 * strength.0 / Strength::MOST));
    let is_exponential = chance.below(2) == 0;
    let mean = millis(chance.between(1, 100 * strength.0 / Strength::MOST));
    let tail = Tail { probability: Probability::per_million(1_000), factor: 100 };
    profile.one_way_delay = if is_exponential {
        Latency::Exponential { min, mean, tail }
    } else {
        Latency::Uniform { min, max: min + mean * 2 }
    };
}
