//! Peers that stand still while their clocks run on, as a SIGSTOP or a long garbage collection makes them.

use splitvote_peer::Peer;
use splitvote_sim::{Watcher, World};

use super::kind::{Effect, on_peers};
use super::{Fault, FaultClass, Healthy, Spot};

on_peers! {
    /// Halts a peer while its clock runs on.
    Pause: "pause" says "pause {}"
}

on_peers! {
    /// Lets a paused peer go on.
    Resume: "resume" says "resume {}"
}

impl Effect for Pause {
    fn class(&self) -> Option<FaultClass> {
        Some(FaultClass::Pauses)
    }

    fn undone_by(&self, _: &Healthy) -> Vec<Fault> {
        vec![Resume { of: self.of }.into()]
    }

    fn amiss<P: Peer, W: Watcher<P>>(
        world: &World<P, W>,
        spot: Spot,
        _: &Healthy,
    ) -> Option<Fault> {
        let Spot::Peer(of) = spot else { return None };
        (world.view(of).is_some() && world.is_paused(of)).then(|| Resume { of }.into())
    }

    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.pause(self.of);
    }
}

impl Effect for Resume {
    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.resume(self.of);
    }
}
