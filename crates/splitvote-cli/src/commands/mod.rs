//! The commands, one a file.

pub(crate) mod case_to_test;
pub(crate) mod check;
pub(crate) mod determinism;
pub(crate) mod diff;
#[cfg(feature = "experiment")]
pub(crate) mod experiment;
#[cfg(feature = "experiment")]
pub(crate) mod experiment_arguments;
pub(crate) mod export;
pub(crate) mod isolate;
pub(crate) mod keep;
pub(crate) mod list;
mod named;
pub(crate) mod new;
pub(crate) mod page;
pub(crate) mod replay;
mod replay_trace;
pub(crate) mod report;
pub(crate) mod rerun;
pub(crate) mod run;
pub(crate) mod schema;
mod show;
pub(crate) mod shrink;
pub(crate) mod suites;
mod sweep_report;
#[cfg(feature = "zoo")]
pub(crate) mod zoo;
#[cfg(feature = "zoo")]
pub(crate) mod zoo_page;
#[cfg(feature = "zoo")]
mod zoo_smallest;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use splitvote::case::Case;
use splitvote::{FaultClass, Scenario, Setup, scenario};
use splitvote_report::trace_file;

use crate::outcome::Stop;
use crate::output::channel::{self, complain};
use crate::output::terminal::{invocation, quoted};
use crate::peers::UnderTest;

/// Reads all scenarios that the arguments name; two of one name are refused.
pub(crate) fn load(paths: &[PathBuf]) -> Result<Vec<Scenario>, Stop> {
    let mut scenarios: Vec<Scenario> = Vec::new();
    for path in paths {
        refuse_trace(path)?;
        add(&mut scenarios, scenario::load_all(path)?)?;
    }
    Ok(scenarios)
}

/// A trace is a run that was recorded: it can be shown, and nothing else can be done with it.
pub(crate) fn refuse_trace(file: &Path) -> Result<(), Stop> {
    if !file.is_file() || !trace_file::is_trace(file) {
        return Ok(());
    }
    let (shown, command) = (file.display(), invocation());
    Err(Stop::Input(format!(
        "{shown}: this is a trace, which holds a run and not what to run; `{command} replay {}` shows it",
        quoted(&shown.to_string())
    )))
}

/// Adds those that were not read before; two of one name are refused.
pub(crate) fn add(scenarios: &mut Vec<Scenario>, more: Vec<Scenario>) -> Result<(), Stop> {
    for scenario in more {
        if scenarios.iter().any(|other| other.file == scenario.file) {
            continue;
        }
        if let Some(twin) = scenarios.iter().find(|other| other.name == scenario.name) {
            let (file, twin) = (scenario.file.display(), twin.file.display());
            let problem = format!(
                "{file}: the name `{}` is taken by {twin}; give one of them another `name`",
                scenario.name
            );
            return Err(Stop::Input(problem));
        }
        scenarios.push(scenario);
    }
    Ok(())
}

/// What is said, with exit code 3, if no scenario is left.
pub(crate) const NOTHING_PROVEN: &str = "✗ every scenario was skipped: nothing is proven";

/// Leaves out the scenarios that need what this Raft has not. Why it has left them out, a line each.
pub(crate) fn leave_out(
    scenarios: &mut Vec<Scenario>,
    raft: &dyn UnderTest,
) -> Result<Vec<String>, Stop> {
    let mut skipped = Vec::new();
    scenarios.retain(|scenario| {
        let reason = raft.lacking(scenario);
        skipped
            .extend(reason.iter().map(|reason| format!("skipped: {} ({reason})", scenario.name)));
        reason.is_none()
    });
    scenarios.iter().try_for_each(|scenario| raft.check_fit(scenario.into()))?;
    Ok(skipped)
}

/// Saves a case; whether it is saved. If not, it is printed, so that the work is not lost.
pub(crate) fn save_or_print(case: &Case, file: &Path) -> bool {
    let Err(error) = case.save(file) else { return true };
    complain!(
        "error: {}: cannot be written: {error}; the case follows on standard output",
        file.display()
    );
    // Writing to a channel does not fail.
    _ = writeln!(channel::out(), "{}", case.to_toml());
    false
}

/// Switches classes of faults off, besides those that are switched off already.
pub(crate) fn switch_off(setup: &mut Setup, classes: &[FaultClass]) {
    setup.without = setup.without.union(classes.iter().copied().collect());
}
