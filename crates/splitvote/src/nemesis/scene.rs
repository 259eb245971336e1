//! The cluster as the nemesis sees it. Who is about to win, and whose vote decides: see `aim`.

use splitvote_peer::{Peer, PeerId, PeerSet, Role, SimTime, Timing, View};
use splitvote_sim::{DiskProfile, NetworkProfile, Stream, Watcher, World};

pub(crate) use super::aim::Aim;
use super::promise::Promise;
use crate::fault::{Fault, Network};

/// What parts look at. A copy, so that they cannot touch the cluster but by faults.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) now: SimTime,
    /// What each peer looks like; `None` for one that is down.
    pub(crate) views: Vec<Option<View>>,
    /// The peers whose disks are at work on a sync.
    pub(crate) syncing: PeerSet,
    pub(crate) timing: Timing,
    pub(crate) network: NetworkProfile,
    pub(crate) disk: DiskProfile,
}

#[cfg(test)]
impl Scene {
    /// So many running peers of term 1 under this leader, for tests.
    pub(crate) fn under(peers: usize, leader: u8) -> Self {
        let view = |peer: PeerId| {
            let role = if peer.0 == leader { Role::Leader } else { Role::Follower };
            Some(View { role, term: 1, ..View::NEW })
        };
        Self {
            now: SimTime::ZERO,
            views: PeerId::all(peers).map(view).collect(),
            syncing: PeerSet::EMPTY,
            timing: Timing::default(),
            network: NetworkProfile::Realistic(splitvote_sim::Realistic::default()),
            disk: DiskProfile::default(),
        }
    }
}

impl Scene {
    pub(super) fn of<P: Peer>(world: &World<P, impl Watcher<P>>, timing: Timing) -> Self {
        let (network, disk) = (world.network(), world.disk_profile());
        let (now, syncing) = (SimTime::ZERO, PeerSet::EMPTY);
        let mut scene = Self { now, views: Vec::new(), syncing, timing, network, disk };
        scene.views.resize(world.cluster_size(), None);
        scene.update(world);
        scene
    }

    /// Brings it up to date but for what only faults change.
    pub(super) fn update<P: Peer>(&mut self, world: &World<P, impl Watcher<P>>) {
        self.now = world.now();
        for (known, view) in self.views.iter_mut().zip(world.views()) {
            *known = view.copied();
        }
        self.syncing = world.peers().filter(|peer| world.is_syncing(*peer)).collect();
    }

    pub(crate) fn size(&self) -> usize {
        self.views.len()
    }

    pub(crate) fn majority(&self) -> usize {
        Promise::of(self.size()).quorum()
    }

    pub(crate) fn peers(&self) -> impl DoubleEndedIterator<Item = PeerId> + Clone + use<> {
        PeerId::all(self.views.len())
    }

    pub(crate) fn all(&self) -> PeerSet {
        PeerSet::all(self.size())
    }

    pub(crate) fn alive(&self) -> PeerSet {
        self.peers().filter(|peer| self.view(*peer).is_some()).collect()
    }

    pub(crate) fn view(&self, peer: PeerId) -> Option<&View> {
        self.views.get(peer.index())?.as_ref()
    }

    pub(super) fn running(&self) -> impl Iterator<Item = (PeerId, &View)> + Clone {
        self.peers().filter_map(|peer| Some((peer, self.view(peer)?)))
    }

    /// The network once these faults have happened: others may have changed it at this very instant.
    pub(crate) fn network_after(&self, faults: &[Fault]) -> NetworkProfile {
        let changed = faults.iter().rev().find_map(|fault| match fault {
            Fault::Network(Network(profile)) => Some(*profile),
            _ => None,
        });
        changed.unwrap_or(self.network)
    }

    /// The leader of the highest term.
    pub(crate) fn leader(&self) -> Option<PeerId> {
        let leaders = self.running().filter(|(_, view)| view.role == Role::Leader);
        leaders.max_by_key(|(_, view)| view.term).map(|(peer, _)| peer)
    }
}

/// Draws one of the peers; none of none.
pub(crate) fn one_of(peers: PeerSet, chance: &mut Stream) -> Option<PeerId> {
    let place = chance.below(peers.len() as u64) as usize;
    peers.iter().nth(place)
}

/// The peers in a drawn order.
pub(crate) fn in_any_order(peers: PeerSet, chance: &mut Stream) -> Vec<PeerId> {
    let mut left: Vec<PeerId> = peers.iter().collect();
    let mut drawn = Vec::new();
    while !left.is_empty() {
        drawn.push(left.swap_remove(chance.below(left.len() as u64) as usize));
    }
    drawn
}

/// Draws so many of the peers.
pub(crate) fn some_of(peers: PeerSet, count: usize, chance: &mut Stream) -> PeerSet {
    in_any_order(peers, chance).into_iter().take(count).collect()
}
