//! All that judging liveness needs of a cluster: what it sees ([`Sight`]), and what it does ([`Watched`]).

use std::time::Duration;

use splitvote_peer::{Command, Peer, PeerId, PeerSet, RequestId, Settings, SimTime, Term, View};
use splitvote_sim::{DiskProfile, NetworkProfile, SnapshotProfile, World};

use crate::court::Court;
use crate::failure::Failure;
use crate::fault::Fault;

/// A cluster whose liveness is judged.
pub(crate) trait Watched {
    /// The Raft that it runs.
    type Peer: Peer;

    /// What there is to see now.
    fn sight(&self) -> Sight<'_, Self::Peer>;

    /// Who judges and records it.
    fn court_mut(&mut self) -> &mut Court;

    /// Lets virtual time pass; fails if a safety property is violated or the run does not end.
    fn run_for(&mut self, duration: Duration) -> Result<(), Failure>;

    /// Lets a fault happen, or ends one.
    fn disturb(&mut self, fault: Fault);

    /// Proposes a command unlike all others to a peer. `None`: the peer is down.
    fn propose_probe(&mut self, to: PeerId) -> Option<Probe>;
}

/// What a cluster was built with, and a calm comes back to.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    pub(crate) network: NetworkProfile,
    pub(crate) disk: DiskProfile,
    /// How fast each peer's clock runs, in parts per million beyond virtual time.
    pub(crate) drift_ppm: Vec<i32>,
    pub(crate) snapshots: SnapshotProfile,
    /// The longest election timeout that anybody may have drawn or been given.
    pub(crate) longest_timeout: Duration,
}

/// A probe on its way.
pub(crate) struct Probe {
    pub(crate) request: RequestId,
    pub(crate) command: Command,
}

/// What there is to see of a cluster.
pub(crate) struct Sight<'a, P: Peer> {
    pub(crate) world: &'a World<P, Court>,
    pub(crate) settings: &'a Settings,
    pub(crate) base: &'a Base,
    /// Whether clients are at work.
    pub(crate) has_clients: bool,
}

impl<P: Peer> Sight<'_, P> {
    pub(super) fn now(&self) -> SimTime {
        self.world.now()
    }

    pub(super) fn view(&self, peer: PeerId) -> Option<&View> {
        self.world.view(peer)
    }

    pub(super) fn court(&self) -> &Court {
        self.world.watcher()
    }

    pub(super) fn highest_term(&self, peers: PeerSet) -> Term {
        peers.iter().filter_map(|peer| Some(self.view(peer)?.term)).max().unwrap_or(0)
    }
}
