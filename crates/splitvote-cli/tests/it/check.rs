//! `splitvote check` and `splitvote schema`: what is wrong in which file, without running anything.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const GOOD: &str = "name = \"good\"\npeers = 3\nsteps = [{ run = \"1s\" }]\n";

/// Exit code, standard output and standard error.
fn splitvote(arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_splitvote"));
    let Output { status, stdout, stderr } =
        command.args(arguments).current_dir(ROOT).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// An empty directory of its own for a test.
fn directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("check-{name}"));
    _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

#[test]
fn all_files_of_the_repository_are_right() {
    let (code, out, said) = splitvote(&["check", "sim-scenarios", "reports/zoo"]);
    assert_eq!((code, said.as_str()), (0, ""), "{out}");
    assert!(out.ends_with(" files: 0 wrong, 0 warnings\n") && out.lines().count() == 1, "{out}");
    let (code, out, _) = splitvote(&["check", "reports/rafts/single-voter.toml"]);
    assert_eq!(code, 0, "of a Raft of another program: {out}");
    assert!(out.contains("this program has no Raft `raft-rs`"), "{out}");
}

#[test]
fn each_file_has_its_own_error_and_what_is_only_odd_is_a_warning() {
    let of = directory("several");
    let file = |name: &str, text: &str| {
        fs::create_dir_all(of.join("deep")).unwrap();
        fs::write(of.join(name), text).unwrap();
    };
    file("a.toml", GOOD);
    file("b.toml", &GOOD.replace("good", "bad").replace("run", "rum"));
    file("deep/c.toml", &GOOD.replace("good", "c").replace("peers = 3", "peers = \"3\""));
    file("deep/d.toml", GOOD);
    file("e.toml", &format!("heartbeat = \"2s\"\n{}", GOOD.replace("good", "odd")));
    file("f.toml", "# A case of Splitvote\nname = \"f\"\n");
    let (code, out, said) = splitvote(&["check", of.to_str().unwrap()]);
    assert_eq!((code, said.as_str()), (2, ""), "{out}");
    let told: Vec<&str> = out.lines().collect();
    let wanted = [
        ("error", "b.toml:3:12: unknown step `rum`; did you mean `run`?"),
        ("error", "deep/c.toml:2:9: "),
        ("error", "deep/d.toml: the name `good` is taken by "),
        ("warning", "e.toml: the heartbeat interval of 2s"),
        ("error", "f.toml: the table `[case]` is missing"),
    ];
    assert_eq!(told.len(), wanted.len() + 1, "{out}");
    for (level, words) in wanted {
        let start = format!("{level}: {}/{words}", of.display());
        assert!(told.iter().any(|line| line.starts_with(&start)), "{start}: {out}");
    }
    assert_eq!(told.last(), Some(&"6 files: 4 wrong, 1 warning"));
}

#[test]
fn json_says_which_file_and_where() {
    let of = directory("json");
    let [wrong, none] = ["wrong.toml", "none.toml"].map(|name| of.join(name));
    fs::write(&wrong, GOOD.replace("steps", "step")).unwrap();
    let words = ["check", wrong.to_str().unwrap(), none.to_str().unwrap(), "--format", "json"];
    let (code, out, _) = splitvote(&words);
    assert_eq!(code, 2);
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&told["schema"], &told["wrong"]), (&1.into(), &2.into()));
    let first = &told["files"][0];
    assert_eq!((&first["kind"], &first["problems"][0]["line"]), (&"scenario".into(), &3.into()));
    let message = first["problems"][0]["message"].as_str().unwrap();
    assert!(message.contains("did you mean `steps`?"), "{message}");
    assert_eq!(told["files"][1]["problems"][0]["level"], "error", "{out}");
}

#[test]
fn traces_are_read_to_their_end() {
    let of = directory("traces");
    let trace = of.join("a.trace");
    let name = trace.to_str().unwrap();
    splitvote(&[
        "replay",
        "sim-scenarios/paper/split-votes.toml",
        "--seed",
        "3",
        "--write-trace",
        name,
    ]);
    assert_eq!(splitvote(&["check", name]).0, 0);
    let text = fs::read_to_string(&trace).unwrap();
    let start: String = text.lines().take(9).map(|line| format!("{line}\n")).collect();
    for (wrong, words) in [
        (start, "the file is cut off after line 9"),
        (text.replacen(":1", ":9", 1), "trace format 9 is not known"),
        (text.replacen("\"what\":\"booted\"", "\"what\":\"hatched\"", 1), ":2:"),
    ] {
        fs::write(&trace, wrong).unwrap();
        let (code, out, _) = splitvote(&["check", name]);
        assert_eq!(code, 2);
        assert!(out.starts_with(&format!("error: {name}:")) && out.contains(words), "{out}");
    }
}

#[test]
fn a_directory_without_files_proves_nothing() {
    let of = directory("empty");
    let (code, out, _) = splitvote(&["check", of.to_str().unwrap()]);
    assert_eq!(code, 2);
    assert!(out.contains("no .toml file in this directory"), "{out}");
}

/// `splitvote schema > docs/schema/scenario.schema.json` makes it anew.
#[test]
fn the_committed_schemas_are_those_of_the_command() {
    for (name, file) in [("scenario", "scenario.schema.json"), ("trace", "trace.schema.json")] {
        let (code, out, _) = splitvote(&["schema", name]);
        let committed = fs::read_to_string(Path::new(ROOT).join("docs/schema").join(file)).unwrap();
        assert_eq!((code, out == committed), (0, true), "make it anew: splitvote schema {name}");
    }
}
