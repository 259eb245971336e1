//! What a test may do to a cluster.

use std::time::Duration;

use splitvote_peer::{Peer, PeerId, PeerSet};
use splitvote_sim::{DiskProfile, NetworkProfile, Packet, RuleGuard, Verdict};

use super::Cluster;
use crate::failure::Failure;
use crate::fault::{
    Clog, Connect, Crash, CrashAtSend, CrashAtWrite, Cut, Delay, Disarm, Disconnect, Disk,
    DriftClock, ElectionTimeout, Heal, Network, Partition, Pause, Restart, Restore, Resume,
    StepClock, Unclog,
};

impl<P: Peer> Cluster<P> {
    /// Crashes a peer at its next persistence operation but so many, before it is carried out.
    ///
    /// # Errors
    /// If the cluster has no such peer.
    pub fn crash_at_write(&mut self, peer: PeerId, after: u64) -> Result<(), Failure> {
        self.act(CrashAtWrite { of: peer, after })
    }

    /// Crashes a peer instead of letting it send its next message but so many; the rest of that step
    /// is lost.
    ///
    /// # Errors
    /// If the cluster has no such peer.
    pub fn crash_at_send(&mut self, peer: PeerId, after: u64) -> Result<(), Failure> {
        self.act(CrashAtSend { of: peer, after })
    }

    /// Takes back what [`Self::crash_at_write`] and [`Self::crash_at_send`] have armed.
    ///
    /// # Errors
    /// If the cluster has no such peer.
    pub fn disarm(&mut self, peer: PeerId) -> Result<(), Failure> {
        self.act(Disarm { of: peer })
    }

    /// Lets a peer take no steps until [`Self::resume`], as a SIGSTOP or a long garbage collection does.
    /// Its clock goes on, its disk works on, and what reaches it waits. Does nothing if it is down.
    ///
    /// # Errors
    /// If the cluster has no such peer.
    pub fn pause(&mut self, peer: PeerId) -> Result<(), Failure> {
        self.act(Pause { of: peer })
    }

    /// Lets a paused peer go on: all that waited for it reaches it now, in order, and its timer goes off
    /// if it is overdue.
    ///
    /// # Errors
    /// If the cluster has no such peer.
    pub fn resume(&mut self, peer: PeerId) -> Result<(), Failure> {
        self.act(Resume { of: peer })
    }

    /// For so long nothing arrives over the directed link; what was to arrive, also what is under way
    /// already, arrives at the end of that time, in order. A later clog may prolong it, never shorten
    /// it.
    ///
    /// # Errors
    /// If the cluster has no such peer.
    pub fn clog(&mut self, from: PeerId, to: PeerId, for_: Duration) -> Result<(), Failure> {
        self.act(Clog { from, to, lasts: for_ })
    }

    /// Lifts a clog before its time: what it holds up arrives now, in order.
    ///
    /// # Errors
    /// If the cluster has no such peer.
    pub fn unclog(&mut self, from: PeerId, to: PeerId) -> Result<(), Failure> {
        self.act(Unclog { from, to })
    }

    /// Sets a peer's clock forward.
    ///
    /// # Errors
    /// If the cluster has no such peer.
    pub fn step_clock(&mut self, peer: PeerId, by: Duration) -> Result<(), Failure> {
        self.act(StepClock { of: peer, by })
    }

    /// From now on a peer's clock runs faster than virtual time by so many parts per million, half a
    /// million either way at most.
    ///
    /// # Errors
    /// If the cluster has no such peer.
    pub fn set_clock_drift(&mut self, peer: PeerId, drift_ppm: i32) -> Result<(), Failure> {
        self.act(DriftClock { of: peer, ppm: drift_ppm })
    }

    /// From now on all disks behave like that.
    pub fn set_disk(&mut self, disk: DiskProfile) {
        self.disturb(Disk(disk));
    }

    /// Isolates a peer from all others, as the lab does.
    ///
    /// # Errors
    /// If the cluster has no such peer.
    pub fn disconnect(&mut self, peer: PeerId) -> Result<(), Failure> {
        self.act(Disconnect { of: peer })
    }

    /// Takes [`Self::disconnect`] back.
    ///
    /// # Errors
    /// If the cluster has no such peer.
    pub fn connect(&mut self, peer: PeerId) -> Result<(), Failure> {
        self.act(Connect { of: peer })
    }

    /// Cuts every link between peers that share no group, and restores every link within one. A
    /// peer in no group is alone; a peer in several is a bridge.
    ///
    /// # Errors
    /// If the cluster has no such peer.
    pub fn partition(&mut self, groups: &[&[PeerId]]) -> Result<(), Failure> {
        let groups: Vec<PeerSet> =
            groups.iter().map(|group| group.iter().copied().collect()).collect();
        self.act(Partition { groups })
    }

    /// Cuts one directed link.
    ///
    /// # Errors
    /// If the cluster has no such peer.
    pub fn cut(&mut self, from: PeerId, to: PeerId) -> Result<(), Failure> {
        self.act(Cut { from, to })
    }

    /// Restores one directed link.
    ///
    /// # Errors
    /// If the cluster has no such peer.
    pub fn restore(&mut self, from: PeerId, to: PeerId) -> Result<(), Failure> {
        self.act(Restore { from, to })
    }

    /// Restores every link and connects every peer.
    pub fn heal(&mut self) {
        self.disturb(Heal);
    }

    /// From now on every packet on the directed link takes that much longer.
    ///
    /// # Errors
    /// If the cluster has no such peer.
    pub fn delay(&mut self, from: PeerId, to: PeerId, extra: Duration) -> Result<(), Failure> {
        self.act(Delay { from, to, by: extra })
    }

    /// Crashes a peer; its disk keeps what was synced.
    ///
    /// # Errors
    /// If the cluster has no such peer.
    pub fn crash(&mut self, peer: PeerId) -> Result<(), Failure> {
        self.act(Crash { of: peer })
    }

    /// Starts a peer that is down.
    ///
    /// # Errors
    /// If the cluster has no such peer.
    pub fn restart(&mut self, peer: PeerId) -> Result<(), Failure> {
        self.act(Restart { of: peer })
    }

    /// From now on the network is another.
    pub fn set_network(&mut self, network: NetworkProfile) {
        self.disturb(Network(network));
    }

    /// From now on every election timeout that the peer draws is this; `None` lets it draw again.
    ///
    /// # Errors
    /// If the cluster has no such peer.
    pub fn fix_election_timeout(
        &mut self,
        peer: PeerId,
        timeout: Option<Duration>,
    ) -> Result<(), Failure> {
        self.act(ElectionTimeout { of: peer, is: timeout })
    }

    /// Installs a rule on single packets, which is lifted when its guard drops. The rule is given
    /// the packet and the number of packets that it has decided on before.
    pub fn rule(
        &mut self,
        decide: impl Fn(&Packet<'_, P::Message>, u64) -> Verdict + 'static,
    ) -> RuleGuard {
        self.world.install_rule(decide)
    }
}
