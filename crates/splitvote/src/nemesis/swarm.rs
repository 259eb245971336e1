//! Which parts are on under a seed, and how strong.

use std::fmt::Write as _;

use splitvote_peer::SimTime;
use splitvote_sim::{Seed, Stream, StreamId};

use super::part::{Part, PartKind, Strength};
use super::parts::{KINDS, LATER};
use crate::fault::FaultClasses;

/// A part at work.
pub(crate) struct Running {
    kind: &'static PartKind,
    strength: Strength,
    pub(super) part: Part,
    pub(super) chance: Stream,
    pub(super) strikes_at: SimTime,
}

impl Running {
    /// A part that is about to strike for the first time, and goes on with its own stream.
    pub(super) fn new(
        kind: &'static PartKind,
        strength: Strength,
        mut chance: Stream,
        now: SimTime,
    ) -> Self {
        let part = (kind.make)(strength, &mut chance);
        Self { kind, strength, part, chance, strikes_at: now }
    }
}

/// Draws the swarm of a seed: each part is on with probability 1/3, and one of them at any rate, unless all
/// are ruled out.
///
/// Who is on and how strong comes from the nemesis's stream, two numbers a part whether it is on or not, and for
/// the later parts from their own; all that a part does comes from its own.
pub(crate) fn draw(
    seed: Seed,
    nemesis: &mut Stream,
    round: u16,
    now: SimTime,
    without: FaultClasses,
) -> Vec<Running> {
    let is_allowed = |kind: &PartKind| !without.contains(kind.class);
    // The one that is drawn, or else the next that is allowed.
    let drawn = nemesis.below(KINDS.len() as u64) as usize;
    let places = (drawn..KINDS.len()).chain(0..drawn);
    let certain = places.into_iter().find(|place| is_allowed(&KINDS[*place]));
    let own = |kind: &PartKind| Stream::new(seed, StreamId::Part { part: kind.stream, round });
    let mut swarm = Vec::new();
    for (place, kind) in KINDS.iter().enumerate() {
        let (is_on, strength) = (nemesis.below(3) == 0, Strength::draw(nemesis));
        if is_allowed(kind) && is_on || Some(place) == certain {
            swarm.push(Running::new(kind, strength, own(kind), now));
        }
    }
    // Where none of the first can be on, the first of these is.
    let only = LATER.iter().find(|kind| is_allowed(kind)).filter(|_| certain.is_none());
    for kind in LATER {
        let mut own = own(kind);
        let (is_on, strength) = (own.below(3) == 0, Strength::draw(&mut own));
        let is_only = only.is_some_and(|only| only.stream == kind.stream);
        if is_allowed(kind) && (is_on || is_only) {
            swarm.push(Running::new(kind, strength, own, now));
        }
    }
    swarm
}

/// The weather in a few words, such as `crashes 3/8, partitions 5/8`: which parts are on, how strong. Those
/// of a class that is switched off do nothing, and are left out.
pub(crate) fn describe(swarm: &[Running], without: FaultClasses) -> String {
    let mut text = String::new();
    for Running { kind, strength: Strength(strength), .. } in swarm {
        if !without.contains(kind.class) {
            let comma = if text.is_empty() { "" } else { ", " };
            // Nothing fails that is written to a string.
            _ = write!(text, "{comma}{} {strength}/{}", kind.name, Strength::MOST);
        }
    }
    if text.is_empty() { "calm, all its parts are switched off".to_owned() } else { text }
}
