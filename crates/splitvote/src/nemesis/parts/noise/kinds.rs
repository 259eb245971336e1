//! The kinds of noise: which field of the network's profile each has to itself, and how it turns it up.

use splitvote_sim::{Latency, Probability, Reordering, Staleness, Tail};

use super::super::{Part, Stream, Strength};
use super::{Kind, Switch, millis, noise, percent};

/// Packets are lost, up to 30 %: each by itself, or in bursts, where three in four share the lot of the packet
/// before them. (VOPR; netem, as Jepsen uses it.)
pub(crate) fn loss(strength: Strength, _: &mut Stream) -> Part {
    let lab: Switch = (|lab| &mut lab.reliable, false);
    noise(
        strength,
        Kind {
            copy: |to, from| {
                to.loss = from.loss;
                to.loss_correlation = from.loss_correlation;
            },
            turn_up: |profile, strength, chance| {
                profile.loss = percent(30, strength, chance);
                let is_correlated = chance.below(2) == 0;
                profile.loss_correlation = Probability::percent(if is_correlated { 75 } else { 0 });
            },
            lab: Some(lab),
        },
    )
}

/// Links carry 2 to 20 packets at once; if one more leaves, one of them all is lost. (VOPR.)
pub(crate) fn crowding(strength: Strength, _: &mut Stream) -> Part {
    noise(
        strength,
        Kind {
            copy: |to, from| to.capacity = from.capacity,
            turn_up: |profile, strength, chance| {
                let most = 2 + 18 * (Strength::MOST - strength.0) / (Strength::MOST - 1);
                profile.capacity = Some(chance.between(2, most) as u8);
            },
            lab: None,
        },
    )
}

/// Packets arrive twice, up to 50 %, the second time with a delay of its own. (VOPR.)
pub(crate) fn duplication(strength: Strength, _: &mut Stream) -> Part {
    noise(
        strength,
        Kind {
            copy: |to, from| to.duplicate = from.duplicate,
            turn_up: |profile, strength, chance| {
                profile.duplicate = percent(50, strength, chance);
            },
            lab: None,
        },
    )
}

/// Packets fall behind those sent after them, by up to 2.2 s. Over the labs' network it is its own long
/// reordering: two replies of three take 0.2 to 2.2 s more. (labrpc.)
pub(crate) fn reordering(strength: Strength, _: &mut Stream) -> Part {
    let lab: Switch = (|lab| &mut lab.long_reordering, true);
    noise(
        strength,
        Kind {
            copy: |to, from| to.reorder = from.reorder,
            turn_up: |profile, strength, chance| {
                let probability = percent(60, strength, chance);
                let max = millis([30, 300, 2_200][chance.below(3) as usize]);
                let delay = Latency::Uniform { min: millis(1), max };
                profile.reorder = Reordering { probability, delay };
            },
            lab: Some(lab),
        },
    )
}

/// Packets arrive once more, up to 3 s later: messages of old terms.
pub(crate) fn staleness(strength: Strength, _: &mut Stream) -> Part {
    noise(
        strength,
        Kind {
            copy: |to, from| to.stale = from.stale,
            turn_up: |profile, strength, chance| {
                let probability = percent(30, strength, chance);
                let max = millis([300, 1_000, 3_000][chance.below(3) as usize]);
                let delay = Latency::Uniform { min: millis(50), max };
                profile.stale = Staleness { probability, delay };
            },
            lab: None,
        },
    )
}

/// The whole network is slow: at least 0 to 30 ms one way, beyond that uniform up to 200 ms or exponential
/// with a mean of 1 to 100 ms, where one packet in a thousand takes a hundred times as long. Over the labs'
/// network calls that lead nowhere take up to 7 s to fail. (VOPR, FoundationDB, madsim, labrpc.)
pub(crate) fn slowness(strength: Strength, _: &mut Stream) -> Part {
    let lab: Switch = (|lab| &mut lab.long_delays, true);
    noise(
        strength,
        Kind {
            copy: |to, from| to.one_way_delay = from.one_way_delay,
            turn_up: |profile, strength, chance| {
                let min = millis(chance.between(0, 30 * strength.0 / Strength::MOST));
                let is_exponential = chance.below(2) == 0;
                let mean = millis(chance.between(1, 100 * strength.0 / Strength::MOST));
                let tail = Tail { probability: Probability::per_million(1_000), factor: 100 };
                profile.one_way_delay = if is_exponential {
                    Latency::Exponential { min, mean, tail }
                } else {
                    Latency::Uniform { min, max: min + mean * 2 }
                };
            },
            lab: Some(lab),
        },
    )
}
