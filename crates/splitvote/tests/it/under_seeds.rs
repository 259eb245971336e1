//! Imperative tests under many seeds: a failure names its seed, and the run leaves a plan that does the same.

use std::time::Duration;

use crate::broken::{Broken, broken};
use splitvote::peer::Damage;
use splitvote::prelude::*;
use splitvote::raft::Rules;
use splitvote::shrink::{Candidate, ShrinkOptions, shrink_plan};
use splitvote::sim::{Limits, RecordKind, WorldConfig};
use splitvote::{Act, ClusterBuilder};

/// Half of the cluster is enough for it.
#[derive(Clone, Debug)]
struct HalfIsEnough;

impl Rules for HalfIsEnough {
    fn votes_needed(&self, _: usize) -> usize {
        1
    }
}

/// Nobody ever stands.
#[derive(Clone, Debug)]
struct Idle;

impl Rules for Idle {
    fn stands_at_timeout(&self, _: Role) -> bool {
        false
    }
}

fn half_is_enough() -> Subject<Broken> {
    broken("broken", &HalfIsEnough)
}

/// What is done to every cluster here: faults of several kinds, and a command.
fn disturb<P: Peer>(cluster: &mut Cluster<P>) -> Result<(), Failure> {
    let leader = cluster.check_one_leader()?;
    cluster.partition(&[&[leader]])?;
    cluster.run_for(Duration::from_millis(700))?;
    cluster.crash(leader)?;
    cluster.heal();
    let second = cluster.check_one_leader()?;
    cluster.act(Act::Propose { to: second, bytes: 9 })?;
    cluster.restart(leader)?;
    cluster.run_for(Duration::from_secs(1))
}

#[test]
fn the_plan_of_a_cluster_does_what_the_test_did() {
    for seed in 0..5 {
        let mut cluster = Cluster::builder(&reference()).peers(5).seed(seed).build().unwrap();
        disturb(&mut cluster).unwrap();
        let plan = cluster.plan().unwrap();
        assert_eq!(plan.faults().count(), 4);
        assert_eq!(plan.commands().count(), 1);
        cluster.finish().unwrap();
        let report = run(&plan, &reference(), Seed(seed));
        assert_eq!(report.verdict, Verdict::Held);
        assert_eq!(report.digest, cluster.digest(), "seed {seed}");
    }
}

#[test]
fn a_failure_names_its_seed_and_how_to_keep_it() {
    let failure = under_seeds("half", &half_is_enough(), 20, |cluster| cluster.peers(4), disturb);
    let text = failure.unwrap_err().to_string();
    assert!(text.starts_with("half, seed 0: real-majority: "), "{text}");
    assert!(text.contains("\nbroken rule: A leader has the votes of a majority"), "{text}");
    assert!(text.contains("\nreplay: SPLITVOTE_SEED=0 cargo test"), "{text}");
    assert!(text.contains("\ncase: set SPLITVOTE_REPORT to a directory"), "{text}");
    under_seeds("whole", &reference(), 3, |cluster| cluster.peers(4), disturb).unwrap();
}

#[test]
fn what_a_test_found_shrinks() {
    let mut cluster = Cluster::builder(&half_is_enough()).peers(4).build().unwrap();
    disturb(&mut cluster).unwrap_err();
    let candidate = Candidate { plan: cluster.plan().unwrap(), seed: Seed(0) };
    let shrunk = shrink_plan(&candidate, &half_is_enough(), &ShrinkOptions::default()).unwrap();
    assert_eq!(shrunk.signature.checker, "real-majority");
    assert!(shrunk.size.peers <= 4 && shrunk.size.faults == 0, "{:?}", shrunk.size);
}

/// A stall is demanded again, and whatever else ends a run by itself does so once more.
#[test]
fn whatever_the_harness_finds_leaves_a_case() {
    let limits = Limits { events: 500, ..Limits::default() };
    let endless = move |cluster: ClusterBuilder<_>| {
        cluster.world(WorldConfig { limits, ..WorldConfig::new(3, Seed(0)) })
    };
    let failure = under_seeds("endless", &reference(), 1, endless, |cluster| {
        cluster.run_for(Duration::from_secs(60))
    });
    let text = failure.unwrap_err().to_string();
    assert!(text.contains("\ncase: set SPLITVOTE_REPORT to a directory"), "{text}");
    let unmet = under_seeds(
        "unmet",
        &reference(),
        1,
        |cluster| cluster,
        |cluster| {
            cluster.check_one_leader()?;
            cluster.check_no_leader()
        },
    );
    let text = unmet.unwrap_err().to_string();
    assert!(!text.contains("\ncase: "), "{text}");
}

#[test]
fn the_plan_of_a_stall_stalls_again() {
    let idle = broken("idle", &Idle);
    let mut cluster = Cluster::builder(&idle).build().unwrap();
    let stalled = cluster.calm().unwrap_err();
    let report = run(&cluster.plan().unwrap(), &idle, Seed(0));
    let Verdict::Failed(again) = report.verdict else { panic!("{}", report.verdict) };
    assert_eq!((again.checker(), again.cause()), (stalled.checker(), stalled.cause()));
}

/// Each method does what its step in a scenario does.
#[test]
fn disks_fail_and_rot_in_tests_too() {
    let mut cluster = Cluster::builder(&reference()).peers(3).build().unwrap();
    let (first, second, third) = (PeerId(0), PeerId(1), PeerId(2));
    cluster.check_one_leader().unwrap();
    cluster.fail_sync(first, 3).unwrap();
    cluster.fill_disk(second).unwrap();
    cluster.free_disk(second).unwrap();
    cluster.rot(third, RecordKind::Ballot, 0, Damage::Told).unwrap();
    cluster.mend_disk(third).unwrap();
    assert!(cluster.fail_sync(PeerId(3), 0).is_err());
    let said: Vec<_> =
        cluster.plan().unwrap().faults().map(|timed| timed.act.to_string()).collect();
    assert_eq!(
        said,
        [
            "fail a sync of S0 after 3 more",
            "fill the disk of S1",
            "make space on the disk of S1",
            "damage a ballot on the disk of S2, 0 from the newest",
            "mend the disk of S2"
        ]
    );
}
