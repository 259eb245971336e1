//! The copy of the reference Raft is the reference as long as no mutant is on, and another Raft if one is.

#![expect(clippy::unwrap_used, reason = "a test")]

use splitvote::run::run;
use splitvote::{Scenario, Seed, Verdict, reference, scenario};
use splitvote_mutation::hunt::{Bounds, Hunter, subject};
use splitvote_mutation::switch::{has_reached, looking};
use splitvote_mutation::{MUTANTS, equivalent};

fn scenarios(folder: &str) -> Vec<Scenario> {
    let path = format!("{}/../../sim-scenarios/{folder}", env!("CARGO_MANIFEST_DIR"));
    scenario::load_all(path.as_ref()).unwrap()
}

#[test]
fn with_no_mutant_on_the_copy_is_the_reference() {
    let mut reached = vec![0_u64; MUTANTS.len() / 64 + 1];
    for scenario in scenarios("") {
        let original = run(&scenario, &reference(), Seed(0));
        let (copy, places) = looking(|| run(&scenario, &subject(), Seed(0)));
        assert_eq!(copy.verdict, Verdict::Held, "{}", scenario.name);
        assert_eq!(copy.digest, original.digest, "{}", scenario.name);
        reached.iter_mut().zip(places).for_each(|(all, these)| *all |= these);
    }
    let places = MUTANTS.iter().filter(|mutant| has_reached(&reached, mutant.site)).count();
    assert!(places * 10 > MUTANTS.len() * 9, "only {places} of {} are reached", MUTANTS.len());
}

#[test]
fn a_mutant_is_told_by_whoever_sees_it() {
    let mut hunter = Hunter::new(scenarios("lab"));
    let find = |file, original, mutated| {
        let is_it = |mutant: &&splitvote_mutation::Mutant| {
            (mutant.file, mutant.original, mutant.mutated) == (file, original, mutated)
        };
        MUTANTS.iter().find(is_it).unwrap()
    };
    let bounds = Bounds { cpu_s: 5.0, seeds: 2 };
    let mut chase = |file, original, mutated| {
        let fate = hunter.chase(find(file, original, mutated), bounds);
        (fate.killed_by.unwrap_or_default(), fate.runs)
    };
    let (by, _) = chase("durable.rs", "before == after", "true");
    assert_eq!(by, "safety", "no ballot is written");
    let (by, _) = chase("election.rs", "self.lead(cx)", "");
    assert_eq!(by, "liveness", "nobody ever leads");
    let (by, runs) = chase("reply.rs", "waits", "true");
    assert!(by.is_empty() && runs > 0, "a wait for what is durable already is none");
}

#[test]
fn the_numbers_follow_the_source() {
    for (place, mutant) in MUTANTS.iter().enumerate() {
        assert_eq!(mutant.number as usize, place + 1);
        assert!(mutant.site <= mutant.number && mutant.line > 0, "{mutant:?}");
        let path = format!("{}/../splitvote-raft/src/{}", env!("CARGO_MANIFEST_DIR"), mutant.file);
        let text = std::fs::read_to_string(path).unwrap();
        let line = text.lines().nth(mutant.line as usize - 1).unwrap();
        let squeeze = |text: &str| text.replace(char::is_whitespace, "");
        let (line, start) = (squeeze(line), squeeze(mutant.original));
        let code = line.split("//").next().unwrap();
        let is_there = code.contains(&start)
            || (0..code.len())
                .any(|at| code.is_char_boundary(at) && start.starts_with(&code[at..]));
        assert!(is_there, "{mutant:?} is not in `{line}`");
    }
}

#[test]
fn what_is_called_equivalent_exists() {
    for entry in equivalent::list().unwrap() {
        assert!(entry.why.len() > 20, "{entry:?} says why");
    }
}
