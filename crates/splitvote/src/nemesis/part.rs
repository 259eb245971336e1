//! What every part of the nemesis is: something that strikes now and then.

use std::time::Duration;

use splitvote_sim::Stream;

use super::scene::Scene;
use crate::fault::{Fault, FaultClass};

/// A part of the nemesis: looks at the cluster and does something to it, or nothing; how long until it wants to look
/// again. It is drawn from a stream of its own, so that it does the same whatever the other parts do, as long as what
/// it sees is the same.
pub(crate) type Part = Box<dyn FnMut(&Scene, &mut Stream, &mut Vec<Fault>) -> Duration>;

/// How strong a part is under one seed: from 1, barely there, to [`Strength::MOST`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Strength(pub(crate) u64);

impl Strength {
    pub(crate) const MOST: u64 = 8;

    /// Draws how strong a part is.
    pub(crate) fn draw(chance: &mut Stream) -> Self {
        Self(chance.between(1, Self::MOST))
    }

    /// A pause between two strikes: the longest for the weakest, an eighth of it for the strongest,
    /// drawn between half and one and a half of that.
    pub(crate) fn pause(self, longest: Duration, chance: &mut Stream) -> Duration {
        let middle = longest.as_nanos() as u64 / self.0.max(1);
        Duration::from_nanos(chance.between(middle / 2, middle + middle / 2))
    }
}

/// Draws a duration.
pub(crate) fn between(chance: &mut Stream, min: Duration, max: Duration) -> Duration {
    Duration::from_nanos(chance.between(min.as_nanos() as u64, max.as_nanos() as u64))
}

/// A kind of part: what it is called, to which class it belongs, and how one is made.
pub(crate) struct PartKind {
    pub(crate) name: &'static str,
    pub(crate) class: FaultClass,
    /// Its stream, which never changes once released: seeds depend on it.
    pub(crate) stream: u8,
    pub(crate) make: fn(Strength, &mut Stream) -> Part,
}
