//! Which links are up, and how to say so in a line.

use splitvote::peer::{PeerId, PeerSet};

use crate::names::names;

/// Every directed link of a cluster.
pub(crate) struct Links {
    everyone: PeerSet,
    /// For each sender, whom it cannot reach.
    cut: Vec<PeerSet>,
}

impl Links {
    pub(crate) fn new(cluster_size: usize) -> Self {
        Self { everyone: PeerSet::all(cluster_size), cut: vec![PeerSet::EMPTY; cluster_size] }
    }

    pub(crate) fn set(&mut self, from: PeerId, to: PeerId, is_up: bool) {
        let Some(cut) = self.cut.get_mut(from.index()) else { return };
        if is_up {
            cut.remove(to);
        } else {
            cut.insert(to);
        }
    }

    /// `all links up`, `S0 | S1 S2 S3 S4` if the links part the peers, else which are cut.
    pub(crate) fn describe(&self) -> String {
        if !self.any_cut() {
            return "all links up".to_owned();
        }
        match self.parts() {
            Some(parts) => parts.into_iter().map(names).collect::<Vec<_>>().join(" | "),
            None => format!("cut: {}", self.cuts().join(", ")),
        }
    }

    pub(crate) fn any_cut(&self) -> bool {
        self.cut.iter().any(|cut| !cut.is_empty())
    }

    /// The groups, if every peer reaches exactly those that share its group.
    fn parts(&self) -> Option<Vec<PeerSet>> {
        let mut parts: Vec<PeerSet> = Vec::new();
        let mut placed = PeerSet::EMPTY;
        for peer in self.everyone.iter().filter(|peer| peer.index() < self.cut.len()) {
            if placed.contains(peer) {
                continue;
            }
            let group = self.reached(peer);
            let is_closed = group.iter().all(|member| self.reached(member) == group);
            if !is_closed {
                return None;
            }
            placed = placed.union(group);
            parts.push(group);
        }
        Some(parts)
    }

    fn reached(&self, peer: PeerId) -> PeerSet {
        let cut = self.cut.get(peer.index()).copied().unwrap_or_default();
        self.everyone.difference(cut)
    }

    /// `S0 ↮ S1 S2` where both directions are cut, `S3 ↛ S4` where one is.
    fn cuts(&self) -> Vec<String> {
        let mut words = Vec::new();
        for from in self.everyone.iter() {
            let cut = self.everyone.difference(self.reached(from));
            let both: PeerSet = cut.iter().filter(|to| !self.reached(*to).contains(from)).collect();
            let later: PeerSet = both.iter().filter(|to| *to > from).collect();
            if !later.is_empty() {
                words.push(format!("{from} ↮ {}", names(later)));
            }
            let one_way = cut.difference(both);
            if !one_way.is_empty() {
                words.push(format!("{from} ↛ {}", names(one_way)));
            }
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(links: &[(u8, u8)]) -> String {
        let mut state = Links::new(4);
        for (from, to) in links {
            state.set(PeerId(*from), PeerId(*to), false);
        }
        state.describe()
    }

    #[test]
    fn a_partition_is_named_by_its_groups() {
        let isolated = [(0, 1), (0, 2), (0, 3), (1, 0), (2, 0), (3, 0)];
        assert_eq!(cut(&isolated), "S0 | S1 S2 S3");
        assert_eq!(cut(&[]), "all links up");
    }

    #[test]
    fn what_is_no_partition_is_named_by_its_cuts() {
        assert_eq!(cut(&[(0, 1), (1, 0), (2, 3)]), "cut: S0 ↮ S1, S2 ↛ S3");
    }

    #[test]
    fn restored_links_are_up_again() {
        let mut state = Links::new(2);
        state.set(PeerId(0), PeerId(1), false);
        state.set(PeerId(0), PeerId(1), true);
        assert_eq!(state.describe(), "all links up");
    }
}
