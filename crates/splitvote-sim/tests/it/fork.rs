//! A world is a value: a clone runs on to the same end, and the same seed gives the same run.

use crate::common::*;
use splitvote_sim::{Latency, NetworkProfile, Realistic, Seed, WorldConfig};

fn config(seed: u64) -> WorldConfig {
    let network = NetworkProfile::Realistic(Realistic {
        one_way_delay: Latency::Uniform { min: MS, max: 10 * MS },
        loss: percent(10),
        duplicate: percent(10),
        ..Realistic::default()
    });
    WorldConfig { network, ..WorldConfig::new(3, Seed(seed)) }
}

/// Some of everything, from one number on.
fn act(world: &mut Stage, numbers: std::ops::Range<u64>) {
    for number in numbers {
        world.call(A, B, number);
        world.note(B, C, number);
        match number {
            20 => world.order(B, Order::Answer(Manner::After(7 * MS))),
            30 => world.cut(A, B),
            35 => world.crash(C),
            40 => world.heal(),
            45 => world.boot(C),
            _ => world.order(A, Order::Persist(number)),
        }
        world.order(A, Order::Sync);
        world.run(MS);
    }
}

#[test]
fn the_same_seed_gives_the_same_digest_and_another_seed_another() {
    let digest = |seed| {
        let mut world = stage(&config(seed));
        act(&mut world, 0..60);
        world.run(100 * MS);
        (world.digest(), world.events(), world.counters().clone())
    };
    assert_eq!(digest(1), digest(1));
    assert_ne!(digest(1).0, digest(2).0);
}

#[test]
fn a_clone_runs_on_to_the_same_digest_at_every_point() {
    let mut whole = stage(&config(1));
    act(&mut whole, 0..60);
    whole.run(100 * MS);
    for point in [0, 1, 25, 37, 59] {
        let mut world = stage(&config(1));
        act(&mut world, 0..point);
        let mut fork = world.clone();
        assert_eq!(fork.digest(), world.digest());
        act(&mut fork, point..60);
        fork.run(100 * MS);
        assert_eq!(fork.digest(), whole.digest(), "forked after {point}");
        assert_eq!(fork.puppet(A).saw, whole.puppet(A).saw);
    }
}

#[test]
fn what_happens_in_a_fork_does_not_reach_its_origin() {
    let mut world = stage(&config(1));
    act(&mut world, 0..10);
    let before = world.digest();
    let mut fork = world.clone();
    act(&mut fork, 10..20);
    assert_eq!(world.digest(), before);
    assert_ne!(fork.digest(), before);
}

#[test]
fn one_event_more_is_another_digest() {
    let run = |extra: bool| {
        let mut world = stage(&config(1));
        act(&mut world, 0..10);
        if extra {
            world.note(C, A, 1);
        }
        world.run(100 * MS);
        world.digest()
    };
    assert_ne!(run(false), run(true));
}
