//! Shapes of partitions: what is cut when the partition begins.
//!
//! Each is drawn with the same number of draws, whatever the cluster looks like.

use splitvote_peer::{PeerId, PeerSet};
use splitvote_sim::Stream;

use super::scene::{Aim, Scene, in_any_order, one_of, some_of};
use crate::fault::{Cut, Fault, Partition};

/// A shape: the faults that bring it about in a cluster without cuts.
pub(super) type Shape = fn(&Scene, &mut Stream) -> Vec<Fault>;

/// All shapes of partitions.
pub(super) const SHAPES: [Shape; 10] =
    [isolated, halves, coins, leader_in_minority, bridge, chain, star, ring, one_way, directed];

/// One peer alone: anybody, or one whom it hurts most.
fn isolated(scene: &Scene, chance: &mut Stream) -> Vec<Fault> {
    let Some(peer) = Aim::draw(chance).resolve(scene, chance) else { return Vec::new() };
    let alone = PeerSet::from_iter([peer]);
    apart([alone, scene.all().difference(alone)])
}

/// Two groups of any size, neither empty.
fn halves(scene: &Scene, chance: &mut Stream) -> Vec<Fault> {
    let size = chance.between(1, scene.size().saturating_sub(1).max(1) as u64) as usize;
    let one = some_of(scene.all(), size, chance);
    apart([one, scene.all().difference(one)])
}

/// A coin for each peer: heads on one side, tails on the other. Now and then nobody is cut off. (VOPR.)
fn coins(scene: &Scene, chance: &mut Stream) -> Vec<Fault> {
    let heads: PeerSet = scene.peers().filter(|_| chance.below(2) == 0).collect();
    let sides = [heads, scene.all().difference(heads)];
    apart(sides.into_iter().filter(|side| !side.is_empty()))
}

/// The leader keeps as many followers as do not suffice; the others can elect one of their own.
fn leader_in_minority(scene: &Scene, chance: &mut Stream) -> Vec<Fault> {
    let anybody = one_of(scene.all(), chance);
    let Some(leader) = scene.leader().or(anybody) else { return Vec::new() };
    let alone = PeerSet::from_iter([leader]);
    let company = scene.majority().saturating_sub(2);
    let minority = some_of(scene.all().difference(alone), company, chance).union(alone);
    apart([minority, scene.all().difference(minority)])
}

/// Two groups that share one peer: it reaches all, the others only their own group.
fn bridge(scene: &Scene, chance: &mut Stream) -> Vec<Fault> {
    let Some(bridge) = one_of(scene.all(), chance) else { return Vec::new() };
    let bridge = PeerSet::from_iter([bridge]);
    let others = scene.all().difference(bridge);
    let one = some_of(others, others.len() / 2, chance);
    let other = others.difference(one);
    apart([one.union(bridge), other.union(bridge)])
}

/// A line in which each peer reaches its neighbours alone.
fn chain(scene: &Scene, chance: &mut Stream) -> Vec<Fault> {
    let line = in_any_order(scene.all(), chance);
    let pairs = line.windows(2).map(|pair| pair.iter().copied().collect::<PeerSet>());
    apart(pairs)
}

/// One peer in the middle reaches all; the others reach nobody else.
fn star(scene: &Scene, chance: &mut Stream) -> Vec<Fault> {
    let Some(middle) = one_of(scene.all(), chance) else { return Vec::new() };
    let others = scene.all().iter().filter(|peer| *peer != middle);
    let rays = others.map(|peer| PeerSet::from_iter([middle, peer]));
    apart(rays)
}

/// A ring of majorities: each peer reaches a majority, and no two of them the same.
fn ring(scene: &Scene, chance: &mut Stream) -> Vec<Fault> {
    let ring = in_any_order(scene.all(), chance);
    // Peers whose distance on the ring is small enough that each reaches a majority, itself included.
    let reach = scene.majority() / 2;
    let next = |place: usize, step: usize| ring[(place + step) % ring.len()];
    let pairs = (0..ring.len()).flat_map(|place| {
        (1..=reach.max(1)).map(move |step| PeerSet::from_iter([next(place, 0), next(place, step)]))
    });
    apart(pairs)
}

/// A peer that hears nobody, or whom nobody hears; or one link that works one way only.
fn one_way(scene: &Scene, chance: &mut Stream) -> Vec<Fault> {
    let peer = Aim::draw(chance).resolve(scene, chance);
    let other = one_of(scene.all(), chance);
    let shape = chance.below(3);
    let (Some(peer), Some(other)) = (peer, other) else { return Vec::new() };
    let others = scene.peers().filter(|other| *other != peer);
    let cut = |from: PeerId, to: PeerId| Cut { from, to }.into();
    match shape {
        0 => others.map(|other| cut(other, peer)).collect(),
        1 => others.map(|other| cut(peer, other)).collect(),
        _ if other == peer => Vec::new(),
        _ => vec![cut(peer, other)],
    }
}

/// A random directed graph: each link is cut with the same probability, itself drawn.
fn directed(scene: &Scene, chance: &mut Stream) -> Vec<Fault> {
    let percent = chance.between(10, 60);
    let links = scene.peers().flat_map(|from| scene.peers().map(move |to| (from, to)));
    links
        .filter(|(from, to)| from != to && chance.below(100) < percent)
        .map(|(from, to)| Cut { from, to }.into())
        .collect()
}

/// Whoever shares no group is cut off.
fn apart(groups: impl IntoIterator<Item = PeerSet>) -> Vec<Fault> {
    vec![Partition { groups: groups.into_iter().collect() }.into()]
}

#[cfg(test)]
mod tests;
