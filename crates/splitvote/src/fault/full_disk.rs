//! Disks without space for another record.

use splitvote_peer::Peer;
use splitvote_sim::{Watcher, World};

use super::kind::{Effect, on_peers};
use super::{Fault, FaultClass, Healthy, Restart, Spot};

on_peers! {
    /// Leaves the disk of a peer no space for another record.
    FillDisk: "fill-disk" says "fill the disk of {}"
}

on_peers! {
    /// Makes space on a disk that [`FillDisk`] has filled.
    FreeDisk: "free-disk" says "make space on the disk of {}"
}

impl Effect for FillDisk {
    fn class(&self) -> Option<FaultClass> {
        Some(FaultClass::Disks)
    }

    /// The peer may have stopped.
    fn undone_by(&self, _: &Healthy) -> Vec<Fault> {
        vec![FreeDisk { of: self.of }.into(), Restart { of: self.of }.into()]
    }

    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.fill_disk(self.of);
    }
}

impl Effect for FreeDisk {
    /// A peer whose disk is full is about to stop, in the core of a calm or elsewhere.
    fn amiss<P: Peer, W: Watcher<P>>(
        world: &World<P, W>,
        spot: Spot,
        _: &Healthy,
    ) -> Option<Fault> {
        let Spot::Ahead(of) = spot else { return None };
        world.is_disk_full(of).then(|| FreeDisk { of }.into())
    }

    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.free_disk(self.of);
    }
}
