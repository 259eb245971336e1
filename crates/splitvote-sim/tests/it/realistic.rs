//! The realistic profile: a datagram network that reports nothing.

use crate::common::*;
use splitvote_sim::{
    Fate, InFlight, Labrpc, Latency, NetworkProfile, Reordering, Seed, Staleness, WorldConfig,
};

#[test]
fn requests_and_replies_are_lost_alike_and_nobody_is_told() {
    let mut world = realistic(2, |network| network.loss = percent(20));
    let calls = 20_000;
    for tag in 0..calls {
        world.call(A, B, tag);
        world.run(MS);
    }
    world.run(10_000 * MS);
    let executed = world.puppet(B).requests().len() as u64;
    let replied = world.puppet(A).replies().len() as u64;
    assert!((executed * 1_000 / calls).abs_diff(800) <= 10, "executed: {executed}");
    assert!((replied * 1_000 / calls).abs_diff(640) <= 12, "answered: {replied}");
    assert!(world.puppet(A).failures().is_empty());
}

#[test]
fn delays_are_drawn_within_their_bounds() {
    let (min, max) = (MS, 10 * MS);
    let mut world = realistic(2, |network| network.one_way_delay = Latency::Uniform { min, max });
    for tag in 0..2_000 {
        world.note(A, B, tag);
    }
    world.run(10 * MS);
    assert_eq!(world.puppet(B).notes().len(), 2_000);
    let earliest = world.puppet(B).saw.iter().skip(1).map(|(at, _)| at.0).min().unwrap();
    assert!((1_000_000..1_100_000).contains(&earliest), "{earliest} ns");
}

#[test]
fn a_duplicate_arrives_a_second_time_with_a_delay_of_its_own() {
    let (min, max) = (MS, 10 * MS);
    let mut world = realistic(2, |network| {
        network.duplicate = percent(30);
        network.one_way_delay = Latency::Uniform { min, max };
    });
    for tag in 0..5_000 {
        world.call(A, B, tag);
    }
    world.run(50 * MS);
    let requests = world.puppet(B).requests().len() as u64;
    let replies = world.puppet(A).replies().len() as u64;
    assert!(requests.abs_diff(6_500) <= 150, "{requests}");
    assert!(replies.abs_diff(8_450) <= 250, "{replies}");
    let is_copy = |sent: &Sent| matches!(sent.fate, Fate::Duplicated(_));
    let copies = world.watcher().sent.windows(2).filter(|pair| is_copy(&pair[1]));
    let apart = copies.filter(|pair| match (pair[0].fate, pair[1].fate) {
        (Fate::Arrives(first), Fate::Duplicated(second)) => first != second,
        _ => false,
    });
    assert_eq!(apart.count(), world.watcher().count(is_copy));
}

#[test]
fn a_stale_copy_turns_up_much_later_and_changes_nothing_else() {
    let play = |stale: Staleness| {
        let mut world = realistic(2, |network| {
            (network.loss, network.duplicate, network.stale) = (percent(10), percent(10), stale);
            network.one_way_delay = Latency::Uniform { min: MS, max: 10 * MS };
        });
        for tag in 0..5_000 {
            world.note(A, B, tag);
            world.run(MS);
        }
        world.run(4_000 * MS);
        (world.watcher().sent.clone(), world.puppet(B).notes().len())
    };
    let (without, arrived) = play(Staleness::default());
    let delay = Latency::Uniform { min: 100 * MS, max: 3_000 * MS };
    let (with, all) = play(Staleness { probability: percent(5), delay });
    let is_stale = |sent: &Sent| {
        let mut ages = match sent.fate {
            Fate::Duplicated(at) => Some(at.since(sent.at)),
            _ => None,
        }
        .into_iter();
        ages.any(|age| age > 100 * MS)
    };
    let stale: Vec<Sent> = with.iter().filter(|sent| is_stale(sent)).copied().collect();
    assert!(stale.len().abs_diff(225) <= 40, "one in twenty of those not lost: {}", stale.len());
    assert_eq!(all, arrived + stale.len());
    let rest: Vec<Sent> = with.iter().filter(|sent| !is_stale(sent)).copied().collect();
    assert_eq!(rest, without, "no other packet fares otherwise");
    let age = |sent: &Sent| match sent.fate {
        Fate::Duplicated(at) => at.since(sent.at).as_millis(),
        _ => 0,
    };
    let mean = stale.iter().map(age).sum::<u128>() / stale.len() as u128;
    assert!(mean.abs_diff(1_555) < 200, "delays are spread: {mean} ms");
}

