//! Traces on the command line: written, shown without running anything, and refused with a reason.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const CASE: &str = "sim-scenarios/regressions/higher-term-in-reply-ignored.toml";
const SCENARIO: &str = "sim-scenarios/paper/split-votes.toml";

/// Exit code, standard output and standard error.
fn splitvote(arguments: &[&str]) -> (i32, String, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_splitvote"));
    let Output { status, stdout, stderr } =
        command.args(arguments).current_dir(root).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// The name of a file of its own for a test.
fn file(name: &str) -> String {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.trace"));
    file.to_str().unwrap().to_owned()
}

#[test]
fn a_trace_shows_the_columns_of_its_run() {
    let trace = file("columns");
    let run = ["replay", SCENARIO, "--seed", "3", "--write-trace", &trace];
    let (code, columns, said) = splitvote(&run);
    assert_eq!((code, said), (0, format!("written to {trace}\n")));
    assert_eq!(splitvote(&["replay", &trace]), (0, columns, String::new()));
    for more in [&["--only", "votes,timers"][..], &["--to", "1s", "--all"], &["--peer", "S1"]] {
        let of_run = [&["replay", SCENARIO, "--seed", "3"], more].concat();
        let of_trace = [&["replay", trace.as_str()], more].concat();
        assert_eq!(splitvote(&of_trace), splitvote(&of_run), "{more:?}");
    }
}

#[test]
fn a_trace_explains_as_its_run_does_and_has_its_exit_code() {
    let trace = file("explained");
    let (code, of_run, _) = splitvote(&["replay", CASE, "--explain", "--write-trace", &trace]);
    assert_eq!(code, 1);
    let (code, of_trace, _) = splitvote(&["replay", &trace, "--explain"]);
    assert_eq!(code, 1);
    let (explanation, case) = of_run.trim_end().rsplit_once('\n').unwrap();
    assert!(case.starts_with("the case fails as it states"), "{case}");
    assert_eq!(of_trace.trim_end(), explanation);
}

#[test]
fn a_trace_that_is_cut_off_is_shown_as_far_as_it_goes() {
    let trace = file("cut");
    splitvote(&["replay", SCENARIO, "--seed", "3", "--write-trace", &trace]);
    let text = fs::read_to_string(&trace).unwrap();
    fs::write(&trace, text.lines().take(100).map(|line| format!("{line}\n")).collect::<String>())
        .unwrap();
    let (code, out, error) = splitvote(&["replay", &trace, "--only", "timers"]);
    assert_eq!(code, 2, "{error}");
    assert!(out.contains("timer at "), "{out}");
    let words = format!("error: {trace}:101: the file is cut off here: its 99 events are shown");
    assert!(error.starts_with(&words), "{error}");
    let (code, out, error) = splitvote(&["replay", &trace, "--explain"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(error.contains("there is no verdict that could be explained"), "{error}");
}

#[test]
fn what_says_how_to_run_says_nothing_of_a_trace() {
    let trace = file("idle");
    splitvote(&["replay", SCENARIO, "--seed", "3", "--write-trace", &trace]);
    for (option, value) in [("--seed", "3"), ("--raft", "reference"), ("--write-case", "case.toml")]
    {
        let (code, _, error) = splitvote(&["replay", &trace, option, value]);
        assert_eq!(code, 2, "{error}");
        let words = format!("error: {option} says nothing of {trace}, which is a trace");
        assert!(error.starts_with(&words), "{error}");
    }
    let (code, _, error) = splitvote(&["replay", &trace, "--peer", "S9"]);
    assert!(code == 2 && error.contains("no peer is called `S9`"), "{error}");
    fs::write(&trace, "{\"splitvote-trace\":7}\n").unwrap();
    let (code, _, error) = splitvote(&["replay", &trace]);
    assert_eq!(code, 2, "{error}");
    assert!(error.contains("idle.trace:1: trace format 7 is not known"), "{error}");
}
