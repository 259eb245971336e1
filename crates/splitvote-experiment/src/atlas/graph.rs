//! Connected directed graphs up to renaming: who can send to whom.
//!
//! A graph is a number, a bit a link. Of all graphs that differ in the names of their peers alone, the
//! one with the smallest number stands for the class.

use std::fmt;

use splitvote::PeerId;
use splitvote::peer::{Configuration, PeerSet};

/// The most peers that a graph may have: all of their 2^20 graphs are looked at.
pub const MAX_PEERS: usize = 5;

/// Which peers can send to which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digraph {
    peers: usize,
    links: u32,
}

impl Digraph {
    /// The graph of so many peers with these links, from one peer to another; links from a peer to
    /// itself and of peers that do not exist are left out.
    #[must_use]
    pub fn new(peers: usize, links: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut graph = Self { peers: peers.min(MAX_PEERS), links: 0 };
        for (from, to) in links {
            if from != to && from.max(to) < graph.peers {
                graph.links |= graph.bit(from, to);
            }
        }
        graph
    }

    /// The same with every link in both directions.
    #[must_use]
    pub fn two_way(peers: usize, links: impl IntoIterator<Item = (usize, usize)>) -> Self {
        Self::new(peers, links.into_iter().flat_map(|(one, other)| [(one, other), (other, one)]))
    }

    /// How many peers it has.
    #[must_use]
    pub fn peers(self) -> usize {
        self.peers
    }

    /// Whether the link from one peer to another is there.
    #[must_use]
    pub fn has(self, from: usize, to: usize) -> bool {
        from != to && self.links & self.bit(from, to) != 0
    }

    fn bit(self, from: usize, to: usize) -> u32 {
        let column = if to < from { to } else { to.saturating_sub(1) };
        1 << (from * (self.peers - 1) + column)
    }

    /// All links, in order.
    pub fn links(self) -> impl Iterator<Item = (usize, usize)> {
        let all = (0..self.peers).flat_map(move |from| (0..self.peers).map(move |to| (from, to)));
        all.filter(move |(from, to)| self.has(*from, *to))
    }

    /// The same graph with other names.
    fn renamed(self, names: &[usize]) -> Self {
        let name = |peer: usize| names.get(peer).copied().unwrap_or(peer);
        Self::new(self.peers, self.links().map(|(from, to)| (name(from), name(to))))
    }

    /// The graph that stands for all that differ from this one in names alone.
    #[must_use]
    pub fn canonical(self) -> Self {
        permutations(self.peers).iter().map(|names| self.renamed(names)).min().unwrap_or(self)
    }

    /// Whether all hang together, whatever the directions of the links.
    #[must_use]
    pub fn is_connected(self) -> bool {
        let mut reached: u32 = 1;
        for _ in 0..self.peers {
            for (from, to) in self.links() {
                if reached & (1 << from | 1 << to) != 0 {
                    reached |= 1 << from | 1 << to;
                }
            }
        }
        reached == (1 << self.peers) - 1
    }

    /// Whether any leader could commit anything: some peer has links in both directions with so
    /// many that they are a majority together with it.
    #[must_use]
    pub fn allows_progress(self) -> bool {
        let cluster = Configuration::simple(self.peers);
        (0..self.peers).any(|peer| cluster.has_quorum(self.company_of(peer)))
    }

    /// A peer and those with which it has links in both directions.
    fn company_of(self, peer: usize) -> PeerSet {
        let is_linked = |other: usize| self.has(peer, other) && self.has(other, peer);
        let members = PeerId::all(self.peers);
        members.filter(|other| other.index() == peer || is_linked(other.index())).collect()
    }

    /// The places for a leader that differ: one of those that a renaming exchanges.
    #[must_use]
    pub fn places(self) -> Vec<usize> {
        let symmetries: Vec<_> = permutations(self.peers)
            .into_iter()
            .filter(|names| self.renamed(names) == self)
            .collect();
        let is_first = |peer: &usize| symmetries.iter().all(|names| names.get(*peer) >= Some(peer));
        (0..self.peers).filter(is_first).collect()
    }
}

/// `0-1 1>2`: a link both ways, and one from 1 to 2.
impl fmt::Display for Digraph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = Vec::new();
        for (from, to) in self.links() {
            match self.has(to, from) {
                true if from < to => words.push(format!("{from}-{to}")),
                true => {}
                false => words.push(format!("{from}>{to}")),
            }
        }
        f.pad(&if words.is_empty() { "alone".to_owned() } else { words.join(" ") })
    }
}

