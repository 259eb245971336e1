//! A trace that is written to a file and read back is the same trace, looks the same and explains the same; and
//! what is wrong with a file is said.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use std::collections::BTreeSet;
use std::path::Path;

use splitvote::check::Checker;
use splitvote::{Failure, RunReport, Trace, Verdict};
use splitvote_report::trace_file::{TraceError, TraceFile, is_trace, load, read, save, write};
use splitvote_report::{ColumnOptions, Topic, explain, header_of, write_columns, write_summary};

use crate::support::golden::golden;
use crate::support::runs;

fn written(trace: &Trace, report: &RunReport) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(&mut bytes, trace, report).unwrap();
    bytes
}

fn read_bytes(bytes: &[u8]) -> Result<TraceFile, TraceError> {
    read(bytes, Path::new("run.trace"))
}

/// All that is shown of a run.
fn screen(trace: &Trace, report: &RunReport) -> String {
    let mut out = Vec::new();
    let all = ColumnOptions {
        topics: Some(Topic::ALL.iter().copied().collect()),
        ..ColumnOptions::default()
    };
    for options in [ColumnOptions::story(trace), ColumnOptions::default(), all] {
        write_columns(&mut out, trace, trace.head.peers, &options).unwrap();
        write_summary(&mut out, report, trace, &options).unwrap();
    }
    let columns = String::from_utf8(out).unwrap();
    format!("{}\n{columns}\n{}", header_of(&trace.head), explain(trace, report))
}

/// Writes a run and reads it: it is the same.
fn comes_back(trace: &Trace, report: &RunReport) -> (Trace, RunReport) {
    let name = &trace.head.scenario;
    let bytes = written(trace, report);
    let file = read_bytes(&bytes).unwrap();
    assert!(file.trace == *trace, "{name}: another trace");
    let again = file.report.unwrap();
    assert_eq!(again, *report, "{name}");
    (file.trace, again)
}

/// The same, and it looks the same. Runs that fail are short, and there is most to be seen of them.
fn comes_back_and_looks_the_same(trace: &Trace, report: &RunReport) {
    let (read, again) = comes_back(trace, report);
    assert!(
        written(&read, &again) == written(trace, report),
        "{}: other bytes",
        trace.head.scenario
    );
    assert!(
        screen(&read, &again) == screen(trace, report),
        "{}: another screen",
        trace.head.scenario
    );
}

/// Two tests, as two threads share them.
fn every_other_scenario_comes_back(first: usize) {
    for scenario in runs::scenarios().iter().skip(first).step_by(2) {
        let (report, trace) = runs::of_scenario(scenario, 0);
        comes_back(&trace, &report);
    }
}

#[test]
fn every_scenario_comes_back_from_its_file() {
    every_other_scenario_comes_back(0);
}

#[test]
fn every_scenario_between_them_comes_back_from_its_file() {
    every_other_scenario_comes_back(1);
}

#[test]
fn the_failures_of_all_mutants_come_back_from_their_files() {
    let mut seen = BTreeSet::new();
    let late = [
        ("crashes/quick-restarts.toml", "E3", Checker::ElectionSafety),
        ("paper/figure-8.toml", "R1", Checker::LeaderCompleteness),
        ("disks/power-failures.toml", "E3C", Checker::DurableTerm),
    ];
    let late = late.map(|(name, mutant, checker)| runs::of_mutant(name, 0, mutant, checker));
    for (report, trace) in runs::cases().iter().map(runs::of_case).chain(late) {
        comes_back_and_looks_the_same(&trace, &report);
        if let Verdict::Failed(Failure::Violation(violation)) = &report.verdict {
            seen.insert(violation.checker);
        }
    }
    let unseen: Vec<&Checker> = Checker::ALL.iter().filter(|of| !seen.contains(of)).collect();
    assert!(unseen.is_empty(), "no case fails by {unseen:?}");
}

#[test]
fn a_short_run_is_written_like_this() {
    let (report, trace) = runs::short();
    golden("short.trace", &String::from_utf8(written(&trace, &report)).unwrap());
}

