//! Peers that are isolated from all others, as the lab does it.

use splitvote_peer::Peer;
use splitvote_sim::{Watcher, World};

use super::kind::{Effect, on_peers};
use super::{Fault, FaultClass, Healthy, Spot};

on_peers! {
    /// Isolates a peer from all others, as the lab does.
    Disconnect: "disconnect" says "disconnect {}"
}

on_peers! {
    /// Takes [`Disconnect`] back.
    Connect: "connect" says "connect {}"
}

impl Effect for Disconnect {
    fn class(&self) -> Option<FaultClass> {
        Some(FaultClass::Partitions)
    }

    fn undone_by(&self, _: &Healthy) -> Vec<Fault> {
        vec![Connect { of: self.of }.into()]
    }

    fn amiss<P: Peer, W: Watcher<P>>(
        world: &World<P, W>,
        spot: Spot,
        _: &Healthy,
    ) -> Option<Fault> {
        let Spot::Connection(of) = spot else { return None };
        (!world.is_connected(of)).then(|| Connect { of }.into())
    }

    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.disconnect(self.of);
    }
}

impl Effect for Connect {
    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.connect(self.of);
    }
}
