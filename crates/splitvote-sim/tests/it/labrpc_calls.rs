//! The life of a call on the labs' network: how often it succeeds, and what becomes of it when its
//! server is cut off or killed.

use crate::common::*;
use splitvote_sim::{Fate, Labrpc, NetworkProfile};

#[test]
fn an_unreliable_call_succeeds_81_times_in_100() {
    let mut world = lab(2, false, false, false);
    let calls = 50_000;
    for tag in 0..calls {
        world.call(A, B, tag);
        world.run(MS);
    }
    world.run(100 * MS);
    let executed = world.puppet(B).requests().len() as u64;
    let replied = world.puppet(A).replies().len() as u64;
    let failed = world.puppet(A).failures().len() as u64;
    assert_eq!(replied + failed, calls);
    let per_mille = |count: u64| count * 1_000 / calls;
    assert!(per_mille(replied).abs_diff(810) <= 6, "answered: {replied}");
    assert!(per_mille(calls - executed).abs_diff(100) <= 5, "not executed: {executed}");
    assert!(per_mille(executed - replied).abs_diff(90) <= 5, "executed without reply");
}

#[test]
fn an_unreliable_request_takes_up_to_26_ms_and_a_loss_is_reported_as_fast() {
    let mut world = lab(2, false, false, false);
    for tag in 0..5_000 {
        world.call(A, B, tag);
    }
    world.run(26 * MS);
    let returned = world.puppet(A).replies().len() + world.puppet(A).failures().len();
    assert_eq!(returned, 5_000);
    let latest = world.puppet(A).saw.iter().map(|(at, _)| ms(*at)).max();
    assert_eq!(latest, Some(26));
}

#[test]
fn an_unreachable_server_fails_a_call_within_100_ms_or_7_s() {
    for (long_delays, least, most) in [(false, 95, 99), (true, 6_900, 6_999)] {
        let mut world = lab(2, true, long_delays, false);
        world.crash(B);
        for tag in 0..1_000 {
            world.call(A, B, tag);
        }
        world.run(7_000 * MS);
        assert_eq!(world.puppet(A).failures().len(), 1_000);
        let latest = world.puppet(A).saw.iter().map(|(at, _)| ms(*at)).max().unwrap();
        assert!((least..=most).contains(&latest), "{latest} ms");
    }
}

#[test]
fn healing_does_not_rescue_a_call_to_an_unreachable_server() {
    let mut world = lab(2, true, true, false);
    world.cut(A, B);
    world.call(A, B, 1);
    world.heal();
    world.run(7_000 * MS);
    assert_eq!(world.puppet(A).failures().len(), 1);
    assert!(world.puppet(B).requests().is_empty());
}

#[test]
fn a_call_in_progress_fails_within_100_ms_of_the_cut_or_the_crash() {
    for cut in [true, false] {
        let mut world = lab(2, true, false, false);
        world.order(B, Order::Answer(Manner::Never));
        world.call(A, B, 1);
        world.run(1_030 * MS);
        if cut {
            world.cut(A, B);
        } else {
            world.crash(B);
        }
        world.run(100 * MS);
        assert_eq!(world.puppet(A).failures().len(), 1, "cut: {cut}");
    }
}

/// Only the caller's end counts: labrpc looks at the link of the request.
#[test]
fn a_cut_of_the_way_back_does_not_hinder_a_reply() {
    let mut world = lab(2, true, false, false);
    world.cut(B, A);
    world.call(A, B, 1);
    world.run(MS);
    assert_eq!(world.puppet(A).replies(), [1]);
}

#[test]
fn a_partition_that_starts_and_heals_during_a_handler_is_invisible() {
    for (cut_at, healed_at) in [(10, 90), (110, 190)] {
        let mut world = lab(2, true, false, false);
        world.order(B, Order::Answer(Manner::After(250 * MS)));
        world.call(A, B, 1);
        world.run(cut_at * MS);
        world.cut(A, B);
        world.run((healed_at - cut_at) * MS);
        world.heal();
        world.run(300 * MS);
        assert_eq!(world.puppet(A).replies(), [1], "cut from {cut_at} to {healed_at} ms");
    }
}

