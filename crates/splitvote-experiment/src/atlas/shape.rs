//! The shapes that have names.

use super::graph::Digraph;

/// Shapes that people know, of so many peers; for few peers some are the same.
#[must_use]
pub fn known(peers: usize) -> Vec<(&'static str, Digraph)> {
    let all = || (0..peers).flat_map(move |one| (one + 1..peers).map(move |other| (one, other)));
    let full = Digraph::two_way(peers, all());
    let without = |is_gone: fn(usize, usize) -> bool| {
        Digraph::new(peers, full.links().filter(move |(from, to)| !is_gone(*from, *to)))
    };
    let next = |peer: usize| (peer + 1) % peers;
    let chain = || (1..peers).map(|peer| (peer - 1, peer));
    let half = peers / 2;
    let is_side_by_side = move |(one, other): &(usize, usize)| {
        (*one <= half && *other <= half) || (*one >= half && *other >= half)
    };
    let mut shapes = vec![("full", full)];
    if peers > 2 {
        shapes.push(("one link cut", without(|from, to| (from, to) == (0, 1))));
        shapes.push(("one pair cut", without(|from, to| from + to == 1)));
        shapes.push(("deaf peer", without(|_, to| to == 0)));
        shapes.push(("mute peer", without(|from, _| from == 0)));
        shapes.push(("chain", Digraph::two_way(peers, chain())));
        shapes.push(("one-way ring", Digraph::new(peers, (0..peers).map(|one| (one, next(one))))));
    }
    if peers > 3 {
        let ring = (0..peers).map(|one| (one, next(one)));
        shapes.push(("ring of majorities", Digraph::two_way(peers, ring)));
        shapes.push(("star", Digraph::two_way(peers, (1..peers).map(|leaf| (0, leaf)))));
        shapes.push(("bridge", Digraph::two_way(peers, all().filter(is_side_by_side))));
    }
    shapes.into_iter().map(|(name, graph)| (name, graph.canonical())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_connected_and_differ() {
        for peers in 1..=5 {
            let shapes = known(peers);
            assert!(shapes.iter().all(|(_, graph)| graph.is_connected()), "{peers}");
            let mut graphs: Vec<_> = shapes.iter().map(|(_, graph)| *graph).collect();
            graphs.sort_unstable();
            graphs.dedup();
            assert!(graphs.len() == shapes.len() || peers == 3, "{peers}");
        }
    }
}
