//! Rules on single packets: each verdict, what a rule can aim at, and that it touches nothing else.

use crate::common::*;
use splitvote_peer::{Message, PeerId, SimTime};
use splitvote_sim::{Fate, Latency, NetworkProfile, Realistic, Staleness, Verdict};

/// One note from A to B under a rule of this verdict: when it arrived, in ms.
fn arrivals_under(verdict: Verdict, network: Realistic) -> Vec<u64> {
    let mut world = on(2, NetworkProfile::Realistic(network));
    world.install_rule(move |_, _| verdict).keep();
    world.note(A, B, 1);
    world.run(1_000 * MS);
    world.puppet(B).saw.iter().skip(1).map(|(at, _)| ms(*at)).collect()
}

#[test]
fn each_verdict_does_what_it_says() {
    assert_eq!(arrivals_under(Verdict::Pass, ten_ms()), [10]);
    assert_eq!(arrivals_under(Verdict::Drop, ten_ms()), []);
    assert_eq!(arrivals_under(Verdict::Delay(30 * MS), ten_ms()), [40]);
    assert_eq!(arrivals_under(Verdict::Duplicate, ten_ms()), [10, 10]);
    assert_eq!(arrivals_under(Verdict::Replay(500 * MS), ten_ms()), [10, 510]);
    let hostile = Realistic { loss: percent(100), duplicate: percent(100), ..ten_ms() };
    assert_eq!(arrivals_under(Verdict::Pass, hostile), []);
    assert_eq!(arrivals_under(Verdict::Deliver, hostile), [10]);
    assert_eq!(arrivals_under(Verdict::Delay(MS), hostile), [11]);
    assert_eq!(arrivals_under(Verdict::Duplicate, hostile), [10, 10]);
    assert_eq!(arrivals_under(Verdict::Replay(MS), hostile), [10, 11]);
    let delay = Latency::Constant(200 * MS);
    let stale = Realistic { stale: Staleness { probability: percent(100), delay }, ..ten_ms() };
    assert_eq!(arrivals_under(Verdict::Pass, stale), [10, 210]);
    assert_eq!(arrivals_under(Verdict::Deliver, stale), [10]);
    assert_eq!(arrivals_under(Verdict::Delay(MS), stale), [11]);
    assert_eq!(arrivals_under(Verdict::Duplicate, stale), [10, 10]);
    assert_eq!(arrivals_under(Verdict::Replay(MS), stale), [10, 11]);
}

#[test]
fn each_verdict_on_requests_and_replies_of_the_labs_network() {
    let outcome = |verdict: Verdict, kind: usize| {
        let mut world = lab(2, true, false, false);
        world
            .install_rule(
                move |packet, _| {
                    if packet.message.kind() == kind { verdict } else { Verdict::Pass }
                },
            )
            .keep();
        world.call(A, B, 1);
        world.run(20 * MS);
        let puppet = world.puppet(A);
        let counts = (world.puppet(B).requests().len(), puppet.replies().len());
        (counts.0, counts.1, puppet.failures().len())
    };
    assert_eq!(outcome(Verdict::Drop, ASK), (0, 0, 1));
    assert_eq!(outcome(Verdict::Drop, ANSWER), (1, 0, 1));
    assert_eq!(outcome(Verdict::Delay(30 * MS), ASK), (0, 0, 0));
    assert_eq!(outcome(Verdict::Delay(30 * MS), ANSWER), (1, 0, 0));
    assert_eq!(outcome(Verdict::Delay(10 * MS), ANSWER), (1, 1, 0));
    assert_eq!(outcome(Verdict::Replay(10 * MS), ASK), (2, 1, 0));
    assert_eq!(outcome(Verdict::Replay(10 * MS), ANSWER), (1, 2, 0));
    assert_eq!(outcome(Verdict::Replay(30 * MS), ANSWER), (1, 1, 0));
    assert_eq!(outcome(Verdict::Duplicate, ASK), (2, 1, 0));
    assert_eq!(outcome(Verdict::Duplicate, ANSWER), (1, 2, 0));
    assert_eq!(outcome(Verdict::Deliver, ASK), (1, 1, 0));
}

#[test]
fn each_verdict_on_one_way_messages_of_the_labs_network() {
    let notes = |verdict: Verdict| {
        let mut world = lab(2, true, false, false);
        world.install_rule(move |_, _| verdict).keep();
        world.note(A, B, 1);
        world.run(20 * MS);
        let told = world.watcher().count(|sent| matches!(sent.fate, Fate::Duplicated(_)));
        (world.puppet(B).notes().len(), told)
    };
    assert_eq!(notes(Verdict::Pass), (1, 0));
    assert_eq!(notes(Verdict::Deliver), (1, 0));
    assert_eq!(notes(Verdict::Drop), (0, 0));
    assert_eq!(notes(Verdict::Delay(30 * MS)), (0, 0));
    assert_eq!(notes(Verdict::Duplicate), (2, 1));
    assert_eq!(notes(Verdict::Replay(10 * MS)), (2, 1));
}

