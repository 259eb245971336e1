//! Which acts make the core healthy, and all other faults permanent.
//!
//! Every one is a [`Fault`], so that a plan can do it again. Each kind of fault knows what ends it, and only what is
//! amiss is mended, so that a plan stays short. Network and disks are everybody's: they go back to what the cluster
//! was built with, without whatever a healthy network does not do. Elsewhere:
//! - a peer that is down stays down, one that is paused stays paused, a cut link stays cut;
//! - a clogged link is cut, for a clog would end;
//! - a crash that is armed is taken back, for it would be a new fault.

use splitvote_peer::{Peer, PeerId, PeerSet};
use splitvote_sim::{DiskProfile, NetworkProfile, Probability, SlowSync};

use super::sight::{Base, Sight, Watched};
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

/// Ends every fault within the core.
pub(crate) fn mend(cluster: &mut impl Watched, core: PeerSet) {
    cluster.sight().amiss(core).into_iter().for_each(|fault| cluster.disturb(fault));
}

impl<P: Peer> Sight<'_, P> {
    /// What ends each fault within the core.
    fn amiss(&self, core: PeerSet) -> Vec<Fault> {
        let (network, disk) = (self.base.calm_network(), self.base.calm_disk());
        let healthy = Healthy { network, disk, drift_ppm: self.base.drift_ppm.clone() };
        let all = std::iter::once(Spot::Cluster).chain(self.world.peers().map(Spot::Ahead));
        let pairs = core.iter().flat_map(|from| core.iter().map(move |to| (from, to)));
        let links = pairs.filter(|(from, to)| from != to).map(|(from, to)| Spot::Link(from, to));
        let within =
            core.iter().map(Spot::Connection).chain(links).chain(core.iter().map(Spot::Peer));
        let mend = |spot| Fault::amiss(self.world, spot, &healthy);
        all.flat_map(mend).chain(self.cuts_around(core)).chain(within.flat_map(mend)).collect()
    }

    /// What keeps links as they are that do not lie within the core. What is down only because an end is
    /// disconnected would come up with that end, and a clog would end.
    fn cuts_around(&self, core: PeerSet) -> Vec<Fault> {
        let world = self.world;
        let pairs = world.peers().flat_map(|from| world.peers().map(move |to| (from, to)));
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
