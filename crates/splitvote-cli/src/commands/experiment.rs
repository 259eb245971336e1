//! `splitvote experiment`: a published measurement, repeated.

use std::io::{IsTerminal as _, Write as _, stdout};

use splitvote::sweep::cores;
use splitvote_experiment::{run, trials_in_all};

use crate::arguments::{ExperimentArguments, ExperimentName, Format, USUAL_TRIALS};
use crate::output::progress::Progress;
use crate::output::{experiment_text, json};
use crate::stopwatch::Stopwatch;
use crate::{Outcome, Stop, interrupt};

/// Where the report of the usual number of trials is kept.
const USUAL_PLACE: &str = "reports/paper-elections";

pub(crate) fn experiment(arguments: &ExperimentArguments) -> Outcome {
    match arguments.name {
        ExperimentName::PaperElections => paper_elections(arguments),
    }
}

fn paper_elections(arguments: &ExperimentArguments) -> Outcome {
    let is_text = arguments.format == Format::Text;
    let (trials, seed) = (arguments.trials as usize, arguments.seed);
    if is_text {
        writeln!(
            stdout(),
            "seed {seed}: Figure 16 of the extended Raft paper, {trials} trials a curve"
        )?;
    } else {
        eprintln!("seed {seed}");
    }
    let interrupt = interrupt::watch()?;
    let progress =
        Progress::start(trials_in_all(trials), "trials", std::io::stderr().is_terminal());
    let stopwatch = Stopwatch::start();
    let jobs = arguments.jobs.map_or_else(cores, usize::from);
    let experiment = run(trials, seed, jobs, progress.counter(), interrupt);
    progress.finish();
    let wall_s = stopwatch.seconds();
    let usual_place = (trials == USUAL_TRIALS as usize).then(|| USUAL_PLACE.into());
    let written = match arguments.out.clone().or(usual_place) {
        // An interrupted experiment is shown, but it does not replace a whole one.
        Some(directory) if !experiment.is_partial => {
            std::fs::create_dir_all(&directory)?;
            experiment.write(&directory)?
        }
        _ => Vec::new(),
    };
    if is_text {
        experiment_text::print(&experiment, &written, wall_s)?;
    } else {
        let object =
            json::experiment(&experiment).map_err(|error| Stop::Fault(error.to_string()))?;
        json::print(&object)?;
    }
    let has_failed = !experiment.failures.is_empty();
    Ok(interrupt::exit_code(u8::from(has_failed)))
}
