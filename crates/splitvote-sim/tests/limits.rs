//! A run that does not end is stopped, and says why.

mod common;

use common::*;
use splitvote_peer::SimTime;
use splitvote_sim::{Halt, Latency, Limits, NetworkProfile, Realistic, Seed, WorldConfig};

const LIMITS: Limits = Limits { events: 100_000, events_at_one_instant: 1_000 };

fn limited(one_way_delay: Latency) -> Stage {
    let network = NetworkProfile::Realistic(Realistic { one_way_delay, ..Realistic::default() });
    stage(&WorldConfig { network, limits: LIMITS, ..WorldConfig::new(2, Seed(1)) })
}

fn second() -> SimTime {
    SimTime(1_000_000_000)
}

#[test]
fn an_endless_instant_is_halted() {
    let mut world = limited(Latency::NONE);
    world.run(5 * MS);
    world.order(A, Order::Bounce);
    world.order(B, Order::Bounce);
    world.note(A, B, 1);
    let at = SimTime::ZERO + 5 * MS;
    assert_eq!(world.run_until(second()), Err(Halt::Instant { at, events: 1_000 }));
}

#[test]
fn a_run_over_budget_is_halted() {
    let mut world = limited(Latency::Constant(MS / 1_000));
    world.order(A, Order::Bounce);
    world.order(B, Order::Bounce);
    world.note(A, B, 1);
    assert!(matches!(world.run_until(second()), Err(Halt::Budget { events: 100_000, .. })));
    assert_eq!(world.events(), 100_000);
}

#[test]
fn a_peer_that_wants_to_be_woken_again_and_again_is_halted() {
    let mut world = limited(Latency::NONE);
    world.order(A, Order::NeverRest);
    assert_eq!(world.run_until(second()), Err(Halt::Instant { at: SimTime::ZERO, events: 1_000 }));
}

#[test]
fn many_events_at_many_instants_are_no_endless_instant() {
    let mut world = limited(Latency::NONE);
    for tag in 0..2_000 {
        world.note(A, B, tag);
        world.run(MS / 100);
    }
    assert_eq!(world.puppet(B).notes().len(), 2_000);
}

#[test]
fn the_watcher_may_stop_a_run() {
    let mut world = limited(Latency::NONE);
    world.note(A, B, 1);
    world.watcher_mut().stops = true;
    assert_eq!(world.run_until(second()), Err(Halt::Watcher));
}

#[test]
fn a_halt_says_what_was_reached_and_when() {
    let halt = Halt::Instant { at: SimTime(2_000_000), events: 7 };
    assert_eq!(
        halt.to_string(),
        "the run does not end: 7 events at 0.002000 s and still no end in sight"
    );
}
