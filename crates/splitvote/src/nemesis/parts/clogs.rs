//! Links over which nothing arrives for a while, and then all at once. How long is exponential with a mean
//! that is drawn once: up to 5 s, mostly less. (VOPR, FoundationDB. For whole peers see `swizzle`.)

use std::time::Duration;

use splitvote_sim::{Latency, Tail};

use super::{Aim, Part, Stream, Strength, boxed, one_of};
use crate::fault::Clog;

pub(super) fn make(strength: Strength, chance: &mut Stream) -> Part {
    let mean = Duration::from_millis([20, 100, 500, 5_000][chance.below(4) as usize]);
    let lasts = Latency::Exponential { min: Duration::ZERO, mean, tail: Tail::default() };
    boxed(move |scene, chance, faults| {
        let from = Aim::draw(chance).resolve(scene, chance);
        let to = one_of(scene.all(), chance);
        let lasts = Duration::from_nanos(lasts.nanos(chance.word()));
        if let (Some(from), Some(to)) = (from, to)
            && from != to
        {
            faults.push(Clog { from, to, lasts }.into());
        }
        strength.pause(Duration::from_secs(1), chance)
    })
}
