//! After the storm a calm: what is mended and what is not, what is demanded, and how a core fails.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail as tests do")]

use std::time::Duration;

use crate::broken::broken;
use splitvote::calm::{Awaited, Calm, Course, Round, Settled, Stall, Unable};
use splitvote::check::Checker;
use splitvote::peer::{PeerSet, Timing};
use splitvote::raft::{Config, Paper, Raft, Rules};
use splitvote::record;
use splitvote::scenario::Action;
use splitvote::sim::{
    DiskProfile, Latency, NetworkProfile, Probability, Realistic, Verdict as Fate,
};
use splitvote::{
    Cluster, Failure, PeerId, Role, Scenario, Seed, Settings, Subject, Verdict, reference, run,
};

type Reference = Raft<Paper>;

const S: [PeerId; 5] = [PeerId(0), PeerId(1), PeerId(2), PeerId(3), PeerId(4)];

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn core(peers: &[PeerId]) -> PeerSet {
    peers.iter().copied().collect()
}

fn five(seed: u64) -> Cluster<Reference> {
    Cluster::builder(&reference()).peers(5).seed(seed).build().unwrap()
}

fn settled(calm: Result<Calm, Failure>) -> Settled {
    match calm.unwrap() {
        Calm::Settled(settled) => settled,
        stuck @ Calm::Stuck { .. } => panic!("{stuck}"),
    }
}

fn why(calm: Result<Calm, Failure>) -> Unable {
    match calm.unwrap() {
        Calm::Stuck { why, .. } => why,
        settled @ Calm::Settled(_) => panic!("{settled}"),
    }
}

#[test]
fn a_core_elects_commits_and_converges() {
    for seed in 0..20 {
        let mut cluster = five(seed);
        let calm = settled(cluster.calm());
        assert!(calm.core.len() >= 3 && calm.core.contains(calm.leader) || calm.core.len() < 5);
        assert!(
            calm.led_after <= calm.committed_after && calm.committed_after <= calm.converged_after
        );
        let states: Vec<_> =
            calm.core.iter().map(|peer| cluster.world().machine_state(peer)).collect();
        assert!(states.iter().all(|state| *state == states[0] && state.0.index == calm.probe));
    }
}

#[test]
fn cores_of_every_size_are_drawn() {
    let sizes = (0..40).map(|seed| settled(five(seed).calm()).core.len());
    assert_eq!(sizes.collect::<std::collections::BTreeSet<_>>(), [3, 4, 5].into());
}

#[test]
fn every_fault_within_the_core_ends_and_every_other_one_stays() {
    let mut cluster = five(3);
    cluster.run_for(ms(600)).unwrap();
    let before = cluster.world().network();
    let lossy = Realistic { loss: Probability::percent(60), ..Realistic::default() };
    cluster.set_network(NetworkProfile::Realistic(lossy));
    cluster.partition(&[&[S[0], S[3]], &[S[1], S[4]], &[S[2]]]).unwrap();
    cluster.disconnect(S[1]).unwrap();
    cluster.delay(S[0], S[2], ms(700)).unwrap();
    cluster.clog(S[2], S[0], Duration::from_secs(60)).unwrap();
    cluster.clog(S[0], S[3], Duration::from_secs(60)).unwrap();
    cluster.clog(S[3], S[0], Duration::from_secs(60)).unwrap();
    cluster.crash(S[0]).unwrap();
    cluster.pause(S[2]).unwrap();
    cluster.crash_at_write(S[1], 3).unwrap();
    cluster.set_clock_drift(S[1], 300_000).unwrap();
    cluster.fix_election_timeout(S[2], Some(Duration::from_secs(40))).unwrap();
    cluster.crash(S[3]).unwrap();
    cluster.pause(S[4]).unwrap();
    let core = core(&S[..3]);
    assert_eq!(settled(cluster.calm_of(core)).core, core);
    let world = cluster.world();
    assert_eq!(world.network(), before);
    assert_eq!(world.alive(), PeerSet::all(5).difference([S[3]].into_iter().collect()));
    assert!(world.is_paused(S[4]) && !world.is_paused(S[2]));
    assert!(!world.is_armed(S[1]) && world.clock_drift(S[1]) == 0);
    for from in core.iter() {
        for to in core.iter() {
            assert!(world.is_up(from, to) && !world.is_clogged(from, to));
            assert!(world.extra_delay(from, to).is_zero());
        }
        for outside in [S[3], S[4]] {
            assert!(!world.is_up(from, outside) && !world.is_up(outside, from));
        }
    }
}

/// Seed 10184 of `swarm/four`: the reference was accused of what a disk of the storm was to blame for.
#[test]
fn a_slow_sync_from_before_the_calm_is_waited_for() {
    for seed in 0..10 {
        let mut cluster = five(seed);
        cluster.run_for(ms(600)).unwrap();
        let disk = cluster.world().disk_profile();
        let sync_latency = Latency::Constant(ms(1_500));
        cluster.set_disk(DiskProfile { sync_latency, ..disk });
        // Whoever restarts with a clock of its own stands, and others write their ballots down.
        let leader = cluster.leader().unwrap();
        cluster.crash(leader).unwrap();
        cluster.run_for(ms(330)).unwrap();
        settled(cluster.calm_of(PeerSet::all(5)));
    }
}

