//! A calm core under watch: who belongs to it, whom it follows, and what may be demanded of it.

use splitvote_peer::{Peer, PeerId, PeerSet, Role, SimTime, Term};

use super::awaited::Awaited;
use super::pace::Pace;
use super::unable::Unable;
use crate::cluster::Cluster;

/// Who is watched, and what may be demanded.
pub(super) struct Watch {
    pub(super) core: PeerSet,
    pub(super) members: PeerSet,
    /// Who has to follow a leader: all members, but of a core that is not able only the core. Whoever makes
    /// it unable may never follow anybody.
    pub(super) followers: PeerSet,
    pub(super) able: Result<(), Unable>,
    pub(super) pace: Pace,
    pub(super) calm_since: SimTime,
    /// When the last of what was under way before the calm has arrived.
    pub(super) drained_at: SimTime,
    /// The highest term that there ever was.
    pub(super) highest: Term,
}

/// A leader that all members follow.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Led {
    pub(super) leader: PeerId,
    pub(super) term: Term,
}

impl<P: Peer> Cluster<P> {
    /// Watches a core from now on.
    pub(super) fn watch(&self, core: PeerSet) -> Watch {
        let members = self.members(core);
        let (calm_since, world) = (self.now(), self.world());
        let able = self.is_able(core);
        let elections = self.ledger().elections().map(splitvote_check::Election::term);
        Watch {
            core,
            members,
            followers: if able.is_ok() { members } else { core },
            able,
            pace: Pace::of(self, members),
            calm_since,
            drained_at: world.last_event_at().unwrap_or(calm_since),
            highest: elections
                .max()
                .unwrap_or(0)
                .max(self.highest_term(PeerSet::all(world.cluster_size()))),
        }
    }

    pub(super) fn highest_term(&self, peers: PeerSet) -> Term {
        peers.iter().filter_map(|peer| Some(self.view(peer)?.term)).max().unwrap_or(0)
    }

    /// Who leads the highest term of those that are led.
    fn head(&self, members: PeerSet) -> Option<Led> {
        let views = members.iter().filter_map(|peer| Some((peer, self.view(peer)?)));
        let leaders = views.filter(|(_, view)| view.role == Role::Leader);
        leaders.map(|(leader, view)| Led { leader, term: view.term }).max_by_key(|led| led.term)
    }

    fn follows(&self, peer: PeerId, Led { leader, term }: Led) -> bool {
        self.view(peer).is_some_and(|view| view.term == term && view.leader == Some(leader))
    }

    /// The leader that all follow who have to.
    pub(super) fn led(&self, watch: &Watch) -> Option<Led> {
        let head = self.head(watch.members)?;
        watch.followers.iter().all(|peer| self.follows(peer, head)).then_some(head)
    }

    /// What is awaited while not all follow one leader.
    pub(super) fn no_leader(&self, watch: &Watch) -> Awaited {
        let head = self.head(watch.members);
        let follows = |peer: &PeerId| head.is_some_and(|head| self.follows(*peer, head));
        let not_followed_by = watch.followers.iter().filter(|peer| !follows(peer)).collect();
        Awaited::Leader { leader: head.map(|head| head.leader), not_followed_by }
    }
}
