//! Two runs told apart on the command line.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const CASE: &str = "reports/pages/two-leaders.toml";
const FIGURE_8: &str = "sim-scenarios/paper/figure-8.toml";

/// What `diff` says of the case and the reference, in a pipe.
const TOLD: &str = " A               two-leaders.toml, seed 39, Raft: ballot-never-written
 B               two-leaders.toml, seed 39, Raft: reference
                 7 events are the same. They differ from 0.196970 s on:
    ≠            in B S0 writes T1 and the vote for S0 to its disk, in A it does not.
 A   0.200000 s  S1 restarts in term 0, without a vote; it has forgotten term 1.
     0.200000 s  S0 restarts in term 0, without a vote; it has forgotten term 1.
     0.390556 s  S1's election timeout elapses: it stands in term 1 and asks S0 for its vote.
     0.391556 s  S0 receives S1's RequestVote of term 1 and votes for S1 in term 1.
     0.392556 s  S1 becomes leader of term 1: it has the vote of S0 beside its own.
 B   0.200000 s  S1 restarts in term 1, with its vote for S0.
     0.200000 s  S0 restarts in term 1, with its vote for S0.
     0.390556 s  S1's election timeout elapses: it stands in term 2 and asks S0 for its vote.
     0.391556 s  S0 receives S1's RequestVote of term 2 and votes for S1 in term 2.
     0.392556 s  S1 becomes leader of term 2: it has the vote of S0 beside its own.
     0.393556 s  S0 receives S1's heartbeat of term 2 and takes S1 for the leader.
 A ends          ✗ it fails at 0.392556 s by election-safety: term 1 has two leaders: S0 since 0.198970 s with the votes
                 of {S0, S1}, and S1 since 0.392556 s with the votes of {S0, S1}; {S0, S1} voted for both
 B ends          ✓ it holds, up to 0.400000 s
";

fn splitvote(arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_splitvote"));
    command.args(arguments).current_dir(root).output().unwrap()
}

/// What is printed, after the exit code is held against this one.
fn printed(code: i32, arguments: &[&str]) -> String {
    let output = splitvote(arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

/// What is complained of wrong usage.
fn complaint(arguments: &[&str]) -> String {
    let output = splitvote(arguments);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// An empty directory of its own for a test.
fn directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("diff-{name}"));
    _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

#[test]
fn a_bug_is_told_by_what_the_reference_does_otherwise() {
    assert_eq!(printed(1, &["diff", CASE, "--with", "reference"]), TOLD);
    let coloured = printed(1, &["diff", CASE, "--with", "reference", "--colour", "always"]);
    assert!(coloured.contains("\u{1b}[1m\u{1b}[31min B S0 writes T1"), "{coloured}");
    let scenario = ["diff", FIGURE_8, "--seed", "0", "--raft", "R1", "--with", "reference"];
    let told = printed(1, &scenario);
    let meaning = "answer `append ok T3 to 2`: in A it commits index 2, in B it does not.\n";
    assert!(told.contains(meaning), "{told}");
}

#[test]
fn a_fault_that_is_switched_off_is_what_differs() {
    let storm = "sim-scenarios/swarm/five.toml";
    let told = printed(1, &["diff", storm, "--seed", "7", "--without", "crashes"]);
    let lines = [
        "Their storms are not the same: A alone has crashes 6/8.\n",
        "≠            only in A, S2 crashes, and restarts at 0.162522 s in term 0, without a vote.\n",
        " B               five.toml, seed 7, Raft: reference, without crashes\n",
        " more steps)\n",
    ];
    lines.iter().for_each(|line| assert!(told.contains(line), "{line}: {told}"));
    let told = printed(1, &["diff", storm, "--seed", "7", "--without", "loss"]);
    let lines = ["From A to B, network: loss 2 % → 0 %.\n", "which is lost, in B it"];
    lines.iter().for_each(|line| assert!(told.contains(line), "{line}: {told}"));
}

#[test]
fn runs_that_are_the_same_are_said_to_be_and_exit_with_0() {
    let told = printed(0, &["diff", FIGURE_8, "--seed", "0", "--without", "disks"]);
    assert!(told.contains("All 804 events are the same, up to the end.\n A"), "{told}");
    assert!(told.contains(" A ends          ✓ it holds, up to "), "{told}");
}

#[test]
fn traces_are_compared_as_they_were_recorded_even_if_one_is_cut_off() {
    let of = directory("traces");
    let [first, second] = ["a.trace", "b.trace"].map(|name| of.join(name));
    let [a, b] = [&first, &second].map(|file| file.to_str().unwrap());
    splitvote(&["replay", CASE, "--write-trace", a]);
    splitvote(&["replay", CASE, "--raft", "reference", "--write-trace", b]);
    let told = printed(1, &["diff", a, b]);
    assert_eq!(
        told.replace("a.trace", "two-leaders.toml").replace("b.trace", "two-leaders.toml"),
        TOLD
    );
    let text = fs::read_to_string(&second).unwrap();
    let start: Vec<&str> = text.lines().take(6).collect();
    fs::write(&second, format!("{}\n", start.join("\n"))).unwrap();
    let told = printed(1, &["diff", a, b]);
    assert!(told.contains("≠            B ends here; in A, "), "{told}");
    assert!(
        told.ends_with(" B ends          not known: its trace is cut off at 0.196970 s\n"),
        "{told}"
    );
    let refused = complaint(&["diff", a, "--with", "reference"]);
    assert!(refused.contains("is a trace, which is compared as it was recorded"), "{refused}");
}

#[test]
fn programs_get_an_object() {
    let text = printed(1, &["diff", CASE, "--with", "reference", "--format", "json"]);
    let object: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&object["schema"], &object["same"], &object["event"]),
        (&1.into(), &false.into(), &7.into())
    );
    assert_eq!(object["a"]["checker"], "election-safety");
    assert_eq!(object["b"]["held"], true);
    assert_eq!(object["b"]["steps"][0]["sentence"], "S1 restarts in term 1, with its vote for S0");
    assert!(object["meaning"].as_str().unwrap().starts_with("in B S0 writes T1"));
}

