//! Nobody's file is lost, and a file that cannot be written is said before the work begins.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::command::{root, scenario, splitvote, text};

/// An empty directory of its own.
fn directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("files").join(name);
    _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

fn names(directory: &Path) -> Vec<String> {
    let name =
        |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<String> = fs::read_dir(directory).unwrap().map(name).collect();
    names.sort();
    names
}

const SPLIT: &str = "sim-scenarios/paper/split-votes.toml";
/// A run that fails, to be shrunk.
const SHRINK: [&str; 8] = ["shrink", SPLIT, "--seed", "3", "--raft", "E1", "--tries", "1"];
/// One that fails by two checkers.
const THREE: &str = "sim-scenarios/swarm/three.toml";
const E3: [&str; 8] = ["shrink", THREE, "--seed", "3", "--raft", "E3", "--tries", "1"];
const REPLAY: [&str; 4] = ["replay", SPLIT, "--seed", "3"];
const ZOO: [&str; 6] = ["zoo", "--mutants", "E1", "--max-seeds", "1", "sim-scenarios/canary"];

fn complaint(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stderr)
}

fn with(arguments: &[&str], option: &str, file: &Path) -> Output {
    splitvote(&[arguments, &[option, file.to_str().unwrap()]].concat())
}

#[test]
fn nothing_is_replaced_that_is_of_another_kind() {
    let of = directory("kinds");
    let notes = of.join("notes.md");
    let options: [(&[&str], &str); 6] = [
        (&SHRINK, "--out"),
        (&REPLAY, "--write-case"),
        (&REPLAY, "--write-trace"),
        (&REPLAY, "--html"),
        (&ZOO, "--report"),
        (&ZOO, "--append"),
    ];
    for (arguments, option) in options {
        fs::write(&notes, "my notes\n").unwrap();
        let said = complaint(&with(arguments, option, &notes));
        assert!(said.contains("something else than "), "{option}: {said}");
        assert_eq!(fs::read_to_string(&notes).unwrap(), "my notes\n", "{option}");
        if option == "--append" {
            continue;
        }
        let forced = with(&[arguments, &["--force"]].concat(), option, &notes);
        assert_ne!(forced.status.code(), Some(2), "{option}: {}", text(&forced.stderr));
        assert_ne!(fs::read_to_string(&notes).unwrap(), "my notes\n", "{option}");
        let again = with(arguments, option, &notes);
        assert_ne!(again.status.code(), Some(2), "one's own is replaced: {}", text(&again.stderr));
    }
    fs::write(of.join("README.md"), "# Mine\n").unwrap();
    fs::write(of.join("e1.toml"), "mine = true\n").unwrap();
    let out = with(&["experiment", "atlas", "--peers", "1"], "--out", &of);
    assert!(complaint(&out).contains("README.md: exists and holds something else than a report"));
    let out = with(&ZOO, "--shrink", &of);
    assert!(complaint(&out).contains("e1.toml: exists and holds something else than a case"));
    assert_eq!(fs::read_to_string(of.join("e1.toml")).unwrap(), "mine = true\n");
    assert_eq!(names(&of), ["README.md", "e1.toml", "notes.md"], "and nothing is left behind");
}

#[test]
fn a_report_leaves_the_files_beside_it_alone() {
    let of = directory("beside");
    for name in ["notes.tmp", "notes.new", "notes.md.tmp", "notes.md.new"] {
        fs::write(of.join(name), "mine").unwrap();
    }
    let output = with(&ZOO, "--report", &of.join("notes.md"));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(fs::read_to_string(of.join("notes.md")).unwrap().starts_with("# The kill matrix"));
    assert_eq!(names(&of), ["notes.md", "notes.md.new", "notes.md.tmp", "notes.new", "notes.tmp"]);
    assert!(names(&of).iter().skip(1).all(|name| fs::read(of.join(name)).unwrap() == b"mine"));
}