#[test]
fn a_file_that_is_cut_off_anywhere_is_read_as_far_as_it_goes() {
    let (report, trace) = runs::short();
    let bytes = written(&trace, &report);
    for length in 0..bytes.len() {
        let lines = bytes[..length].iter().filter(|byte| **byte == b'\n').count();
        match read_bytes(&bytes[..length]) {
            Ok(file) => {
                assert!(file.is_cut_off() && lines > 0, "{length} bytes");
                assert_eq!(file.lines, lines);
                assert_eq!(file.trace.events, trace.events[..lines - 1]);
            }
            Err(error) => assert_eq!((lines, error.line()), (0, 1), "{error}"),
        }
    }
}

#[test]
fn a_file_is_replaced_as_a_whole_and_told_from_a_scenario() {
    let (report, trace) = runs::short();
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("trace-file");
    let file = directory.join("deep/run.trace");
    save(&file, &trace, &report).unwrap();
    save(&file, &trace, &report).unwrap();
    assert_eq!(
        std::fs::read_dir(file.parent().unwrap()).unwrap().count(),
        1,
        "nothing else is left"
    );
    assert!(is_trace(&file));
    assert_eq!(load(&file).unwrap().trace, trace);
    assert!(!is_trace(&runs::repository().join("sim-scenarios/paper/split-votes.toml")));
    assert!(!is_trace(&directory) && !is_trace(Path::new("nowhere.trace")));
    let error = load(Path::new("nowhere.trace")).unwrap_err().to_string();
    assert!(error.starts_with("nowhere.trace: cannot be read: "), "{error}");
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_line_and_a_remedy() {
    let (report, trace) = runs::short();
    let text = String::from_utf8(written(&trace, &report)).unwrap();
    let changed = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        read_bytes(text.replacen(from, to, 1).as_bytes()).unwrap_err().to_string()
    };
    for (from, to, words) in [
        (
            "\"splitvote-trace\":1",
            "\"splitvote-trace\":2",
            "run.trace:1: trace format 2 is not known, this is splitvote 0.1.0 and reads format 1; read it \
             with the splitvote that wrote it (0.1.0)",
        ),
        (
            "splitvote-trace",
            "trace",
            "run.trace:1: is no trace: its first line has no `splitvote-trace`; ",
        ),
        ("{\"splitvote", "splitvote", "run.trace:1:1: expected value; write it again with"),
        ("\"raft\":\"reference\",", "", "run.trace:1:"),
        ("\"what\":\"booted\"", "\"what\":\"born\"", "run.trace:2:"),
        (
            "\"what\":\"booted\"",
            "\"what\":\"born\"",
            "unknown variant `born`, expected one of `booted`",
        ),
        ("\"boot\":1,", "", "missing field `boot`; the file was written by splitvote 0.1.0: "),
        ("{\"at\":0,\"what\":\"booted\"", "{\"at\":0,,\"what\":\"booted\"", "run.trace:2:9: "),
        ("\"verdict\":\"held\"", "\"verdict\":\"split\"", "unknown variant `split`"),
    ] {
        let error = changed(from, to);
        assert!(error.contains(words), "{words}: {error}");
    }
    let lines = text.lines().count();
    let without = text.lines().enumerate().filter(|(place, _)| *place != 3);
    let without: String = without.map(|(_, line)| format!("{line}\n")).collect();
    let error = read_bytes(without.as_bytes()).unwrap_err();
    assert_eq!(error.line(), lines - 1);
    let words = format!("there should be {} events and there are {}", lines - 2, lines - 3);
    assert!(error.to_string().contains(&words), "{error}");
    let error = read_bytes(format!("{text}{text}").as_bytes()).unwrap_err().to_string();
    assert!(error.contains(&format!("run.trace:{}: a line behind the last", lines + 1)), "{error}");
}

#[test]
fn fields_that_are_not_known_are_passed_over() {
    let (report, trace) = runs::short();
    let text = String::from_utf8(written(&trace, &report)).unwrap();
    let newer = text
        .replace("{\"at\"", "{\"mood\":[1,{}],\"at\"")
        .replace("\"splitvote-trace\":1", "\"splitvote-trace\":1,\"mood\":\"good\"")
        .replace("\"exit_code\":0", "\"exit_code\":0,\"mood\":null");
    let file = read_bytes(newer.as_bytes()).unwrap();
    assert_eq!(file.trace, trace);
    assert_eq!(file.report, Some(report));
}

#[test]
fn a_run_that_is_too_long_to_be_recorded_says_so() {
    let (report, mut trace) = runs::short();
    trace.left_out = 17;
    comes_back(&trace, &report);
    assert!(screen(&trace, &report).contains("17 events are left out"));
}
