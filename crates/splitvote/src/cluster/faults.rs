//! What a test may do to a cluster.

use std::time::Duration;

use splitvote_peer::{Damage, Peer, PeerId};
use splitvote_sim::{DiskProfile, NetworkProfile, Packet, RecordKind, RuleGuard, Verdict};

use super::Cluster;
use crate::failure::Failure;
use crate::fault::{
    Clog, Connect, Crash, CrashAtSend, CrashAtWrite, Cut, Delay, Disarm, Disconnect, Disk,
    DriftClock, ElectionTimeout, FailSync, FillDisk, FreeDisk, Heal, MendDisk, Network, OrderTasks,
    Partition, Pause, Restart, Restore, Resume, Rot, ShuffleTasks, StepClock, Unclog,
};

/// Declares methods that do one thing to the peers that they name.
macro_rules! acts {
    ($($(#[doc = $what:literal])+ $name:ident($($field:ident: $type:ty),+) => $act:expr;)+) => {
        impl<P: Peer> Cluster<P> {
            $($(#[doc = $what])+
            ///
            /// # Errors
            /// If the cluster has no such peer.
            pub fn $name(&mut self, $($field: $type),+) -> Result<(), Failure> {
                self.act($act)
            })+
        }
    };
}

acts! {
    /// Crashes a peer instead of a disk operation, when it has completed `after` more.
    crash_at_write(peer: PeerId, after: u64) => CrashAtWrite { of: peer, after };

    /// Crashes a peer instead of letting it send a message, when it has sent `after` more; the rest of that
    /// step is lost.
    crash_at_send(peer: PeerId, after: u64) => CrashAtSend { of: peer, after };

    /// Takes back what [`Self::crash_at_write`], [`Self::crash_at_send`] and [`Self::fail_sync`] have armed.
    disarm(peer: PeerId) => Disarm { of: peer };

    /// Lets a peer take no steps until [`Self::resume`], as a SIGSTOP or a long garbage collection does.
    /// Its clock goes on, its disk works on, and what reaches it waits. Does nothing if it is down.
    pause(peer: PeerId) => Pause { of: peer };

    /// Lets a paused peer go on: all that waited for it reaches it now, in order, and its timer goes off
    /// if it is overdue.
    resume(peer: PeerId) => Resume { of: peer };

    /// For so long nothing arrives over the directed link; what was to arrive, also what is under way
    /// already, arrives at the end of that time, in order. A later clog may prolong it, never shorten
    /// it.
    clog(from: PeerId, to: PeerId, for_: Duration) => Clog { from, to, lasts: for_ };

    /// Lifts a clog before its time: what it holds up arrives now, in order.
    unclog(from: PeerId, to: PeerId) => Unclog { from, to };

    /// Sets a peer's clock forward.
    step_clock(peer: PeerId, by: Duration) => StepClock { of: peer, by };

    /// From now on a peer's clock runs faster than virtual time by so many parts per million, half a
    /// million either way at most.
    set_clock_drift(peer: PeerId, drift_ppm: i32) => DriftClock { of: peer, ppm: drift_ppm };

    /// Isolates a peer from all others, as the lab does.
    disconnect(peer: PeerId) => Disconnect { of: peer };

    /// Takes [`Self::disconnect`] back.
    connect(peer: PeerId) => Connect { of: peer };

    /// Cuts one directed link.
    cut(from: PeerId, to: PeerId) => Cut { from, to };

    /// Restores one directed link.
    restore(from: PeerId, to: PeerId) => Restore { from, to };

    /// From now on every packet on the directed link takes that much longer.
    delay(from: PeerId, to: PeerId, extra: Duration) => Delay { from, to, by: extra };

    /// Crashes a peer; its disk keeps what was synced.
    crash(peer: PeerId) => Crash { of: peer };

    /// Starts a peer that is down.
    restart(peer: PeerId) => Restart { of: peer };

    /// Lets a sync of a peer fail with an I/O error when the peer has asked for `after` more.
    fail_sync(peer: PeerId, after: u64) => FailSync { of: peer, after };

    /// Leaves the disk of a peer no space for another record, until [`Self::free_disk`].
    fill_disk(peer: PeerId) => FillDisk { of: peer };

    /// Makes space on a disk that [`Self::fill_disk`] has filled.
    free_disk(peer: PeerId) => FreeDisk { of: peer };

    /// Damages a durable record on the disk of a peer, one of this kind with `back` newer ones: the next boot is told,
    /// or does not find it. Does nothing if the disk holds no such record. No Raft survives damage of which nothing
    /// tells.
    rot(peer: PeerId, record: RecordKind, back: u64, damage: Damage) => Rot { of: peer, record, back, damage };

    /// Mends all that [`Self::rot`] has damaged on the disk of a peer.
    mend_disk(peer: PeerId) => MendDisk { of: peer };

    /// From now on every election timeout that the peer draws is this; `None` lets it draw again.
    fix_election_timeout(peer: PeerId, timeout: Option<Duration>) => ElectionTimeout { of: peer, is: timeout };

    /// Has the next of a peer's ready tasks drawn until [`Self::order_tasks`]. A Raft without tasks leaves it aside.
    shuffle_tasks(peer: PeerId) => ShuffleTasks { of: peer };

    /// Lets that task of a peer run next that was woken first.
    order_tasks(peer: PeerId) => OrderTasks { of: peer };
}

impl<P: Peer> Cluster<P> {
    /// From now on all disks behave like that.
    pub fn set_disk(&mut self, disk: DiskProfile) {
        self.disturb(Disk(disk));
    }

    /// Cuts every link between peers that share no group, and restores every link within one. A
    /// peer in no group is alone; a peer in several is a bridge.
    ///
    /// # Errors
    /// If the cluster has no such peer.
    pub fn partition(&mut self, groups: &[&[PeerId]]) -> Result<(), Failure> {
        // A set holds no peer that no cluster can have.
        self.has_all(groups.iter().flat_map(|group| group.iter().copied()))?;
        let groups = groups.iter().map(|group| group.iter().copied().collect()).collect();
        self.act(Partition { groups })
    }

    /// Restores every link and connects every peer.
    pub fn heal(&mut self) {
        self.disturb(Heal);
    }

    /// From now on the network is another.
    pub fn set_network(&mut self, network: NetworkProfile) {
        self.disturb(Network(network));
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