/// All connected graphs of so many peers, one of each class, those with fewer links first.
#[must_use]
pub fn connected(peers: usize) -> Vec<Digraph> {
    let peers = peers.clamp(1, MAX_PEERS);
    let orders: Vec<_> = permutations(peers).iter().map(|names| moves(peers, names)).collect();
    let count: u32 = 1 << (peers * (peers - 1));
    let is_smallest =
        |graph: &Digraph| orders.iter().all(|moves| moved(graph.links, moves) >= graph.links);
    let all = (0..count).map(|links| Digraph { peers, links });
    let mut found: Vec<_> =
        all.filter(|graph| is_smallest(graph) && graph.is_connected()).collect();
    found.sort_by_key(|graph| (graph.links.count_ones(), graph.links));
    found
}

/// Where a renaming takes each link: the bit of its new place, at the number of its old one. A million graphs are
/// renamed by it.
fn moves(peers: usize, names: &[usize]) -> Vec<u32> {
    let all = Digraph { peers, links: u32::MAX };
    let place = |(from, to): (usize, usize)| {
        (
            all.bit(from, to).trailing_zeros() as usize,
            Digraph::new(peers, [(from, to)]).renamed(names),
        )
    };
    let mut moves = vec![0; peers * (peers - 1)];
    for (old, new) in all.links().map(place) {
        if let Some(place) = moves.get_mut(old) {
            *place = new.links;
        }
    }
    moves
}

/// Links, as a renaming moves them.
fn moved(mut links: u32, moves: &[u32]) -> u32 {
    let mut renamed = 0;
    while links != 0 {
        renamed |= moves.get(links.trailing_zeros() as usize).copied().unwrap_or(0);
        links &= links - 1;
    }
    renamed
}

/// All orders of so many names.
fn permutations(count: usize) -> Vec<Vec<usize>> {
    let mut orders = vec![Vec::new()];
    for next in 0..count {
        let longer = orders.iter().flat_map(|order: &Vec<usize>| {
            (0..=order.len()).map(move |place| {
                let mut longer = order.clone();
                longer.insert(place, next);
                longer
            })
        });
        orders = longer.collect();
    }
    orders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_are_moved_are_those_of_the_graph_that_is_renamed() {
        let graph = Digraph::new(4, [(0, 1), (1, 2), (3, 0), (2, 3)]);
        for names in permutations(4) {
            assert_eq!(moved(graph.links, &moves(4, &names)), graph.renamed(&names).links);
        }
    }

    /// The numbers of weakly connected digraphs are known: OEIS A003085.
    #[test]
    fn there_are_as_many_classes_as_there_should_be() {
        assert_eq!([1, 2, 3, 4].map(|peers| connected(peers).len()), [1, 2, 13, 199]);
    }

    #[test]
    fn there_are_9364_of_five_peers() {
        assert_eq!(connected(5).len(), 9364);
    }

    #[test]
    fn a_class_has_one_name() {
        let chain = Digraph::two_way(3, [(0, 1), (1, 2)]).canonical();
        assert_eq!(Digraph::two_way(3, [(2, 0), (0, 1)]).canonical(), chain);
        assert!(connected(3).contains(&chain));
        assert_ne!(Digraph::new(3, [(0, 1), (1, 2)]).canonical(), chain);
    }

    #[test]
    fn progress_needs_links_both_ways_with_a_majority() {
        assert!(Digraph::new(1, []).allows_progress());
        assert!(!Digraph::new(2, [(0, 1)]).allows_progress());
        assert!(Digraph::two_way(2, [(0, 1)]).allows_progress());
        assert!(!Digraph::new(3, [(0, 1), (1, 2), (2, 0)]).allows_progress());
        assert!(!Digraph::two_way(4, [(0, 1), (2, 3)]).allows_progress());
    }

    #[test]
    fn places_that_a_renaming_exchanges_are_one() {
        let places = |graph: Digraph| graph.places().len();
        assert_eq!(places(Digraph::two_way(3, [(0, 1), (1, 2)])), 2, "an end, and the middle");
        assert_eq!(places(Digraph::two_way(4, [(0, 1), (1, 2), (2, 3), (3, 0)])), 1, "a ring");
        assert_eq!(places(Digraph::new(3, [(0, 1), (1, 2)])), 3);
    }

    #[test]
    fn links_print_in_both_directions_or_one() {
        let graph = Digraph::new(3, [(0, 1), (1, 0), (2, 1)]);
        assert_eq!(graph.to_string(), "0-1 2>1");
        assert_eq!(Digraph::new(1, []).to_string(), "alone");
    }
}
