//! Directed links over which nothing arrives for a while, and then all at once.

use splitvote_peer::Peer;
use splitvote_sim::{Watcher, World};

use super::kind::{Effect, on_links};
use super::{Fault, FaultClass, Healthy, Spot};

on_links! {
    /// Lets nothing arrive over a directed link for a while.
    Clog: "clog" says "clog {} to {} for {}",
    /// For how long.
    lasts: Span as "for" by span("for = \"500ms\"")
}

on_links! {
    /// Lifts a clog before its time.
    Unclog: "unclog" says "unclog {} to {}"
}

impl Effect for Clog {
    fn class(&self) -> Option<FaultClass> {
        Some(FaultClass::Clogs)
    }

    fn undone_by(&self, _: &Healthy) -> Vec<Fault> {
        vec![Unclog { from: self.from, to: self.to }.into()]
    }

    fn amiss<P: Peer, W: Watcher<P>>(
        world: &World<P, W>,
        spot: Spot,
        _: &Healthy,
    ) -> Option<Fault> {
        let Spot::Link(from, to) = spot else { return None };
        world.is_clogged(from, to).then(|| Unclog { from, to }.into())
    }

    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.clog(self.from, self.to, self.lasts);
    }
}

impl Effect for Unclog {
    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.unclog(self.from, self.to);
    }
}
