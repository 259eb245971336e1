//! The world: peers, their clocks and disks, the network between them, and the loop.
//!
//! - `config`: what a world is made from. `inspect`: what can be seen of it.
//! - `node`: one peer's place in the world.
//! - `events`: what can wait in the queue. `timers`: when peers want to be woken.
//! - `run`: the loop. `limits`: when it ends without end.
//! - `receive`: what arrives at a peer. `step`: the step that follows.
//! - `perform`: what a peer's step does to the world. `apply`: what it does to its state machine.
//! - `transmit`, `transmit_labrpc`: what the network does to a packet that leaves.
//! - `contract`: what a peer is held to.
//! - `lifecycle`: boot, crash, clocks. `pause`: peers that stop for a while.
//! - `disks`: syncs that end, and disks that fail and rot.
//! - `links`: partitions and rules. `clog`: links that hold up what they carry.

mod apply;
mod clog;
mod config;
mod contract;
mod disks;
mod events;
mod inspect;
mod lifecycle;
mod limits;
mod links;
mod node;
mod pause;
mod perform;
mod receive;
mod run;
mod step;
mod timers;
mod transmit;
mod transmit_labrpc;

use std::rc::Rc;

use splitvote_peer::{Breach, Message, Outbox, Peer, PeerId, SimTime};

use crate::chance::{Stream, StreamId};
use crate::digest::Digest;
use crate::disk::DiskProfile;
use crate::dues::Dues;
use crate::machine::SnapshotProfile;
use crate::network::Network;
use crate::overrides::{Decisions, Overrides};
use crate::pulse::Pulse;
use crate::queue::EventQueue;
use crate::watcher::Watcher;
use clog::Clogs;
pub use config::{ConfigError, WorldConfig};
use contract::Overdue;
use events::Event;
pub use inspect::Task;
pub use limits::{Halt, Limits};
use node::Node;
use timers::Timers;

/// A deterministic world of peers.
#[derive(Clone)]
pub struct World<P: Peer, W: Watcher<P>> {
    now: SimTime,
    queue: EventQueue<Event<P::Message>>,
    timers: Timers,
    nodes: Vec<Node<P>>,
    network: Network<P::Message>,
    clogs: Clogs<P::Message>,
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
    /// The work besides events so far, and an upper bound of the bytes that are kept.
    work: u64,
    kept: u64,
    /// What is kept by whoever drives this world.
    noted: u64,
    packets: u64,
    requests: u64,
    disk: DiskProfile,
    snapshots: SnapshotProfile,
    limits: Limits,
    overrides: Rc<Overrides>,
    /// What rules have said of packets, if that is kept.
    decisions: Option<Decisions>,
    workload: Stream,
    nemesis: Stream,
    /// How often each call was handed to its receiver and is not answered yet; of clients' requests, too.
    calls_due: Dues,
    requests_due: Dues,
    /// How often in a row a peer was woken in vain.
    overdue: Overdue,
    /// The breach of the contract that ends the run.
    breach: Option<Box<Breach>>,
    /// Whom the world calls, and what for.
    pulse: Pulse,
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
        let pulse = watcher.pulse();
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
            clogs: Clogs::new(),
            outbox: Outbox::default(),
            watcher,
            digest: Digest::default(),
            events: 0,
            taken: 0,
            taken_before_now: 0,
            changes_of_term: 0,
            work: 0,
            kept: 0,
            noted: 0,
            packets: 0,
            requests: 0,
            disk: config.disk,
            snapshots: config.snapshots,
            limits: config.limits,
            overrides,
            decisions: None,
            workload: Stream::new(config.seed, StreamId::Workload),
            nemesis: Stream::new(config.seed, StreamId::Nemesis),
            calls_due: Dues::default(),
            requests_due: Dues::default(),
            overdue: Overdue::default(),
            breach: None,
            pulse,
        };
        PeerId::all(config.peers).for_each(|id| world.boot(id));
        Ok(world)
    }
}
