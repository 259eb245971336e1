//! What two runs differ in, their digests differ in.

mod common;

use std::collections::BTreeSet;

use common::*;
use splitvote_peer::PeerId;
use splitvote_sim::{Labrpc, NetworkProfile, Probability, Realistic, Verdict};

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
    let change = |network| digest(|world| world.set_network(network));
    all_differ(&[
        digest(|_| {}),
        change(NetworkProfile::Realistic(loss(1))),
        change(NetworkProfile::Realistic(loss(2))),
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
