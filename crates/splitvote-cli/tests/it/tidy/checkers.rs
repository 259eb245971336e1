//! Every checker's head has all its headings, and the mutants that it names do trip it.

use std::path::Path;

use splitvote::check::Checker;
use splitvote::scenario::load_all;
use splitvote::{Scenario, Seed, run};
use splitvote_zoo::{Mutant, find, subject};

use super::{File, ROOT, expect_none, files};

const HEADINGS: [&str; 5] =
    ["# Paper", "# Checks", "# Does not check", "# Standing", "# Mutants that trip it"];

/// How many seeds of all scenarios the first mutant of a head has; any other has more, as one fault brings the next.
const SEEDS: u64 = 25;
const MANY_SEEDS: u64 = 400;

/// The file of each checker: it has the checker's name.
fn heads() -> Vec<(Checker, File)> {
    let mut sources = files(".rs");
    let mut take = |checker: Checker| {
        let path =
            format!("crates/splitvote-check/src/checkers/{}.rs", checker.name().replace('-', "_"));
        let place = sources.iter().position(|file| file.path == path);
        (checker, sources.swap_remove(place.unwrap_or_else(|| panic!("{path} is missing"))))
    };
    Checker::ALL.iter().map(|&checker| take(checker)).collect()
}

fn missing_headings(file: &File) -> Vec<String> {
    let is_there = |heading: &str| {
        file.text.lines().any(|line| line.strip_prefix("//! ").is_some_and(|line| line == heading))
    };
    let missing = HEADINGS.iter().filter(|heading| !is_there(heading));
    missing.map(|heading| file.finding(1, &format!("has no heading `{heading}`"))).collect()
}

/// The mutants that a head names, in order. A sentence that begins with `Not` says who does not trip it.
fn named(file: &File) -> Vec<&'static Mutant> {
    let section = file.text.split("//! # Mutants that trip it\n").nth(1).unwrap_or_default();
    let section: Vec<&str> = section.lines().map_while(|line| line.strip_prefix("//!")).collect();
    let section = section.join(" ");
    let sentences = section.split(". ").filter(|sentence| !sentence.trim().starts_with("Not "));
    let words = sentences.flat_map(|sentence| sentence.split(|c: char| !c.is_alphanumeric()));
    words.filter_map(find).collect()
}

/// Whether a mutant fails by this checker, asked alone, under so many seeds of all scenarios.
fn trips(mutant: &'static Mutant, checker: Checker, scenarios: &[Scenario], seeds: u64) -> bool {
    let subject = subject(mutant);
    let found = |scenario: &Scenario, seed| {
        let mut scenario = scenario.clone();
        scenario.setup.only = Some(vec![checker]);
        run(&scenario, &subject, seed).verdict.checker() == Some(checker.name())
    };
    (0..seeds).any(|seed| scenarios.iter().any(|scenario| found(scenario, Seed(seed))))
}

fn scenarios() -> Vec<Scenario> {
    load_all(&Path::new(ROOT).join("sim-scenarios")).unwrap()
}

#[test]
fn every_checker_argues_under_all_headings() {
    let findings: Vec<String> =
        heads().iter().flat_map(|(_, file)| missing_headings(file)).collect();
    expect_none(&findings);
}

#[test]
fn the_first_mutant_of_every_head_trips_its_checker() {
    let scenarios = scenarios();
    let trips_first = |checker: Checker, file: &File| {
        named(file).first().is_some_and(|mutant| trips(mutant, checker, &scenarios, SEEDS))
    };
    let heads = heads();
    let idle = heads.iter().filter(|(checker, file)| !trips_first(*checker, file));
    let idle: Vec<String> =
        idle.map(|(_, file)| file.finding(1, "is not tripped by the first mutant")).collect();
    expect_none(&idle);
}

/// Some of them are rare: minutes in a release build.
#[test]
#[ignore = "takes minutes: just trips"]
fn every_mutant_of_every_head_trips_its_checker() {
    let scenarios = scenarios();
    let mut idle = Vec::new();
    for (checker, file) in heads() {
        let named = named(&file);
        let idle_here =
            named.iter().filter(|mutant| !trips(mutant, checker, &scenarios, MANY_SEEDS));
        idle.extend(
            idle_here.map(|mutant| file.finding(1, &format!("{} does not trip it", mutant.id))),
        );
    }
    expect_none(&idle);
}

#[test]
fn what_is_missing_is_found() {
    let text = "//! # Paper\n//! # Mutants that trip it\n//! E1 and E3B (a vote). Not E4, which\n//! does not.\n\nE5\n";
    let file = File::new("a", text);
    assert_eq!(missing_headings(&file).len(), 3);
    let ids: Vec<&str> = named(&file).iter().map(|mutant| mutant.id).collect();
    assert_eq!(ids, ["E1", "E3B"]);
    let scenarios = scenarios();
    assert!(!trips(find("E1").unwrap(), Checker::ApplyOrder, &scenarios, 1));
}
