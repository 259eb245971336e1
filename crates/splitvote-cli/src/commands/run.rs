//! `splitvote run`: scenarios over many seeds.

use std::io::{IsTerminal as _, Write as _, stdout};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64};

use splitvote::peer::Peer;
use splitvote::sweep::cores;
use splitvote::{Scenario, ScenarioError, Seeds, Subject, SweepOptions, SweepReport, case, sweep};

use super::{ask_only, load, switch_off};
use crate::arguments::{Format, RunArguments};
use crate::output::progress::Progress;
use crate::output::results::{Results, Swept};
use crate::output::{json, sweep_text};
use crate::peers::{Chosen, Work};
use crate::stopwatch::Stopwatch;
use crate::{Outcome, Stop, interrupt};

pub(crate) fn run(arguments: &RunArguments) -> Outcome {
    let chosen = Chosen::find(&arguments.raft)?;
    let mut scenarios = load(&arguments.scenarios)?;
    for scenario in &mut scenarios {
        ask_only(scenario, &arguments.checker);
        switch_off(scenario, &arguments.without);
    }
    let only = arguments.seed.map(Seeds::only).transpose();
    let only = only.map_err(|error| Stop::Input(error.to_string()))?;
    let seeds = only.unwrap_or_else(|| arguments.seeds.clone());
    let jobs = arguments.jobs.map_or_else(cores, usize::from);
    let is_text = arguments.format == Format::Text;
    if is_text {
        let (count, peer) = (scenarios.len(), chosen.name());
        let plural = if count == 1 { "" } else { "s" };
        writeln!(stdout(), "{seeds} of {count} scenario{plural}, Raft: {peer}, {jobs} threads")?;
        leave_cases_aside(&arguments.scenarios)?;
    } else {
        eprintln!("{seeds}");
    }
    let interrupt = interrupt::watch()?;
    let total = seeds.count().saturating_mul(scenarios.len() as u64);
    let progress = Progress::start(total, "runs", std::io::stderr().is_terminal());
    let mut results = Results {
        peer: chosen.name().to_owned(),
        seeds: seeds.clone(),
        only: arguments.checker.iter().map(|checker| checker.name().to_owned()).collect(),
        without: arguments.without.clone(),
        swept: Vec::new(),
    };
    for scenario in scenarios {
        progress.say(&scenario.name);
        let stopwatch = Stopwatch::start();
        let report = chosen.run(Sweep {
            scenario: &scenario,
            seeds: &seeds,
            jobs,
            stops_at_first: arguments.stop_at_first,
            judges_must_happen: arguments.without.is_empty(),
            finished: progress.counter(),
            interrupt,
        })?;
        let is_partial = report.is_partial;
        results.swept.push(Swept { scenario, report, wall_s: stopwatch.seconds() });
        if is_partial {
            break;
        }
    }
    progress.finish();
    if is_text {
        sweep_text::print(&results)?;
    } else {
        json::print(&json::sweep(&results))?;
    }
    Ok(interrupt::exit_code(results.exit_code()))
}

/// A case is one run of one Raft: there is nothing to sweep.
fn leave_cases_aside(paths: &[PathBuf]) -> Result<(), Stop> {
    let cases = paths.iter().map(|path| case::load_all(path).map(|cases| cases.len()));
    match cases.sum::<Result<usize, ScenarioError>>()? {
        0 => {}
        1 => writeln!(stdout(), "1 case is left aside: `splitvote replay` runs it")?,
        count => writeln!(stdout(), "{count} cases are left aside: `splitvote replay` runs one")?,
    }
    Ok(())
}

struct Sweep<'a> {
    scenario: &'a Scenario,
    seeds: &'a Seeds,
    jobs: usize,
    stops_at_first: bool,
    judges_must_happen: bool,
    finished: &'a AtomicU64,
    interrupt: &'a AtomicBool,
}

impl Work for Sweep<'_> {
    type Output = Result<SweepReport, ScenarioError>;

    fn with<P: Peer>(self, subject: &Subject<P>) -> Self::Output {
        let options = SweepOptions {
            seeds: self.seeds.clone(),
            jobs: self.jobs,
            stops_at_first: self.stops_at_first,
            judges_must_happen: self.judges_must_happen,
            finished: Some(self.finished),
            interrupt: Some(self.interrupt),
        };
        sweep(self.scenario, subject, &options)
    }
}