#[test]
fn what_is_read_is_never_written() {
    let file = PathBuf::from(scenario("read-me", "peers = 3\nsteps = [{ run = \"1s\" }]"));
    let before = fs::read_to_string(&file).unwrap();
    let same = file.parent().unwrap().join(".").join("read-me.toml");
    let arguments = ["replay", file.to_str().unwrap(), "--seed", "1"];
    for option in ["--write-case", "--write-trace", "--html"] {
        for force in [&[][..], &["--force"]] {
            let said = complaint(&with(&[&arguments, force].concat(), option, &same));
            assert!(said.contains("is what is read here, and would be lost"), "{said}");
        }
    }
    let both = of_two(&arguments, &directory("both").join("one"));
    assert!(both.contains("is to be written twice"), "{both}");
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
}

fn of_two(arguments: &[&str], file: &Path) -> String {
    let file = file.to_str().unwrap();
    complaint(&splitvote(&[arguments, &["--write-case", file, "--write-trace", file]].concat()))
}

#[test]
fn a_case_shrinks_into_a_file_beside_it_and_two_bugs_of_one_seed_into_two() {
    let of = directory("usual");
    let here = |arguments: &[&str]| {
        let three = root().join(THREE);
        let arguments: Vec<&str> = arguments
            .iter()
            .map(|word| if *word == THREE { three.to_str().unwrap() } else { word })
            .collect();
        let mut command = Command::new(env!("CARGO_BIN_EXE_splitvote"));
        command.args(arguments).current_dir(&of).env_remove("CARGO").output().unwrap()
    };
    for checker in [None, Some("one-vote")] {
        let option = checker.map_or(vec![], |checker| vec!["--checker", checker]);
        let output = here(&[&E3[..], &option].concat());
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    }
    let cases = names(&of.join("cases"));
    assert_eq!(cases.len(), 2, "{cases:?}");
    assert!(cases[1].ends_with("-one-vote.toml"), "{cases:?}");
    assert!(cases[0].starts_with("swarm-three-3-"), "{cases:?}");
    let case = format!("cases/{}", cases[0]);
    let before = fs::read(of.join(&case)).unwrap();
    let output = here(&["shrink", &case]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("-smaller.toml: fails by"), "{}", text(&output.stdout));
    assert_eq!(fs::read(of.join(&case)).unwrap(), before);
    let output = here(&["shrink", &case, "--out", &case, "--force"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    // A run that holds leaves no directory behind.
    fs::remove_dir_all(of.join("cases")).unwrap();
    assert_eq!(here(&["shrink", THREE, "--seed", "3"]).status.code(), Some(0));
    assert!(names(&of).is_empty(), "{:?}", names(&of));
}

/// Each place is complained about with code 2 within moments, and nothing is left of the attempt.
#[test]
fn what_cannot_be_written_is_said_before_the_work() {
    let of = directory("places");
    let file = of.join("file");
    fs::write(&file, "").unwrap();
    let long = of.join("x".repeat(300));
    // It would take hours.
    let zoo = ["zoo", "--max-seeds", "100000000", "--mutants", "R16", "sim-scenarios/lab"];
    let experiment = ["experiment", "paper-elections", "--trials", "1000000"];
    let options: [(&[&str], &str); 8] = [
        (&SHRINK, "--out"),
        (&REPLAY, "--write-case"),
        (&REPLAY, "--write-trace"),
        (&REPLAY, "--html"),
        (&zoo, "--report"),
        (&zoo, "--append"),
        (&zoo, "--shrink"),
        (&experiment, "--out"),
    ];
    for (arguments, option) in options {
        for place in [file.join("below"), long.clone(), PathBuf::from("/proc/new")] {
            if option == "--append" && place.starts_with("/proc") && !cfg!(target_os = "linux") {
                continue;
            }
            let said = complaint(&with(arguments, option, &place));
            assert!(said.contains("cannot be written"), "{option} {}: {said}", place.display());
            assert!(said.lines().count() <= 2, "{said}");
        }
    }
    assert_eq!(names(&of), ["file"]);
}
