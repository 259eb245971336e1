//! Cases: what is written is read back as it was, runs as it did, and says what differs.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::path::Path;

use splitvote::record;
use splitvote::scenario::load_all;
use splitvote::{Act, Case, PeerId, Scenario, Seed, Signature, reference};

fn all_scenarios() -> Vec<Scenario> {
    load_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sim-scenarios")).unwrap()
}

/// Everything that a scenario says, but not where.
fn said(scenario: &Scenario) -> String {
    let text = format!("{scenario:?}");
    let mut parts = text.split("place: Place { ");
    let head = parts.next().unwrap_or_default().to_owned();
    parts.fold(head, |said, part| said + part.split_once("}, ").map_or(part, |(_, rest)| rest))
}

#[test]
fn every_scenario_is_read_back_as_it_was_written() {
    for scenario in all_scenarios() {
        let text = scenario.to_toml();
        let again = Scenario::parse(&scenario.file, &text);
        let again = again.unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(said(&again), said(&scenario), "{text}");
    }
}

#[test]
fn every_case_that_is_kept_can_be_read() {
    for directory in ["reports", "sim-scenarios"] {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(directory);
        let cases = splitvote::case::load_all(&directory).unwrap_or_else(|error| panic!("{error}"));
        assert!(!cases.is_empty(), "{}", directory.display());
    }
}

/// Two tests, as two threads share them.
fn every_plan_is_read_back(seed: Seed) {
    for scenario in all_scenarios() {
        let (_, Some(plan)) = record(&scenario, &reference(), seed) else { continue };
        let (case, report) = Case::new("x", plan, &reference(), seed);
        let text = case.to_toml();
        let again = Case::parse(&scenario.file, &text);
        let again = again.unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert!(again.plan == case.plan, "{} {seed:?}", scenario.name);
        assert_eq!(again.to_toml(), text);
        let (replayed, comparison) = again.replay(&reference());
        assert_eq!(replayed.digest, report.digest, "{} {seed:?}", scenario.name);
        assert!(comparison.is_as_stated() && comparison.difference.is_none(), "{comparison}");
    }
}

#[test]
fn every_plan_is_read_back_as_it_was_written_and_runs_as_it_did() {
    every_plan_is_read_back(Seed(0));
}

#[test]
fn every_plan_of_another_seed_is_read_back_and_runs_as_it_did() {
    every_plan_is_read_back(Seed(1));
}

/// A small case of the reference: it holds.
fn a_case() -> Case {
    let text = "name = \"x\"\npeers = 3\nsteps = [{ run = \"400ms\" }, { crash = \"leader\" }, \
                { propose = \"S1\" }, { run = \"1s\" }, { heal = true }, { run = \"1ms\" }]";
    let scenario = Scenario::parse("x.toml", text).unwrap();
    let (_, plan) = record(&scenario, &reference(), Seed(3));
    Case::new("x", plan.unwrap(), &reference(), Seed(3)).0.found_in("x", Seed(3))
}

#[test]
fn a_case_that_is_cut_off_is_no_case() {
    let text = a_case().to_toml();
    let last = text.trim_end().len() - 1;
    for end in (0..last).filter(|end| text.is_char_boundary(*end)) {
        let error = Case::parse("x.toml", &text[..end]).unwrap_err().to_string();
        assert!(error.starts_with("x.toml"), "{error}");
    }
}

#[test]
fn nonsense_in_a_case_is_named_with_its_place() {
    let text = a_case().to_toml();
    let peer = text.split("crash = \"").nth(1).unwrap()[..2].to_owned();
    let changes = [
        ("version = 1", "version = 2", ": a case of version 2; this program reads version 1;"),
        ("version = 1", "version = 0", "find it anew with this splitvote"),
        ("seed = 3", "seed = -3", "-3 is out of range"),
        ("holds = true", "holds = false", "a case fails or holds"),
        ("holds = true", "fails = \"one-vote\"", "`cause` is missing"),
        (&format!("crash = \"{peer}\""), "crash = \"leader\"", "a case names the peers"),
        (&format!("crash = \"{peer}\""), "crash = \"S9\"", "there is no peer `S9`"),
        (&format!("crash = \"{peer}\""), "run = \"1s\"", "can be a step of a case"),
        (
            "heal = true",
            "budget = \"rpcs\", at-most = 9, steps = [{ run = \"1s\" }]",
            "no step of a case contains others; leave `steps` out",
        ),
        ("run = \"0s\"", "budget = \"rpcs\", at-most = 9", "the run has no end"),
        ("at = \"1.4s\"", "at = \"0.1s\"", "before the one above it"),
        ("at = \"1.4s\", ", "", "this step has no `at`"),
        ("run = \"0s\"", "heal = true", "the run has no end"),
        ("digest = \"", "digest = \"x", "no digest"),
        ("digest = \"", "digest = \"0\" # ", "no digest; write sixteen hexadecimal digits"),
        ("trail = \"", "trail = \"12 ", "no trail, for `12`; write four hexadecimal digits"),
        ("trail = \"", "trail = \"+123 ", "no trail, for `+123`"),
        ("trail = \"", "trail = \"x", "no trail"),
        ("[case]", "[case]\nweather = 1", "unknown key `weather`"),
        ("[case]", "[cases]", "the table `[case]` is missing"),
    ];
    for (old, new, expected) in changes {
        assert!(text.contains(old), "{old}\n{text}");
        let error = Case::parse("x.toml", &text.replace(old, new)).unwrap_err().to_string();
        assert!(error.contains(expected), "{new}: {error}");
    }
}

