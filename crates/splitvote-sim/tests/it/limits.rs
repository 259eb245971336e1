//! A run that does not end is stopped, and says why.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use crate::common::*;
use splitvote_peer::BreachCause;
use splitvote_peer::SimTime;
use splitvote_peer::Timing;
use splitvote_raft::{Config, Paper, Raft};
use splitvote_sim::{
    Halt, Latency, Limits, NetworkProfile, Realistic, Seed, Unwatched, World, WorldConfig,
};

const LIMITS: Limits = Limits {
    events: 100_000,
    events_at_one_instant: 1_000,
    events_waiting: 10_000,
    changes_of_term: 1_000,
    work: 1_000_000,
    memory: 1 << 20,
};

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
    let at = SimTime::ZERO;
    assert_eq!(world.run_until(second()), Err(Halt::Restless { peer: A, at, times: 1_000 }));
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
fn more_events_than_may_wait_are_halted() {
    let mut world = limited(Latency::Constant(1_000 * MS));
    for tag in 0..=10_000 {
        world.note(A, B, tag);
    }
    let halt = Halt::Overfull { at: second(), events: 10_000 };
    assert_eq!(world.step_once(), Err(halt));
    assert_eq!(
        halt.to_string(),
        "the run does not end: 10000 events were waiting at 1.000000 s, and more came"
    );
}

/// Proposals are no events that wait: what they make a peer do is limited, they are not.
#[test]
fn a_million_proposals_at_one_instant_are_handled() {
    let mut world = stage(&WorldConfig::new(1, Seed(1)));
    (0..1_000_000).for_each(|record| world.order(A, Order::Persist(record)));
    world.order(A, Order::Sync);
    world.run(MS);
    assert_eq!(world.watcher().durable.len(), 1_000_000);
    assert_eq!(world.raft_state_bytes(A), 8_000_000);
    world.crash(A);
    world.boot(A);
    let Some((_, Saw::Survived(records))) = world.puppet(A).saw.first() else { panic!("no boot") };
    assert_eq!(records.len(), 1_000_000);
}

#[test]
fn a_million_messages_at_one_instant_are_halted() {
    let mut world = stage(&WorldConfig {
        network: NetworkProfile::Realistic(ten_ms()),
        ..WorldConfig::new(2, Seed(1))
    });
    (0..1_000_000).for_each(|tag| world.note(A, B, tag));
    let at = SimTime::ZERO + 10 * MS;
    assert_eq!(world.run_until(second()), Err(Halt::Instant { at, events: 200_000 }));
    world.note(A, B, 0);
    let mut world = stage(&WorldConfig::new(1, Seed(1)));
    (0..=1_000_000).for_each(|_| world.order(A, Order::Sync));
    let full = Halt::Overfull { at: SimTime::ZERO, events: 1_000_000 };
    assert_eq!(world.run_until(second()), Err(full));
}

/// Raft peers of which none hears another, with these durations.
fn deaf(timing: Timing, limits: Limits) -> World<Raft<Paper>, Unwatched> {
    let network = NetworkProfile::Realistic(Realistic { loss: percent(100), ..ten_ms() });
    let config = WorldConfig { network, limits, ..WorldConfig::new(3, Seed(1)) };
    World::new(&config, &Config { settings: timing.into(), ..Config::default() }, Unwatched)
        .unwrap()
}

#[test]
fn terms_without_end_are_halted() {
    let world = deaf(Timing::default(), LIMITS).run_until(SimTime(1_000_000_000_000));
    let Err(Halt::Terms { at, changes: 1_000 }) = world else { panic!("{world:?}") };
    assert!(at > SimTime(60_000_000_000), "three peers, four to six terms a second each: {at}");
    let halt = Halt::Terms { at: SimTime(1_000), changes: 7 };
    assert_eq!(
        halt.to_string(),
        "the run does not end: peers changed their term 7 times by 0.000001 s"
    );
}

/// Without being told, no run goes on until the machine is out of memory.
#[test]
fn timers_of_a_nanosecond_are_halted_by_default() {
    let nanosecond = std::time::Duration::from_nanos(1);
    let timing = Timing {
        election_timeout_min: nanosecond,
        election_timeout_max: nanosecond,
        heartbeat_interval: nanosecond,
    };
    let halt = deaf(timing, Limits::default()).run_until(second());
    assert!(matches!(halt, Err(Halt::Terms { changes: 500_000, .. })), "{halt:?}");
}

#[test]
fn a_halt_says_what_was_reached_and_when() {
    let halt = Halt::Instant { at: SimTime(2_000_000), events: 7 };
    assert_eq!(
        halt.to_string(),
        "the run does not end: 7 events at 0.002000 s and still no end in sight"
    );
}

/// 128 peers have 16,384 links, and each heal looks at all of them.
#[test]
fn links_that_are_looked_at_count_as_work() {
    let mut world = stage(&WorldConfig { limits: LIMITS, ..WorldConfig::new(128, Seed(1)) });
    (0..61).for_each(|_| world.heal());
    assert_eq!(world.is_within_limits(), Ok(()));
    world.heal();
    let halt = Halt::Work { at: SimTime::ZERO, units: 1_000_000 };
    assert_eq!(world.is_within_limits(), Err(halt));
    assert_eq!(world.run_until(second()), Err(halt));
    assert_eq!(
        halt.to_string(),
        "the run does not end: its budget of 1000000 units of work besides events was used up at 0.000000 s"
    );
}

#[test]
fn looks_at_a_world_in_which_nothing_happens_count_as_work() {
    let mut world = limited(Latency::NONE);
    let looks = (1..).take_while(|look| world.run_until(SimTime(*look)).is_ok()).count();
    assert_eq!(looks, 1_000_000 / 50 - 1);
}

