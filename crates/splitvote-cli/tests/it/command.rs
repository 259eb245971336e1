//! The command as its users meet it: exit codes, text, JSON, bad input, Ctrl-C.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn splitvote(arguments: &[&str]) -> Output {
    command_of(arguments).output().unwrap()
}

/// The command with these arguments, not yet begun.
pub(crate) fn command_of(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_splitvote"));
    command.args(arguments).current_dir(root()).env_remove("CARGO");
    command
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A scenario file of its own for a test.
pub(crate) fn scenario(name: &str, text: &str) -> String {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.toml"));
    fs::write(&file, format!("name = \"{name}\"\n{text}\n")).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn a_sweep_that_holds_exits_with_0_and_prints_seeds_first() {
    let output = splitvote(&["run", "--seeds", "5", "sim-scenarios/partitions"]);
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{out}");
    assert!(out.starts_with("seeds 0..5 of 4 scenarios, Raft: reference"), "{out}");
    assert!(out.contains("20 of 20 runs held"), "{out}");
    assert!(out.contains("must-happen not judged in 4 of 4 scenarios: 5 of "), "{out}");
    assert!(!out.contains('\u{1b}'), "plain in a pipe");
    assert!(output.stderr.is_empty(), "no progress bar in a pipe");
}

#[test]
fn what_makes_no_sense_in_a_scenario_is_warned_of_in_text_and_in_json() {
    let steps = "peers = 3\nsteps = [{ run = \"1s\" }]";
    let slow = scenario("slow-heartbeat", &format!("{steps}\nheartbeat = \"1s\""));
    let said = "the heartbeat interval of 1s is not below the shortest election timeout of 150ms";
    let output = splitvote(&["run", "--seeds", "2", &slow]);
    assert_eq!(output.status.code(), Some(0), "a warning is no failure");
    let told = text(&output.stderr);
    assert!(told.starts_with(&format!("warning: slow-heartbeat: {said}")), "{told}");
    assert!(told.trim_end().ends_with("mend that, or state `timers-meant = true`"), "{told}");
    let warnings = |file: &str| {
        let output = splitvote(&["run", "--seeds", "2", "--format", "json", file]);
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        found["scenarios"][0]["warnings"].as_array().unwrap().clone()
    };
    let found = warnings(&slow);
    assert_eq!(found.len(), 1);
    assert!(found[0].as_str().unwrap().starts_with(said), "{found:?}");
    // Of a heartbeat that is drawn, the longest counts.
    let drawn = scenario("drawn-heartbeat", &format!("{steps}\nheartbeat = \"50ms-1s\""));
    assert_eq!(warnings(&drawn), found);
    let meant = scenario("meant", &format!("{steps}\nheartbeat = \"1s\"\ntimers-meant = true"));
    assert!(splitvote(&["run", "--seeds", "2", &meant]).stderr.is_empty());
    assert!(warnings(&meant).is_empty());
}

#[test]
fn a_violation_exits_with_1_and_ends_with_a_command_that_replays_it() {
    let output = splitvote(&["run", "--seeds", "3", "--raft", "E1", "sim-scenarios/paper"]);
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{out}");
    let program = format!("replay: {} ", env!("CARGO_BIN_EXE_splitvote"));
    let replay = out.lines().find_map(|line| line.trim().strip_prefix(&program)).unwrap();
    let arguments: Vec<&str> = replay.split(' ').collect();
    let replayed = splitvote(&arguments);
    let shown = text(&replayed.stdout);
    assert_eq!(replayed.status.code(), Some(1), "{shown}");
    let sentence = out.lines().find(|line| line.contains("withdrew its vote")).unwrap().trim();
    assert!(shown.contains(sentence), "{shown}");
    assert!(shown.contains("broken rule: "), "{shown}");
    let shrink = out.lines().find_map(|line| line.trim().strip_prefix("shrink: ")).unwrap();
    let verb = |verb| format!("{} {verb} ", env!("CARGO_BIN_EXE_splitvote"));
    let arguments = shrink.strip_prefix(&verb("shrink")).unwrap();
    assert_eq!(replay.strip_prefix("replay "), Some(arguments), "the same run");
}

#[test]
fn json_is_one_object_with_the_documented_keys() {
    let output = splitvote(&[
        "run",
        "--seeds",
        "4",
        "--raft",
        "E1",
        "--format",
        "json",
        "sim-scenarios/lab",
    ]);
    let run: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&run["schema"], &run["peer"]), (&1.into(), &"vote-cleared-by-heartbeat".into()));
    let scenario = &run["scenarios"][0];
    for key in ["name", "file", "seeds", "held", "violations", "elections", "must_happen"] {
        assert!(!scenario[key].is_null(), "{key}");
    }
    for key in ["events", "deliveries", "virtual_s", "wall_s"] {
        assert!(scenario[key].is_number(), "{key}");
    }
    assert_eq!(scenario["digest"].as_str().map(str::len), Some(16));
    let violation = &scenario["violations"][0];
    for key in ["checker", "standing", "sentence", "replay", "shrink"] {
        assert!(violation[key].is_string(), "{key}");
    }
    assert!(violation["seed"].is_u64());
    for key in ["won", "split", "lost", "starved"] {
        assert!(scenario["elections"][key].is_u64(), "{key}");
    }
    let zoo = ["zoo", "--mutants", "E1,R16", "--max-seeds", "2", "--format", "json"];
    let output = splitvote(&[&zoo[..], &["sim-scenarios/partitions"]].concat());
    let zoo: Value = serde_json::from_slice(&output.stdout).unwrap();
    let caught: Vec<_> =
        zoo["mutants"].as_array().unwrap().iter().map(|kill| &kill["caught"]).collect();
    assert_eq!(caught, [&Value::from(true), &Value::from(false)]);
    assert!(zoo["mutants"][0]["checker"].is_string() && zoo["mutants"][0]["wall_s"].is_number());
}

