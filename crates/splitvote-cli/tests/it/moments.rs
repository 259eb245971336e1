//! Whatever ends a command at whatever moment: no finished result is lost at SIGINT and SIGTERM, and no file is half
//! written at SIGKILL.
//!
//! A moment is a share of the time that the command takes if nothing ends it, chosen by the number of the trial;
//! signals and commands take turns. A dozen trials are among the ordinary tests, two hundred of each signal are run with
//! `cargo test -p splitvote-cli --test it two_hundred -- --ignored --nocapture`.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]
#![expect(clippy::disallowed_types, reason = "it measures how long a command takes")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::command::{root, text};

const SIGNALS: [(&str, i32); 3] = [("INT", 2), ("TERM", 15), ("KILL", 9)];

/// A command that is ended, whose files go to the directory of the trial, written `OUT`.
struct Work {
    arguments: &'static [&'static str],
    /// The files that it replaces as a whole.
    files: &'static [&'static str],
    /// Whether it appends rows to `OUT/rows.ndjson` and prints the same.
    has_rows: bool,
    /// The exit codes that its results have, whether all are there or the first ones.
    codes: &'static [i32],
}

const WORKS: [Work; 5] = [
    Work {
        arguments: &[
            "run",
            "--seeds",
            "60",
            "--format",
            "ndjson",
            "--append",
            "OUT/rows.ndjson",
            "sim-scenarios/lab",
            "sim-scenarios/paper",
            "sim-scenarios/partitions",
        ],
        files: &[],
        has_rows: true,
        codes: &[0],
    },
    Work {
        arguments: &[
            "zoo",
            "--max-seeds",
            "4",
            "--mutants",
            "E1,E2,E3,E4,E5,E6,E8,E9,E10,E11",
            "--format",
            "ndjson",
            "--append",
            "OUT/rows.ndjson",
            "--report",
            "OUT/zoo.md",
            "sim-scenarios/lab",
            "sim-scenarios/paper",
        ],
        files: &["zoo.md"],
        has_rows: true,
        codes: &[0],
    },
    Work {
        arguments: &[
            "shrink",
            "sim-scenarios/paper/split-votes.toml",
            "--seed",
            "3",
            "--raft",
            "E1",
            "--tries",
            "30",
            "--out",
            "OUT/case.toml",
        ],
        files: &["case.toml"],
        has_rows: false,
        codes: &[1],
    },
    Work {
        arguments: &["experiment", "atlas", "--peers", "3", "--out", "OUT"],
        files: &["README.md", "peers-1.txt", "peers-2.txt", "peers-3.txt"],
        has_rows: false,
        codes: &[0],
    },
    Work {
        arguments: &["experiment", "paper-elections", "--trials", "20", "--out", "OUT"],
        files: &["README.md", "distribution.csv", "results.json"],
        has_rows: false,
        codes: &[0],
    },
];

/// What a command leaves behind if nothing ends it, and how long it takes.
struct Whole {
    files: BTreeMap<String, String>,
    took: Duration,
}

fn place(name: &str) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("moments").join(name);
    _ = fs::remove_dir_all(&place);
    fs::create_dir_all(&place).unwrap();
    place
}

