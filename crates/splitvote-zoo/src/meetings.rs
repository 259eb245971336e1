//! Which scenarios show a mutant: each is asked alone, under seed 0, then under seed 1, and so on. The kill matrix asks
//! who is first; this asks all of them, so that a rule that a single scenario stands for is seen.

use std::sync::atomic::Ordering;

use serde::Serialize;
use splitvote::run::run;
use splitvote::{Scenario, ScenarioError, Seed, Verdict, check_fit};

use crate::matrix::Chase;
use crate::{Mutant, subject};

/// A scenario that shows a mutant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Meeting {
    /// The name of the scenario.
    pub scenario: String,
    /// The first seed under which a run failed.
    pub seed: u64,
    /// The checker that ended it.
    pub checker: &'static str,
}

/// The scenarios that show a mutant under one of the first seeds, in their order. Interrupted, those that were
/// finished.
///
/// # Errors
/// If a scenario names a kind of message that the reference Raft does not have.
pub fn meetings(
    mutant: &'static Mutant,
    scenarios: &[Scenario],
    chase: &Chase<'_>,
) -> Result<Vec<Meeting>, ScenarioError> {
    let subject = subject(mutant);
    scenarios.iter().try_for_each(|scenario| check_fit(scenario, &subject))?;
    let mut found = Vec::new();
    for scenario in scenarios {
        for seed in 0..chase.max_seeds {
            if chase.interrupt.load(Ordering::Relaxed) {
                return Ok(found);
            }
            let verdict = run(scenario, &subject, Seed(seed)).verdict;
            chase.finished.fetch_add(1, Ordering::Relaxed);
            if verdict != Verdict::Held {
                let checker = verdict.checker().unwrap_or("other");
                found.push(Meeting { scenario: scenario.name.clone(), seed, checker });
                break;
            }
        }
    }
    Ok(found)
}
