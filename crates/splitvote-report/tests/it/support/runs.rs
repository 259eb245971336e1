//! Runs for tests of traces: every scenario, the smallest case of every mutant, and a cluster to which
//! everything is done.

use std::path::{Path, PathBuf};
use std::time::Duration;

use splitvote::case::{self, Case};
use splitvote::check::Checker;
use splitvote::sim::{
    DiskProfile, InFlight, Labrpc, Latency, NetworkProfile, Probability, Realistic, Unsynced,
};
use splitvote::{Cluster, PeerId, RunReport, Scenario, Seed, Trace, reference, replay, scenario};

pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn scenarios() -> Vec<Scenario> {
    scenario::load_all(&repository().join("sim-scenarios")).unwrap()
}

/// The smallest case of every mutant.
pub(crate) fn cases() -> Vec<Case> {
    case::load_all(&repository().join("reports/zoo")).unwrap()
}

/// The run of a case with the mutant that it names.
pub(crate) fn of_case(case: &Case) -> (RunReport, Trace) {
    let mutant = splitvote_zoo::find(case.raft.trim_start_matches("zoo:")).unwrap();
    replay(case, &splitvote_zoo::subject(mutant), case.seed)
}

/// The run of a mutant in which only one checker is asked, which no smallest case is found by.
pub(crate) fn of_mutant(
    name: &str,
    seed: u64,
    mutant: &str,
    checker: Checker,
) -> (RunReport, Trace) {
    let file = repository().join("sim-scenarios").join(name);
    let mut scenario = scenario::load(&file).unwrap();
    scenario.setup.only = Some(vec![checker]);
    let mutant = splitvote_zoo::find(mutant).unwrap();
    replay(&scenario, &splitvote_zoo::subject(mutant), Seed(seed))
}

pub(crate) fn of_scenario(scenario: &Scenario, seed: u64) -> (RunReport, Trace) {
    replay(scenario, &reference(), Seed(seed))
}

/// A short election.
pub(crate) fn short() -> (RunReport, Trace) {
    let text = r#"
name = "short"
about = "An election."
peers = 3
seeds = 1
steps = [{ run = "240ms" }]
"#;
    of_scenario(&Scenario::parse("short.toml", text).unwrap(), 1)
}

/// What a test can do to a cluster, all of it.
pub(crate) fn everything() -> Trace {
    const MS: Duration = Duration::from_millis(1);
    let lying = Probability::percent(50);
    let sync_latency = Latency::Constant(MS);
    let disk =
        DiskProfile { sync_latency, lying, unsynced: Unsynced::Varied, ..DiskProfile::default() };
    let mut cluster = Cluster::builder(&reference()).peers(3).recorded().build().unwrap();
    let leader = cluster.check_one_leader().unwrap();
    let others: Vec<PeerId> = cluster.peers().filter(|peer| *peer != leader).collect();
    let (one, two) = (others[0], others[1]);
    cluster.pause(one).unwrap();
    cluster.propose(leader, b"17", 50 * MS).unwrap();
    cluster.propose(one, b"18", 50 * MS).unwrap();
    cluster.resume(one).unwrap();
    cluster.clog(leader, one, 100 * MS).unwrap();
    cluster.unclog(leader, one).unwrap();
    cluster.delay(leader, two, MS).unwrap();
    cluster.step_clock(two, MS).unwrap();
    cluster.set_clock_drift(two, 100).unwrap();
    cluster.crash_at_write(one, 1).unwrap();
    cluster.disarm(one).unwrap();
    cluster.crash_at_send(one, 0).unwrap();
    cluster.fix_election_timeout(two, Some(400 * MS)).unwrap();
    cluster.fix_election_timeout(two, None).unwrap();
    cluster.run_for(200 * MS).unwrap();
    cluster.restart(one).unwrap();
    cluster.world_mut().set_in_flight(InFlight::Kept);
    cluster.set_disk(disk);
    let loss = Probability::percent(5);
    cluster.set_network(NetworkProfile::Realistic(Realistic { loss, ..Realistic::default() }));
    // Whatever lying disks lead to is not in question here.
    _ = cluster.run_for(200 * MS);
    cluster.set_network(NetworkProfile::Labrpc(Labrpc::default()));
    cluster.crash(two).unwrap();
    _ = cluster.run_for(200 * MS);
    cluster.take_trace().unwrap()
}
