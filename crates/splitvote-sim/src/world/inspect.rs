//! What can be seen of a world from outside.

use splitvote_peer::{History, Input, LogIndex, LogPosition, Peer, PeerId, PeerSet, SimTime, View};

use super::World;
use crate::chance::Stream;
use crate::disk::{DiskProfile, Peak};
use crate::network::counters::Counters;
use crate::watcher::Watcher;

/// What a peer is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// The peer starts.
    Boot,
    /// Its timer went off.
    Wake,
    /// A packet arrived.
    Packet,
    /// A call of its own failed.
    FailedCall,
    /// Its disk has done what it was asked for.
    Sync,
    /// Its disk has failed to do that.
    FailedSync,
    /// A client proposes a command.
    Proposal,
    /// Its state machine made a snapshot of itself.
    Snapshot,
    /// It crashes, and is dropped.
    Drop,
}

impl Task {
    /// All of them.
    pub(crate) const ALL: [Self; 9] = [
        Self::Boot,
        Self::Wake,
        Self::Packet,
        Self::FailedCall,
        Self::Sync,
        Self::FailedSync,
        Self::Proposal,
        Self::Snapshot,
        Self::Drop,
    ];

    #[inline]
    pub(super) fn of<M>(input: &Input<'_, M>) -> Self {
        match input {
            Input::Request { .. } | Input::Message { .. } | Input::Reply { outcome: Ok(_), .. } => {
                Self::Packet
            }
            Input::Reply { outcome: Err(_), .. } => Self::FailedCall,
            Input::Wake => Self::Wake,
            Input::Synced(_) => Self::Sync,
            Input::Propose { .. } => Self::Proposal,
            Input::Snapshot(_) => Self::Snapshot,
        }
    }
}

impl<P: Peer, W: Watcher<P>> World<P, W> {
    /// Whom the world called last, and what for: who is to blame when that call panics.
    #[must_use]
    pub fn called(&self) -> Option<(PeerId, Task)> {
        self.pulse.called().map(|called| (called.peer, called.task))
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

    /// The peers that are up, paused or not.
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

    /// What each peer looks like, in their order; `None` for one that is down.
    pub fn views(&self) -> impl Iterator<Item = Option<&View>> {
        self.nodes.iter().map(|node| node.peer.is_some().then_some(&node.view))
    }

    /// Whether a sync of the present life of a peer is under way. It may be paused meanwhile.
    #[must_use]
    pub fn is_syncing(&self, id: PeerId) -> bool {
        self.nodes.get(id.index()).is_some_and(|node| node.syncs_under_way > 0)
    }

    /// Whether a crash now could lose records of a peer: not all that it wrote is durable.
    #[must_use]
    pub fn has_unsynced(&self, id: PeerId) -> bool {
        self.nodes.get(id.index()).is_some_and(|node| node.disk.has_unsynced())
    }

    /// How disks behave now.
    #[must_use]
    pub fn disk_profile(&self) -> DiskProfile {
        self.disk
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

    /// The most that [`Self::raft_state_bytes`] was since [`Self::reset_raft_state_peaks`], and in how many records.
    #[must_use]
    pub fn raft_state_peak(&self, id: PeerId) -> Peak {
        self.nodes.get(id.index()).map(|node| node.disk.peak()).unwrap_or_default()
    }

    /// Forgets how large the raft state of any peer once was.
    pub fn reset_raft_state_peaks(&mut self) {
        self.nodes.iter_mut().for_each(|node| node.disk.reset_peak());
    }

    /// The index of the last entry that a peer's state machine applied or was restored to; 0 while
    /// the peer is down.
    #[must_use]
    pub fn applied(&self, id: PeerId) -> LogIndex {
        self.machine_state(id).0.index
    }

    /// The last entry that a peer's state machine applied or was restored to, and what it amounts
    /// to. A peer that is down has an empty machine.
    #[must_use]
    pub fn machine_state(&self, id: PeerId) -> (LogPosition, History) {
        let empty = (LogPosition::default(), History::EMPTY);
        self.nodes.get(id.index()).map_or(empty, |node| node.machine.state())
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

    /// When the last of all that is under way now will have happened: packets, syncs, snapshots and the
    /// ends of clogs, but no timers. None if nothing is.
    #[must_use]
    pub fn last_event_at(&self) -> Option<SimTime> {
        self.queue.last_at()
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
