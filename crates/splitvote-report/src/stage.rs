//! What each peer is at the moment of the run that is being told.

use splitvote::peer::PeerSet;
use splitvote::sim::Disturbance;
use splitvote::trace::{Head, TraceEvent, What};
use splitvote::{PeerId, Role};

use crate::fanout::Arrivals;
use crate::links::Links;
use crate::surroundings::Surroundings;

/// The state of the run, kept up with the events in order, whether they are shown or not.
pub(crate) struct Stage {
    pub(crate) everyone: PeerSet,
    pub(crate) links: Links,
    pub(crate) arrivals: Arrivals,
    /// The role of each peer; none while it is down.
    roles: Vec<Option<Role>>,
    paused: PeerSet,
    /// The network and the disks as they were last told.
    pub(crate) surroundings: Surroundings,
}

impl Stage {
    pub(crate) fn new(cluster_size: usize, head: &Head) -> Self {
        Self {
            everyone: PeerSet::all(cluster_size),
            links: Links::new(cluster_size),
            arrivals: Arrivals::default(),
            roles: vec![None; cluster_size],
            paused: PeerSet::EMPTY,
            surroundings: Surroundings::of(head),
        }
    }

    /// The role of a peer; none while it is down.
    pub(crate) fn role(&self, peer: PeerId) -> Option<Role> {
        self.roles.get(peer.index()).copied().flatten()
    }

    /// Whether a peer is up but takes no steps.
    pub(crate) fn is_paused(&self, peer: PeerId) -> bool {
        self.paused.contains(peer)
    }

    pub(crate) fn follow(&mut self, event: &TraceEvent) {
        match &event.what {
            What::Booted { peer, view, .. } => self.set(*peer, Some(view.role)),
            What::Changed { peer, after, .. } => self.set(*peer, Some(after.role)),
            What::Crashed { peer } => {
                self.set(*peer, None);
                self.paused.remove(*peer);
            }
            What::Disturbed { change } => match **change {
                Disturbance::Paused { peer } => _ = self.paused.insert(peer),
                Disturbance::Resumed { peer } => _ = self.paused.remove(peer),
                _ => {}
            },
            What::Link { from, to, up } => self.links.set(*from, *to, *up),
            What::Sent { packet, fate } => self.arrivals.expect(event.at, packet, *fate),
            _ => {}
        }
    }

    fn set(&mut self, peer: PeerId, role: Option<Role>) {
        if let Some(known) = self.roles.get_mut(peer.index()) {
            *known = role;
        }
    }
}
