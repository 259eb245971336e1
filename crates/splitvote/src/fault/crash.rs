//! Peers that crash, and start again from their disks.

use splitvote_peer::Peer;
use splitvote_sim::{Watcher, World};

use super::kind::{Effect, on_peers};
use super::{Fault, FaultClass, Healthy, Spot};

on_peers! {
    /// Crashes a peer. Its disk keeps what was synced.
    Crash: "crash" says "crash {}"
}

on_peers! {
    /// Starts a peer that is down.
    Restart: "restart" says "restart {}"
}

impl Effect for Crash {
    fn class(&self) -> Option<FaultClass> {
        Some(FaultClass::Crashes)
    }

    fn undone_by(&self, _: &Healthy) -> Vec<Fault> {
        vec![Restart { of: self.of }.into()]
    }

    fn amiss<P: Peer, W: Watcher<P>>(
        world: &World<P, W>,
        spot: Spot,
        _: &Healthy,
    ) -> Option<Fault> {
        let Spot::Peer(of) = spot else { return None };
        world.view(of).is_none().then(|| Restart { of }.into())
    }

    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.crash(self.of);
    }
}

impl Effect for Restart {
    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.boot(self.of);
    }
}
