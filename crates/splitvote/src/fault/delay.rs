//! Directed links that are slower than others.

use std::time::Duration;

use splitvote_peer::Peer;
use splitvote_sim::{Watcher, World};

use super::kind::{Effect, on_links};
use super::{Fault, FaultClass, Healthy, Spot};

on_links! {
    /// Makes a directed link slower, until another delay takes the place of this one.
    Delay: "delay" says "delay {} to {} by {}",
    /// How much longer each packet takes; zero makes the link as quick as the others.
    by: Span as "by" by span("by = \"50ms\"")
}

impl Effect for Delay {
    fn class(&self) -> Option<FaultClass> {
        Some(FaultClass::Delays)
    }

    fn undone_by(&self, _: &Healthy) -> Vec<Fault> {
        let undone = Self { by: Duration::ZERO, ..self.clone() };
        if undone == *self { Vec::new() } else { vec![undone.into()] }
    }

    fn amiss<P: Peer, W: Watcher<P>>(
        world: &World<P, W>,
        spot: Spot,
        _: &Healthy,
    ) -> Option<Fault> {
        let Spot::Link(from, to) = spot else { return None };
        let is_slow = !world.extra_delay(from, to).is_zero();
        is_slow.then(|| Delay { from, to, by: Duration::ZERO }.into())
    }

    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.delay(self.from, self.to, self.by);
    }
}
