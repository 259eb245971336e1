//! `splitvote run`: scenarios over many seeds.

use std::io::Write as _;

use splitvote::sweep::cores;
use splitvote::{Case, Scenario, Seeds, SweepOptions, case, sweep};

use super::rerun::rerun;
use super::{add, switch_off};
use crate::arguments::{DEFAULT_RAFT, Format, RunArguments};
use crate::interrupt;
use crate::outcome::{Outcome, Stop};
use crate::output::channel;
use crate::output::channel::complain;
use crate::output::progress::Progress;
use crate::output::results::{Results, Swept};
use crate::output::{json, sweep_text};
use crate::peers::{Chosen, with};
use crate::stopwatch::Stopwatch;

pub(crate) fn run(arguments: &RunArguments) -> Outcome {
    let chosen = Chosen::find(&arguments.raft)?.judged(&arguments.judging);
    let (mut scenarios, cases) = load(arguments)?;
    for scenario in &mut scenarios {
        arguments.judging.restrict(&mut scenario.setup)?;
        switch_off(&mut scenario.setup, &arguments.without);
    }
    let only = arguments.seed.map(Seeds::only).transpose();
    let only = only.map_err(|error| Stop::Input(error.to_string()))?;
    let seeds = only.unwrap_or_else(|| arguments.seeds.clone());
    let jobs = arguments.jobs.map_or_else(cores, usize::from);
    let is_text = arguments.format == Format::Text;
    let count = scenarios.len();
    match (count, is_text) {
        (0, _) => {}
        (_, false) => complain!("{seeds}"),
        _ => {
            let (plural, peer) = (if count == 1 { "" } else { "s" }, chosen.name());
            writeln!(
                channel::out(),
                "{seeds} of {count} scenario{plural}, Raft: {peer}, {jobs} threads"
            )?;
        }
    }
    let interrupt = interrupt::watch()?;
    let total = seeds.count().saturating_mul(scenarios.len() as u64);
    let progress = Progress::start(total, "runs");
    let mut options = SweepOptions::new(seeds.clone());
    (options.jobs, options.stops_at_first) = (jobs, arguments.stop_at_first);
    options.judges_must_happen = arguments.without.is_empty();
    (options.finished, options.interrupt) = (Some(progress.counter()), Some(interrupt));
    let mut results = Results {
        peer: chosen.name().to_owned(),
        seeds,
        judging: arguments.judging.clone(),
        without: arguments.without.clone(),
        swept: Vec::new(),
        rerun: rerun(cases, interrupt)?,
    };
    for scenario in scenarios {
        progress.say(&scenario.name);
        let stopwatch = Stopwatch::start();
        let report = with!(chosen, |subject| sweep(&scenario, subject, &options))?;
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

/// The scenarios and the cases that the arguments name. A case is about a run of a Raft of its own: with
/// another Raft, or when it is to be judged otherwise, it is left aside.
fn load(arguments: &RunArguments) -> Result<(Vec<Scenario>, Vec<Case>), Stop> {
    let (mut scenarios, mut cases) = (Vec::new(), Vec::new());
    for path in &arguments.scenarios {
        let (some, more) = case::load_with_scenarios(path)?;
        add(&mut scenarios, some)?;
        cases.extend(more);
    }
    let is_plain = arguments.raft == DEFAULT_RAFT
        && arguments.judging.is_usual()
        && arguments.without.is_empty();
    if !is_plain {
        if scenarios.is_empty() {
            let problem =
                "a case names its Raft and what judges it: `splitvote replay` tries others";
            return Err(Stop::Input(problem.to_owned()));
        }
        if !cases.is_empty() && arguments.format == Format::Text {
            writeln!(
                channel::out(),
                "{} cases are left aside: a case names its Raft, its faults and what judges it",
                cases.len()
            )?;
        }
        cases.clear();
    }
    Ok((scenarios, cases))
}
