//! Each part by itself: it strikes, it belongs to its class, and its class switches it off.

use std::time::Duration;

use splitvote_sim::{
    DiskProfile, Labrpc, Latency, NetworkProfile, Realistic, Seed, Stream, StreamId, WorldConfig,
};

use super::part::{PartKind, Strength};
use super::parts::all;
use super::promise::liars_of;
use super::storm::Storm;
use super::swarm::{Running, describe, draw};
use crate::act::{Act, Timed};
use crate::cluster::Cluster;
use crate::fault::{Disk, Fault, FaultClass, FaultClasses, Network};
use crate::subject::reference;

const LASTS: Duration = Duration::from_secs(6);

fn storm() -> Storm {
    let proposals_every = Some(Duration::from_millis(100));
    Storm { lasts: LASTS, proposals_every, without: FaultClasses::NONE }
}

/// What a part does that is the only one.
fn acts_over(
    network: NetworkProfile,
    kind: &'static PartKind,
    seed: u64,
    without: FaultClasses,
) -> Vec<Timed> {
    let millis = Duration::from_millis;
    let sync_latency = Latency::Uniform { min: millis(0), max: millis(5) };
    let disk = DiskProfile { sync_latency, ..DiskProfile::default() };
    let world = WorldConfig { network, disk, ..WorldConfig::new(5, Seed(seed)) };
    let builder = Cluster::builder(&reference()).world(world).without(without);
    let mut cluster = builder.build().unwrap();
    let own = Stream::new(Seed(seed), StreamId::Part { part: kind.stream, round: 0 });
    let part = Running::new(kind, Strength(Strength::MOST), own, cluster.now());
    cluster.strike_with(vec![part], storm()).unwrap();
    assert_eq!(Duration::from_nanos(cluster.now().0), LASTS, "{}", kind.name);
    let acts = cluster.take_diary();
    acts.into_iter().filter(|timed| !timed.act.is_command()).collect()
}

fn acts(kind: &'static PartKind, seed: u64, without: FaultClasses) -> Vec<Timed> {
    acts_over(NetworkProfile::Realistic(Realistic::default()), kind, seed, without)
}

/// Which classes an act shows, whether by itself or in the profile that it sets.
fn classes(act: &Act) -> FaultClasses {
    let shows = |class: &FaultClass| {
        act.clone().without([*class].into_iter().collect()).as_ref() != Some(act)
    };
    FaultClass::ALL.iter().copied().filter(shows).collect()
}

#[test]
fn every_part_strikes_again_and_again_and_in_its_own_class_alone() {
    for kind in all() {
        let acts: Vec<Timed> =
            (0..4).flat_map(|seed| acts(kind, seed, FaultClasses::NONE)).collect();
        let least = if kind.name == "clock-offset" { 4 } else { 12 };
        let strikes = acts.iter().filter(|timed| !classes(&timed.act).is_empty()).count();
        assert!(strikes >= least, "{}: {strikes} strikes", kind.name);
        let seen = acts.iter().map(|timed| classes(&timed.act));
        let seen = seen.fold(FaultClasses::NONE, FaultClasses::union);
        assert_eq!(seen.iter().collect::<Vec<_>>(), [kind.class], "{}", kind.name);
    }
}

#[test]
fn its_class_alone_switches_a_part_off_and_no_other_does() {
    for kind in all() {
        let strikes = |without: FaultClasses| {
            let acts = (0..3).flat_map(|seed| acts(kind, seed, without));
            acts.filter(|timed| !classes(&timed.act).is_empty()).count()
        };
        let own: FaultClasses = [kind.class].into_iter().collect();
        let others = FaultClass::ALL.iter().copied().filter(|class| *class != kind.class);
        assert_eq!(strikes(own), 0, "{}", kind.name);
        assert_eq!(strikes(others.collect()), strikes(FaultClasses::NONE), "{}", kind.name);
    }
}