#[test]
fn what_is_missing_in_a_case_is_named_with_an_example() {
    let text = a_case().to_toml();
    let line = text.lines().position(|line| line == "[case]").unwrap() + 1;
    let examples = [
        ("version", "version = 1"),
        ("raft", "raft = \"reference\""),
        ("seed", "seed = 0"),
        ("says", "says = \"all properties held\""),
        ("found-in", "found-in = \"swarm-five\""),
        ("found-at", "found-at = 0"),
        ("holds", "fails = \"election-safety\"` or `holds = true"),
    ];
    for (key, example) in examples {
        let is_it = |line: &&str| !line.starts_with(&format!("{key} = "));
        let without: Vec<&str> = text.lines().filter(is_it).collect();
        let error = Case::parse("x.toml", &without.join("\n")).unwrap_err().to_string();
        let key = if key == "holds" { "fails" } else { key };
        let expected = format!("`{key}` is missing in the table `case`; write `{example}`");
        assert_eq!(error, format!("x.toml:{line}:1: {expected}"));
    }
    let peerless = text.replace("peers = 3\n", "");
    let error = Case::parse("x.toml", &peerless).unwrap_err().to_string();
    assert_eq!(error, "x.toml:1:1: `peers` is missing; write `peers = 3`");
}

/// What a case says with this instead of `holds = true`.
fn stating(lines: &str) -> Result<Case, String> {
    let text = a_case().to_toml().replace("holds = true", lines);
    Case::parse("x.toml", &text).map_err(|error| error.to_string())
}

#[test]
fn a_case_fails_by_a_checker_that_there_is() {
    let fails = |checker: &str| stating(&format!("fails = \"{checker}\"\ncause = \"x\""));
    let line = a_case().to_toml().lines().position(|line| line == "holds = true").unwrap() + 1;
    let slip = fails("budgt").unwrap_err();
    assert_eq!(slip, format!("x.toml:{line}:9: unknown checker `budgt`; did you mean `budget`?"));
    let unlike = fails("nonesuch").unwrap_err();
    assert!(unlike.contains("known are: election-safety, "), "{unlike}");
    for checker in
        ["one-vote", "liveness", "expectation", "budget", "endless-run", "panic", "fault"]
    {
        assert!(unlike.contains(checker), "{checker}: {unlike}");
        assert_eq!(fails(checker).unwrap().fails.unwrap().checker, checker);
    }
}

#[test]
fn no_checker_is_asked_only_if_a_case_says_so_in_words() {
    let line = a_case().to_toml().lines().position(|line| line == "holds = true").unwrap() + 2;
    let error = stating("holds = true\nonly = []").unwrap_err();
    let remedy = "name some, leave `only` out to ask them all, or write `only = \"none\"`";
    assert_eq!(error, format!("x.toml:{line}:8: no checker is asked; {remedy}"));
    let unasked = stating("holds = true\nonly = \"none\"").unwrap();
    assert_eq!(unasked.plan.setup.only, Some(Vec::new()));
    let again = Case::parse("x.toml", &unasked.to_toml()).unwrap();
    assert_eq!(again.plan.setup.only, Some(Vec::new()));
}

#[test]
fn a_raft_that_nobody_knows_is_named_with_its_place_and_those_that_are_like_it() {
    let text = a_case().to_toml();
    let line = text.lines().position(|line| line.starts_with("raft = ")).unwrap() + 1;
    let case = Case::parse("x.toml", &text).unwrap();
    let known = ["refarence", "refer", "other"];
    let error = case.unknown_raft(known, "see the list").to_string();
    let place = format!("x.toml:{line}:8: no Raft is called `reference`; ");
    assert_eq!(error, format!("{place}did you mean `refarence`? see the list"));
    assert_eq!(case.unknown_raft([], "see the list").to_string(), format!("{place}see the list"));
}

#[test]
fn a_run_that_is_another_is_told_by_its_step() {
    let case = a_case();
    assert_eq!(case.replay(&reference()).1.to_string(), "the case holds as it states");
    let mut redirected = case.clone();
    redirected.plan.acts[1].act = Act::Propose { to: PeerId(0), bytes: 0 };
    let (_, comparison) = redirected.replay(&reference());
    assert_eq!(comparison.difference.as_ref().map(|difference| difference.step), Some(2));
    let told = comparison.to_string();
    assert!(told.contains("after step 2 (propose to S0 at 0.4"), "{told}");
    assert!(told.ends_with("before step 3 (heal at 1.400000 s)"), "{told}");
    let mut other = case.clone();
    other.seed = Seed(4);
    let (_, comparison) = other.replay(&reference());
    assert!(comparison.to_string().contains("before its first step"), "{comparison}");
    let mut stated = case;
    stated.fails = Some(Signature { checker: "one-vote".into(), cause: "forgotten".into() });
    let told = stated.replay(&reference()).1.to_string();
    assert!(told.starts_with("the case no longer fails"), "{told}");
    assert!(told.ends_with("what judges it has changed"), "{told}");
}
