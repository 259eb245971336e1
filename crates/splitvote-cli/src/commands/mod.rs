//! The commands, one a file.

pub(crate) mod case_to_test;
pub(crate) mod determinism;
pub(crate) mod experiment;
pub(crate) mod list;
mod named;
pub(crate) mod replay;
mod replay_trace;
pub(crate) mod rerun;
pub(crate) mod run;
mod show;
pub(crate) mod shrink;
pub(crate) mod zoo;
mod zoo_smallest;

use std::path::PathBuf;

use splitvote::{FaultClass, Scenario, Setup, scenario};

use crate::Stop;

/// Reads all scenarios that the arguments name; two of one name are refused.
pub(crate) fn load(paths: &[PathBuf]) -> Result<Vec<Scenario>, Stop> {
    let mut scenarios: Vec<Scenario> = Vec::new();
    for path in paths {
        add(&mut scenarios, scenario::load_all(path)?)?;
    }
    Ok(scenarios)
}

/// Adds those that were not read before; two of one name are refused.
pub(crate) fn add(scenarios: &mut Vec<Scenario>, more: Vec<Scenario>) -> Result<(), Stop> {
    for scenario in more {
        if scenarios.iter().any(|other| other.file == scenario.file) {
            continue;
        }
        if let Some(twin) = scenarios.iter().find(|other| other.name == scenario.name) {
            let (file, twin) = (scenario.file.display(), twin.file.display());
            let problem = format!("{file}: the name `{}` is taken by {twin}", scenario.name);
            return Err(Stop::Input(problem));
        }
        scenarios.push(scenario);
    }
    Ok(())
}

/// Switches classes of faults off, besides those that are switched off already.
pub(crate) fn switch_off(setup: &mut Setup, classes: &[FaultClass]) {
    setup.without = setup.without.union(classes.iter().copied().collect());
}
