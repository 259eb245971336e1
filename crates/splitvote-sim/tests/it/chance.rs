//! Chance is keyed: what one part of a run draws does not depend on what others do, and a plan may
//! write a draw down instead.

use std::time::Duration;

use crate::common::*;
use splitvote_peer::{PeerId, SimTime};
use splitvote_sim::{
    Fate, Latency, NetworkProfile, Overrides, Realistic, Seed, Verdict, WorldConfig,
};

fn config(seed: u64) -> WorldConfig {
    let network = NetworkProfile::Realistic(Realistic {
        one_way_delay: Latency::Uniform { min: MS, max: 10 * MS },
        loss: percent(10),
        ..Realistic::default()
    });
    WorldConfig { network, ..WorldConfig::new(3, Seed(seed)) }
}

/// What the network does to 40 notes a link; A leaves out those that `skips` names.
fn fates(config: &WorldConfig, skips: impl Fn(PeerId, u64) -> bool) -> Vec<Vec<(SimTime, Fate)>> {
    let mut world = stage(config);
    for tag in 0..40 {
        for (from, to) in [(A, B), (B, C), (C, A), (A, C)] {
            if !skips(from, tag) {
                world.note(from, to, tag);
            }
        }
        world.run(MS);
    }
    let of_link = |from: PeerId, to: PeerId| {
        let sent = world.watcher().sent.iter();
        let of_link = sent.filter(move |sent| (sent.from, sent.to) == (from, to));
        of_link.map(|sent| (sent.at, sent.fate)).collect()
    };
    [(A, B), (A, C), (B, C), (C, A)].map(|(from, to)| of_link(from, to)).to_vec()
}

#[test]
fn a_silent_peer_leaves_the_draws_of_other_links_as_they_were() {
    let all = fates(&config(1), |_, _| false);
    let without_a = fates(&config(1), |from, _| from == A);
    assert_eq!(without_a[2..], all[2..]);
    assert!(without_a[0].is_empty() && without_a[1].is_empty());
}

#[test]
fn a_packet_that_is_not_sent_leaves_the_draws_of_other_links_as_they_were() {
    let all = fates(&config(1), |_, _| false);
    let without_one = fates(&config(1), |from, tag| from == A && tag == 20);
    assert_eq!(without_one[2..], all[2..]);
    assert_eq!(without_one[0][..20], all[0][..20]);
    // The next packet of the same link takes the draws of the one that is missing.
    let delay = |(at, fate): &(SimTime, Fate)| match fate {
        Fate::Arrives(then) => Some(then.since(*at)),
        _ => None,
    };
    assert_eq!(
        without_one[0][20..].iter().map(delay).collect::<Vec<_>>(),
        all[0][20..39].iter().map(delay).collect::<Vec<_>>()
    );
}

#[test]
fn an_override_decides_the_k_th_packet_of_a_link_and_no_other() {
    let plain = fates(&config(1), |_, _| false);
    let mut written = config(1);
    written.overrides.packets.insert((A, B, 7), Verdict::Drop);
    let overridden = fates(&written, |_, _| false);
    assert_eq!(overridden[0][7].1, Fate::Dropped);
    assert_eq!(overridden[0][..7], plain[0][..7]);
    assert_eq!(overridden[0][8..], plain[0][8..]);
    assert_eq!(overridden[1..], plain[1..]);
}

#[test]
fn an_override_goes_before_a_rule() {
    let mut written = config(1);
    written.overrides.packets.insert((A, B, 0), Verdict::Deliver);
    let mut world = stage(&written);
    world.install_rule(|_, _| Verdict::Drop).keep();
    world.note(A, B, 0);
    world.note(A, B, 1);
    world.run(10 * MS);
    assert_eq!(world.puppet(B).notes(), [0]);
}

fn timeouts(overrides: Overrides, also_draws: bool) -> Vec<u64> {
    let mut world = stage(&WorldConfig { overrides, ..config(1) });
    for _ in 0..5 {
        world.order(A, Order::DrawTimeout);
        if also_draws {
            world.order(B, Order::DrawTimeout);
            world.order(B, Order::Draw);
        }
    }
    world.puppet(A).drew()
}

#[test]
fn an_override_fixes_the_n_th_election_timeout_of_a_peer_and_no_other() {
    let plain = timeouts(Overrides::default(), false);
    assert!(plain.iter().all(|timeout| (1_000_000_000..=2_000_000_000).contains(timeout)));
    assert_eq!(timeouts(Overrides::default(), true), plain, "another peer's draws do not matter");
    let mut overrides = Overrides::default();
    overrides.election_timeouts.insert((A, 2), Duration::from_millis(77));
    overrides.election_timeouts.insert((B, 3), Duration::from_millis(88));
    let overridden = timeouts(overrides, false);
    assert_eq!(overridden[2], 77_000_000);
    assert_eq!(overridden[..2], plain[..2]);
    assert_eq!(overridden[3..], plain[3..]);
}

#[test]
fn a_fixed_election_timeout_holds_until_it_is_taken_back() {
    let plain = timeouts(Overrides::default(), false);
    let mut world = stage(&config(1));
    world.order(A, Order::DrawTimeout);
    world.fix_election_timeout(A, Some(5 * MS));
    world.order(A, Order::DrawTimeout);
    world.fix_election_timeout(A, None);
    world.order(A, Order::DrawTimeout);
    assert_eq!(world.puppet(A).drew(), [plain[0], 5_000_000, plain[2]]);
}

/// The stream goes on across a crash: a second life must not repeat the first one's draws.
#[test]
fn a_restarted_peer_draws_on() {
    let mut world = stage(&config(1));
    world.order(A, Order::Draw);
    let first = world.puppet(A).drew();
    world.crash(A);
    world.boot(A);
    world.order(A, Order::Draw);
    assert_ne!(world.puppet(A).drew(), first);
}