/// A cluster of which this is amiss, and nothing is mended.
fn as_it_stands(spoil: impl FnOnce(&mut Cluster<Reference>)) -> Unable {
    let mut cluster = five(1);
    spoil(&mut cluster);
    why(cluster.settle(PeerSet::all(5)))
}

#[test]
fn a_core_that_cannot_make_progress_is_allowed_to_be_stuck() {
    let whole = |cluster: &mut Cluster<Reference>| {
        cluster.partition(&[&S[..2], &S[2..4], &S[4..]]).unwrap();
    };
    assert_eq!(as_it_stands(whole), Unable::NoLink { from: S[0], to: S[2] });
    let down =
        |cluster: &mut Cluster<Reference>| S[1..4].iter().for_each(|s| cluster.crash(*s).unwrap());
    assert_eq!(as_it_stands(down), Unable::Down(S[1]));
    let paused =
        |cluster: &mut Cluster<Reference>| S[2..].iter().for_each(|s| cluster.pause(*s).unwrap());
    assert_eq!(as_it_stands(paused), Unable::Paused(S[2]));
    let rules = |cluster: &mut Cluster<Reference>| cluster.rule(|_, _| Fate::Drop).keep();
    assert_eq!(as_it_stands(rules), Unable::Rules);
    let mut cluster = five(1);
    cluster.partition(&[&S[..2], &S[2..4], &S[4..]]).unwrap();
    let two = core(&S[..2]);
    assert_eq!(why(cluster.settle(two)), Unable::NoQuorum { core: two, needed: 3 });
}

#[test]
fn a_peer_that_only_speaks_may_disturb_the_core_for_ever() {
    let mut cluster = five(1);
    // S4 hears nobody; S3 hears S4 and nobody else, and is heard by S0.
    for peer in S {
        cluster.cut(peer, S[4]).unwrap();
        cluster.cut(peer, S[3]).unwrap();
        cluster.cut(S[3], peer).unwrap();
        cluster.cut(S[4], peer).unwrap();
    }
    cluster.restore(S[4], S[3]).unwrap();
    let core = core(&S[..3]);
    assert_eq!(cluster.is_able(core), Ok(()), "nobody outside reaches it");
    cluster.restore(S[3], S[0]).unwrap();
    assert_eq!(cluster.is_able(core), Err(Unable::Disturbed { by: S[3] }));
    // S3 votes for S4 again and again, so that it never stands itself, and the core comes to rest.
    settled(cluster.calm_of(core));
    cluster.pause(S[3]).unwrap();
    assert_eq!(cluster.is_able(core), Ok(()), "who sleeps does not speak");
}

#[test]
fn timeouts_that_leave_no_room_excuse_a_core() {
    let with = |min, max, heartbeat| {
        let timing = Timing {
            election_timeout_min: ms(min),
            election_timeout_max: ms(max),
            heartbeat_interval: ms(heartbeat),
        };
        let builder = Cluster::builder(&reference()).peers(5).timing(timing);
        builder.build().unwrap().is_able(PeerSet::all(5))
    };
    assert_eq!(with(150, 300, 50), Ok(()));
    let (silence, timeout) = (ms(150), ms(150));
    assert_eq!(with(150, 300, 140), Err(Unable::HeartbeatsTooSlow { silence, timeout }));
    let (spread, one_way) = (ms(10), ms(10));
    assert_eq!(with(150, 160, 50), Err(Unable::TimeoutsTooClose { spread, one_way }));
    assert_eq!(with(150, 150, 50).map_err(|why| why.to_string().is_empty()), Err(false));
}

/// How a cluster of three of these rules fails in a calm.
fn stall_of(rules: &'static dyn Rules) -> Stall {
    let subject = broken("broken", rules);
    // What the checkers of rules would say first is not asked.
    let builder = Cluster::builder(&subject).peers(3).seed(1);
    let mut cluster = builder.asking_only(&[Checker::ElectionSafety]).build().unwrap();
    match cluster.calm_of(PeerSet::all(3)) {
        Err(Failure::Stalled(stall)) => *stall,
        other => panic!("{other:?}"),
    }
}

/// Rules that differ from the paper in one method.
macro_rules! broken {
    ($name:ident: $rule:item) => {
        #[derive(Clone, Debug)]
        struct $name;

        impl Rules for $name {
            $rule
        }
    };
}

broken!(Idle: fn stands_at_timeout(&self, _: Role) -> bool { false });
broken!(Unelectable: fn is_elected(&self, _: usize, _: usize, _: bool) -> bool { false });
broken!(Noncommittal: fn acknowledgements_needed(&self, _: usize) -> usize { usize::MAX });
broken!(Lazy: fn applies(&self, role: Role) -> bool { role == Role::Leader });
broken!(Restless: fn append_resets_timer(&self, _: bool) -> bool { false });

