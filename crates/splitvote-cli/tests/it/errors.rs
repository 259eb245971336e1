//! What is said of wrong input: where, what, what to do. Every text is read as a whole, in `tests/golden/errors.txt`.
//!
//! `SPLITVOTE_BLESS=1` writes it anew.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
#![expect(
    clippy::disallowed_methods,
    reason = "whether golden files are to be written is asked of the environment"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::command::root;

/// Scenarios with one mistake each, below a head of three lines.
const SCENARIOS: [(&str, &str); 38] = [
    ("unknown-key", "pears = 3\nsteps = [{ run = \"1s\" }]"),
    ("unknown-verb", "steps = [{ crsh = \"leader\" }]"),
    ("unknown-unit", "steps = [{ run = \"3 sec\" }]"),
    ("no-unit", "steps = [{ run = 3 }]"),
    ("backward-range", "steps = [{ run = \"3s-1s\" }]"),
    ("range-of-a-limit", "within = \"60s-90s\"\nsteps = [{ run = \"1s\" }]"),
    ("range-of-an-offset", "clocks = { offset = \"1s-2s\" }\nsteps = [{ run = \"1s\" }]"),
    (
        "range-of-a-fate",
        "packets = [{ from = \"S0\", to = \"S1\", nth = 0, fate = \"delay\", by = \"1ms-2ms\" }]\nsteps = []",
    ),
    (
        "range-of-a-fixed-draw",
        "steps = [{ run = \"1s\" }]\n[election-timeouts]\nS0 = \"150ms-300ms\"",
    ),
    ("two-verbs", "steps = [{ run = \"1s\", crash = \"leader\" }]"),
    ("no-verb", "steps = [{ within = \"1s\" }]"),
    ("no-steps", ""),
    ("steps-is-no-list", "steps = { run = \"1s\" }"),
    ("step-below-a-step", "steps = [{ crash = \"leader\", steps = [{ run = \"1s\" }] }]"),
    ("repeat-without-steps", "steps = [{ repeat = 3 }]"),
    ("unknown-target", "steps = [{ crash = \"leaders\" }]"),
    ("no-such-peer", "steps = [{ crash = \"S7\" }]"),
    ("never-saved", "steps = [{ crash = \"$old\" }]"),
    ("too-likely", "steps = [{ chance = \"120%\", steps = [{ run = \"1s\" }] }]"),
    ("unknown-event", "steps = [{ run = \"1s\" }]\n[must-happen]\nelection-one = true"),
    ("event-is-no-flag", "steps = [{ run = \"1s\" }]\n[must-happen]\ncrash = \"yes\""),
    ("unknown-profile", "network = { profile = \"realistisch\" }\nsteps = []"),
    ("unknown-option", "raft = { prevote = true }\nsteps = []"),
    ("slow-heartbeats", "timing = { heartbeat = \"-50ms\" }\nsteps = [{ run = \"1s\" }]"),
    ("small-core", "steps = [{ calm = true, core = [\"S0\"] }]"),
    ("not-toml", "steps = [{ run = \"1s\" }"),
    ("twice", "steps = []\nsteps = []"),
    ("steps-below-a-head", "[must-happen]\nsplit-vote = true\n\nsteps = [{ run = \"1s\" }]"),
    ("seeds-below-another-head", "steps = []\n[logs]\nS0 = [1]\n[disk]\nseeds = 3"),
    ("names-for-groups", "steps = [{ partition = [\"S0\", \"S1\"] }]"),
    ("name-for-a-group", "steps = [{ partition = [[\"leader\"], \"rest\"] }]"),
    ("peer-in-small-letters", "steps = [{ crash = \"s1\" }]"),
    ("log-of-no-peer", "steps = [{ run = \"1s\" }]\n[logs]\nS3 = [1]"),
    ("number-in-quotes", "seeds = \"3\"\nsteps = [{ run = \"1s\" }]"),
    ("number-with-a-point", "seeds = 3.0\nsteps = [{ run = \"1s\" }]"),
    ("false-verb", "steps = [{ heal = false }]"),
    ("false-event", "steps = [{ run = \"1s\" }]\n[must-happen]\nsplit-vote = false"),
    ("unknown-class", "steps = [{ storm = \"1s\", only = [\"crash\"] }]"),
];

/// Command lines with one mistake each.
const LINES: [&str; 35] = [
    "run no/such/file.toml",
    "run --seeds 9..3",
    "run --seeds many",
    "run --raft E99",
    "run --raft refrence",
    "run --strict one-voote",
    "run --strict=one-voote",
    "run --strict=patience --checker one-vote",
    "run --checker one-voote",
    "run --without clock",
    "run --format yaml",
    "run --sed 3",
    "run README.md",
    "run docs",
    "replay sim-scenarios/paper/split-votes.toml",
    "replay sim-scenarios/paper/split-votes.toml --seed 3 --peer S9",
    "replay sim-scenarios/paper/split-votes.toml --seed 3 --from 2s --to 1s",
    "replay sim-scenarios/paper/split-votes.toml --seed 3 --only vote",
    "replay sim-scenarios/paper/split-votes.toml --seed 3 --from 2",
    "case-to-test sim-scenarios/paper/split-votes.toml",
    "zoo --mutants E99",
    "experiment atlas --peers 9",
    "list mutants",
    "run --seed abc",
    "run --seed -1",
    "run --seeds -1",
    "run --jobs 99999999999999999999999",
    "shrink no.toml --tries abc",
    "zoo --max-seeds 0",
    "run --raft E111",
    "run --strict foo",
    "replay sim-scenarios",
    "run --seeds 1 --append docs sim-scenarios/canary",
    "run --raft E2 sim-scenarios/regressions/figure-8-of-the-reference.toml",
    "shrnk",
];

fn said(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_splitvote"))
        .args(arguments)
        .current_dir(root())
        .env_remove("CARGO")
        .output()
        .unwrap();
    let (out, said) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {out}{said}");
    assert!(out.is_empty(), "{arguments:?}: {out}");
    said.replace(env!("CARGO_BIN_EXE_splitvote"), "splitvote")
}

#[test]
fn what_is_wrong_is_said_with_its_place_and_a_remedy() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wrong");
    fs::create_dir_all(&directory).unwrap();
    let mut told = String::new();
    for (name, text) in SCENARIOS {
        let file = directory.join(format!("{name}.toml"));
        let head = format!("name = \"{name}\"\n\npeers = 3\n");
        fs::write(&file, format!("{head}{text}\n")).unwrap();
        let file = file.to_str().unwrap();
        let said = said(&["run", file]).replace(&format!("{}/", directory.display()), "");
        let shown = text.lines().map(|line| format!("    {line}\n")).collect::<String>();
        told.push_str(&format!("{shown}{said}\n"));
        assert!(said.starts_with(&format!("error: {name}.toml:")), "it has a place: {said}");
    }
    for line in LINES {
        let said = said(&line.split(' ').collect::<Vec<_>>());
        told.push_str(&format!("    splitvote {line}\n{said}\n"));
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/errors.txt");
    if std::env::var("SPLITVOTE_BLESS").is_ok() {
        fs::write(&golden, &told).unwrap();
    }
    assert!(
        fs::read_to_string(&golden).is_ok_and(|golden| golden == told),
        "what is said has changed; SPLITVOTE_BLESS=1 writes tests/golden/errors.txt anew:\n{told}"
    );
}
