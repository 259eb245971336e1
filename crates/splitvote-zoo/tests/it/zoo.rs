//! The zoo is in order: every mutant is named and documented, and every rule has one that breaks it.

use std::collections::BTreeSet;

use splitvote_raft::rules::RULE_NAMES;
use splitvote_zoo::{excluded, find, mutants};

/// Every rule of the reference is broken by at least one mutant: none goes without a checker.
#[test]
fn every_rule_has_its_mutant() {
    let broken: BTreeSet<_> = mutants().iter().flat_map(|m| m.overrides).copied().collect();
    let whole: Vec<_> = RULE_NAMES.iter().filter(|rule| !broken.contains(**rule)).collect();
    assert!(whole.is_empty(), "no mutant breaks {whole:?}");
}

#[test]
fn ids_and_names_are_unique_and_well_formed() {
    let ids = mutants().iter().map(|m| m.id).chain(excluded().iter().map(|e| e.id));
    let names: BTreeSet<_> = mutants().iter().map(|m| m.name).collect();
    assert_eq!(ids.collect::<BTreeSet<_>>().len(), mutants().len() + excluded().len());
    assert_eq!(names.len(), mutants().len());
    for name in names {
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{name}");
    }
}

/// The command runs the reference as one of the zoo's type: that must be no other Raft.
#[test]
fn the_reference_among_the_mutants_is_the_reference() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sim-scenarios");
    for scenario in splitvote::scenario::load_all(directory.as_ref()).unwrap() {
        let (own, plain) = (splitvote_zoo::reference(), splitvote::reference());
        let seed = splitvote::Seed(3);
        assert_eq!(
            splitvote::run(&scenario, &own, seed),
            splitvote::run(&scenario, &plain, seed),
            "{}",
            scenario.name
        );
    }
}

/// The table of known bugs, but for membership, reads and clients: each number has its mutant, or a reason
/// why it has none.
#[test]
fn no_known_bug_is_left_out() {
    let known = [
        "E1 E2 E3 E4 E5 E6 E7 E8 E9 E10 E11 E12 E13 E15 E16 E17 E18 E19 E20 E21 E22 E24 E25 E26",
        "R1 R2 R4 R5 R6 R7 R8 R10 R11 R12 R14 R16 R17 R18 R19 R20 R21",
        "P1 P2 P3 P5 P6",
        "S2 S3 S4 S5 S6 S7 S8 S11 S12 S13 S14",
    ];
    for id in known.iter().flat_map(|section| section.split(' ')) {
        let is_excluded = excluded().iter().any(|bug| bug.id == id && !bug.reason.is_empty());
        assert!(find(id).is_some() != is_excluded, "{id}: either a mutant or a reason");
    }
}

#[test]
fn every_mutant_is_documented() {
    for mutant in mutants() {
        for text in [mutant.bug, mutant.source, mutant.violates] {
            assert!(!text.trim().is_empty(), "{}", mutant.id);
        }
        assert!(mutant.bug.ends_with('.'), "{}: a sentence", mutant.id);
    }
}

#[test]
fn a_mutant_is_found_by_name_and_by_id() {
    for mutant in mutants() {
        assert_eq!(find(mutant.id).map(|found| found.name), Some(mutant.name));
        assert_eq!(find(mutant.name).map(|found| found.id), Some(mutant.id));
    }
    assert_eq!(find("e3B").map(|found| found.id), Some("E3B"));
    assert!(find("E14").is_none() && find("").is_none());
}

/// The bug is in the number: three and five servers hide it.
#[test]
fn a_majority_without_self_shows_in_even_clusters_only() {
    let rules = find("majority-without-self").unwrap().rules;
    assert_eq!([2, 4, 6].map(|n| rules.votes_needed(n)), [1, 2, 3]);
    assert_eq!([3, 5, 7].map(|n| rules.votes_needed(n)), [2, 3, 4]);
}