#[test]
fn packets_that_never_arrive_and_records_that_are_read_back_count_as_work() {
    let lossy = Realistic { loss: percent(100), ..ten_ms() };
    let network = NetworkProfile::Realistic(lossy);
    let limits = Limits { work: 1_000, ..LIMITS };
    let mut world = stage(&WorldConfig { network, limits, ..WorldConfig::new(2, Seed(1)) });
    (0..199).for_each(|tag| world.note(A, B, tag));
    assert_eq!(world.is_within_limits(), Ok(()));
    world.note(A, B, 199);
    assert!(matches!(world.is_within_limits(), Err(Halt::Work { units: 1_000, .. })));
    let limits = Limits { memory: u64::MAX, ..LIMITS };
    let mut world = stage(&WorldConfig { limits, ..WorldConfig::new(1, Seed(1)) });
    (0..10_000).for_each(|record| world.order(A, Order::Persist(record)));
    world.order(A, Order::Sync);
    world.run(MS);
    for _ in 0..20 {
        world.crash(A);
        world.boot(A);
    }
    assert!(matches!(world.is_within_limits(), Err(Halt::Work { .. })));
}

/// A snapshot of many parts is written in one step, which is one event.
#[test]
fn records_that_are_written_count_as_work() {
    let limits = Limits { work: 1_000, ..LIMITS };
    let mut world = stage(&WorldConfig { limits, ..WorldConfig::new(1, Seed(1)) });
    (0..99).for_each(|record| world.order(A, Order::Persist(record)));
    assert_eq!(world.is_within_limits(), Ok(()));
    world.order(A, Order::Persist(99));
    assert!(matches!(world.is_within_limits(), Err(Halt::Work { units: 1_000, .. })));
}

#[test]
fn what_is_written_down_of_a_run_is_bounded() {
    let limits = Limits { memory: 4 << 20, ..LIMITS };
    let mut world = stage(&WorldConfig { limits, ..WorldConfig::new(1, Seed(1)) });
    world.note_bytes(4 << 20);
    assert_eq!(world.is_within_limits(), Ok(()));
    world.note_bytes(1);
    let halt = Halt::Noted { at: SimTime::ZERO, bytes: 4 << 20 };
    assert_eq!(world.is_within_limits(), Err(halt));
    assert_eq!(
        halt.to_string(),
        "the run takes too much memory: what is kept of it came to 4 MiB at 0.000000 s, most of it for the faults and \
         proposals that are written down, so that it can be repeated"
    );
}

#[test]
fn what_is_kept_on_disks_is_bounded() {
    let limits = Limits { memory: 4 << 20, ..LIMITS };
    let mut world = stage(&WorldConfig { limits, ..WorldConfig::new(2, Seed(1)) });
    for record in 0..5_000 {
        world.order(A, Order::Persist(record));
        world.order(B, Order::Persist(record));
        world.order(B, Order::Compact { keep: 10 });
        world.order(B, Order::Sync);
        world.run(MS);
        if record == 4_000 {
            assert_eq!(world.is_within_limits(), Ok(()), "what is compacted does not count");
        }
    }
    let mut record = 5_000;
    while world.is_within_limits().is_ok() {
        world.order(A, Order::Persist(record));
        record += 1;
    }
    let Err(Halt::Memory { peer: A, records, .. }) = world.is_within_limits() else {
        panic!("{:?}", world.is_within_limits())
    };
    assert!((10_000..25_000).contains(&records), "{records}");
}

/// A peer that persists without end is to blame, however much memory there is.
#[test]
fn a_disk_of_more_than_two_million_records_breaks_the_contract() {
    let limits = Limits { memory: u64::MAX, ..Limits::default() };
    let mut world = stage(&WorldConfig { limits, ..WorldConfig::new(1, Seed(1)) });
    (0..2_000_000).for_each(|record| world.order(A, Order::Persist(record)));
    assert_eq!(world.breach(), None);
    world.order(A, Order::Persist(0));
    let cause = BreachCause::DiskTooLarge { records: 2_000_001, most: 2_000_000 };
    assert_eq!(world.breach().map(|breach| breach.cause), Some(cause));
    assert_eq!(world.run_until(second()), Err(Halt::Breach));
}

/// A scenario may ask a correct Raft for so many: with the usual limits the run ends, and no peer is to blame.
#[test]
fn a_run_takes_too_much_memory_before_a_disk_breaks_the_contract() {
    let mut world = stage(&WorldConfig::new(1, Seed(1)));
    (0..2_000_000).for_each(|record| world.order(A, Order::Persist(record)));
    assert_eq!(world.breach(), None);
    assert!(matches!(world.is_within_limits(), Err(Halt::Memory { peer: A, .. })));
}

/// All calls of an hour may be answered in one step, such as when the disk has hung until then.
#[test]
fn more_than_a_hundred_thousand_answers_of_one_step_break_no_contract() {
    let limits = Limits {
        events_at_one_instant: u64::MAX,
        events_waiting: 1 << 20,
        memory: u64::MAX,
        ..Limits::default()
    };
    let network = NetworkProfile::Realistic(Realistic {
        one_way_delay: Latency::NONE,
        ..Realistic::default()
    });
    let mut world = stage(&WorldConfig { network, limits, ..WorldConfig::new(2, Seed(1)) });
    world.order(B, Order::Answer(Manner::After(MS * 10)));
    (0..100_001).for_each(|tag| world.call(A, B, tag));
    assert_eq!(world.run_until(second()), Ok(()));
    assert_eq!(world.breach(), None);
}
