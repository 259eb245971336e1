//! Whatever ends a command, what it has finished is printed and kept: SIGTERM as SIGINT, within a run that takes long, too.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
#![cfg(unix)]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

use crate::command::{root, scenario, text};

fn start(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_splitvote"))
        .args(arguments)
        .current_dir(root())
        .env_remove("CARGO")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Sends a signal after so many seconds. What comes of it has to come within half a minute.
fn ended(child: Child, after: &str, signal: &str) -> (Option<i32>, String, String) {
    let id = child.id().to_string();
    let command =
        format!("sleep {after}; kill -{signal} {id}; sleep 30; kill -KILL {id} 2> /dev/null");
    let mut killer = Command::new("bash");
    // Its last sleep outlives it, and would keep a pipe open that the test program writes to.
    killer.args(["-c", &command]).stdout(Stdio::null()).stderr(Stdio::null());
    let mut killer = killer.spawn().unwrap();
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    _ = killer.kill();
    _ = killer.wait();
    (status.code(), text(&stdout), text(&stderr))
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn sigterm_ends_a_sweep_with_the_results_so_far() {
    let (code, out, _) =
        ended(start(&["run", "--seeds", "100000000", "sim-scenarios/lab"]), "1", "TERM");
    assert_eq!(code, Some(130), "{out}");
    assert!(out.contains("interrupted: what follows is of the seeds that were finished"), "{out}");
    let arguments = ["run", "--seeds", "100000000", "--format", "json", "sim-scenarios/lab"];
    let (code, out, _) = ended(start(&arguments), "1", "TERM");
    let run: Value = serde_json::from_str(&out).unwrap();
    assert!(run["interrupted"] == true && run["scenarios"][0]["seeds"].as_u64() > Some(0), "{out}");
    assert_eq!(code, Some(130));
}

#[test]
fn sigterm_ends_the_other_commands_with_what_is_finished() {
    let arguments = ["check-determinism", "--seeds", "1000000", "sim-scenarios/lab"];
    let (code, out, _) = ended(start(&arguments), "1", "TERM");
    assert!(code == Some(130) && out.contains(" seeds were finished"), "{out}");
    let arguments = ["experiment", "paper-elections", "--trials", "1000000"];
    let (code, out, _) = ended(start(&arguments), "1", "TERM");
    assert!(code == Some(130) && out.contains("interrupted: nothing was written"), "{out}");
    let case = format!("{}/term-shrink.toml", env!("CARGO_TARGET_TMPDIR"));
    let split = "sim-scenarios/paper/split-votes.toml";
    let arguments =
        ["shrink", split, "--seed", "3", "--raft", "E1", "--tries", "100000", "--out", &case];
    let (code, out, said) = ended(start(&arguments), "1", "TERM");
    assert_eq!(code, Some(1), "{out}{said}");
    assert!(
        out.contains("See it: ") && fs::read_to_string(&case).unwrap().contains("[case]"),
        "{out}"
    );
}

/// A terminal sends Ctrl-C to the whole group, and so to the helper that tells which runs were under way.
#[test]
fn a_signal_to_the_whole_group_leaves_no_note_behind() {
    use std::os::unix::process::CommandExt as _;
    let mut command = Command::new(env!("CARGO_BIN_EXE_splitvote"));
    command.args(["run", "--seeds", "100000000", "sim-scenarios/lab"]).current_dir(root());
    command.stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    let mut child = command.spawn().unwrap();
    let note = std::env::temp_dir().join(format!("splitvote-{}.under-way", child.id()));
    let comes_to = |is_there: bool| {
        let nap = || Command::new("sleep").arg("0.1").status().unwrap();
        (0..100).any(|_| note.exists() == is_there || !nap().success())
    };
    assert!(comes_to(true), "runs are noted");
    let group = format!("-{}", child.id());
    assert!(Command::new("kill").args(["-INT", "--", &group]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(comes_to(false), "{} was left behind", note.display());
}

/// E9 is never caught there, so that the chase of all three comes to no end.
const CHASE: [&str; 8] = [
    "zoo",
    "--max-seeds",
    "100000000",
    "--jobs",
    "1",
    "--mutants",
    "E1,E9,E2",
    "sim-scenarios/lab/initial-election.toml",
];

#[test]
fn an_interrupted_zoo_has_its_finished_rows_in_every_format() {
    let append = format!("{}/term-zoo.ndjson", env!("CARGO_TARGET_TMPDIR"));
    fs::write(&append, "").unwrap();
    let ndjson = [&CHASE[..], &["--format", "ndjson", "--append", &append]].concat();
    let mut child = start(&ndjson);
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    // It comes long before the end.
    out.read_line(&mut first).unwrap();
    let kept = fs::read_to_string(&append).unwrap();
    assert!(!first.is_empty() && kept.starts_with(&first), "{kept}");
    let first: Value = serde_json::from_str(&first).unwrap();
    assert_eq!((&first["row"], &first["id"]), (&"mutant".into(), &"E1".into()));
    let (code, _, _) = ended(child, "0.1", "TERM");
    assert_eq!(code, Some(130));
    let rows = lines(&fs::read_to_string(&append).unwrap());
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!(rows[0], first);
    assert_eq!(
        rows[1],
        serde_json::json!({ "schema": 1, "row": "end", "exit_code": 130, "interrupted": true })
    );
    let (code, out, _) = ended(start(&[&CHASE[..], &["--format", "json"]].concat()), "1", "TERM");
    let zoo: Value = serde_json::from_str(&out).unwrap();
    let finished = |number: usize| zoo["mutants"][number]["is_finished"].clone();
    assert_eq!((code, finished(0), finished(1)), (Some(130), true.into(), false.into()));
}

#[test]
fn a_run_that_takes_long_does_not_keep_a_signal_waiting() {
    // One seed of it takes long.
    let long = scenario(
        "term-long",
        "peers = 128\nsteps = [{ repeat = 100000, steps = [{ heal = true }] }]",
    );
    for (signal, arguments) in [
        (
            "INT",
            &[
                "run",
                "--seeds",
                "2",
                "--jobs",
                "1",
                "sim-scenarios/lab/initial-election.toml",
                &long,
            ][..],
        ),
        ("TERM", &["run", "--seeds", "2", "sim-scenarios/lab/initial-election.toml", &long]),
    ] {
        let (code, out, _) = ended(start(arguments), "0.7", signal);
        assert_eq!(code, Some(130), "{out}");
        assert!(out.contains("✓ initial-election      2     2"), "{out}");
    }
    let (code, out, _) =
        ended(start(&["zoo", "--mutants", "R16,R1", "--jobs", "1", &long]), "0.7", "TERM");
    assert_eq!(code, Some(130), "{out}");
    // A run that is bounded may come to its end in the time that is left to it.
    assert!(out.contains(" of 2 mutants were finished: "), "{out}");
    let (code, out, _) = ended(start(&["check-determinism", "--seeds", "2", &long]), "0.7", "TERM");
    assert!(code == Some(130) && out.contains("interrupted: "), "{out}");
}

#[test]
fn rows_are_appended_to_lines_of_json_and_to_nothing_else() {
    let file = scenario("append-here", "peers = 3\nsteps = [{ run = \"1s\" }]");
    let before = fs::read_to_string(&file).unwrap();
    let small = "sim-scenarios/lab/initial-election.toml";
    let append = |file: &str| {
        let child = start(&["run", "--seeds", "1", "--append", file, small]);
        ended(child, "5", "INT")
    };
    let (code, _, said) = append(&file);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("holds something else than lines of JSON"), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
    let (code, _, said) = append("/dev/null/rows");
    assert!(code == Some(2) && said.contains("cannot be written"), "{said}");
    let rows = format!("{}/rows.ndjson", env!("CARGO_TARGET_TMPDIR"));
    fs::write(&rows, "{\"cut\":tr").unwrap();
    assert_eq!(append(&rows).0, Some(0));
    let kept = fs::read_to_string(&rows).unwrap();
    let (cut, rest) = kept.split_once('\n').unwrap();
    assert_eq!(
        (cut, lines(rest).len()),
        ("{\"cut\":tr", 2),
        "a line of its own after one that was cut off"
    );
    assert_eq!(append("/dev/full").0, Some(2), "what held could not be kept");
}