#[test]
fn the_switches_of_the_labs_network_are_flipped_to_and_fro() {
    let quiet = Labrpc { reliable: true, long_delays: false, long_reordering: false };
    for kind in all() {
        let network = NetworkProfile::Labrpc(quiet);
        let acts = acts_over(network, kind, 1, FaultClasses::NONE);
        let mut set = acts.iter().filter_map(|timed| match timed.act {
            Act::Fault(Fault::Network(Network(NetworkProfile::Labrpc(lab)))) => Some(lab),
            _ => None,
        });
        match kind.name {
            "loss-bursts" => assert!(!set.next().unwrap().reliable),
            "slow-network" => assert!(set.next().unwrap().long_delays),
            "reordering" => assert!(set.next().unwrap().long_reordering),
            name => assert_eq!(set.next(), None, "{name}"),
        }
        assert!(set.next().is_none_or(|lab| lab == quiet), "{}", kind.name);
    }
}

#[test]
fn no_part_lets_a_disk_lie() {
    for kind in all() {
        for Timed { act, .. } in acts(kind, 2, FaultClasses::NONE) {
            if let Act::Fault(Fault::Disk(Disk(profile))) = act {
                assert!(liars_of(&profile).is_empty(), "{}", kind.name);
            }
        }
    }
}

/// Seeds depend on these numbers: a part keeps its own for ever, and a new part gets a new one.
#[test]
fn the_stream_of_a_part_is_a_promise() {
    let mut streams: Vec<(u8, &str)> = all().map(|kind| (kind.stream, kind.name)).collect();
    streams.sort_unstable();
    let promised = [
        "crashes",
        "crash-points",
        "pauses",
        "partitions",
        "flapping",
        "clogs",
        "loss-bursts",
        "duplication",
        "reordering",
        "stale-replay",
        "slow-network",
        "clock-steps",
        "clock-drift",
        "clock-strobe",
        "disks",
        "seesaw",
        "crowding",
        "clock-offset",
        "late-timers",
        "swizzle",
        "power-failures",
        "disk-errors",
        "disk-stalls",
        "misconfigured-timer",
        "task-order",
    ];
    let numbered = (1..).zip(promised);
    assert_eq!(streams, numbered.collect::<Vec<(u8, &str)>>());
}

#[test]
fn a_storm_has_a_part_of_those_that_it_allows_under_every_seed() {
    for only in FaultClass::ALL {
        let without = FaultClass::ALL.iter().copied().filter(|class| class != only);
        let without: FaultClasses = without.collect();
        for seed in 0..50 {
            let mut nemesis = Stream::new(Seed(seed), StreamId::Nemesis);
            let swarm = draw(Seed(seed), &mut nemesis, 0, splitvote_peer::SimTime::ZERO, without);
            assert!(!swarm.is_empty(), "{only}, seed {seed}");
            assert!(describe(&swarm, without) == describe(&swarm, FaultClasses::NONE), "{only}");
            let own: FaultClasses = [*only].into_iter().collect();
            assert!(describe(&swarm, own).starts_with("calm"), "{only}, seed {seed}");
        }
    }
}

/// What a storm rules out takes nothing from the draws of the others.
#[test]
fn ruling_a_class_out_leaves_the_others_as_strong_as_they_were() {
    for seed in 0..50 {
        let weather = |without: FaultClasses| {
            let mut nemesis = Stream::new(Seed(seed), StreamId::Nemesis);
            let swarm = draw(Seed(seed), &mut nemesis, 0, splitvote_peer::SimTime::ZERO, without);
            describe(&swarm, without)
        };
        let all = weather(FaultClasses::NONE);
        let calmer = weather([FaultClass::Crashes, FaultClass::Loss].into_iter().collect());
        let left = calmer.split(", ").filter(|part| all.contains(part)).count();
        // One may have come in for one that was ruled out, so that there is one at any rate.
        assert!(left + 1 >= calmer.split(", ").count(), "{all}; {calmer}");
    }
}
