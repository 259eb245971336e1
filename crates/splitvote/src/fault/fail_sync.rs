//! Syncs that fail with an I/O error, of which the peer is told.

use splitvote_peer::{DiskError, Peer};
use splitvote_sim::{Watcher, World};

use super::kind::{Effect, on_peers};
use super::{Disarm, Fault, FaultClass, Healthy, Restart};

on_peers! {
    /// Lets a sync of a peer fail when the peer has asked for `after` more. [`Disarm`] takes it back.
    FailSync: "fail-sync" says "fail a sync of {} after {}",
    /// How many more syncs do not fail.
    after: Count as "after" by count(0..1_000_001, 0)
}

impl Effect for FailSync {
    fn class(&self) -> Option<FaultClass> {
        Some(FaultClass::Disks)
    }

    /// The peer may have stopped.
    fn undone_by(&self, _: &Healthy) -> Vec<Fault> {
        vec![Disarm { of: self.of }.into(), Restart { of: self.of }.into()]
    }

    fn simpler(&self) -> Vec<Fault> {
        let fewer = [0, 1, self.after / 2].into_iter().filter(|fewer| *fewer < self.after);
        fewer.map(|after| Self { after, ..self.clone() }.into()).collect()
    }

    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.fail_sync(self.of, self.after, DiskError::Io);
    }
}
