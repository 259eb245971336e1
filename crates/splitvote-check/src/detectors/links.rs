//! Which links carry messages, and whom a peer can exchange messages with.

use splitvote_peer::{Configuration, PeerId, PeerSet};

/// The links of a cluster. All are up at first.
#[derive(Clone, Debug)]
pub(super) struct Links {
    configuration: Configuration,
    /// For each peer: whom its messages reach.
    reaches: Vec<PeerSet>,
    /// For each peer: whose messages reach it.
    hears: Vec<PeerSet>,
}

impl Links {
    pub(super) fn new(cluster_size: usize) -> Self {
        let (configuration, all) =
            (Configuration::simple(cluster_size), PeerSet::all(cluster_size));
        Self { configuration, reaches: vec![all; cluster_size], hears: vec![all; cluster_size] }
    }

    pub(super) fn set(&mut self, from: PeerId, to: PeerId, up: bool) {
        set(&mut self.reaches, from, to, up);
        set(&mut self.hears, to, from, up);
    }

    /// Whether the peer can exchange messages both ways with a majority, itself included.
    pub(super) fn has_two_way_majority(&self, peer: PeerId) -> bool {
        self.configuration.has_quorum(self.partners(peer))
    }

    /// Whom the peer can exchange messages with both ways, itself included.
    pub(super) fn partners(&self, peer: PeerId) -> PeerSet {
        let place = peer.index();
        let (Some(reaches), Some(hears)) = (self.reaches.get(place), self.hears.get(place)) else {
            return PeerSet::EMPTY;
        };
        let mut partners = reaches.intersection(*hears);
        partners.insert(peer);
        partners
    }
}

fn set(rows: &mut [PeerSet], row: PeerId, member: PeerId, up: bool) {
    if let Some(set) = rows.get_mut(row.index()) {
        if up {
            set.insert(member);
        } else {
            set.remove(member);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_is_down_one_way_counts_as_down() {
        let mut links = Links::new(3);
        links.set(PeerId(0), PeerId(1), false);
        assert!(links.has_two_way_majority(PeerId(0)), "S2 is left");
        links.set(PeerId(2), PeerId(0), false);
        assert!(!links.has_two_way_majority(PeerId(0)));
        links.set(PeerId(2), PeerId(0), true);
        assert!(links.has_two_way_majority(PeerId(0)));
    }
}
