//! Directed links that carry nothing.

use splitvote_peer::Peer;
use splitvote_sim::{Watcher, World};

use super::kind::{Effect, on_links};
use super::{Fault, FaultClass, Healthy, Spot};

on_links! {
    /// Cuts a directed link.
    Cut: "cut" says "cut {} to {}"
}

on_links! {
    /// Restores a directed link.
    Restore: "restore" says "restore {} to {}"
}

impl Effect for Cut {
    fn class(&self) -> Option<FaultClass> {
        Some(FaultClass::Partitions)
    }

    fn undone_by(&self, _: &Healthy) -> Vec<Fault> {
        vec![Restore { from: self.from, to: self.to }.into()]
    }

    fn amiss<P: Peer, W: Watcher<P>>(
        world: &World<P, W>,
        spot: Spot,
        _: &Healthy,
    ) -> Option<Fault> {
        let Spot::Link(from, to) = spot else { return None };
        (!world.is_up(from, to)).then(|| Restore { from, to }.into())
    }

    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.cut(self.from, self.to);
    }
}

impl Effect for Restore {
    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.restore(self.from, self.to);
    }
}
