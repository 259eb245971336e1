//! Every shape cuts what its name says, in clusters of any size.

use splitvote_peer::{PeerId, PeerSet};
use splitvote_sim::{Seed, Stream, StreamId};

use super::*;
use crate::fault::{Cut, Partition};

/// Whom each peer reaches after the faults.
fn reached(peers: usize, faults: &[Fault]) -> Vec<PeerSet> {
    let mut reach = vec![PeerSet::all(peers); peers];
    for fault in faults {
        match fault {
            Fault::Cut(Cut { from, to }) => {
                reach[from.index()].remove(*to);
            }
            Fault::Partition(Partition { groups }) => {
                for (peer, reach) in PeerId::all(peers).zip(&mut reach) {
                    let own = groups.iter().filter(|group| group.contains(peer));
                    *reach = own.fold(PeerSet::from_iter([peer]), |all, group| all.union(*group));
                }
            }
            other => panic!("{other} is no cut"),
        }
    }
    reach
}

fn each(shape: Shape, peers: usize, mut check: impl FnMut(&[PeerSet])) {
    for seed in 0..50 {
        let mut chance = Stream::new(Seed(seed), StreamId::Part { part: 4, round: 0 });
        check(&reached(peers, &shape(&Scene::under(peers, 2), &mut chance)));
    }
}

#[test]
fn one_is_isolated() {
    each(isolated, 5, |reach| {
        assert_eq!(reach.iter().filter(|set| set.len() == 1).count(), 1, "{reach:?}");
        assert_eq!(reach.iter().filter(|set| set.len() == 4).count(), 4, "{reach:?}");
    });
}

#[test]
fn halves_do_not_reach_each_other() {
    each(halves, 5, |reach| {
        let sizes: usize = reach.iter().map(|set| set.len()).sum();
        assert!([17, 13].contains(&sizes), "1+4 or 2+3: {reach:?}");
    });
}

#[test]
fn coins_make_two_sides_of_any_size() {
    let mut sizes = Vec::new();
    each(coins, 5, |reach| {
        let side = reach[0];
        let is_side = |(peer, set): (PeerId, &PeerSet)| {
            *set == if side.contains(peer) { side } else { PeerSet::all(5).difference(side) }
        };
        assert!(PeerId::all(5).zip(reach).all(is_side), "{reach:?}");
        sizes.push(side.len());
    });
    assert!((1..=5).all(|size| sizes.contains(&size)), "{sizes:?}");
}

#[test]
fn a_leader_in_the_minority_leads_no_majority() {
    each(leader_in_minority, 5, |reach| assert_eq!(reach[2].len(), 2, "{reach:?}"));
    each(leader_in_minority, 4, |reach| assert_eq!(reach[2].len(), 2, "{reach:?}"));
}

#[test]
fn a_bridge_reaches_all() {
    each(bridge, 5, |reach| {
        assert_eq!(reach.iter().filter(|set| set.len() == 5).count(), 1, "{reach:?}");
        assert_eq!(reach.iter().filter(|set| set.len() == 3).count(), 4, "{reach:?}");
    });
}

#[test]
fn a_chain_has_two_ends() {
    each(chain, 5, |reach| {
        assert_eq!(reach.iter().filter(|set| set.len() == 2).count(), 2, "{reach:?}");
        assert_eq!(reach.iter().filter(|set| set.len() == 3).count(), 3, "{reach:?}");
    });
}

#[test]
fn a_star_has_one_middle() {
    each(star, 5, |reach| {
        assert_eq!(reach.iter().filter(|set| set.len() == 5).count(), 1, "{reach:?}");
        assert_eq!(reach.iter().filter(|set| set.len() == 2).count(), 4, "{reach:?}");
    });
}

#[test]
fn on_a_ring_each_reaches_another_majority() {
    each(ring, 5, |reach| {
        assert!(reach.iter().all(|set| set.len() == 3), "{reach:?}");
        let distinct = reach.iter().enumerate().all(|(at, set)| !reach[..at].contains(set));
        assert!(distinct, "{reach:?}");
    });
}

#[test]
fn one_way_cuts_are_not_symmetric() {
    let mut lopsided = 0;
    each(one_way, 5, |reach| {
        let is_mutual = |a: usize, b: usize| {
            reach[a].contains(PeerId(b as u8)) == reach[b].contains(PeerId(a as u8))
        };
        let all = (0..5).flat_map(|a| (0..5).map(move |b| (a, b)));
        lopsided += usize::from(all.clone().any(|(a, b)| !is_mutual(a, b)));
    });
    assert!(lopsided > 40, "{lopsided} of 50");
}

#[test]
fn directed_graphs_differ() {
    let mut seen = Vec::new();
    each(directed, 4, |reach| seen.push(reach.to_vec()));
    seen.sort_by_key(|reach| format!("{reach:?}"));
    seen.dedup();
    assert!(seen.len() > 30, "{}", seen.len());
}

#[test]
fn no_shape_minds_small_clusters() {
    for shape in SHAPES {
        for peers in 1..4 {
            each(shape, peers, |reach| assert_eq!(reach.len(), peers));
        }
    }
}