#[test]
fn the_digest_is_the_same_whatever_the_number_of_jobs() {
    let digest = |jobs: &str| {
        let output = splitvote(&[
            "run",
            "--seeds",
            "40",
            "--jobs",
            jobs,
            "--format",
            "json",
            "sim-scenarios/partitions",
        ]);
        let run: Value = serde_json::from_slice(&output.stdout).unwrap();
        run["scenarios"].as_array().unwrap().iter().map(|s| s["digest"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(digest("1"), digest("4"));
}

#[test]
fn bad_input_exits_with_2_and_names_the_place() {
    let unknown = scenario("unknown-key", "peers = 3\nsteps = [{ heal = true }]\npears = 3");
    let zero = scenario("zero-peers", "peers = 0\nsteps = []");
    let gossip = scenario("gossip", GOSSIP);
    let lacks = "gossip: needs messages of kind `gossip`, which reference has not";
    let cases: [(&[&str], &str); 17] = [
        (&["list", "events", "zoo"], "`zoo` is one word too many"),
        (&["run", &unknown], ":4:1: unknown key `pears`; did you mean `peers`?"),
        (&["replay", &zero, "--seed", "1"], ":2:9: 0 is out of range"),
        (&["run", "no/such/place"], "cannot be read"),
        (&["run", ".ci"], "nothing to run in this directory"),
        (&["run", "--raft", "E99"], "no Raft is called `E99`"),
        (&["run", "--seeds", "9..3"], "names no seeds"),
        (&["run", "--seed", "18446744073709551615"], "18446744073709551615"),
        (
            &["run", "--jobs", "0"],
            "`0` is no number of threads; write a whole number from 1 to 1024",
        ),
        (&["run", "/dev/null"], "is no regular file"),
        (&["replay", &gossip, "--seed", "1"], lacks),
        (&["shrink", &gossip, "--seed", "1"], lacks),
        (
            &["experiment", "atlas", "--peers", "6"],
            "`6` is no number of peers; write a whole number from 1 to 5",
        ),
        (&["experiment", "atlas", "--peers", "1", "--format", "json"], "the atlas has no JSON"),
        (
            &["experiment", "paper-elections", "--trials", "0"],
            "`0` is no number of trials; write a whole number from 1 to 1000000",
        ),
        (&["run", "--checker", "luck"], "no such checker"),
        (
            &["replay", "sim-scenarios/lab/re-election.toml", "--seed", "1", "--peer", "S7"],
            "there are S0 to S2",
        ),
    ];
    for (arguments, complaint) in cases {
        let output = splitvote(arguments);
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        assert!(error.contains(complaint), "{arguments:?}: {error}");
        let out = text(&output.stdout);
        assert!(!out.contains("held") && !out.contains("caught"), "{arguments:?}: {out}");
    }
}

/// A scenario that no Raft of this command can run.
pub(crate) const GOSSIP: &str = "peers = 3\nsteps = [{ rule = \"drop\", kind = \"gossip\" }]";

#[test]
fn a_scenario_whose_needs_are_not_met_is_skipped_and_stops_no_other() {
    let gossip = scenario("skipped-gossip", GOSSIP);
    let lab = "sim-scenarios/lab/re-election.toml";
    let reason = "needs messages of kind `gossip`, which reference has not; its kinds are: request-vote, vote-reply, \
                  append-entries, append-reply, install-snapshot, install-reply, pre-vote, pre-vote-reply";
    let skipped = format!("skipped: skipped-gossip ({reason})\n");
    let few = ["--seeds", "2"];
    for (command, options, done) in [
        ("run", &few[..], "2 of 2 runs held"),
        ("check-determinism", &few, "2 seeds, and every run of a seed was the same"),
        ("zoo", &["--max-seeds", "2", "--mutants", "E1"], "1 mutant against 1 scenario"),
    ] {
        let ran = |files: &[&str]| {
            let output = splitvote(&[&[command][..], options, files].concat());
            let said = text(&output.stdout) + &text(&output.stderr);
            assert_eq!(said.matches(&skipped).count(), 1, "{command}: {said}");
            (output.status.code(), said)
        };
        let (code, said) = ran(&[&gossip, lab]);
        assert!(code == Some(0) && said.contains(done), "{command}: {said}");
        let (code, said) = ran(&[&gossip]);
        assert_eq!(code, Some(3), "{command}: {said}");
        assert!(said.contains("✗ every scenario was skipped: nothing is proven"), "{said}");
    }
    let output = splitvote(&["run", "--seeds", "2", "--format", "json", &gossip, lab]);
    let run: Value = serde_json::from_slice(&output.stdout).unwrap();
    let told = |key: &str| [run["scenarios"][0][key].clone(), run["scenarios"][1][key].clone()];
    assert_eq!(told("skipped"), [reason.into(), Value::Null]);
    assert_eq!(told("seeds"), [Value::from(0), Value::from(2)]);
    assert_eq!(told("undemanded"), [Value::Array(Vec::new()), Value::Array(Vec::new())]);
}

#[test]
fn a_sweep_stops_at_its_first_failure_if_it_is_asked_to() {
    let swept = |options: &[&str]| {
        let sweep = ["run", "--raft", "E1", "--seeds", "40", "--jobs", "2", "--format", "json"];
        let file = ["sim-scenarios/paper/split-votes.toml"];
        let output = splitvote(&[&sweep[..], options, &file].concat());
        assert_eq!(output.status.code(), Some(1));
        let run: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(run["interrupted"], false);
        run["scenarios"][0].clone()
    };
    let (all, first) = (swept(&[]), swept(&["--stop-at-first"]));
    let failures = |swept: &Value| swept["violations"].as_array().unwrap().clone();
    assert!(failures(&all).len() > 1 && all["seeds"] == 40, "{all}");
    assert_eq!(failures(&first).len(), 1, "{first}");
    let lowest = failures(&all).iter().filter_map(|failed| failed["seed"].as_u64()).min();
    assert_eq!(failures(&first)[0]["seed"].as_u64(), lowest);
    assert_eq!(first["seeds"].as_u64(), lowest.map(|seed| seed + 1), "no later seed is counted");
}

#[test]
fn liveness_and_vacuity_exit_with_3() {
    let dead =
        scenario("dead", "peers = 3\nsteps = [{ crash = \"all\" }, { expect = \"one-leader\" }]");
    let output = splitvote(&["run", "--seeds", "2", &dead]);
    assert_eq!(output.status.code(), Some(3));
    assert!(
        !text(&output.stdout).contains("checked by")
            && !text(&output.stdout).contains("not judged")
    );
    let vacuous =
        scenario("vacuous", "peers = 3\nsteps = [{ run = \"1s\" }]\n[must-happen]\ncrash = true");
    let output = splitvote(&["run", "--seeds", "20", &vacuous]);
    assert_eq!(output.status.code(), Some(3));
    assert!(!text(&output.stdout).contains("not judged"));
    let output = splitvote(&["run", "--seeds", "19", &vacuous]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("\nmust-happen not judged: 19 of 20 seeds\n"));
    let json = |seeds| {
        let output = splitvote(&["run", "--format", "json", "--seeds", seeds, &vacuous]);
        let run: Value = serde_json::from_slice(&output.stdout).unwrap();
        run["scenarios"][0]["must_happen_judged"].clone()
    };
    assert_eq!((json("19"), json("20")), (false.into(), true.into()));
    let output = splitvote(&["run", "--seeds", "20", &vacuous]);
    assert!(text(&output.stdout).contains("these events, which must happen, never did: crash"));
}

#[test]
fn an_explanation_ends_in_the_verdict() {
    let figure_8 = "sim-scenarios/paper/figure-8.toml";
    let arguments = ["replay", figure_8, "--seed", "0", "--raft", "R1", "--explain"];
    let output = splitvote(&arguments);
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{out}");
    assert!(out.lines().nth(1).unwrap().starts_with(" 1.  0.155757 s  S0 becomes leader"), "{out}");
    assert!(out.contains("→            S0 leads term 3 and committed 2@1 by counting"), "{out}");
    assert!(out.contains("broken rule: "), "{out}");
    let both = splitvote(&[&arguments[..], &["--from", "1s"]].concat());
    assert_eq!(both.status.code(), Some(2), "columns and explanation exclude each other");
}

#[test]
fn a_class_of_faults_is_switched_off_by_name() {
    let listed = text(&splitvote(&["list", "faults"]).stdout);
    assert!(listed.contains("crashes, power-failures"), "{listed}");
    let stormy = scenario("stormy", "peers = 3\nsteps = [{ storm = \"1s\" }]");
    let weather = |arguments: &[&str]| {
        let arguments = [&["replay", &stormy, "--seed", "1"], arguments].concat();
        let out = text(&splitvote(&arguments).stdout);
        out.lines().find_map(|line| line.strip_prefix("storm at 0.000000 s: ")).unwrap().to_owned()
    };
    let all = weather(&[]);
    let first = all.split(' ').next().unwrap();
    let of_first = |line: &&str| line.contains(&format!(" {first}"));
    let class = listed.lines().find(of_first).unwrap().split_whitespace().next().unwrap();
    assert!(!weather(&["--without", class]).contains(first), "{all}");
    let output = splitvote(&["run", "--without", "luck", &stormy]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("no class of faults is called `luck`"));
}

#[test]
fn what_was_switched_off_is_said_and_replayed() {
    let crash = scenario(
        "crash",
        "peers = 3\nsteps = [{ expect = \"one-leader\" }, { crash = \"leader\" }]\n[must-happen]\ncrash = true",
    );
    let output = splitvote(&["run", "--seeds", "20", "--without", "crashes,clocks", &crash]);
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "nothing is missed that was switched off: {out}");
    assert!(out.contains("must-happen not judged: classes of faults are switched off"), "{out}");
    let arguments = ["run", "--seeds", "1", "--raft", "E1", "--without", "crashes,clocks"];
    let output = splitvote(&[&arguments[..], &[&crash]].concat());
    assert!(text(&output.stdout).contains(" --without crashes,clocks\n"));
    let arguments = ["check-determinism", "--seeds", "3", "--without", "crashes", &crash];
    let output = splitvote(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    let arguments = ["zoo", "--mutants", "E1", "--without", "crashes", &crash];
    let out = text(&splitvote(&arguments).stdout);
    assert!(out.contains("--raft E1 --without crashes"), "{out}");
}

#[test]
fn the_filters_of_a_replay_leave_only_what_was_asked_for() {
    let file = "sim-scenarios/paper/split-votes.toml";
    let rows = |filters: &[&str]| {
        let arguments = [&["replay", file, "--seed", "3"], filters].concat();
        text(&splitvote(&arguments).stdout).lines().count()
    };
    let all = rows(&[]);
    assert!(rows(&["--to", "500ms"]) < all / 2);
    assert!(rows(&["--only", "roles"]) < all / 2);
    assert!(rows(&["--from", "5s"]) < all);
    assert!(rows(&["--peer", "S1"]) < all);
    let output = splitvote(&["replay", file, "--seed", "3", "--from", "500s"]);
    assert!(text(&output.stdout).contains("from 500.000000 s on: the run ended at "));
    let coloured = splitvote(&["replay", file, "--seed", "3", "--colour", "always"]);
    assert!(text(&coloured.stdout).contains('\u{1b}'));
}

#[test]
fn what_peers_trace_carries_virtual_time_and_peer() {
    let file = "sim-scenarios/lab/initial-election.toml";
    for filter in ["debug", "splitvote_raft=trace"] {
        let output = splitvote(&["replay", file, "--seed", "1", &format!("--trace={filter}")]);
        let traced = text(&output.stderr);
        let first = traced.lines().next().unwrap();
        assert!(first.contains("peer{at=0.") && first.contains("id=S"), "{filter}: {first}");
    }
}

#[test]
fn determinism_is_checked_in_two_processes() {
    let output = splitvote(&["check-determinism", "--seeds", "2", "sim-scenarios/lab"]);
    let out = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{out}");
    assert!(out.contains("6 seeds, and every run of a seed was the same"), "{out}");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_a_sweep_in_order_with_the_results_so_far() {
    use std::io::{BufRead as _, BufReader, Read as _};
    let mut child = Command::new(env!("CARGO_BIN_EXE_splitvote"))
        .args(["run", "--seeds", "100000000", "sim-scenarios/lab"])
        .current_dir(root())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut head = String::new();
    // The first line is printed before the signal is watched for, so wait for work to be done.
    out.read_line(&mut head).unwrap();
    let stop = || Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    Command::new("sleep").arg("1").status().unwrap();
    stop();
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{rest}");
    assert!(
        rest.contains("interrupted: what follows is of the seeds that were finished"),
        "{rest}"
    );
    assert!(rest.contains("backup"), "{rest}");
}

/// Starts a command, interrupts it after a second, and returns its exit code and what it printed.
#[cfg(unix)]
fn interrupted(arguments: &[&str]) -> (Option<i32>, String) {
    let child = Command::new(env!("CARGO_BIN_EXE_splitvote"))
        .args(arguments)
        .current_dir(root())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    Command::new("sleep").arg("1").status().unwrap();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.code(), text(&output.stdout))
}

#[cfg(unix)]
#[test]
fn an_interrupted_check_of_determinism_says_how_far_it_came() {
    let (code, out) =
        interrupted(&["check-determinism", "--seeds", "1000000", "sim-scenarios/lab"]);
    assert_eq!(code, Some(130), "{out}");
    let line = out.lines().find_map(|line| line.strip_prefix("interrupted: ")).unwrap();
    let finished: u64 = line.split(' ').next().unwrap().parse().unwrap();
    assert!(finished > 0 && line.contains(" seeds were finished"), "{out}");
}

#[cfg(unix)]
#[test]
fn an_interrupted_zoo_counts_only_what_it_finished() {
    let arguments = ["zoo", "--max-seeds", "100000", "--jobs", "1", "--mutants", "E1,E9,E2"];
    let (code, out) = interrupted(&[&arguments[..], &["sim-scenarios/lab"]].concat());
    assert_eq!(code, Some(130), "{out}");
    assert!(out.contains("interrupted, 1 of 3 mutants were finished: 1 of 1 safety"), "{out}");
}

#[test]
fn strictness_that_changes_nothing_is_told() {
    let small = "sim-scenarios/lab/initial-election.toml";
    let output = splitvote(&["run", "--seeds", "1", "--strict=election-safety,patience", small]);
    assert_eq!(output.status.code(), Some(0));
    let said = text(&output.stderr);
    assert_eq!(said.matches("--strict=election-safety changes nothing").count(), 1, "{said}");
    assert!(!said.contains("--strict=patience"), "{said}");
}

#[test]
fn a_trace_is_refused_by_whoever_wants_something_to_run() {
    let trace = Path::new(env!("CARGO_TARGET_TMPDIR")).join("refused.jsonl");
    let trace = trace.to_str().unwrap();
    let small = "sim-scenarios/lab/initial-election.toml";
    splitvote(&["replay", small, "--seed", "1", "--write-trace", trace]);
    for command in ["run", "zoo", "check-determinism", "shrink", "case-to-test"] {
        let output = splitvote(&[command, trace]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{command}: {said}");
        assert!(said.contains("this is a trace") && said.contains(" replay "), "{command}: {said}");
    }
    assert_eq!(splitvote(&["replay", trace]).status.code(), Some(0));
}

#[test]
fn the_version_has_the_name_of_the_command() {
    assert!(text(&splitvote(&["--version"]).stdout).starts_with("splitvote 0."));
}

#[cfg(target_os = "linux")]
#[test]
fn looking_for_scenarios_comes_to_an_end() {
    for place in ["/proc", "/"] {
        let output = splitvote(&["run", "--seeds", "1", place]);
        assert_eq!(output.status.code(), Some(2), "{place}: {}", text(&output.stderr));
        assert!(text(&output.stderr).starts_with("error: /"), "{}", text(&output.stderr));
    }
}