#[test]
fn packets_that_fall_behind_are_overtaken() {
    let delay = Latency::Uniform { min: 20 * MS, max: 40 * MS };
    let mut world = realistic(2, |network| {
        network.reorder = Reordering { probability: percent(10), delay };
    });
    for tag in 0..2_000 {
        world.note(A, B, tag);
        world.run(MS);
    }
    world.run(50 * MS);
    let notes = world.puppet(B).notes();
    let overtaken = notes.windows(2).filter(|pair| pair[0] > pair[1]).count();
    assert_eq!(notes.len(), 2_000);
    assert!((150..450).contains(&overtaken), "{overtaken}");
    let behind =
        |sent: &Sent| matches!(sent.fate, Fate::Arrives(at) if at.since(sent.at) >= 30 * MS);
    assert!(world.watcher().count(behind).abs_diff(200) <= 40);
}

#[test]
fn a_partition_cuts_packets_in_flight_unless_told_to_keep_them() {
    for (in_flight, arrived) in [(InFlight::Cut, 0), (InFlight::Kept, 1)] {
        let network = NetworkProfile::Realistic(ten_ms());
        let mut world = stage(&WorldConfig { in_flight, network, ..WorldConfig::new(2, Seed(1)) });
        world.note(A, B, 1);
        world.run(5 * MS);
        world.cut(A, B);
        world.run(5 * MS);
        assert_eq!(world.puppet(B).notes().len(), arrived, "{in_flight:?}");
        assert_eq!(world.watcher().perished.len(), 1 - arrived);
    }
}

#[test]
fn a_partition_that_heals_in_time_does_not_hinder_a_packet_in_flight() {
    let mut world = realistic(2, |_| {});
    world.note(A, B, 1);
    world.run(5 * MS);
    world.cut(A, B);
    world.run(4 * MS);
    world.heal();
    world.run(MS);
    assert_eq!(world.puppet(B).notes(), [1]);
}

#[test]
fn a_cut_is_directed_and_silent() {
    let mut world = realistic(2, |_| {});
    world.cut(A, B);
    world.note(A, B, 1);
    world.note(B, A, 2);
    world.call(B, A, 3);
    world.run(10_000 * MS);
    assert!(world.puppet(B).notes().is_empty());
    assert_eq!(world.puppet(A).notes(), [2]);
    assert_eq!(world.puppet(A).requests(), [3], "the request passes, the reply does not");
    assert!(world.puppet(B).replies().is_empty() && world.puppet(B).failures().is_empty());
}

#[test]
fn a_reply_to_an_earlier_life_of_the_caller_is_dropped() {
    let mut world = realistic(2, |_| {});
    world.call(A, B, 1);
    world.run(15 * MS);
    world.crash(A);
    world.boot(A);
    world.call(A, B, 2);
    world.run(100 * MS);
    assert_eq!(world.puppet(A).replies(), [2]);
    assert_eq!(world.watcher().perished.len(), 1);
    assert_eq!(world.watcher().perished[0].1, Fate::Dead);
}

#[test]
fn a_packet_to_a_peer_that_is_down_perishes_and_one_to_a_restarted_peer_arrives() {
    let mut world = realistic(2, |_| {});
    world.call(A, B, 1);
    world.run(5 * MS);
    world.crash(B);
    world.run(5 * MS);
    assert_eq!(world.watcher().perished[0].1, Fate::Dead);
    world.call(A, B, 2);
    world.run(5 * MS);
    world.boot(B);
    world.run(100 * MS);
    assert_eq!(world.puppet(A).replies(), [2]);
}

