//! The examples, as programs.

use std::path::Path;
use std::process::{Command, Output};

const LAB_RAFT: &str = env!("CARGO_BIN_EXE_lab-raft");
const FOUNDING_NOTES: &str = env!("CARGO_BIN_EXE_founding-notes");
const SKELETON: &str = env!("CARGO_BIN_EXE_skeleton");

fn example(program: &str, arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    Command::new(program).args(arguments).current_dir(root).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn the_lab_raft_holds_in_the_suite_of_the_labs_and_in_storms() {
    let ran = example(LAB_RAFT, &["run", "--seeds", "2", "sim-scenarios/lab"]);
    assert_eq!(code(&ran), 0, "{}", out(&ran));
    let ran = example(LAB_RAFT, &["run", "--seeds", "12", "sim-scenarios/swarm/five.toml"]);
    assert_eq!(code(&ran), 0, "{}", out(&ran));
}

#[test]
fn each_mistake_that_only_tasks_can_make_is_found() {
    let found = [
        ("reads-term-late", "swarm/catching-up", "20..24", 1),
        ("counts-old-votes", "swarm/five", "0..3", 1),
        (
            "heeds-old-replies",
            "../crates/splitvote-labrpc/examples/tests/re-elected-at-length",
            "12..16",
            1,
        ),
        ("beats-on", "swarm/five", "0..3", 1),
        ("two-tickers", "swarm/five", "0..3", 3),
        ("lock-over-call", "swarm/five", "0..3", 3),
        ("two-appliers", "swarm/five", "0..3", 1),
        ("replies-before-saving", "swarm/five", "0..3", 1),
    ];
    for (raft, scenario, seeds, stated) in found {
        let file = format!("sim-scenarios/{scenario}.toml");
        let ran = example(LAB_RAFT, &["run", "--raft", raft, "--seeds", seeds, &file]);
        assert_eq!(code(&ran), stated, "{raft}: {}", out(&ran));
    }
}

/// It applies in order for as long as the task that was begun first runs first.
#[test]
fn a_race_between_tasks_is_found_only_where_their_order_is_drawn() {
    let swept = |more: &[&str]| {
        let asked = ["run", "--raft", "task-an-entry", "--seeds", "30"];
        let ran = example(LAB_RAFT, &[&asked, more, &["sim-scenarios/swarm/five.toml"]].concat());
        (code(&ran), out(&ran))
    };
    let (found, told) = swept(&[]);
    assert!(found == 1 && told.contains("apply-order"), "{told}");
    let (missed, told) = swept(&["--without", "tasks"]);
    assert_eq!(missed, 0, "{told}");
    let suite = ["run", "--raft", "task-an-entry", "--seeds", "2", "sim-scenarios/lab"];
    let ran = example(LAB_RAFT, &suite);
    assert_eq!(code(&ran), 0, "{}", out(&ran));
}

/// The shrinker keeps the drawn order for the race that needs it, and for no other mistake.
#[test]
fn the_shrinker_turns_off_a_drawn_order_that_a_failure_does_not_need() {
    let shrunk = |raft: &str, seed: &str| {
        let file = std::env::temp_dir().join(format!("splitvote-labs-{raft}.toml"));
        let path = file.to_str().unwrap();
        let scenario = "sim-scenarios/swarm/five.toml";
        let asked = ["shrink", scenario, "--seed", seed, "--raft", raft, "--force", "--out", path];
        example(LAB_RAFT, &asked);
        std::fs::read_to_string(&file).unwrap()
    };
    assert!(shrunk("task-an-entry", "4").contains("shuffle-tasks"));
    assert!(!shrunk("two-appliers", "9").contains("shuffle-tasks"));
}

#[test]
fn the_bug_of_the_notes_is_found_and_is_not_there_once_it_is_mended() {
    let files = ["sim-scenarios/lab/many-elections.toml", "sim-scenarios/partitions"];
    let ran = example(FOUNDING_NOTES, &[&["run", "--seeds", "40"], &files[..]].concat());
    assert_eq!(code(&ran), 1, "{}", out(&ran));
    let mended = ["run", "--raft", "mended", "--seeds", "40"];
    let ran = example(FOUNDING_NOTES, &[&mended, &files[..]].concat());
    assert_eq!(code(&ran), 0, "{}", out(&ran));
}

#[test]
fn the_skeleton_compiles_and_is_red() {
    let ran =
        example(SKELETON, &["run", "--seeds", "1", "sim-scenarios/lab/initial-election.toml"]);
    assert_eq!(code(&ran), 3, "{}", out(&ran));
    assert!(out(&ran).contains("--raft mine"), "the commands that are printed name the Raft");
}

#[test]
fn a_seed_is_one_run_whoever_runs_it_and_in_whatever_order_tasks_are_drawn() {
    let scenario = "tests/shuffled.toml";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(scenario);
    let file = file.to_str().unwrap();
    let ran = example(LAB_RAFT, &["check-determinism", "--seeds", "3", file]);
    assert_eq!(code(&ran), 0, "{}", out(&ran));
    let ran = example(LAB_RAFT, &["run", "--seeds", "20", file]);
    assert_eq!(code(&ran), 0, "{}", out(&ran));
}
