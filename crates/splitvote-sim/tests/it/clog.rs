//! A clogged link holds up what it carries and delivers it at the end, in order.

use crate::common::*;
use splitvote_peer::{PeerId, SimTime};
use splitvote_sim::{Disturbance, Fate};

/// What B was told, and when in ms.
fn heard(world: &Stage) -> Vec<(u64, u64)> {
    let saw = world.puppet(B).saw.iter();
    saw.filter_map(
        |(at, saw)| {
            if let Saw::Note { tag, .. } = saw { Some((ms(*at), *tag)) } else { None }
        },
    )
    .collect()
}

#[test]
fn what_was_to_arrive_meanwhile_arrives_at_the_end_in_order() {
    let mut world = realistic(3, |_| {});
    world.note(A, B, 1);
    world.run(5 * MS);
    world.clog(A, B, 50 * MS);
    world.note(A, B, 2);
    world.note(C, B, 3);
    world.run(35 * MS);
    world.note(A, B, 4);
    world.run(10 * MS);
    world.note(A, B, 5);
    world.run(100 * MS);
    let expected = [(15, 3), (55, 1), (55, 2), (55, 4), (60, 5)];
    assert_eq!(heard(&world), expected, "1 was under way, 5 is late enough");
    assert!(world.watcher().perished.is_empty());
}

#[test]
fn it_is_directed_prolonged_and_never_shortened() {
    let mut world = realistic(2, |_| {});
    world.clog(A, B, 50 * MS);
    world.clog(A, B, 10 * MS);
    world.note(A, B, 1);
    world.note(B, A, 2);
    world.run(20 * MS);
    assert_eq!((world.puppet(A).notes(), heard(&world)), (vec![2], vec![]));
    world.clog(A, B, 60 * MS);
    world.note(A, B, 3);
    world.run(59 * MS);
    assert_eq!(heard(&world), []);
    world.run(MS);
    assert_eq!(heard(&world), [(80, 1), (80, 3)]);
    let until = |ms: u32| Disturbance::Clogged { from: A, to: B, until: SimTime::ZERO + ms * MS };
    assert_eq!(world.watcher().disturbed, [until(50), until(50), until(80)]);
}

#[test]
fn a_partition_cuts_at_the_end_of_the_clog_and_heal_does_not_lift_it() {
    let mut world = realistic(2, |_| {});
    world.clog(A, B, 50 * MS);
    world.note(A, B, 1);
    world.cut(A, B);
    world.run(20 * MS);
    world.heal();
    world.run(20 * MS);
    assert_eq!(heard(&world), []);
    world.run(10 * MS);
    assert_eq!(heard(&world), [(50, 1)]);
    world.clog(A, B, 50 * MS);
    world.note(A, B, 2);
    world.run(20 * MS);
    world.cut(A, B);
    world.run(50 * MS);
    assert_eq!(world.watcher().perished, [(SimTime::ZERO + 100 * MS, Fate::Cut)]);
}

#[test]
fn it_works_over_the_labs_network_too() {
    let mut world = lab(2, true, false, false);
    world.clog(A, B, 50 * MS);
    world.call(A, B, 1);
    world.run(49 * MS);
    assert!(world.puppet(B).requests().is_empty());
    world.run(MS);
    assert_eq!((world.puppet(B).requests(), world.puppet(A).replies()), (vec![1], vec![1]));
}

#[test]
fn a_clog_counts_in_the_digest_and_one_of_nothing_is_none() {
    let digest = |from: PeerId, to: PeerId, ms: u32| {
        let mut world = realistic(2, |_| {});
        world.clog(from, to, ms * MS);
        world.digest()
    };
    let untouched = realistic(2, |_| {}).digest();
    assert_eq!(digest(A, A, 1), untouched);
    assert_eq!(digest(A, PeerId(9), 1), untouched);
    assert_ne!(digest(A, B, 1), untouched);
    assert_ne!(digest(A, B, 1), digest(A, B, 2));
    assert_ne!(digest(A, B, 1), digest(B, A, 1));
}

#[test]
fn a_fork_of_a_world_with_a_clog_goes_on_as_the_original() {
    let mut world = realistic(2, |_| {});
    world.clog(A, B, 50 * MS);
    world.note(A, B, 1);
    world.run(20 * MS);
    let mut fork = world.clone();
    [&mut world, &mut fork].into_iter().for_each(|world| world.run(100 * MS));
    assert_eq!((world.digest(), heard(&world)), (fork.digest(), vec![(50, 1)]));
}

#[test]
fn a_clog_that_is_lifted_lets_go_at_once_and_holds_nothing_up_later() {
    let mut world = realistic(2, |_| {});
    world.clog(A, B, 500 * MS);
    world.note(A, B, 1);
    world.run(30 * MS);
    assert!(world.is_clogged(A, B) && !world.is_clogged(B, A));
    world.unclog(A, B);
    world.unclog(A, B);
    world.note(A, B, 2);
    world.run(600 * MS);
    assert_eq!(heard(&world), [(30, 1), (40, 2)]);
    let lifted = Disturbance::Unclogged { from: A, to: B };
    let told = world.watcher().disturbed.iter().filter(|what| **what == lifted).count();
    assert_eq!(told, 1, "a link that is not clogged cannot be unclogged");
}

#[test]
fn the_end_of_a_clog_that_was_lifted_does_not_end_a_later_one() {
    let mut world = realistic(2, |_| {});
    world.clog(A, B, 50 * MS);
    world.unclog(A, B);
    world.clog(A, B, 100 * MS);
    world.note(A, B, 1);
    world.run(200 * MS);
    assert_eq!(heard(&world), [(100, 1)]);
}
