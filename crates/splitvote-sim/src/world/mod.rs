//! The world: peers, their clocks and disks, the network between them, and the loop.
//!
//! - `node`: one peer's place in the world.
//! - `events`: what can wait in the queue. `timers`: when peers want to be woken.
//! - `run`: the loop and its limits.
//! - `receive`: what arrives at a peer.
//! - `perform`: what a peer's step does to the world. `apply`: what it does to its state machine.
//! - `lifecycle`: boot, crash, clocks. `links`: partitions and rules.

mod apply;
mod events;
mod lifecycle;
mod links;
mod node;
mod perform;
mod receive;
mod run;
mod timers;
mod transmit;

use std::rc::Rc;

use splitvote_peer::{Message, Outbox, Peer, PeerId, PeerSet, SimTime, View};

use crate::chance::{Seed, Stream, StreamId};
use crate::clock::ClockProfile;
use crate::digest::Digest;
use crate::disk::DiskProfile;
use crate::machine::SnapshotProfile;
use crate::network::counters::Counters;
use crate::network::{InFlight, Network, NetworkProfile, Realistic};
use crate::overrides::Overrides;
use crate::queue::EventQueue;
use crate::watcher::Watcher;
use events::Event;
use node::Node;
pub use run::{Halt, Limits};
use timers::Timers;

/// All that shapes a world besides its peers.
#[derive(Clone, Debug)]
pub struct WorldConfig {
    /// How many peers, at least one and at most [`PeerId::MAX_PEERS`].
    pub peers: usize,
    /// What all chance derives from.
    pub seed: Seed,
    /// The network.
    pub network: NetworkProfile,
    /// What a partition does to packets on their way.
    pub in_flight: InFlight,
    /// The disks.
    pub disk: DiskProfile,
    /// When state machines make snapshots of themselves.
    pub snapshots: SnapshotProfile,
    /// The clocks.
    pub clocks: ClockProfile,
    /// When a run counts as endless.
    pub limits: Limits,
    /// Choices that are written down.
    pub overrides: Overrides,
}

impl WorldConfig {
    /// So many peers on a realistic network without faults.
    #[must_use]
    pub fn new(peers: usize, seed: Seed) -> Self {
        Self {
            peers,
            seed,
            network: NetworkProfile::Realistic(Realistic::default()),
            in_flight: InFlight::default(),
            disk: DiskProfile::default(),
            snapshots: SnapshotProfile::default(),
            clocks: ClockProfile::default(),
            limits: Limits::default(),
            overrides: Overrides::default(),
        }
    }
}

/// Why a world cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The number of peers is out of range.
    #[error("a cluster has 1 to {max} peers, not {peers}", max = PeerId::MAX_PEERS)]
    Peers {
        /// The number that was asked for.
        peers: usize,
    },
    /// Snapshots are too large.
    #[error("a snapshot has at most {max} bytes, not {bytes}", max = SnapshotProfile::MAX_BYTES)]
    Snapshot {
        /// The size that was asked for.
        bytes: usize,
    },
}

/// A deterministic world of peers.
#[derive(Clone)]
pub struct World<P: Peer, W: Watcher<P>> {
    now: SimTime,
    queue: EventQueue<Event<P::Message>>,
    timers: Timers,
    nodes: Vec<Node<P>>,
    network: Network<P::Message>,
    outbox: Outbox<P::Message, P::Record>,
    watcher: W,
    digest: Digest,
    /// The events handled so far.
    events: u64,
    /// What the loop has taken up so far, dead checks and stale syncs included.
    taken: u64,
    /// As many had been taken when the present instant began.
    taken_before_now: u64,
    changes_of_term: u64,
    packets: u64,
    requests: u64,
    disk: DiskProfile,
    snapshots: SnapshotProfile,
    limits: Limits,
    overrides: Rc<Overrides>,
    workload: Stream,
    nemesis: Stream,
}

impl<P: Peer, W: Watcher<P>> World<P, W> {
    /// A world at time zero in which every peer has booted with an empty disk.
    ///
    /// # Errors
    /// If the number of peers or the size of snapshots is out of range.
    pub fn new(config: &WorldConfig, peer: &P::Config, watcher: W) -> Result<Self, ConfigError> {
        Self::with_disks(config, peer, watcher, |_| Vec::new())
    }

