//! The kill matrix: which checker catches which mutant, and after how much work.
//!
//! A mutant meets every scenario under seed 0, then every scenario under seed 1, and so on, until
//! one run fails. No scenario is aimed at a mutant, and none is left out.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde::Serialize;
use splitvote::check::Checker;
use splitvote::run::run;
use splitvote::shrink::CaseSize;
use splitvote::{Gravity, Verdict};
use splitvote::{Scenario, ScenarioError, Seed, check_fit};

use crate::{Harm, Mutant, subject};

/// How one mutant fared.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Kill {
    /// The name that it is known by.
    pub mutant: &'static str,
    /// Its id in the table of known bugs.
    pub id: &'static str,
    /// The properties that it violates.
    pub violates: &'static str,
    /// What it breaks: safety, liveness, or a budget.
    pub harm: &'static str,
    /// Whether a run failed.
    pub caught: bool,
    /// The checker that caught it.
    pub checker: Option<&'static str>,
    /// All checkers that catch it when they are asked alone, if that was asked.
    pub alone: Option<Vec<&'static str>>,
    /// How many seeds were begun until then.
    pub seeds: u64,
    /// How many runs that were: seeds times scenarios, up to the failing one.
    pub runs: u64,
    /// How many events those runs had.
    pub events: u64,
    /// How long they took, filled in by whoever has a clock.
    pub wall_s: f64,
    /// How much time a processor spent on them, filled in likewise.
    pub cpu_s: f64,
    /// How it fared against the storms alone, if it was shrunk.
    pub swarm: Option<Detection>,
    /// The file of its smallest case, if it was shrunk.
    pub case: Option<String>,
    /// How large that is.
    pub case_size: Option<CaseSize>,
    /// How much time a processor spent on making it so small.
    pub shrink_s: Option<f64>,
    /// Why it was not shrunk.
    pub not_shrunk: Option<String>,
    /// Whether it was chased to the end: caught, or given up after all seeds.
    pub is_finished: bool,
    /// The scenario that failed.
    pub scenario: Option<String>,
    /// The file that it stands in.
    pub file: Option<String>,
    /// The seed that failed.
    pub seed: Option<u64>,
    /// The verdict's sentence.
    pub sentence: Option<String>,
}

impl Kill {
    /// What is known of a mutant before it is chased.
    #[must_use]
    pub fn unknown(mutant: &Mutant) -> Self {
        Self {
            mutant: mutant.name,
            id: mutant.id,
            violates: mutant.violates,
            harm: mutant.harm.name(),
            ..Self::default()
        }
    }
}

/// How a mutant fared against some of the scenarios.
#[derive(Clone, Debug, Serialize)]
pub struct Detection {
    /// Whether a run failed.
    pub caught: bool,
    /// How many seeds were begun until then.
    pub seeds: u64,
    /// How many runs that were.
    pub runs: u64,
    /// How much time a processor spent on them.
    pub cpu_s: f64,
    /// The scenario that failed.
    pub scenario: Option<String>,
    /// The seed that failed.
    pub seed: Option<u64>,
}

impl Detection {
    /// What matters of a chase that took so long.
    #[must_use]
    pub fn of(kill: &Kill, cpu_s: f64) -> Self {
        let Kill { caught, seeds, runs, scenario, seed, .. } = kill.clone();
        Self { caught, seeds, runs, cpu_s, scenario, seed }
    }
}

/// How far a mutant is chased, and how its chase is watched.
#[derive(Clone, Copy, Debug)]
pub struct Chase<'a> {
    /// How many seeds at most.
    pub max_seeds: u64,
    /// The only checkers that are asked; all of them if it names none. What is found by no checker, such as an
    /// expectation that is not met, is passed over if it names any.
    pub only: &'a [Checker],
    /// Counts finished runs.
    pub finished: &'a AtomicU64,
    /// When it becomes true, the chase ends with what it has.
    pub interrupt: &'a AtomicBool,
}

/// Runs a mutant against the scenarios until one run fails.
///
/// # Errors
/// If a scenario names a kind of message that the reference Raft does not have.
pub fn chase(
    mutant: &'static Mutant,
    scenarios: &[Scenario],
    chase: &Chase<'_>,
) -> Result<Kill, ScenarioError> {
    let subject = match chase.only {
        [] => subject(mutant),
        only => subject(mutant).asking_only(only),
    };
    let is_asked = |name: Option<&str>| {
        chase.only.is_empty() || chase.only.iter().any(|checker| Some(checker.name()) == name)
    };
    scenarios.iter().try_for_each(|scenario| check_fit(scenario, &subject))?;
    let (mut kill, mut mild) = (Kill::unknown(mutant), None);
    for seed in 0..chase.max_seeds {
        for scenario in scenarios {
            if chase.interrupt.load(Ordering::Relaxed) {
                return Ok(kill);
            }
            kill.seeds = seed + 1;
            let report = run(scenario, &subject, Seed(seed));
            chase.finished.fetch_add(1, Ordering::Relaxed);
            kill.runs += 1;
            kill.events += report.events;
            if report.verdict != Verdict::Held && is_asked(report.verdict.checker()) {
                kill.caught = true;
                kill.checker = report.verdict.checker();
                kill.is_finished = true;
                kill.scenario = Some(scenario.name.clone());
                kill.file = Some(scenario.file.display().to_string());
                kill.seed = Some(seed);
                kill.sentence = Some(report.verdict.to_string());
                if mutant.harm != Harm::Safety || report.verdict.gravity() != Gravity::Liveness {
                    return Ok(kill);
                }
                // A limit that ends a run says nothing of the rule that is broken. Something graver may come.
                mild.get_or_insert_with(|| kill.clone());
            }
        }
    }
    Ok(mild.unwrap_or(Kill { is_finished: true, ..kill }))
}

/// All checkers that catch a mutant when they are asked alone. Each is asked about as many runs as it takes.
///
/// # Errors
/// As for [`chase`].
pub fn alone(
    mutant: &'static Mutant,
    scenarios: &[Scenario],
    how: &Chase<'_>,
) -> Result<Vec<&'static str>, ScenarioError> {
    let mut found = Vec::new();
    for checker in Checker::ALL {
        let only = Chase { only: &[*checker], ..*how };
        if chase(mutant, scenarios, &only)?.caught {
            found.push(checker.name());
        }
    }
    Ok(found)
}