fn start(work: &Work, out: &Path) -> Child {
    let out = out.display().to_string();
    Command::new(env!("CARGO_BIN_EXE_splitvote"))
        .args(work.arguments.iter().map(|argument| argument.replace("OUT", &out)))
        .current_dir(root())
        .env_remove("CARGO")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn whole(number: usize) -> Whole {
    let (work, out) = (&WORKS[number], place(&format!("whole-{number}")));
    let begun = Instant::now();
    let ended = start(work, &out).wait_with_output().unwrap();
    let took = begun.elapsed();
    assert!(work.codes.contains(&ended.status.code().unwrap()), "{:?}", work.arguments);
    let file = |name: &&str| ((*name).to_owned(), fs::read_to_string(out.join(name)).unwrap());
    Whole { files: work.files.iter().map(file).collect(), took }
}

/// A file as it may have been before: of the same kind, and another one.
fn older(name: &str, new: &str) -> String {
    match name {
        "case.toml" => fs::read_to_string(root().join("reports/zoo/e10.toml")).unwrap(),
        _ => format!("{}\nold\n", new.lines().next().unwrap()),
    }
}

/// Whether a file is as the whole command leaves it. Times differ, so the kinds with times in them are held to be whole
/// by their ends.
fn is_new(name: &str, now: &str, new: &str) -> bool {
    let last =
        |text: &str| text.lines().last().unwrap_or_default().chars().take(20).collect::<String>();
    match name {
        "case.toml" => {
            splitvote::Case::parse("case.toml", now).is_ok()
                && now.contains("raft = \"vote-cleared-by-heartbeat\"")
        }
        "zoo.md" => {
            now.lines().next() == new.lines().next()
                && last(now) == last(new)
                && now.ends_with('\n')
        }
        _ => now == new,
    }
}

/// The number that stands for a trial, the same every time (splitmix64).
fn drawn(trial: u64) -> u64 {
    let mixed = trial.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 11
}

/// How a trial came out.
#[derive(Debug, Default)]
struct Came {
    was_ended: bool,
    rows: usize,
    replaced: usize,
}

fn trial(number: u64, work: &Work, whole: &Whole) -> Came {
    let (signal, code) = SIGNALS[usize::try_from(number / WORKS.len() as u64).unwrap() % 3];
    let out = place(&format!("trial-{number}"));
    for (name, new) in &whole.files {
        fs::write(out.join(name), older(name, new)).unwrap();
    }
    let child = start(work, &out);
    let after = whole.took.mul_f64(1.05 * (drawn(number) % 1_000) as f64 / 1_000.0);
    let id = child.id().to_string();
    let nap =
        format!("sleep {:.3}; kill -{signal} {id}; sleep 60; kill -KILL {id}", after.as_secs_f64());
    let mut killer = Command::new("bash").args(["-c", &nap]).stderr(Stdio::null()).spawn().unwrap();
    let ended = child.wait_with_output().unwrap();
    _ = killer.kill();
    _ = killer.wait();
    let told = format!(
        "trial {number}: {signal} after {after:?} of {:?}, {:?}, ",
        whole.took, ended.status
    );
    let mut came = Came { was_ended: is_ended(ended.status, code, work, &told), ..Came::default() };
    if work.has_rows {
        came.rows = rows(&out, &text(&ended.stdout), signal, &came, &told);
    } else if signal != "KILL" && ended.status.code().is_some() {
        assert!(!ended.stdout.is_empty(), "{told}nothing was said");
    }
    for (name, new) in &whole.files {
        let now = fs::read_to_string(out.join(name)).unwrap();
        let is_replaced = now != older(name, new);
        assert!(!is_replaced || is_new(name, &now, new), "{told}{name} is half written:\n{now}");
        came.replaced += usize::from(is_replaced);
    }
    left(&out, work, signal, &told);
    fs::remove_dir_all(&out).unwrap();
    came
}

/// Whether the signal ended the command, which has the exit code that it should have.
fn is_ended(status: ExitStatus, signal: i32, work: &Work, told: &str) -> bool {
    if status.signal() == Some(signal) {
        // A signal that comes before any work is begun ends a process as it ends any other.
        return true;
    }
    let code = status.code().unwrap_or_else(|| panic!("{told}another signal"));
    assert!(code == 130 || work.codes.contains(&code), "{told}its code");
    code == 130
}

/// What was told is kept, and every row is whole; how many there are.
fn rows(out: &Path, printed: &str, signal: &str, came: &Came, told: &str) -> usize {
    let kept = fs::read_to_string(out.join("rows.ndjson")).unwrap_or_default();
    let whole = |text: &str| text.split_inclusive('\n').filter(|line| line.ends_with('\n')).count();
    let parsed = kept.lines().map(serde_json::from_str::<Value>);
    let rows: Vec<Value> =
        parsed.map(|row| row.unwrap_or_else(|_| panic!("{told}half a row:\n{kept}"))).collect();
    assert!(
        kept.starts_with(&printed[..printed.rfind('\n').map_or(0, |end| end + 1)]),
        "{told}told and not kept"
    );
    if signal != "KILL" && !rows.is_empty() {
        let last = rows.last().unwrap();
        assert_eq!((&last["row"], kept.as_str()), (&"end".into(), printed), "{told}rows");
        assert_eq!(last["interrupted"] == true, came.was_ended, "{told}{last}");
    }
    whole(&kept)
}

/// What is left besides the files that are asked for is not taken for any of them.
fn left(out: &Path, work: &Work, signal: &str, told: &str) {
    for entry in fs::read_dir(out).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let is_asked_for =
            work.files.contains(&name.as_str()) || name == "rows.ndjson" || name.ends_with(".svg");
        let is_hidden = name.starts_with('.') && name.ends_with(".unfinished") && signal == "KILL";
        assert!(is_asked_for || is_hidden, "{told}{name} is left behind");
    }
}

fn trials(numbers: impl Iterator<Item = u64>) {
    let wholes: Vec<Whole> = (0..WORKS.len()).map(whole).collect();
    let (mut all, mut ended, mut rows, mut replaced) = (0, 0, 0, 0);
    for number in numbers {
        let at = usize::try_from(number).unwrap() % WORKS.len();
        let came = trial(number, &WORKS[at], &wholes[at]);
        all += 1;
        ended += usize::from(came.was_ended);
        rows += came.rows;
        replaced += came.replaced;
    }
    println!(
        "{all} trials: {ended} ended before their time, {rows} rows kept whole, {replaced} files replaced"
    );
}

/// Each command with each signal, all but three.
#[test]
fn a_dozen_random_moments_lose_nothing() {
    trials((0..15).filter(|number| ![5, 9, 13].contains(number)));
}

#[test]
#[ignore = "takes minutes"]
fn two_hundred_random_moments_of_each_signal_lose_nothing() {
    trials(0..600);
}
