//! Seeds in processes of their own: what takes down a process fails its seed and not the sweep.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use serde_json::Value;

use crate::command::{command_of, scenario, splitvote, text};

/// `S2` stands under some seeds, and not under others.
fn short(name: &str) -> String {
    let steps = "steps = [{ run-until = \"won-election\", within = \"5s\" }]";
    scenario(name, &format!("peers = 3\nseeds = 20\n{steps}"))
}

fn swept(arguments: &[&str]) -> (Option<i32>, Value) {
    let output = splitvote(&[&["run", "--format", "json"], arguments].concat());
    let mut run: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}{}", text(&output.stdout), text(&output.stderr)));
    run["scenarios"].as_array_mut().unwrap().iter_mut().for_each(|one| one["wall_s"] = Value::Null);
    (output.status.code(), run)
}

#[test]
fn a_peer_that_takes_down_its_process_fails_its_seed_and_the_sweep_goes_on() {
    let file = short("isolated");
    for (raft, by) in [
        ("abort", "the process died by signal 6 (SIGABRT), S2 was in a call at 0."),
        ("exit", "S2 ended the process while "),
        ("stack", "has overflowed its stack"),
        ("memory", "memory allocation of 268435456 bytes failed"),
    ] {
        let raft = format!("takes-down:{raft}");
        let (code, run) = swept(&[&file, "--seeds", "12", "--raft", &raft, "--isolate"]);
        let one = &run["scenarios"][0];
        let failed = one["violations"].as_array().unwrap();
        assert_eq!((code, &one["seeds"]), (Some(5), &12.into()), "{raft}: {one}");
        assert!(failed.len() > 1 && failed.len() < 11, "{raft}: {one}");
        assert_eq!(one["held"].as_u64().unwrap() as usize + failed.len(), 12, "{raft}");
        for death in failed {
            assert_eq!(death["checker"], "process-died", "{raft}: {death}");
            let sentence = death["sentence"].as_str().unwrap();
            assert!(
                sentence.contains(by) && sentence.contains(", S2 was in a call at "),
                "{sentence}"
            );
            let replay = death["replay"].as_str().unwrap();
            assert!(
                replay.contains(&format!(" --seed {} --raft {raft}", death["seed"])),
                "{replay}"
            );
        }
    }
}

#[test]
fn a_peer_that_hangs_is_told_as_one_that_hangs_in_a_process_of_its_own_or_not() {
    let file = short("isolated-hang");
    for how in [&["--isolate"][..], &[]] {
        let arguments =
            [&["run", &file, "--seeds", "12", "--stop-at-first", "--raft", "takes-down:hang"], how];
        let mut command = command_of(&[&arguments.concat()[..], &["--format", "json"]].concat());
        let output = command.env("SPLITVOTE_STEP_SECONDS", "1").output().unwrap();
        let run: Value = serde_json::from_slice(&output.stdout).unwrap();
        let hang = &run["scenarios"][0]["violations"][0];
        assert_eq!((output.status.code(), &hang["checker"]), (Some(5), &"hang".into()), "{run}");
        let sentence = hang["sentence"].as_str().unwrap();
        assert!(sentence.contains("S2 hangs: it has not returned from "), "{sentence}");
    }
}

#[test]
fn a_sweep_in_processes_of_their_own_is_the_same_sweep() {
    let lab = "sim-scenarios/lab";
    // Many seeds of one scenario, and few of many.
    let one = "sim-scenarios/lab/figure-8.toml";
    for (of, more) in [
        (lab, &["--seeds", "20"][..]),
        (one, &["--seeds", "140..290", "--jobs", "3", "--without", "clocks,loss"]),
        (lab, &["--seeds", "12", "--raft", "E1", "--checker", "election-safety,one-vote"]),
        (lab, &["--seeds", "12", "--raft", "E1", "--stop-at-first", "--jobs", "1"]),
    ] {
        let here = swept(&[&[of], more].concat());
        assert_eq!(swept(&[&[of, "--isolate"], more].concat()), here, "{more:?}");
    }
}

#[test]
fn a_death_is_in_the_table_with_the_command_that_replays_it() {
    let file = short("isolated-text");
    let raft = "takes-down:abort";
    let output = splitvote(&["run", &file, "--seeds", "24", "--raft", raft, "--isolate"]);
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(5), "{out}");
    assert!(
        out.contains(": process-died\n  the process died by signal 6 (SIGABRT), S2 was in"),
        "{out}"
    );
    assert!(out.contains("  replay: ") && out.contains(" runs held"), "{out}");
    let alone = splitvote(&["run", &file, "--seeds", "24", "--raft", raft]);
    let said = text(&alone.stderr);
    assert!(said.contains("the process ended in the midst of a run"), "{said}");
    assert!(said.contains("--isolate"), "it is said what goes on: {said}");
}
