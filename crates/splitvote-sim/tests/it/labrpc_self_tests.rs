//! The self-tests of the labs' RPC package, with its numbers, through the world.
//!
//! Skipped: Types (pointer and value arguments are a matter of Go's reflection). Of LongDelayRace,
//! which hunts a data race between goroutines, what remains is the situation that it sets up.
//! Where the original has 300 clients, 100 puppets call three times each: a world holds 128 peers.

use crate::common::*;
use splitvote_peer::PeerId;

fn clients(count: u8) -> impl Iterator<Item = PeerId> {
    (1..=count).map(PeerId)
}

/// Basic: a call reaches its handler and the answer belongs to it. A reliable network takes no time.
#[test]
fn basic() {
    let mut world = lab(2, true, false, false);
    world.call(A, B, 111);
    world.call(A, B, 9_099);
    world.run(MS / 1_000);
    assert_eq!(world.puppet(B).requests(), [111, 9_099]);
    assert_eq!(world.puppet(A).replies(), [111, 9_099]);
    assert!(world.puppet(A).saw.iter().all(|(at, _)| at.0 == 0));
}

#[test]
fn disconnect() {
    let mut world = lab(2, true, false, false);
    world.disconnect(A);
    world.call(A, B, 1);
    world.run(100 * MS);
    assert!(world.puppet(B).requests().is_empty());
    assert_eq!(world.puppet(A).failures().len(), 1);
    world.connect(A);
    world.call(A, B, 2);
    world.run(100 * MS);
    assert_eq!(world.puppet(A).replies(), [2]);
}

#[test]
fn counts() {
    let mut world = lab(3, true, false, false);
    for tag in 0..17 {
        world.call(A, B, tag);
    }
    world.run(MS);
    assert_eq!(world.requests_dispatched(B), 17);
    assert_eq!(world.requests_dispatched(C), 0);
    assert_eq!(world.counters().calls, 17);
}

#[test]
fn bytes() {
    let mut world = lab(2, true, false, false);
    for tag in 0..17 {
        world.order(A, Order::Call { to: B, tag, bytes: 284, reply_bytes: 8 });
    }
    world.run(MS);
    let total = world.counters().bytes;
    assert!((4_828..=6_000).contains(&total), "{total}");
    for tag in 0..17 {
        world.order(A, Order::Call { to: B, tag, bytes: 8, reply_bytes: 107 });
    }
    world.run(MS);
    let delta = world.counters().bytes - total;
    assert!((1_800..=2_500).contains(&delta), "{delta}");
}

#[test]
fn concurrent_many() {
    let mut world = lab(21, true, false, false);
    for round in 0..10 {
        clients(20).for_each(|client| world.call(client, A, round));
        world.run(MS);
    }
    assert!(clients(20).all(|client| world.puppet(client).replies().len() == 10));
    assert_eq!(world.requests_dispatched(A), 200);
}

#[test]
fn unreliable() {
    let mut world = lab(101, false, false, false);
    for tag in 0..3 {
        clients(100).for_each(|client| world.call(client, A, tag));
    }
    world.run(1_000 * MS);
    let succeeded: usize = clients(100).map(|client| world.puppet(client).replies().len()).sum();
    let failed: usize = clients(100).map(|client| world.puppet(client).failures().len()).sum();
    assert_eq!(succeeded + failed, 300, "every call returns");
    assert!(succeeded != 0 && succeeded != 300, "{succeeded}");
}

#[test]
fn concurrent_one() {
    let mut world = lab(2, true, false, false);
    for tag in 0..20 {
        world.call(A, B, tag);
    }
    world.run(MS);
    assert_eq!(world.puppet(A).replies(), (0..20).collect::<Vec<_>>());
    assert_eq!(world.requests_dispatched(B), 20);
}

/// Regression1: calls that wait in vain over a disabled end must not delay one made after it was
/// enabled.
#[test]
fn regression_1() {
    let mut world = lab(2, true, true, false);
    world.disconnect(A);
    for tag in 0..20 {
        world.call(A, B, tag);
    }
    world.run(1_000 * MS);
    world.connect(A);
    world.call(A, B, 99);
    world.run(30 * MS);
    assert_eq!(world.puppet(A).replies(), [99]);
    assert_eq!(world.requests_dispatched(B), 1);
    world.run(7_000 * MS);
    assert_eq!(world.puppet(A).failures().len(), 20);
    assert_eq!(world.requests_dispatched(B), 1, "none of the 20 was rescued");
}

#[test]
fn killed() {
    let mut world = lab(2, true, false, false);
    world.order(B, Order::Answer(Manner::After(20_000 * MS)));
    world.call(A, B, 1);
    world.run(1_100 * MS);
    let returned =
        |world: &Stage| world.puppet(A).replies().len() + world.puppet(A).failures().len();
    assert_eq!(returned(&world), 0);
    world.crash(B);
    world.run(100 * MS);
    assert_eq!(world.puppet(A).failures().len(), 1);
    world.run(30_000 * MS);
    assert_eq!(returned(&world), 1, "a call returns once");
}

/// LongDelayRace: calls over an enabled and a disabled link at once, with long delays; those that
/// can be answered are, the others fail within 7 s, each once.
#[test]
fn long_delay_race() {
    let mut world = lab(3, true, true, false);
    world.cut(A, C);
    for tag in 0..50 {
        world.call(A, B, tag);
        world.call(A, C, 100 + tag);
    }
    world.run(MS);
    assert_eq!(world.puppet(A).replies().len(), 50);
    world.run(7_000 * MS);
    assert_eq!(world.puppet(A).failures().len(), 50);
    assert_eq!(world.puppet(A).replies().len(), 50);
}

#[test]
fn benchmark() {
    let mut world = lab(2, true, false, false);
    for tag in 0..100_000 {
        world.call(A, B, tag);
        world.run(MS / 1_000);
    }
    assert_eq!(world.puppet(A).replies().len(), 100_000);
}
