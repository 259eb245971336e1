//! Partitions of any shape: groups, bridges, isolation, and how they compose.

use crate::common::*;
use splitvote_peer::{PeerId, PeerSet};

fn set(peers: &[PeerId]) -> PeerSet {
    peers.iter().copied().collect()
}

/// Which peers each peer can send to.
fn reach(world: &Stage) -> Vec<PeerSet> {
    let to = |from: PeerId| world.peers().filter(move |to| *to != from && world.is_up(from, *to));
    world.peers().map(|from| to(from).collect()).collect()
}

#[test]
fn groups_hear_only_their_own_members() {
    let mut world = realistic(5, |_| {});
    world.partition(&[set(&[A, B]), set(&[C, D])]);
    let expected = [set(&[B]), set(&[A]), set(&[D]), set(&[C]), set(&[])];
    assert_eq!(reach(&world), expected, "a peer in no group is alone");
    for from in [A, B, C, D, E] {
        for to in [A, B, C, D, E] {
            if from != to {
                world.note(from, to, u64::from(from.0));
            }
        }
    }
    world.run(10 * MS);
    let heard: Vec<Vec<u64>> = world.peers().map(|peer| world.puppet(peer).notes()).collect();
    assert_eq!(heard, [vec![1], vec![0], vec![3], vec![2], vec![]]);
}

#[test]
fn a_peer_in_two_groups_is_a_bridge() {
    let mut world = realistic(5, |_| {});
    world.partition(&[set(&[A, B, C]), set(&[C, D, E])]);
    assert!(world.is_up(A, C) && world.is_up(C, E) && world.is_up(D, C));
    assert!(!world.is_up(A, D) && !world.is_up(E, B));
}

#[test]
fn a_new_partition_replaces_the_old_one() {
    let mut world = realistic(3, |_| {});
    world.partition(&[set(&[A, B])]);
    world.partition(&[set(&[B, C])]);
    assert_eq!(reach(&world), [set(&[]), set(&[C]), set(&[B])]);
}

#[test]
fn connecting_a_peer_does_not_undo_a_cut_nor_the_other_way_round() {
    let mut world = realistic(3, |_| {});
    world.cut(A, B);
    world.disconnect(A);
    world.connect(A);
    assert!(!world.is_up(A, B) && world.is_up(B, A) && world.is_up(A, C));
    world.disconnect(B);
    world.restore(A, B);
    assert!(!world.is_up(A, B), "B is still disconnected");
    world.connect(B);
    assert!(world.is_up(A, B));
}

/// As in the lab's tester: a link works if both ends are connected.
#[test]
fn two_disconnected_peers_do_not_hear_each_other_until_both_are_connected() {
    let mut world = realistic(3, |_| {});
    world.disconnect(A);
    world.disconnect(B);
    assert!(!world.is_up(A, B) && !world.is_connected(A));
    world.connect(A);
    assert!(!world.is_up(A, B) && world.is_up(A, C));
    world.connect(B);
    assert!(world.is_up(A, B) && world.is_connected(A));
}

#[test]
fn healing_restores_everything_but_extra_delays() {
    let mut world = realistic(3, |_| {});
    world.cut(A, B);
    world.disconnect(C);
    world.delay(A, B, 5 * MS);
    world.heal();
    assert_eq!(reach(&world), [set(&[B, C]), set(&[A, C]), set(&[A, B])]);
    world.note(A, B, 1);
    world.run(14 * MS);
    assert!(world.puppet(B).notes().is_empty());
    world.run(MS);
    assert_eq!(world.puppet(B).notes(), [1]);
}

#[test]
fn the_watcher_hears_of_each_link_that_changes_and_of_no_other() {
    let mut world = realistic(3, |_| {});
    world.cut(A, B);
    world.cut(A, B);
    world.disconnect(A);
    assert_eq!(world.watcher().links, [(A, B, false), (A, C, false), (B, A, false), (C, A, false)]);
    world.restore(A, B);
    assert_eq!(world.watcher().links.len(), 4, "A is disconnected: nothing changed");
}

#[test]
fn a_peer_always_reaches_itself() {
    let mut world = realistic(2, |_| {});
    world.partition(&[]);
    world.note(A, A, 1);
    world.run(10 * MS);
    assert_eq!(world.puppet(A).notes(), [1]);
}

#[test]
fn a_peer_outside_of_the_cluster_is_passed_over() {
    let mut world = realistic(3, |_| {});
    let digest = world.digest();
    for stranger in [D, PeerId(127), PeerId(255)] {
        for (from, to) in [(A, stranger), (stranger, A), (stranger, stranger)] {
            world.cut(from, to);
            world.restore(from, to);
            world.delay(from, to, MS);
            assert!(!world.is_up(from, to));
        }
        world.disconnect(stranger);
        world.connect(stranger);
        world.fix_election_timeout(stranger, Some(MS));
        world.set_clock_drift(stranger, 1_000);
        world.step_clock(stranger, MS);
        world.crash(stranger);
        world.boot(stranger);
        assert!(!world.is_connected(stranger));
        assert!(world.view(stranger).is_none() && world.disk(stranger).len() == 0);
        assert_eq!(world.requests_dispatched(stranger), 0);
    }
    world.partition(&[[A, B, C, PeerId(127)].into_iter().collect()]);
    assert!(world.watcher().links.is_empty());
    assert!(world.peers().all(|from| world.peers().all(|to| world.is_up(from, to))));
    assert_eq!(world.digest(), digest, "nothing has happened");
}

#[test]
fn a_peer_is_never_cut_off_from_itself() {
    let mut world = realistic(2, |_| {});
    world.cut(A, A);
    assert!(world.is_up(A, A));
    world.note(A, A, 1);
    world.run(10 * MS);
    assert_eq!(world.puppet(A).notes(), [1]);
}