#[test]
fn an_extra_delay_slows_one_direction_of_one_link() {
    let mut world = realistic(3, |_| {});
    world.delay(A, B, 90 * MS);
    world.note(A, B, 1);
    world.note(A, C, 2);
    world.note(B, A, 3);
    world.run(10 * MS);
    assert_eq!(world.puppet(C).notes(), [2]);
    assert_eq!(world.puppet(A).notes(), [3]);
    world.run(89 * MS);
    assert!(world.puppet(B).notes().is_empty());
    world.run(MS);
    assert_eq!(world.puppet(B).notes(), [1]);
}

/// A request of the realistic network may arrive after the switch to labrpc, at a peer that is down.
#[test]
fn a_request_that_outlives_its_profile_does_not_reach_a_dead_peer() {
    let mut world = realistic(2, |_| {});
    world.call(A, B, 1);
    world.crash(B);
    world.set_network(NetworkProfile::Labrpc(Labrpc::default()));
    world.run(10 * MS);
    assert_eq!(world.watcher().perished.len(), 1);
    assert_eq!(world.counters().deliveries, 0);
    assert_eq!(world.requests_dispatched(B), 0);
}

/// A call of the labs' network that is answered over the realistic one is over.
#[test]
fn a_call_that_outlives_its_profile_returns_once() {
    let mut world = lab(2, true, false, false);
    world.order(B, Order::Answer(Manner::After(50 * MS)));
    world.call(A, B, 1);
    world.run(10 * MS);
    world.set_network(NetworkProfile::Realistic(ten_ms()));
    world.run(100 * MS);
    world.cut(A, B);
    world.run(1_000 * MS);
    assert_eq!(world.puppet(A).replies(), [1]);
    assert!(world.puppet(A).failures().is_empty());
}

#[test]
fn losses_come_in_bursts_and_as_many_are_lost() {
    let lost = |correlation| {
        let mut world = realistic(2, |network| {
            (network.loss, network.loss_correlation) = (percent(20), percent(correlation));
        });
        for tag in 0..40_000 {
            world.note(A, B, tag);
            world.run(MS);
        }
        let sent = world.watcher().sent.iter().map(|sent| sent.fate == Fate::Lost);
        sent.collect::<Vec<bool>>()
    };
    // How many are lost of a thousand, and how many of a thousand that follow one that was.
    let shares = |lost: &[bool]| {
        let all = lost.iter().filter(|is| **is).count();
        let again = lost.windows(2).filter(|pair| pair[0] && pair[1]).count();
        (all * 1_000 / lost.len(), again * 1_000 / all)
    };
    let (single, bursts) = (shares(&lost(0)), shares(&lost(75)));
    assert!(single.0.abs_diff(200) < 10 && single.1.abs_diff(200) < 15, "{single:?}");
    // Three in four share the lot, one in five of the others is lost: 0.75 + 0.25 * 0.2.
    assert!(bursts.0.abs_diff(200) < 20 && bursts.1.abs_diff(800) < 15, "{bursts:?}");
}

#[test]
fn a_link_that_is_full_loses_one_of_all_that_are_on_their_way() {
    let mut world = realistic(3, |network| {
        network.capacity = Some(4);
        network.one_way_delay = Latency::Constant(10 * MS);
    });
    for tag in 0..1_000 {
        world.note(A, B, tag);
    }
    world.note(A, C, 0);
    world.run(20 * MS);
    let arrived = world.puppet(B).notes();
    assert_eq!((arrived.len(), world.puppet(C).notes().len()), (4, 1));
    assert_ne!(arrived, [0, 1, 2, 3], "who has to go is drawn");
    // Room that was taken is free again.
    for tag in 0..20 {
        world.note(A, B, 2_000 + tag);
        world.run(5 * MS);
    }
    world.run(20 * MS);
    assert_eq!(world.puppet(B).notes().len(), 24);
}

#[test]
fn a_clogged_link_fills_up() {
    let mut world = realistic(2, |network| network.capacity = Some(3));
    world.clog(A, B, 1_000 * MS);
    for tag in 0..50 {
        world.note(A, B, tag);
        world.run(15 * MS);
    }
    world.run(1_000 * MS);
    assert_eq!(world.puppet(B).notes().len(), 3);
}
