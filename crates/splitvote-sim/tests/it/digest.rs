//! What two runs differ in, their digests differ in.

use std::collections::BTreeSet;

use crate::common::*;
use splitvote_peer::PeerId;
use splitvote_sim::{
    DiskProfile, Disturbance, InFlight, Labrpc, Latency, NetworkProfile, Probability, Realistic,
    Staleness, Verdict,
};

/// The digest after 100 ms on a network of 10 ms a packet, in which A calls B at the start.
fn digest(lives: impl FnOnce(&mut Stage)) -> u64 {
    let mut world = realistic(3, |_| {});
    world.call(A, B, 1);
    lives(&mut world);
    world.run(100 * MS);
    world.digest()
}

fn all_differ(digests: &[u64]) {
    let different: BTreeSet<u64> = digests.iter().copied().collect();
    assert_eq!(different.len(), digests.len(), "{digests:x?}");
}

#[test]
fn a_change_of_the_network_counts_though_no_packet_notices() {
    let loss = |loss| Realistic { loss: Probability::percent(loss), ..ten_ms() };
    let stale = Staleness { probability: percent(1), delay: Latency::Constant(100 * MS) };
    let change = |network| digest(|world| world.set_network(network));
    all_differ(&[
        digest(|_| {}),
        change(NetworkProfile::Realistic(loss(1))),
        change(NetworkProfile::Realistic(loss(2))),
        change(NetworkProfile::Realistic(Realistic { stale, ..ten_ms() })),
        change(NetworkProfile::Labrpc(Labrpc::default())),
        change(NetworkProfile::Labrpc(Labrpc { long_delays: false, ..Labrpc::default() })),
    ]);
}

#[test]
fn a_change_of_a_delay_or_of_a_timeout_counts() {
    let delay = |from: PeerId, to: PeerId, by| digest(|world| world.delay(from, to, by));
    let fix = |peer, timeout| digest(|world| world.fix_election_timeout(peer, timeout));
    all_differ(&[
        digest(|_| {}),
        delay(A, C, MS),
        delay(C, A, MS),
        delay(A, C, 2 * MS),
        fix(A, Some(MS)),
        fix(A, Some(2 * MS)),
        fix(B, Some(MS)),
        fix(A, None),
    ]);
}

#[test]
fn what_becomes_of_a_packet_counts() {
    let fate = |verdict: Verdict| {
        digest(|world| {
            world.install_rule(move |_, _| verdict).keep();
            world.note(C, A, 1);
        })
    };
    let cut = digest(|world| {
        world.cut(C, A);
        world.note(C, A, 1);
    });
    let silence = digest(|world| world.cut(C, A));
    all_differ(&[
        fate(Verdict::Pass),
        fate(Verdict::Drop),
        fate(Verdict::Duplicate),
        fate(Verdict::Delay(MS)),
        fate(Verdict::Replay(MS)),
        cut,
        silence,
    ]);
}

/// Both packets are lost; only why differs.
#[test]
fn why_a_packet_is_lost_counts() {
    let lost = |drops: bool| {
        let mut world = realistic(2, |network| network.loss = percent(100));
        if drops {
            world.install_rule(|_, _| Verdict::Drop).keep();
        }
        world.note(A, B, 1);
        world.run(100 * MS);
        world.digest()
    };
    assert_ne!(lost(true), lost(false));
}

#[test]
fn what_a_packet_says_counts() {
    let says = |tag| digest(|world| world.note(A, B, tag));
    all_differ(&[says(1), says(2), digest(|_| {})]);
}

#[test]
fn whatever_is_done_to_a_world_counts_and_is_told() {
    let lying = DiskProfile { lying: percent(1), ..DiskProfile::default() };
    all_differ(&[
        digest(|_| {}),
        digest(|world| world.set_disk(DiskProfile::default())),
        digest(|world| world.set_disk(lying)),
        digest(|world| world.shuffle_tasks(A, true)),
        digest(|world| world.shuffle_tasks(A, false)),
        digest(|world| world.set_in_flight(InFlight::Cut)),
        digest(|world| world.set_in_flight(InFlight::Kept)),
    ]);
    let mut world = realistic(2, |_| {});
    world.set_disk(lying);
    world.set_in_flight(InFlight::Kept);
    world.set_clock_drift(A, -700_000);
    world.step_clock(B, MS);
    world.delay(A, B, MS);
    world.fix_election_timeout(A, Some(MS));
    world.shuffle_tasks(B, true);
    world.crash_at_write(A, 1);
    world.crash_at_send(A, 2);
    world.disarm(A);
    let network = world.network();
    world.set_network(network);
    assert_eq!((world.disk_profile(), world.in_flight()), (lying, InFlight::Kept));
    assert!(!world.shuffles_tasks(A) && world.shuffles_tasks(B));
    assert_eq!((world.clock_drift(A), world.clock_drift(B)), (-500_000, 0));
    assert_eq!(
        world.watcher().disturbed,
        [
            Disturbance::Disk { is: lying },
            Disturbance::InFlight { is: InFlight::Kept },
            Disturbance::ClockDrift { peer: A, ppm: -500_000 },
            Disturbance::ClockStepped { peer: B, by: MS },
            Disturbance::Delayed { from: A, to: B, by: MS },
            Disturbance::ElectionTimeout { peer: A, is: Some(MS) },
            Disturbance::TaskOrder { peer: B, is_drawn: true },
            Disturbance::CrashAtWrite { peer: A, after: 1 },
            Disturbance::CrashAtSend { peer: A, after: 2 },
            Disturbance::Disarmed { peer: A },
            Disturbance::Network { is: network },
        ]
    );
}