#[test]
fn what_is_to_be_compared_has_to_be_said() {
    let told = complaint(&["diff", CASE]);
    assert!(told.contains("with what is it to be compared? Name a second file"), "{told}");
    assert!(complaint(&["diff", CASE, "--with", "refrence"]).contains("did you mean `reference`?"));
    assert!(complaint(&["diff", CASE, "nowhere.toml"]).contains("nowhere.toml"));
    assert!(complaint(&["diff", FIGURE_8, "--with", "R1"]).contains("--seed is missing"));
    let usage = printed(0, &["diff", "--help"]);
    assert!(usage.contains("1 they differ") && usage.contains("--with reference"), "{usage}");
}

#[test]
fn two_runs_have_one_page_which_replay_makes_as_well() {
    let of = directory("page");
    let [first, second] = ["a.html", "deep/b.html"].map(|name| of.join(name));
    let [a, b] = [&first, &second].map(|file| file.to_str().unwrap());
    assert_eq!(printed(1, &["diff", CASE, "--with", "reference", "--html", a]), TOLD);
    let output = splitvote(&["replay", CASE, "--beside", "reference", "--html", b]);
    assert_eq!(output.status.code(), Some(1), "it ends with the code of its verdict");
    let page = fs::read_to_string(&first).unwrap();
    assert_eq!(page, fs::read_to_string(&second).unwrap());
    let told =
        "\"meaning\":\"in B S0 writes T1 and the vote for S0 to its disk, in A it does not\"";
    assert!(
        page.starts_with("<!doctype html>\n<!-- A page of Splitvote -->") && page.contains(told)
    );

    let file = format!("{CASE}/a.html");
    let refused = complaint(&["diff", CASE, "--with", "reference", "--html", &file]);
    assert!(refused.contains("cannot be written"), "{refused}");
    let refused = complaint(&["replay", CASE, "--beside", "nobody", "--html", a]);
    assert!(refused.contains("no Raft is called `nobody`"), "{refused}");
    let trace = of.join("a.trace");
    let trace = trace.to_str().unwrap();
    splitvote(&["replay", CASE, "--write-trace", trace]);
    let refused = complaint(&["replay", trace, "--beside", "reference", "--html", a]);
    assert!(refused.contains("--beside says nothing of"), "{refused}");
}

#[test]
fn what_others_have_written_steers_no_terminal() {
    let of = directory("evil");
    let [first, second] = ["a.trace", "b.trace"].map(|name| of.join(name));
    let [a, b] = [&first, &second].map(|file| file.to_str().unwrap());
    splitvote(&["replay", CASE, "--write-trace", a]);
    let text = fs::read_to_string(&first).unwrap();
    let evil = "\"text\":\"\\u001b[31m\\u202e\\u2028\\n ";
    fs::write(&second, text.replace("\"text\":\"RequestVote", evil)).unwrap();
    for colour in ["never", "always"] {
        let told = printed(1, &["diff", a, b, "--colour", colour]);
        assert!(told.contains("`\\u{1b}[31m\\u{202e}\\u{2028}\\u{a} "), "{told}");
        assert!(!told.contains(['\u{202e}', '\u{2028}']), "{told}");
        assert_eq!(told.contains("\u{1b}[31m"), colour == "always", "{told}");
    }
}
