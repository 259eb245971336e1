//! Which acts make the core healthy, and all other faults permanent.
//!
//! Every one is a [`Fault`], so that a plan can do it again. Each kind of fault knows what ends it, and only what is
//! amiss is mended, so that a plan stays short. Network and disks are everybody's: they go back to what the cluster was built with, without
//! whatever a healthy network does not do. Elsewhere:
//! - a peer that is down stays down, one that is paused stays paused, a cut link stays cut;
//! - a clogged link is cut, for a clog would end;
//! - a crash that is armed is taken back, for it would be a new fault.

use splitvote_peer::{Peer, PeerId, PeerSet};
use splitvote_sim::{DiskProfile, NetworkProfile, Probability, SlowSync};

use crate::cluster::{Base, Cluster};
use crate::fault::{Cut, Fault, FaultClass, FaultClasses, Healthy, Profile as _, Spot};

impl Base {
    /// The network in a calm: as slow as ever, and it neither loses nor repeats anything.
    pub(crate) fn calm_network(&self) -> NetworkProfile {
        let faults = [
            FaultClass::Loss,
            FaultClass::Duplication,
            FaultClass::Reordering,
            FaultClass::StaleReplay,
        ];
        self.network.without(FaultClasses::from_iter(faults))
    }

    /// The disks in a calm: honest and quick.
    pub(crate) fn calm_disk(&self) -> DiskProfile {
        let (slow_sync, never) = (SlowSync::default(), Probability::NEVER);
        DiskProfile { slow_sync, lying: never, failing: never, ..self.disk }
    }
}

impl<P: Peer> Cluster<P> {
    /// Ends every fault within the core.
    pub(super) fn become_calm(&mut self, core: PeerSet) {
        let (network, disk) = (self.base.calm_network(), self.base.calm_disk());
        let healthy = Healthy { network, disk, drift_ppm: self.base.drift_ppm.clone() };
        let mut faults = Vec::new();
        let mut mend = |spot| faults.extend(Fault::amiss(self.world(), spot, &healthy));
        mend(Spot::Cluster);
        self.peers().for_each(|peer| mend(Spot::Ahead(peer)));
        faults.extend(self.cuts_around(core));
        let mut mend = |spot| faults.extend(Fault::amiss(self.world(), spot, &healthy));
        core.iter().for_each(|peer| mend(Spot::Connection(peer)));
        for from in core.iter() {
            core.iter().filter(|to| *to != from).for_each(|to| mend(Spot::Link(from, to)));
        }
        core.iter().for_each(|peer| mend(Spot::Peer(peer)));
        faults.into_iter().for_each(|fault| self.disturb(fault));
    }

    /// What keeps links as they are that do not lie within the core. What is down only because an end is
    /// disconnected would come up with that end, and a clog would end.
    fn cuts_around(&self, core: PeerSet) -> Vec<Fault> {
        let world = self.world();
        let pairs = self.peers().flat_map(|from| self.peers().map(move |to| (from, to)));
        let is_outer = |(from, to): &(PeerId, PeerId)| {
            from != to && !(core.contains(*from) && core.contains(*to))
        };
        let would_come_up = |peer: PeerId| core.contains(peer) && !world.is_connected(peer);
        let ends = |(from, to): &(PeerId, PeerId)| {
            would_come_up(*from) || would_come_up(*to) || world.is_clogged(*from, *to)
        };
        pairs.filter(is_outer).filter(ends).map(|(from, to)| Cut { from, to }.into()).collect()
    }
}
