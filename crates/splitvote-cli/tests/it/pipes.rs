//! Whoever reads, and however much of it: the exit code is that of the verdict.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::io::Read as _;
use std::process::{Child, Command, Stdio};

use crate::command::{GOSSIP, root, scenario, text};

/// Failing commands, and the code that each ends with.
fn failing() -> Vec<(Vec<String>, i32)> {
    let gossip = scenario("pipe-gossip", GOSSIP);
    let case = format!("{}/piped-e1.toml", env!("CARGO_TARGET_TMPDIR"));
    let lines = [
        ("run --raft E1 --seeds 3 sim-scenarios/paper".to_owned(), 1),
        ("run --raft E1 --seeds 3 --format json sim-scenarios/paper".to_owned(), 1),
        ("replay sim-scenarios/paper/split-votes.toml --seed 3 --raft E1".to_owned(), 1),
        ("replay sim-scenarios/paper/split-votes.toml --seed 3 --raft E1 --explain".to_owned(), 1),
        ("zoo --mutants R1 --max-seeds 1 sim-scenarios/lab/initial-election.toml".to_owned(), 1),
        (
            "zoo --mutants R1 --max-seeds 1 --format json sim-scenarios/lab/initial-election.toml"
                .to_owned(),
            1,
        ),
        (format!("check-determinism --seeds 1 {gossip}"), 3),
        (
            format!(
                "shrink sim-scenarios/paper/split-votes.toml --seed 3 --raft E1 --tries 1 --out {case}"
            ),
            1,
        ),
        (
            format!(
                "shrink sim-scenarios/paper/split-votes.toml --seed 3 --raft E1 --tries 1 --format json --out {case}"
            ),
            1,
        ),
        ("experiment atlas --peers 6".to_owned(), 2),
    ];
    let words = |line: &str| line.split(' ').map(str::to_owned).collect();
    lines.iter().map(|(line, code)| (words(line), *code)).collect()
}

fn start(arguments: &[String], out: Stdio, err: Stdio) -> Child {
    Command::new(env!("CARGO_BIN_EXE_splitvote"))
        .args(arguments)
        .current_dir(root())
        .env_remove("CARGO")
        .stdout(out)
        .stderr(err)
        .spawn()
        .unwrap()
}

#[test]
fn a_reader_that_leaves_changes_no_verdict() {
    for (arguments, code) in failing() {
        // `| true`, `| head -c 1`, `| head -c 10`, `| head -c 200`: what is left is for nobody.
        for wanted in [0, 1, 10, 200] {
            let mut child = start(&arguments, Stdio::piped(), Stdio::piped());
            let reader = child.stdout.take().unwrap();
            _ = reader.take(wanted).read_to_end(&mut Vec::new());
            let output = child.wait_with_output().unwrap();
            let said = text(&output.stderr);
            assert_eq!(
                output.status.code(),
                Some(code),
                "{arguments:?} | head -c {wanted}: {said}"
            );
            assert!(!said.contains("panicked"), "{arguments:?}: {said}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_changes_no_verdict_and_is_told() {
    let full = || Stdio::from(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    for (arguments, code) in failing() {
        let output = start(&arguments, full(), Stdio::piped()).wait_with_output().unwrap();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?} > /dev/full: {said}");
        let is_told = said.contains("standard output cannot be written: No space left on device");
        assert!(is_told || code == 2, "{arguments:?}: {said}");
        let output = start(&arguments, Stdio::null(), full()).wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?} 2> /dev/full");
        let output = start(&arguments, full(), full()).wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?} > /dev/full 2>&1");
    }
    let held = ["check-determinism", "--seeds", "1", "sim-scenarios/lab/initial-election.toml"];
    let held = held.map(str::to_owned);
    let output = start(&held, full(), Stdio::piped()).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2), "what held and could not be said is not green");
    let output = start(&held, Stdio::null(), full()).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
}
