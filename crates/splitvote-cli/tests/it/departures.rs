//! Departures from practice as the command shows them: text, JSON, exit codes, and a replay that shows one
//! as a failure.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const FILE: &str = "sim-scenarios/paper/figure-8-committed.toml";

fn splitvote(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_splitvote"))
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .env_remove("CARGO")
        .output()
        .unwrap()
}

fn swept(options: &[&str]) -> (Option<i32>, String) {
    let output = splitvote(&[&["run", "--seeds", "5", "--raft", "E12", FILE], options].concat());
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn departures_are_listed_once_with_a_command_that_shows_the_first_as_a_failure() {
    let (code, out) = swept(&["--lenient"]);
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("\ndepartures from practice (no failures):\n"), "{out}");
    assert_eq!(out.matches("\n· higher-term (higher-term-ignored): ").count(), 1, "{out}");
    let program = format!("replay: {} ", env!("CARGO_BIN_EXE_splitvote"));
    let replay = out.lines().find_map(|line| line.trim().strip_prefix(&program)).unwrap();
    let sentence = out.lines().find(|line| line.contains(" and stayed in term ")).unwrap();
    let (_, sentence) = sentence.split_once(": ").unwrap();
    let replayed = splitvote(&replay.split(' ').collect::<Vec<_>>());
    let shown = String::from_utf8(replayed.stdout).unwrap();
    assert_eq!(replayed.status.code(), Some(1), "{shown}");
    assert!(shown.contains(sentence), "{shown}");
}

#[test]
fn a_lenient_replay_marks_where_practice_is_departed_from() {
    let replayed = |options: &[&str]| {
        let output =
            splitvote(&[&["replay", "--seed", "0", "--raft", "E12", FILE], options].concat());
        String::from_utf8(output.stdout).unwrap()
    };
    let mark = "── departs from practice (higher-term";
    for options in [&["--lenient"][..], &["--lenient", "--only", "votes"]] {
        let shown = replayed(options);
        assert_eq!(shown.matches(mark).count(), 1, "{shown}");
    }
    assert_eq!(replayed(&["--strict"]).matches(mark).count(), 0, "it ended the run");
}

#[test]
fn a_run_that_nobody_judges_is_refused() {
    let nobody = ["--checker", "one-vote", "--without-checker", "one-vote"];
    for command in [&["run", "--seeds", "2"][..], &["replay", "--seed", "0"]] {
        let output = splitvote(&[command, &[FILE], &nobody].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("no checker is left to judge by"), "{said}");
    }
}

#[test]
fn a_strict_run_fails_and_lists_none() {
    for options in [&["--strict"][..], &["--strict=higher-term"], &[]] {
        let (code, out) = swept(options);
        assert_eq!(code, Some(1), "{out}");
        assert!(!out.contains("departures from practice"), "{out}");
        let shown = format!("--raft higher-term-in-reply-ignored {}", options.join(" "));
        assert!(out.contains(shown.trim_end()), "{out}");
    }
    let (code, out) = swept(&["--strict=leader-hint"]);
    assert_eq!(code, Some(0), "strict about another: {out}");
}

#[test]
fn a_checker_that_is_left_out_finds_nothing() {
    let (code, out) = swept(&["--without-checker", "higher-term,leader-hint"]);
    assert_eq!(code, Some(0), "{out}");
    assert!(!out.contains("higher-term ("), "{out}");
}

#[test]
fn json_lists_departures() {
    let (code, out) = swept(&["--lenient", "--format", "json"]);
    let run: Value = serde_json::from_str(&out).unwrap();
    let scenario = &run["scenarios"][0];
    assert_eq!((code, &scenario["held"]), (Some(0), &5.into()));
    assert_eq!(scenario["violations"], Value::Array(Vec::new()));
    let departure = &scenario["departures"][0];
    assert_eq!(departure["checker"], "higher-term");
    assert_eq!(departure["standing"], "practice");
    assert_eq!(departure["cause"], "higher-term-ignored");
    assert_eq!((&departure["seed"], &departure["known"]), (&0.into(), &Value::Null));
    assert!(departure["times"].as_u64() >= departure["runs"].as_u64(), "{departure}");
    assert!(departure["runs"].as_u64() > Some(0), "{departure}");
    let ends =
        |key: &str, end: &str| departure[key].as_str().is_some_and(|text| text.ends_with(end));
    assert!(ends("replay", " --strict=higher-term"), "{departure}");
    assert!(departure["sentence"].as_str().is_some_and(|said| said.contains("stayed in term")));
    let (_, out) = swept(&["--format", "json"]);
    let run: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(run["scenarios"][0]["departures"], Value::Array(Vec::new()), "they are failures");
}
