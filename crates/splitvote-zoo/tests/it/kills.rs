//! The scenarios of this repository catch the zoo: whatever breaks safety is seen by a checker within
//! a few seeds, and whatever costs too much exceeds a budget. No scenario is aimed at a mutant.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64};

use splitvote::ScenarioError;
use splitvote::check::Checker;
use splitvote::scenario::load_all;
use splitvote_zoo::matrix::{Chase, Kill, alone, chase};
use splitvote_zoo::{Harm, Mutant, mutants};

const MAX_SEEDS: u64 = 25;

/// How all mutants of this kind fare.
fn kills(harm: Harm) -> Result<Vec<Kill>, ScenarioError> {
    chased("", |mutant| mutant.harm == harm)
}

/// How the chosen mutants fare in the scenarios of a theme.
fn chased(theme: &str, is_chosen: impl Fn(&Mutant) -> bool) -> Result<Vec<Kill>, ScenarioError> {
    let directory = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../sim-scenarios"));
    let scenarios = load_all(&directory.join(theme))?;
    let (finished, interrupt) = (AtomicU64::new(0), AtomicBool::new(false));
    let (finished, interrupt) = (&finished, &interrupt);
    let limits = Chase { max_seeds: MAX_SEEDS, only: &[], finished, interrupt };
    let chosen = mutants().iter().filter(|mutant| is_chosen(mutant));
    chosen.map(|mutant| chase(mutant, &scenarios, &limits)).collect()
}

/// An expectation would say that something is missing, and not what was broken.
#[test]
fn what_breaks_safety_is_caught_by_a_checker() {
    for kill in kills(Harm::Safety).unwrap() {
        let checker = kill.checker.unwrap_or("nothing");
        let is_vague = ["nothing", "expectation", "endless-run", "panic", "fault", "budget"];
        assert!(!is_vague.contains(&checker), "{} is caught by {checker}", kill.id);
    }
}

/// Only in a calm is it known that something has to come; or an election had no cause.
#[test]
fn what_keeps_a_cluster_from_getting_on_is_caught() {
    for kill in kills(Harm::Liveness).unwrap() {
        assert!(kill.caught, "{} is not caught", kill.id);
    }
}

#[test]
fn what_costs_too_much_is_caught() {
    for kill in kills(Harm::Budget).unwrap() {
        assert!(kill.caught, "{} stays within all budgets", kill.id);
    }
}

/// Leaders that nobody hears, leaders that are disturbed, and peers that cannot elect one.
#[test]
fn partial_connectivity_shows_what_is_wrong_with_pre_votes_and_quorums() {
    let is_of_these =
        |mutant: &Mutant| ["E22", "N17", "N21", "N22", "N24", "N25", "N26"].contains(&mutant.id);
    let kills = chased("liveness", is_of_these).unwrap();
    assert_eq!(kills.len(), 7);
    for kill in kills {
        assert!(kill.caught, "{} stays unseen", kill.id);
    }
}

/// No storm demanded anything of a leader whose disk hangs: a calm releases the disks of its core, and excuses a core
/// that somebody with a hung disk can reach.
#[test]
fn a_leader_on_a_disk_that_hangs_is_seen_by_storms_alone() {
    let kills = chased("swarm", |mutant| mutant.id == "P13").unwrap();
    let of_all: Vec<_> = kills.iter().map(|kill| (kill.caught, kill.scenario.as_deref())).collect();
    assert_eq!(of_all, [(true, Some("swarm-hung-disks"))]);
}

/// One checker alone passes over what others find, and is told with all who catch a mutant alone.
#[test]
fn a_checker_can_be_asked_alone() {
    let mutant = splitvote_zoo::find("E1").unwrap();
    let directory = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../sim-scenarios/swarm"));
    let scenarios = load_all(directory).unwrap();
    let (finished, interrupt) = (&AtomicU64::new(0), &AtomicBool::new(false));
    let how = Chase { max_seeds: 4, only: &[Checker::OneVote], finished, interrupt };
    assert_eq!(chase(mutant, &scenarios, &how).unwrap().checker, Some("one-vote"));
    let how = Chase { only: &[Checker::Snapshot], ..how };
    assert_eq!(chase(mutant, &scenarios, &how).unwrap().checker, None);
    let alone = alone(mutant, &scenarios, &how).unwrap();
    assert!(alone.contains(&"one-vote") && !alone.contains(&"snapshot"), "{alone:?}");
}
