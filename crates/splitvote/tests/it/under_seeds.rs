//! Imperative tests under many seeds: a failure names its seed, and the run leaves a plan that does the same.

use std::time::Duration;

use splitvote::Act;
use splitvote::prelude::*;
use splitvote::raft::{Config, Raft, Rules};
use splitvote::shrink::{Candidate, ShrinkOptions, shrink_plan};

/// Half of the cluster is enough for it.
#[derive(Clone, Debug)]
struct HalfIsEnough;

impl Rules for HalfIsEnough {
    fn votes_needed(&self, _: usize) -> usize {
        1
    }
}

fn broken() -> Subject<Raft<HalfIsEnough>> {
    Subject::new("broken", |settings| Config { settings: settings.clone(), rules: HalfIsEnough })
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
    let failure = under_seeds("half", &broken(), 20, |cluster| cluster.peers(4), disturb);
    let text = failure.unwrap_err().to_string();
    assert!(text.starts_with("half, seed 0: real-majority: "), "{text}");
    assert!(text.contains("\nbroken rule: A leader has the votes of a majority"), "{text}");
    assert!(text.contains("\nreplay: SPLITVOTE_SEED=0 cargo test"), "{text}");
    assert!(text.contains("\ncase: set SPLITVOTE_REPORT to a directory"), "{text}");
    under_seeds("whole", &reference(), 3, |cluster| cluster.peers(4), disturb).unwrap();
}

#[test]
fn what_a_test_found_shrinks() {
    let mut cluster = Cluster::builder(&broken()).peers(4).build().unwrap();
    disturb(&mut cluster).unwrap_err();
    let candidate = Candidate { plan: cluster.plan().unwrap(), seed: Seed(0) };
    let shrunk = shrink_plan(&candidate, &broken(), &ShrinkOptions::default()).unwrap();
    assert_eq!(shrunk.signature.checker, "real-majority");
    assert!(shrunk.size.peers <= 4 && shrunk.size.faults == 0, "{:?}", shrunk.size);
}
