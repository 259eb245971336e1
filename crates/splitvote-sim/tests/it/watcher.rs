//! What a watcher is told of the steps of peers, and in which order.

use crate::common::*;
use splitvote_peer::PeerId;
use splitvote_sim::{DiskProfile, Labrpc, Latency, NetworkProfile, Probability, Seed, WorldConfig};

fn slow_disk(lying: Probability) -> Stage {
    let sync_latency = Latency::Constant(5 * MS);
    let disk = DiskProfile { sync_latency, lying, ..DiskProfile::default() };
    let network = NetworkProfile::Realistic(ten_ms());
    stage(&WorldConfig { disk, network, ..WorldConfig::new(3, Seed(1)) })
}

#[test]
fn a_step_is_told_from_what_it_was_given_to_what_it_did() {
    let mut world = slow_disk(Probability::NEVER);
    world.order(A, Order::Save { to: B, record: 7 });
    world.run(10 * MS);
    let told = [
        (0, "proposed 0"),
        (0, "persisted 7"),
        (0, "sync 1 until 0.005000 s"),
        (0, "compacted to 1"),
        (5, "durable 7"),
        (5, "synced 1"),
    ];
    assert_eq!(world.watcher().told(A), told);
}

#[test]
fn a_lie_of_a_disk_is_told_as_one() {
    let mut world = slow_disk(Probability::CERTAIN);
    world.order(A, Order::Save { to: B, record: 7 });
    world.run(10 * MS);
    let told = world.watcher().told(A);
    assert!(told.contains(&(0, "sync 1 until 0.005000 s, a lie")), "{told:?}");
    assert!(told.contains(&(5, "synced 1")) && !told.contains(&(5, "durable 7")), "{told:?}");
}

#[test]
fn a_timer_is_told_when_it_moves_and_when_it_goes_off() {
    let mut world = slow_disk(Probability::NEVER);
    world.order(B, Order::Answer(Manner::After(20 * MS)));
    world.call(A, B, 1);
    world.run(50 * MS);
    let told = [
        (0, "proposed 0"),
        (10, "received Ask"),
        (10, "armed 0.030000 s"),
        (30, "woke"),
        (30, "armed never"),
    ];
    let all = world.watcher().told(B);
    let heads = all.iter().map(|(at, what)| (*at, what.split(" {").next().unwrap_or(what)));
    assert_eq!(heads.collect::<Vec<_>>(), told);
}

#[test]
fn what_waits_for_a_paused_peer_is_told_when_it_comes_and_when_it_is_given() {
    let mut world = slow_disk(Probability::NEVER);
    world.order(A, Order::Persist(1));
    world.order(A, Order::Sync);
    world.note(C, A, 9);
    world.pause(A);
    world.run(20 * MS);
    world.order(A, Order::Draw);
    world.resume(A);
    world.run(MS);
    let told = [
        (0, "proposed 0"),
        (0, "persisted 1"),
        (0, "proposed 1"),
        (0, "sync 1 until 0.005000 s"),
        (5, "durable 1"),
        (5, "held Sync { sync: SyncId(1) }"),
        (10, "held Packet { number: 0 }"),
        (20, "held Proposal { request: RequestId(3) }"),
        (20, "synced 1"),
        (20, "received Note { tag: 9 }"),
        (20, "proposed 3"),
    ];
    assert_eq!(world.watcher().told(A), told);
}

#[test]
fn a_failed_call_is_told_to_its_caller() {
    let network = NetworkProfile::Labrpc(Labrpc { long_delays: false, ..Labrpc::default() });
    let mut world = stage(&WorldConfig { network, ..WorldConfig::new(2, Seed(1)) });
    world.crash(PeerId(1));
    world.call(A, B, 1);
    world.run(1_000 * MS);
    let told = world.watcher().told(A);
    assert_eq!(told.last().map(|(_, what)| *what), Some("call 0 to S1 failed"), "{told:?}");
}