#[test]
fn nobody_stands_is_a_standstill() {
    let stall = stall_of(&Idle);
    assert_eq!((stall.cause(), stall.course), ("no-leader", Course::Standstill));
    assert!(matches!(stall.awaited, Awaited::Leader { leader: None, .. }));
    let failure = Failure::Stalled(Box::new(stall));
    assert_eq!((failure.checker(), failure.is_liveness()), ("liveness", true));
    let text = failure.to_string();
    assert!(
        text.contains("waited for a leader from") && text.contains("elections of up to"),
        "{text}"
    );
}

#[test]
fn nobody_wins_is_a_livelock() {
    let stall = stall_of(&Unelectable);
    assert_eq!(stall.cause(), "livelock");
    assert!(matches!(stall.course, Course::Livelock { times, terms } if times > 3 && terms > 9));
}

#[test]
fn a_probe_that_is_not_committed_is_named() {
    let stall = stall_of(&Noncommittal);
    assert_eq!(stall.cause(), "not-committed");
    assert!(stall.to_string().contains("the commitment of a probe"), "{stall}");
}

#[test]
fn whoever_does_not_apply_is_named() {
    let stall = stall_of(&Lazy);
    assert_eq!(stall.cause(), "not-converged");
    let Awaited::Convergence { leader, of, .. } = stall.awaited else { panic!("{stall}") };
    assert_eq!(of, PeerSet::all(3).difference([leader].into_iter().collect()));
}

/// The bounds of the head of `calm::pace` by hand, and that a live run is given up when they are over: not
/// earlier, and not two later.
#[test]
fn a_core_is_given_up_when_its_bound_is_over() {
    // Timeouts of 150-300 ms, a heartbeat every 50 ms, 10 ms one way at most: a round is won with a chance of
    // (14/15)^3 / 3, which makes 77 rounds and two more, each of 300 ms and 20 ms; and a silence of 60 ms.
    let led = (79, ms(79 * 320 + 60));
    // A probe waits for a heartbeat, goes there and back; two round trips were under way before, and one goes
    // back to where the logs agree.
    for (stall, what, (times, total)) in [
        (stall_of(&Idle), Round::Election, led),
        (stall_of(&Unelectable), Round::Election, led),
        (stall_of(&Noncommittal), Round::RoundTrip, (3, ms(3 * 70))),
        (stall_of(&Lazy), Round::RoundTrip, (3, ms(3 * 70))),
    ] {
        let Stall { bound, since, at, .. } = &stall;
        assert_eq!((bound.times, bound.what, bound.total()), (times, what, total), "{stall}");
        let waited = at.since(*since);
        assert!((total..=total + ms(10)).contains(&waited), "{waited:?}: {stall}");
    }
}

#[test]
fn an_election_without_cause_is_a_failure() {
    let stall = stall_of(&Restless);
    assert_eq!(stall.cause(), "unstable", "{stall}");
    assert!(stall.to_string().contains("without cause"), "{stall}");
}

/// It holds proposals back, and its heartbeats, for longer than it was told to.
#[test]
fn a_core_that_is_in_order_has_to_work_at_full_pace() {
    let subject = Subject::<Reference>::new("slow", |settings| {
        let timing = Timing { heartbeat_interval: ms(130), ..settings.timing.clone() };
        let settings = Settings { batch_delay: ms(130), timing, ..settings.clone() };
        Config { settings, rules: Paper }
    });
    let cause = |seed| {
        let mut cluster = Cluster::builder(&subject).peers(3).seed(seed).build().unwrap();
        let calm = cluster.calm();
        if let Err(Failure::Stalled(stall)) = calm { Some(stall.cause()) } else { None }
    };
    let causes: Vec<_> = (0..10).map(cause).collect();
    assert!(causes.contains(&Some("slow-commitment")), "{causes:?}");
}

#[test]
fn a_calm_that_failed_is_written_out_with_its_core() {
    let text = r#"
        name = "calm"
        peers = 5
        network = "realistic"
        steps = [{ storm = "2s" }, { calm = true }]
    "#;
    let scenario = Scenario::parse("calm.toml", text).unwrap();
    let subject = broken("broken", &Noncommittal);
    let mut failed = 0;
    for seed in (0..8).map(Seed) {
        let (report, plan) = record(&scenario, &subject, seed);
        let plan = plan.unwrap();
        let Verdict::Failed(Failure::Stalled(stall)) = &report.verdict else { continue };
        let Some(Action::Calm { core, .. }) = plan.demand else { panic!("{:?}", plan.demand) };
        assert_eq!(core, Some(stall.core));
        let again = run(&plan, &subject, seed);
        assert_eq!((again.digest, again.verdict), (report.digest, report.verdict));
        failed += 1;
    }
    assert!(failed > 4);
}
