//! Which parts are on under a seed, and how strong.

use splitvote_peer::SimTime;
use splitvote_sim::{Seed, Stream, StreamId};

use super::part::{Part, Strength};
use super::parts::KINDS;

/// A part at work.
pub(super) struct Running {
    pub(super) part: Box<dyn Part>,
    pub(super) chance: Stream,
    pub(super) strikes_at: SimTime,
}

/// Draws the swarm of a seed: each part is on with probability 1/3, and one of them at any rate.
///
/// Who is on and how strong comes from the nemesis's stream, three numbers a part whether it is on or not;
/// all that a part does comes from its own.
pub(super) fn draw(seed: Seed, nemesis: &mut Stream, round: u16, now: SimTime) -> Vec<Running> {
    let certain = nemesis.below(KINDS.len() as u64);
    let mut swarm = Vec::new();
    for (place, kind) in KINDS.iter().enumerate() {
        let (is_on, strength) = (nemesis.below(3) == 0, Strength::draw(nemesis));
        if is_on || place as u64 == certain {
            let mut chance = Stream::new(seed, StreamId::Part { part: kind.stream, round });
            let part = (kind.make)(strength, &mut chance);
            let strikes_at = now;
            swarm.push(Running { part, chance, strikes_at });
        }
    }
    swarm
}
