//! Which acts make the core healthy, and all other faults permanent.
//!
//! Every one is an [`Act`], so that a plan can do it again, and only what is amiss is mended, so that a plan
//! stays short. Network and disks are everybody's: they go back to what the cluster was built with, without
//! whatever a healthy network does not do. Elsewhere:
//! - a peer that is down stays down, one that is paused stays paused, a cut link stays cut;
//! - a clogged link is cut, for a clog would end;
//! - a crash that is armed is taken back, for it would be a new fault.

use std::time::Duration;

use splitvote_peer::{Peer, PeerId, PeerSet};
use splitvote_sim::{DiskProfile, NetworkProfile, Probability, SlowSync};

use crate::act::{Act, FaultClass, FaultClasses, Without as _};
use crate::cluster::{Base, Cluster};

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
        let (slow_sync, lying) = (SlowSync::default(), Probability::NEVER);
        DiskProfile { slow_sync, lying, ..self.disk }
    }
}

impl<P: Peer> Cluster<P> {
    /// Ends every fault within the core.
    pub(super) fn become_calm(&mut self, core: PeerSet) {
        let mut acts = Vec::new();
        let (network, disk) = (self.base.calm_network(), self.base.calm_disk());
        if self.world().network() != network {
            acts.push(Act::Network(network));
        }
        if self.world().disk_profile() != disk {
            acts.push(Act::Disk(disk));
        }
        let armed = self.peers().filter(|peer| self.world().is_armed(*peer));
        acts.extend(armed.map(Act::Disarm));
        self.mend_links(core, &mut acts);
        core.iter().for_each(|peer| self.mend_peer(peer, &mut acts));
        acts.iter().for_each(|act| self.act(act));
    }

    fn mend_links(&self, core: PeerSet, acts: &mut Vec<Act>) {
        let world = self.world();
        let pairs = || self.peers().flat_map(|from| self.peers().map(move |to| (from, to)));
        let links = || pairs().filter(|(from, to)| from != to);
        let is_inner = |(from, to): (PeerId, PeerId)| core.contains(from) && core.contains(to);
        // What is down only because an end is disconnected would come up with that end.
        let is_off = |peer: &PeerId| core.contains(*peer) && !world.is_connected(*peer);
        let would_come_up = |from: PeerId, to: PeerId| is_off(&from) || is_off(&to);
        for (from, to) in links().filter(|link| !is_inner(*link)) {
            if would_come_up(from, to) || world.is_clogged(from, to) {
                acts.push(Act::Cut { from, to });
            }
        }
        acts.extend(core.iter().filter(is_off).map(Act::Connect));
        for (from, to) in links().filter(|link| is_inner(*link)) {
            if !world.is_up(from, to) {
                acts.push(Act::Restore { from, to });
            }
            if !world.extra_delay(from, to).is_zero() {
                acts.push(Act::Delay { from, to, by: Duration::ZERO });
            }
            if world.is_clogged(from, to) {
                acts.push(Act::Unclog { from, to });
            }
        }
    }

    fn mend_peer(&self, peer: PeerId, acts: &mut Vec<Act>) {
        let world = self.world();
        let ppm = self.base.drift_ppm.get(peer.index()).copied().unwrap_or(0);
        if world.clock_drift(peer) != ppm {
            acts.push(Act::DriftClock { peer, ppm });
        }
        if world.fixed_election_timeout(peer).is_some() {
            acts.push(Act::ElectionTimeout { peer, is: None });
        }
        if self.view(peer).is_none() {
            acts.push(Act::Restart(peer));
        } else if world.is_paused(peer) {
            acts.push(Act::Resume(peer));
        }
    }
}