#[test]
fn a_rule_may_aim_at_a_link_a_kind_or_the_n_th_packet() {
    let mut world = realistic(3, |_| {});
    let from_a_to_b = world.install_rule(|packet, _| {
        if (packet.from, packet.to) == (A, B) { Verdict::Drop } else { Verdict::Pass }
    });
    world.note(A, B, 1);
    world.note(A, C, 2);
    world.run(10 * MS);
    assert!(world.puppet(B).notes().is_empty());
    assert_eq!(world.puppet(C).notes(), [2]);
    drop(from_a_to_b);

    let answers = world.install_rule(|packet, _| {
        if packet.message.kind() == ANSWER { Verdict::Drop } else { Verdict::Pass }
    });
    world.call(A, B, 3);
    world.run(20 * MS);
    assert_eq!((world.puppet(B).requests(), world.puppet(A).replies()), (vec![3], vec![]));
    drop(answers);

    let first_two =
        world.install_rule(|_, decided| if decided < 2 { Verdict::Drop } else { Verdict::Pass });
    (10..15).for_each(|tag| world.note(A, B, tag));
    world.run(10 * MS);
    assert_eq!(world.puppet(B).notes(), [12, 13, 14]);
    drop(first_two);
}

#[test]
fn a_rule_is_lifted_when_its_guard_drops_and_the_first_that_decides_counts() {
    let mut world = realistic(2, |_| {});
    let first = world.install_rule(|_, _| Verdict::Drop);
    let second = world.install_rule(|_, _| Verdict::Delay(10 * MS));
    world.note(A, B, 1);
    world.run(50 * MS);
    drop(first);
    world.note(A, B, 2);
    world.run(50 * MS);
    drop(second);
    world.note(A, B, 3);
    world.run(50 * MS);
    let saw: Vec<u64> = world.puppet(B).saw.iter().skip(1).map(|(at, _)| ms(*at)).collect();
    assert_eq!((world.puppet(B).notes(), saw), (vec![2, 3], vec![70, 110]));
}

#[test]
fn no_rule_lets_a_packet_pass_a_cut_link() {
    let mut world = realistic(2, |_| {});
    world.install_rule(|_, _| Verdict::Deliver).keep();
    world.cut(A, B);
    world.note(A, B, 1);
    world.run(50 * MS);
    assert!(world.puppet(B).notes().is_empty());
    assert_eq!(world.watcher().count(|sent| sent.fate == Fate::Cut), 1);
}

#[test]
fn in_a_forked_run_a_rule_stands_on_its_own() {
    let mut world = realistic(2, |_| {});
    let guard = world.install_rule(|_, _| Verdict::Drop);
    let mut fork = world.clone();
    drop(guard);
    for world in [&mut world, &mut fork] {
        world.note(A, B, 1);
        world.run(10 * MS);
    }
    assert_eq!((world.puppet(B).notes().len(), fork.puppet(B).notes().len()), (1, 0));
}

/// A rule changes nothing but the packets it aims at: not their neighbours on the same link, and no
/// packet of another link.
#[test]
fn a_rule_leaves_the_draws_of_all_other_packets_as_they_were() {
    let play = |verdict: Option<Verdict>| {
        let network = Realistic {
            one_way_delay: Latency::Uniform { min: MS, max: 10 * MS },
            loss: percent(10),
            duplicate: percent(10),
            ..Realistic::default()
        };
        let mut world = on(3, NetworkProfile::Realistic(network));
        if let Some(verdict) = verdict {
            // The sixth note from A to B.
            world
                .install_rule(move |packet, _| {
                    if packet.message.to_string() == "Note { tag: 5 }" && packet.to == B {
                        verdict
                    } else {
                        Verdict::Pass
                    }
                })
                .keep();
        }
        for tag in 0..50 {
            world.note(A, B, tag);
            world.note(A, C, tag);
            world.note(B, A, tag);
            world.run(MS);
        }
        let by_link = |from: PeerId, to: PeerId| -> Vec<(SimTime, Fate)> {
            let sent = world.watcher().sent.iter();
            sent.filter(|sent| (sent.from, sent.to) == (from, to))
                .map(|sent| (sent.at, sent.fate))
                .collect()
        };
        [by_link(A, B), by_link(A, C), by_link(B, A)]
    };
    let untouched = play(None);
    let sixth = SimTime::ZERO + 5 * MS;
    for verdict in [Verdict::Drop, Verdict::Duplicate, Verdict::Delay(MS), Verdict::Replay(MS)] {
        let ruled = play(Some(verdict));
        assert_eq!(ruled[1..], untouched[1..], "{verdict:?}");
        let others = |link: &[(SimTime, Fate)]| -> Vec<(SimTime, Fate)> {
            link.iter().filter(|(at, _)| *at != sixth).copied().collect()
        };
        assert_eq!(others(&ruled[0]), others(&untouched[0]), "{verdict:?}");
        assert_ne!(ruled[0], untouched[0], "{verdict:?}");
    }
}