#[test]
fn a_reply_over_a_cut_link_is_a_failure_at_the_end_of_the_handler() {
    let mut world = lab(2, true, false, false);
    world.order(B, Order::Answer(Manner::After(50 * MS)));
    world.call(A, B, 1);
    world.run(10 * MS);
    world.cut(A, B);
    world.run(40 * MS);
    assert_eq!(world.puppet(A).failures().len(), 1);
    assert_eq!(world.watcher().count(|sent| sent.fate == Fate::Cut), 1);
}

/// A restarted server is another one: whatever the old one would have replied is discarded.
#[test]
fn a_server_replaced_during_a_handler_fails_the_call() {
    let mut world = lab(2, true, false, false);
    world.order(B, Order::Answer(Manner::Never));
    world.call(A, B, 1);
    world.run(10 * MS);
    world.crash(B);
    world.boot(B);
    assert_eq!(world.requests_dispatched(B), 0, "a new server starts to count anew");
    world.run(100 * MS);
    assert_eq!(world.puppet(A).failures().len(), 1);
}

#[test]
fn a_late_reply_of_a_deleted_server_is_delivered() {
    let mut world = lab(2, true, false, true);
    for tag in 0..300 {
        world.call(A, B, tag);
    }
    world.run(MS);
    let at_once = world.puppet(A).replies().len();
    assert!((70..130).contains(&at_once), "two of three are late: {at_once}");
    world.crash(B);
    world.cut(A, B);
    world.run(2_200 * MS);
    assert_eq!(world.puppet(A).replies().len(), 300);
    let late = world.puppet(A).saw.iter().map(|(at, _)| ms(*at)).filter(|at| *at > 0);
    assert!(late.clone().min() >= Some(200) && late.max() <= Some(2_199));
}

#[test]
fn the_three_counters() {
    let mut world = lab(3, true, false, false);
    world.cut(A, C);
    world.order(A, Order::Call { to: B, tag: 1, bytes: 10, reply_bytes: 5 });
    world.order(A, Order::Call { to: C, tag: 2, bytes: 100, reply_bytes: 50 });
    world.run(100 * MS);
    assert_eq!(world.counters().calls, 2, "calls to the unreachable count");
    assert_eq!(world.counters().bytes, 115, "so do their bytes, but only replies that arrive");
    assert_eq!(world.requests_dispatched(B), 1);
    assert_eq!(world.requests_dispatched(C), 0);
}

#[test]
fn the_bytes_of_a_reply_count_when_it_is_delivered() {
    let mut world = lab(2, true, false, false);
    world.delay(B, A, 5 * MS);
    world.order(A, Order::Call { to: B, tag: 1, bytes: 10, reply_bytes: 5 });
    world.run(4 * MS);
    assert_eq!(world.counters().bytes, 10, "the reply is under way");
    world.run(MS);
    assert_eq!(world.counters().bytes, 15);
    world.order(A, Order::Call { to: B, tag: 2, bytes: 10, reply_bytes: 5 });
    world.run(MS);
    world.set_network(NetworkProfile::Realistic(ten_ms()));
    world.run(10 * MS);
    assert_eq!(world.counters().bytes, 30, "once, whatever the network has become");
    world.order(A, Order::Call { to: B, tag: 3, bytes: 10, reply_bytes: 5 });
    world.run(15 * MS);
    assert_eq!(world.counters().bytes, 45, "over a realistic network when it is sent");
    world.set_network(NetworkProfile::Labrpc(Labrpc::default()));
    world.run(15 * MS);
    assert_eq!((world.counters().bytes, world.puppet(A).replies()), (45, vec![1, 2, 3]));
}

#[test]
fn an_extra_delay_holds_for_requests_and_replies() {
    let mut world = lab(2, true, false, false);
    world.delay(A, B, 10 * MS);
    world.delay(B, A, 5 * MS);
    world.call(A, B, 1);
    world.run(14 * MS);
    assert_eq!(world.puppet(B).requests(), [1]);
    assert!(world.puppet(A).replies().is_empty());
    world.run(MS);
    assert_eq!(world.puppet(A).replies(), [1]);
}