    /// A world at time zero in which every peer has booted from the disk that `records` gives it.
    ///
    /// # Errors
    /// If the number of peers or the size of snapshots is out of range.
    pub fn with_disks(
        config: &WorldConfig,
        peer: &P::Config,
        watcher: W,
        mut records: impl FnMut(PeerId) -> Vec<P::Record>,
    ) -> Result<Self, ConfigError> {
        if config.peers == 0 || config.peers > PeerId::MAX_PEERS {
            return Err(ConfigError::Peers { peers: config.peers });
        }
        if config.snapshots.bytes > SnapshotProfile::MAX_BYTES {
            return Err(ConfigError::Snapshot { bytes: config.snapshots.bytes });
        }
        let overrides = Rc::new(config.overrides.clone());
        let nodes = PeerId::all(config.peers)
            .map(|id| Node::new(id, config, peer, records(id), &overrides))
            .collect();
        let kinds = <P::Message as Message>::KINDS;
        let mut world = Self {
            now: SimTime::ZERO,
            queue: EventQueue::with_room(config.limits.events_waiting),
            timers: Timers::new(config.peers),
            nodes,
            network: Network::new(
                config.peers,
                config.seed,
                config.network,
                config.in_flight,
                kinds,
            ),
            outbox: Outbox::default(),
            watcher,
            digest: Digest::default(),
            events: 0,
            taken: 0,
            taken_before_now: 0,
            changes_of_term: 0,
            packets: 0,
            requests: 0,
            disk: config.disk,
            snapshots: config.snapshots,
            limits: config.limits,
            overrides,
            workload: Stream::new(config.seed, StreamId::Workload),
            nemesis: Stream::new(config.seed, StreamId::Nemesis),
        };
        PeerId::all(config.peers).for_each(|id| world.boot(id));
        Ok(world)
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// All peers, dead or alive.
    pub fn peers(&self) -> impl DoubleEndedIterator<Item = PeerId> + Clone + use<P, W> {
        PeerId::all(self.nodes.len())
    }

    /// How many peers the cluster has.
    #[must_use]
    pub fn cluster_size(&self) -> usize {
        self.nodes.len()
    }

    /// The peers that are running.
    #[must_use]
    pub fn alive(&self) -> PeerSet {
        self.peers().filter(|id| self.peer(*id).is_some()).collect()
    }

    /// A peer's state machine, while it runs.
    #[must_use]
    pub fn peer(&self, id: PeerId) -> Option<&P> {
        self.nodes.get(id.index())?.peer.as_ref()
    }

    /// What a peer looks like, while it runs.
    #[must_use]
    pub fn view(&self, id: PeerId) -> Option<&View> {
        let node = self.nodes.get(id.index())?;
        node.peer.is_some().then_some(&node.view)
    }

    /// What a peer's disk holds, durable or not, oldest first.
    #[must_use]
    pub fn disk(&self, id: PeerId) -> impl ExactSizeIterator<Item = &P::Record> {
        self.nodes.get(id.index()).map(|node| node.disk.records()).unwrap_or_default()
    }

    /// The size of all that a peer's disk holds ([`splitvote_peer::Record::bytes`]): the lab's raft
    /// state.
    #[must_use]
    pub fn raft_state_bytes(&self, id: PeerId) -> u64 {
        self.nodes.get(id.index()).map_or(0, |node| node.disk.bytes())
    }

    /// The most that [`Self::raft_state_bytes`] was since [`Self::reset_raft_state_peaks`].
    #[must_use]
    pub fn raft_state_peak(&self, id: PeerId) -> u64 {
        self.nodes.get(id.index()).map_or(0, |node| node.disk.peak())
    }

    /// Forgets how large the raft state of any peer once was.
    pub fn reset_raft_state_peaks(&mut self) {
        self.nodes.iter_mut().for_each(|node| node.disk.reset_peak());
    }

    /// What the network has counted.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.network.counters
    }

    /// The requests handed to the present life of a peer (labrpc's `GetCount`).
    #[must_use]
    pub fn requests_dispatched(&self, id: PeerId) -> u64 {
        self.nodes.get(id.index()).map_or(0, |node| node.requests)
    }

    /// The events handled so far: packets, wakes, completed syncs, failed calls and client requests
    /// that reached a peer.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events
    }

    /// The digest over all events so far.
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.digest.value()
    }

    /// What sees every event.
    #[must_use]
    pub fn watcher(&self) -> &W {
        &self.watcher
    }

    /// What sees every event.
    pub fn watcher_mut(&mut self) -> &mut W {
        &mut self.watcher
    }

    /// Shows every running peer to the watcher.
    pub fn show_peers(&mut self, mut show: impl FnMut(&mut W, PeerId, &P)) {
        for (id, node) in PeerId::all(self.nodes.len()).zip(&self.nodes) {
            if let Some(peer) = &node.peer {
                show(&mut self.watcher, id, peer);
            }
        }
    }

    /// The stream for choices of clients.
    pub fn workload(&mut self) -> &mut Stream {
        &mut self.workload
    }

    /// The stream for choices of faults.
    pub fn nemesis(&mut self) -> &mut Stream {
        &mut self.nemesis
    }
}
