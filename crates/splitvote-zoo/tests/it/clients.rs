//! What clients saw committed is looked at by itself, and not only through the checkers.

use std::path::Path;

use splitvote::check::Checker;
use splitvote::{Seed, run, scenario};

/// The clients of the lab's churn tests find out by themselves that a log lost what they saw committed.
#[test]
fn a_client_finds_another_entry_where_its_own_was_committed() {
    let file = "../../sim-scenarios/lab/reliable-churn.toml";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let mut churn = scenario::load(&file).unwrap();
    churn.setup.only = Some(vec![Checker::ElectionSafety]);
    let mutant = splitvote_zoo::find("previous-term-not-compared").unwrap();
    let verdicts =
        (0..10).map(|seed| run(&churn, &splitvote_zoo::subject(mutant), Seed(seed)).verdict);
    let found: Vec<String> = verdicts.map(|verdict| verdict.to_string()).collect();
    let sees = |sentence: &&String| {
        sentence.contains("saw its command committed") && sentence.contains("in the log of S")
    };
    assert!(found.iter().any(|sentence| sees(&sentence)), "{found:#?}");
}
