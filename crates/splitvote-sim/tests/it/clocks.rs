//! Clocks that are set, and clocks that run fast or slow: timers follow them.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::time::Duration;

use crate::common::*;
use splitvote_peer::{PeerId, Role, SimTime};
use splitvote_raft::{Config, Paper, Raft};
use splitvote_sim::{Overrides, Seed, Unwatched, World, WorldConfig};

type Cluster = World<Raft<Paper>, Unwatched>;

/// Three Raft peers; A's election timeout, which is armed at time zero, is a second, and that of the
/// others an hour.
fn one_second() -> Cluster {
    let timeouts = [(A, 1_000 * MS), (B, 3_600_000 * MS), (C, 3_600_000 * MS)];
    let overrides = Overrides {
        election_timeouts: timeouts.map(|(peer, timeout)| ((peer, 0), timeout)).into(),
        ..Overrides::default()
    };
    let config = WorldConfig { overrides, ..WorldConfig::new(3, Seed(1)) };
    World::new(&config, &Config::default(), Unwatched).unwrap()
}

fn run(world: &mut Cluster, duration: Duration) {
    world.run_until(world.now() + duration).unwrap();
}

/// When the peer comes to stand, in nanoseconds.
fn stands_at(world: &mut Cluster, peer: PeerId) -> u64 {
    while world.view(peer).unwrap().role == Role::Follower {
        assert!(world.step_once().unwrap());
    }
    world.now().0
}

#[test]
fn a_true_clock_fires_on_time() {
    assert_eq!(stands_at(&mut one_second(), A), 1_000_000_000);
}

#[test]
fn a_step_beyond_the_timeout_fires_it_at_once() {
    let mut world = one_second();
    run(&mut world, 100 * MS);
    world.step_clock(A, 900 * MS);
    assert_eq!(world.next_at(), Some(SimTime(100_000_000)));
    assert_eq!(stands_at(&mut world, A), 100_000_000);
}

#[test]
fn a_step_short_of_the_timeout_brings_it_nearer() {
    let mut world = one_second();
    run(&mut world, 100 * MS);
    world.step_clock(A, 300 * MS);
    world.step_clock(A, 300 * MS);
    assert_eq!(stands_at(&mut world, A), 400_000_000);
}

#[test]
fn a_fast_clock_fires_earlier_and_a_slow_one_later() {
    let with_drift = |drift_ppm| {
        let mut world = one_second();
        run(&mut world, 100 * MS);
        world.set_clock_drift(A, drift_ppm);
        stands_at(&mut world, A)
    };
    assert_eq!(with_drift(500_000), 700_000_000, "900 ms in two thirds of their time");
    assert_eq!(with_drift(-500_000), 1_900_000_000);
    assert_eq!(with_drift(i32::MAX), with_drift(500_000), "at most half its speed");
    assert_eq!(with_drift(0), 1_000_000_000);
}

#[test]
fn a_drift_holds_until_it_is_set_anew() {
    let mut world = one_second();
    world.set_clock_drift(A, 500_000);
    run(&mut world, 400 * MS);
    world.set_clock_drift(A, 0);
    assert_eq!(stands_at(&mut world, A), 800_000_000, "600 ms have gone by, 400 ms are left");
}

#[test]
fn the_others_keep_their_time() {
    let mut world = one_second();
    world.step_clock(A, 3_599_000 * MS);
    world.set_clock_drift(A, 500_000);
    world.crash(A);
    assert_eq!(stands_at(&mut world, B), 3_600_000_000_000);
}

#[test]
fn the_clock_of_a_peer_that_is_down_runs_on() {
    let mut world = realistic(2, |_| {});
    world.crash(A);
    world.run(100 * MS);
    world.step_clock(A, 50 * MS);
    world.set_clock_drift(A, 500_000);
    world.run(100 * MS);
    world.boot(A);
    let (at, _) = world.puppet(A).saw[0];
    assert_eq!(ms(at), 100 + 50 + 150);
    assert_eq!(world.next_at(), None, "no timer was armed while it was down");
}

#[test]
fn a_step_and_a_drift_are_in_the_digest() {
    let of = |change: &dyn Fn(&mut Cluster)| {
        let mut world = one_second();
        change(&mut world);
        world.digest()
    };
    let digests = [
        of(&|_| {}),
        of(&|world| world.step_clock(A, MS)),
        of(&|world| world.step_clock(A, 2 * MS)),
        of(&|world| world.step_clock(B, MS)),
        of(&|world| world.set_clock_drift(A, 1)),
        of(&|world| world.set_clock_drift(A, -1)),
    ];
    let different: std::collections::BTreeSet<u64> = digests.into_iter().collect();
    assert_eq!(different.len(), digests.len());
}
