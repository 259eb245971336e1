//! `splitvote shrink` as its users meet it.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_splitvote"));
    command.args(arguments).current_dir(root()).env_remove("CARGO");
    command
}

fn splitvote(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn file(name: &str) -> String {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name).to_str().unwrap().to_owned()
}

const SWARM: &str = "sim-scenarios/swarm/five.toml";

#[test]
fn a_failure_becomes_a_case_that_fails_alike_and_is_explained() {
    let case = file("e13.toml");
    let output = splitvote(&["shrink", SWARM, "--seed", "0", "--raft", "E13", "--out", &case]);
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{out}{}", text(&output.stderr));
    assert!(out.contains("fails by election-restriction (never-asked)"), "{out}");
    assert!(out.contains(" 1.  ") && out.contains("See it: "), "{out}");
    let replayed = text(&splitvote(&["replay", &case]).stdout);
    assert!(replayed.contains("the case fails as it states: election-restriction"), "{replayed}");
    assert!(!replayed.contains("the run differs"), "{replayed}");
}

#[test]
fn programs_are_told_sizes_and_sentences() {
    let case = file("e3.toml");
    let arguments =
        ["shrink", SWARM, "--seed", "0", "--raft", "E3", "--out", &case, "--format", "json"];
    let output = splitvote(&arguments);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["case"], case.as_str());
    assert_eq!(told["is_finished"], true);
    assert!(told["shrink_s"].is_number());
    let deliveries = |size: &Value| size["deliveries"].as_u64().unwrap();
    assert!(deliveries(&told["case_size"]) <= deliveries(&told["size_before"]));
    assert!(told["case_size"]["peers"].as_u64().unwrap() <= 3, "{told}");
    assert!(!told["explanation"].as_array().unwrap().is_empty());
    // A case shrinks further into a file beside it.
    let again = splitvote(&["shrink", &case, "--format", "json"]);
    let again: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(again["case"], file("e3-smaller.toml").as_str());
    assert_eq!(again["cause"], told["cause"]);
}

#[test]
fn as_many_other_seeds_are_tried_as_are_asked_for() {
    let runs = |tries: &str| {
        let case = file(&format!("e13-{tries}.toml"));
        let what = ["shrink", SWARM, "--seed", "0", "--raft", "E13", "--out", &case];
        let how = ["--tries", tries, "--format", "json"];
        let told: Value =
            serde_json::from_slice(&splitvote(&[&what[..], &how].concat()).stdout).unwrap();
        assert_eq!(told["checker"], "election-restriction");
        told["runs"].as_u64().unwrap()
    };
    assert!(runs("0") + 20 < runs("40"), "other seeds are runs, too");
}

#[test]
fn what_holds_is_said_to_hold() {
    let output = splitvote(&["shrink", SWARM, "--seed", "0"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("nothing to shrink"), "{}", text(&output.stdout));
}

#[test]
fn a_scenario_needs_a_seed() {
    let output = splitvote(&["shrink", SWARM]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("--seed is missing"), "{}", text(&output.stderr));
}

#[cfg(unix)]
#[test]
fn who_interrupts_finds_the_smallest_case_so_far() {
    let case = file("r10.toml");
    _ = fs::remove_file(&case);
    // This one takes a while.
    let scenario = "sim-scenarios/lab/figure-8-unreliable.toml";
    let arguments = ["shrink", scenario, "--seed", "0", "--raft", "R10", "--out", &case];
    let child = command(&arguments).stdout(Stdio::piped()).spawn().unwrap();
    Command::new("sleep").arg("2").status().unwrap();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    let out = text(&output.stdout);
    assert!(out.contains("fails by next-above-match"), "{out}");
    // The failure is graver than the interruption.
    assert_eq!(output.status.code(), Some(1), "{out}");
    let help = text(&splitvote(&["shrink", "--help"]).stdout);
    assert!(help.contains("the code of what the case fails by, interrupted or not"), "{help}");
    let replayed = text(&splitvote(&["replay", &case]).stdout);
    assert!(replayed.contains("the case fails as it states"), "{replayed}");
}
