//! The report of a sweep, and those of its parts as one: the same, whatever the split.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A Raft that fails under some seeds, and departs from practice under others.
const RAFT: &str = "N17";
const SCENARIOS: [&str; 2] =
    ["sim-scenarios/liveness/chain.toml", "sim-scenarios/canary/canary.toml"];

fn splitvote(arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Command::new(env!("CARGO_BIN_EXE_splitvote"))
        .args(arguments)
        .current_dir(root)
        .output()
        .unwrap()
}

/// An empty directory of its own for a test.
fn directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("merged-{name}"));
    _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

fn swept(into: &Path, seeds: &str, raft: &str, more: &[&str]) {
    let mut arguments = vec!["run", "--seeds", seeds, "--raft", raft];
    arguments.extend(SCENARIOS);
    arguments.extend(more);
    arguments.extend(["--report", into.to_str().unwrap()]);
    let output = splitvote(&arguments);
    assert!(matches!(output.status.code(), Some(0 | 1 | 3)), "{output:?}");
}

fn merged(parts: &[&Path], into: &Path) -> Output {
    let mut arguments = vec!["report", "merge"];
    arguments.extend(parts.iter().map(|part| part.to_str().unwrap()));
    arguments.extend(["--into", into.to_str().unwrap()]);
    splitvote(&arguments)
}

/// The report without what is stated to depend on how it was made.
fn report(directory: &Path) -> Value {
    let text = fs::read_to_string(directory.join("report.json")).unwrap();
    let mut report: Value = serde_json::from_str(&text).unwrap();
    let object = report.as_object_mut().unwrap();
    assert!(object.remove("made").is_some() && object.remove("checksum").is_some());
    report
}

/// The pages and cases of a directory, with what is in them.
fn kept(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let all = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap());
    let mut kept: Vec<(String, Vec<u8>)> = all
        .filter(|entry| {
            !["report.json", "index.html"].contains(&entry.file_name().to_str().unwrap())
        })
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    kept.sort();
    kept
}

#[test]
fn merged_parts_are_one_sweep_whatever_the_split() {
    let of = directory("split");
    let whole = of.join("whole");
    swept(&whole, "0..30", RAFT, &[]);
    let one = report(&whole);
    let first = &one["scenarios"][0];
    assert!(first["failures"].as_array().unwrap().len() > 2, "{first}");
    assert_eq!(one["seeds"], serde_json::json!([[0, 30]]));
    for (number, splits) in
        [vec![1], vec![8, 16, 24], vec![3, 29], vec![5, 6, 7, 19]].iter().enumerate()
    {
        let mut ends = vec![0];
        ends.extend(splits.iter().copied().chain([30]));
        let parts: Vec<PathBuf> = ends
            .windows(2)
            .map(|range| {
                let part = of.join(format!("{number}-{}", range[0]));
                swept(&part, &format!("{}..{}", range[0], range[1]), RAFT, &["--jobs", "1"]);
                part
            })
            .collect();
        let into = of.join(format!("{number}-sum"));
        // The order in which they are named makes no difference.
        let named: Vec<&Path> = parts.iter().rev().map(PathBuf::as_path).collect();
        let output = merged(&named, &into);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let (sum, whole_text) = (report(&into), one.to_string());
        assert_eq!(sum.to_string(), whole_text, "split at {splits:?}");
        assert!(kept(&into) == kept(&whole), "the same pages and cases, split at {splits:?}");
        let page = fs::read_to_string(into.join("index.html")).unwrap();
        assert!(page.starts_with("<!doctype html>\n<!-- A page of Splitvote -->"));
    }
}

#[test]
fn what_cannot_be_merged_is_refused_and_nothing_is_written() {
    let of = directory("refused");
    let named = |name: &str| of.join(name);
    let [first, second, other, few] = ["first", "second", "other", "few"].map(named);
    swept(&first, "0..4", RAFT, &[]);
    swept(&second, "4..8", RAFT, &[]);
    swept(&other, "8..12", "reference", &[]);
    let output = splitvote(&[
        "run",
        "--seeds",
        "4..6",
        "--raft",
        RAFT,
        SCENARIOS[0],
        "--report",
        few.to_str().unwrap(),
    ]);
    assert!(output.status.code() != Some(2), "{output:?}");
    let into = named("into");
    let refused = |parts: &[&Path], why: &str| {
        let output = merged(parts, &into);
        let said = String::from_utf8(output.stderr.clone()).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(why) && said.contains("report.json"), "{said} has no `{why}`");
        assert!(!into.exists(), "nothing half-written");
    };
    refused(&[&first, &first], "seeds 0..4, of which 0..4 were merged already; name each");
    refused(&[&first, &other], "its Raft is `reference`, and `pre-vote-regardless-of-leader` in");
    refused(&[&first, &few], "has no scenario `canary`, which");
    refused(&[&few, &first], "has no scenario `canary`, which");
    refused(&[&first, &of], "cannot be read: No such file");
    let edited = |from: &str, to: &str| {
        let broken = named("broken");
        fs::create_dir_all(&broken).unwrap();
        let text = fs::read_to_string(second.join("report.json")).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(broken.join("report.json"), text.replacen(from, to, 1)).unwrap();
        broken
    };
    refused(&[&first, &edited("\"held\":", "\"kept\":")], "was changed after it was written");
    refused(&[&first, &edited("\"runs\":4", "\"runs\":5")], "its checksum is");
    let newer = edited("\"splitvote-report\":1", "\"splitvote-report\":2");
    refused(&[&first, &newer], "has format 2, written by Splitvote");
    let text = fs::read_to_string(second.join("report.json")).unwrap();
    let broken = named("broken").join("report.json");
    fs::write(&broken, &text[..text.len() / 2]).unwrap();
    refused(&[&first, &named("broken")], "is cut off at line 1, column");
    fs::write(&broken, "[1, 2]\n").unwrap();
    refused(&[&first, &named("broken")], "is not the report of a sweep");
    fs::write(&broken, "{}\n").unwrap();
    refused(&[&first, &named("broken")], "is not the report of a sweep");
}

#[test]
fn a_report_replaces_nothing_but_a_report() {
    let of = directory("replaced");
    fs::write(of.join("index.html"), "my diary").unwrap();
    let run = ["run", "--seeds", "2", SCENARIOS[1], "--report", of.to_str().unwrap()];
    let output = splitvote(&run);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("index.html: exists and holds something else than a page"), "{said}");
    assert_eq!(fs::read_to_string(of.join("index.html")).unwrap(), "my diary");
    fs::remove_file(of.join("index.html")).unwrap();
    for _ in 0..2 {
        assert_eq!(splitvote(&run).status.code(), Some(0));
    }
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
    let mut there: Vec<_> = fs::read_dir(&of).unwrap().map(name).collect();
    there.sort();
    assert_eq!(there, ["index.html", "report.json"]);
}
