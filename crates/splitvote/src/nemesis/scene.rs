//! The cluster as the nemesis sees it: who leads, who is about to win, whose vote decides.

use splitvote_peer::{PeerId, PeerSet, Role, SimTime, Timing, View};
use splitvote_sim::{DiskProfile, NetworkProfile, Stream};

use super::promise::Promise;
use crate::act::Act;

/// What parts look at. A copy, so that they cannot touch the cluster but by acts.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) now: SimTime,
    /// What each peer looks like; none for one that is down.
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

    fn running(&self) -> impl Iterator<Item = (PeerId, &View)> {
        self.peers().filter_map(|peer| Some((peer, self.view(peer)?)))
    }

    /// The network once these acts are done: others may have changed it at this very instant.
    pub(crate) fn network_after(&self, acts: &[Act]) -> NetworkProfile {
        let changed = acts.iter().rev().find_map(|act| match act {
            Act::Network(profile) => Some(*profile),
            _ => None,
        });
        changed.unwrap_or(self.network)
    }

    /// The leader of the highest term.
    pub(crate) fn leader(&self) -> Option<PeerId> {
        let leaders = self.running().filter(|(_, view)| view.role == Role::Leader);
        leaders.max_by_key(|(_, view)| view.term).map(|(peer, _)| peer)
    }

    /// Who is about to win: the candidate of the highest term with the most votes, or else the running
    /// peer that no other can refuse, the one with the most up-to-date log.
    pub(crate) fn next_winner(&self) -> Option<PeerId> {
        let candidates = self.running().filter(|(_, view)| view.role == Role::Candidate);
        let candidate = candidates.max_by_key(|(peer, view)| (view.term, self.votes(*peer).len()));
        let heirs = self.running().filter(|(_, view)| view.role != Role::Leader);
        let heir = heirs.max_by_key(|(_, view)| (view.last.term, view.last.index));
        candidate.or(heir).map(|(peer, _)| peer)
    }

    /// Who has voted for this peer in its term, as far as the voters still know.
    fn votes(&self, candidate: PeerId) -> PeerSet {
        let Some(term) = self.view(candidate).map(|view| view.term) else { return PeerSet::EMPTY };
        let voted = |view: &View| view.term == term && view.voted_for == Some(candidate);
        self.running().filter(|(_, view)| voted(view)).map(|(peer, _)| peer).collect()
    }

    /// The one whose vote decides: a running peer that has not voted in the term of a candidate who
    /// lacks one vote; or a voter without whom one who has just enough would lack one.
    pub(crate) fn decisive_voter(&self) -> Option<PeerId> {
        let stands = self.running().filter(|(_, view)| view.role != Role::Follower);
        let (candidate, term) =
            stands.max_by_key(|(_, view)| view.term).map(|(peer, view)| (peer, view.term))?;
        let votes = self.votes(candidate);
        if votes.len() == self.majority() {
            return votes.iter().find(|voter| *voter != candidate);
        }
        let is_free = |view: &View| view.term < term || view.voted_for.is_none();
        let free = self.running().find(|(_, view)| is_free(view)).map(|(peer, _)| peer);
        if votes.len() + 1 == self.majority() { free } else { None }
    }

    /// The peer at the edge of a quorum: of those that hold the leader's last entry a follower without
    /// which they would be no majority; or else the first that lacks it while they are one short.
    pub(crate) fn edge_of_quorum(&self) -> Option<PeerId> {
        let leader = self.leader()?;
        let last = self.view(leader)?.last;
        let holds = |view: &View| view.last == last;
        let holders: PeerSet =
            self.running().filter(|(_, view)| holds(view)).map(|(peer, _)| peer).collect();
        if holders.len() == self.majority() {
            return holders.iter().find(|holder| *holder != leader);
        }
        let lacks = self.running().find(|(_, view)| !holds(view)).map(|(peer, _)| peer);
        if holders.len() + 1 == self.majority() { lacks } else { None }
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

/// Whom a strike is aimed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aim {
    Anybody,
    Leader,
    NextWinner,
    DecisiveVoter,
    EdgeOfQuorum,
    Syncing,
}

impl Aim {
    /// Draws an aim: one time in two anybody, else one of those that know the state.
    pub(crate) fn draw(chance: &mut Stream) -> Self {
        match chance.below(10) {
            0 => Self::Leader,
            1 => Self::NextWinner,
            2 => Self::DecisiveVoter,
            3 => Self::EdgeOfQuorum,
            4 => Self::Syncing,
            _ => Self::Anybody,
        }
    }

    /// The running peer that it means now; anybody if it means nobody.
    pub(crate) fn resolve(self, scene: &Scene, chance: &mut Stream) -> Option<PeerId> {
        let anybody = one_of(scene.alive(), chance);
        let aimed = match self {
            Self::Anybody => None,
            Self::Leader => scene.leader(),
            Self::NextWinner => scene.next_winner(),
            Self::DecisiveVoter => scene.decisive_voter(),
            Self::EdgeOfQuorum => scene.edge_of_quorum(),
            Self::Syncing => scene.syncing.intersection(scene.alive()).iter().next(),
        };
        aimed.or(anybody)
    }
}
