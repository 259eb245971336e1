//! openraft, as a program: what holds, what is found with it as it is by default, and broken storages.

#![expect(clippy::unwrap_used, reason = "a program that does not run fails its test")]

use std::path::Path;
use std::process::{Command, Output};

fn openraft(arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let program = env!("CARGO_BIN_EXE_splitvote-openraft");
    Command::new(program).args(arguments).current_dir(root).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn openraft_holds_in_the_suite_of_the_labs_and_in_storms() {
    let files = ["lab/backup", "lab/persist-3", "lab/snapshot-install-crash", "swarm/five"];
    let files = files.map(|file| format!("sim-scenarios/{file}.toml"));
    let mut arguments = vec!["run", "--seeds", "5"];
    arguments.extend(files.iter().map(String::as_str));
    let ran = openraft(&arguments);
    assert!(ran.status.success(), "{}", out(&ran));
}

/// A restarted leader that leads its old term on puts another command where the one that its disk has lost stood,
/// which a follower may hold by then: two peers apply different commands at one index.
#[test]
fn a_leader_that_is_restored_gives_one_index_of_one_term_to_two_commands() {
    let ran = openraft(&["replay", "reports/rafts/openraft-leader-restore.toml"]);
    assert!(
        out(&ran).contains("the case fails as it states: state-machine-safety"),
        "{}",
        out(&ran)
    );
    let swarm = ["run", "--seeds", "20", "sim-scenarios/swarm/three.toml", "--raft"];
    let ran = openraft(&[&swarm[..], &["openraft"]].concat());
    assert!(ran.status.success(), "{}", out(&ran));
    let ran = openraft(&[&swarm[..], &["leader-restore"]].concat());
    assert_eq!(ran.status.code(), Some(1), "{}", out(&ran));
}

#[test]
fn every_broken_promise_of_the_storage_is_found() {
    for (raft, verdict) in [
        ("acks-before-sync", "commit-quorum"),
        ("forgets-vote", "durable-vote"),
        ("lying-sync", "durable-vote"),
        ("purges-before-snapshot", "panic"),
    ] {
        let ran =
            openraft(&["run", "--raft", raft, "--seeds", "3", "sim-scenarios/swarm/five.toml"]);
        assert!(!ran.status.success() && out(&ran).contains(verdict), "{raft}: {}", out(&ran));
    }
}

#[test]
fn a_seed_is_one_run() {
    let files = ["sim-scenarios/swarm/five.toml", "sim-scenarios/lab/re-election.toml"];
    let ran = openraft(&[&["check-determinism", "--seeds", "2"], &files[..]].concat());
    assert!(ran.status.success(), "{}", out(&ran));
}
