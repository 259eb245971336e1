//! `splitvote run`: scenarios over many seeds.

use std::io::Write as _;

use splitvote::sweep::cores;
use splitvote::{Case, Scenario, Seeds, SweepOptions, case};

use super::rerun::rerun;
use super::{add, refuse_trace, switch_off};
use super::{keep, sweep_report};
use crate::arguments::{Colour, RowFormat, RunArguments};
use crate::interrupt;
use crate::numbers::USUAL_SEEDS;
use crate::outcome::{Outcome, Stop};
use crate::output::channel::{self, complain};
use crate::output::progress::Progress;
use crate::output::results::{Results, Swept};
use crate::output::rows::Rows;
use crate::output::terminal::many;
use crate::output::{json, sweep_text, terminal};
use crate::peers::{self, Chosen, UnderTest};
use crate::stopwatch::Stopwatch;

pub(crate) fn run(arguments: &RunArguments) -> Outcome {
    let chosen = Chosen::asked_for(arguments.raft.as_deref(), None)?.judged(&arguments.judging);
    arguments.judging.check()?;
    let (mut scenarios, cases) = load(arguments, chosen.name())?;
    for scenario in &mut scenarios {
        arguments.judging.restrict(&mut scenario.setup)?;
        switch_off(&mut scenario.setup, &arguments.without);
    }
    // What does not fit is told before any work is done that would be lost with it.
    scenarios.iter().try_for_each(|scenario| fits(scenario, &*chosen))?;
    arguments.report.iter().try_for_each(|directory| sweep_report::check(directory))?;
    arguments.suites.check(&arguments.scenarios)?;
    let only = arguments.seed.map(Seeds::only).transpose();
    let only = only.map_err(|error| Stop::Input(error.to_string()))?;
    let seeds = only.unwrap_or_else(|| arguments.seeds.clone());
    if let (Some(worker), [scenario]) = (arguments.worker, &*scenarios) {
        return chosen.work(worker, scenario, &seeds);
    }
    let jobs = arguments.jobs.map_or_else(cores, usize::from);
    let format = arguments.rows.format;
    let rows = Rows::open(format == RowFormat::Ndjson, arguments.rows.append.as_deref())?;
    tell_what_is_run(format, &seeds, scenarios.len() as u64, chosen.name(), jobs)?;
    for scenario in &scenarios {
        for warning in scenario.warnings() {
            complain!(
                "warning: {}: {warning}; mend that, or state `timers-meant = true`",
                scenario.name
            );
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
    results.rerun.iter().for_each(|rerun| rows.add("case", &json::rerun(rerun)));
    for scenario in scenarios {
        progress.say(&scenario.name);
        let stopwatch = Stopwatch::start();
        let report = match arguments.isolate {
            true => chosen.sweep_elsewhere(&scenario, &options, arguments)?,
            false => chosen.sweep(&scenario, &options)?,
        };
        let (is_partial, wall_s) = (report.is_partial, stopwatch.seconds());
        let kept = arguments
            .report
            .as_ref()
            .map(|directory| keep::failures(directory, &scenario, &report, &*chosen, interrupt));
        let swept = Swept { scenario, report, wall_s, kept: kept.unwrap_or_default() };
        rows.add("scenario", &json::scenario(&results, &swept));
        results.swept.push(swept);
        if is_partial {
            break;
        }
    }
    progress.finish();
    let is_kept = sweep_report::write(arguments, &results) & arguments.suites.write(&results);
    match format {
        RowFormat::Text => sweep_text::print(&results)?,
        RowFormat::Json => json::print(&json::sweep(&results))?,
        RowFormat::Ndjson => {}
    }
    let code = match results.exit_code() {
        0 if !is_kept => 2,
        code => code,
    };
    Ok(rows.end(interrupt::exit_code(code), results.is_interrupted()))
}

/// What is about to be run, before it is: on standard error unless people read the output.
fn tell_what_is_run(
    format: RowFormat,
    seeds: &Seeds,
    count: u64,
    raft: &str,
    jobs: usize,
) -> Result<(), Stop> {
    if format == RowFormat::Text {
        terminal::is_coloured(Colour::Auto);
    }
    match (count, format) {
        (0, _) => {}
        (_, RowFormat::Text) => {
            let scenarios = many(count, "scenario", "scenarios");
            let threads = many(jobs as u64, "thread", "threads");
            writeln!(channel::out(), "{seeds} of {scenarios}, Raft: {raft}, {threads}")?;
        }
        _ => complain!("{seeds}"),
    }
    Ok(())
}

/// Whether a scenario fits this Raft; one that is skipped does.
fn fits(scenario: &Scenario, raft: &dyn UnderTest) -> Result<(), Stop> {
    if raft.lacking(scenario).is_some() {
        return Ok(());
    }
    Ok(raft.check_fit(scenario.into())?)
}

/// Refuses options that say of a run what a case says itself, if there are only cases: nothing would come of them.
fn refuse_what_a_case_states(arguments: &RunArguments, case: &Case) -> Result<(), Stop> {
    let raft = arguments.raft.as_ref().map(|raft| format!(" --raft {}", terminal::quoted(raft)));
    let judged = raft.unwrap_or_default()
        + &arguments.judging.options()
        + &terminal::without(&arguments.without);
    let seed = match arguments.seed {
        Some(seed) => Some((format!("--seed {seed}"), seed)),
        None if USUAL_SEEDS.parse().as_ref() == Ok(&arguments.seeds) => None,
        None => Some(("--seeds".to_owned(), arguments.seeds.start().0)),
    };
    let (states, left_out, options) = match seed {
        _ if !judged.is_empty() => (
            "its Raft, its faults and what judges it",
            judged.trim_start().to_owned(),
            judged.clone(),
        ),
        Some((option, seed)) => ("its seed", option, format!(" --seed {seed}")),
        None => return Ok(()),
    };
    let file = case.file.display();
    let (command, shown) = (terminal::invocation(), terminal::quoted(&file.to_string()));
    Err(Stop::Input(format!(
        "{file} is a case, and a case names {states}; leave `{left_out}` out, or use `{command} replay {shown}{options}`"
    )))
}

/// The scenarios and the cases that the arguments name. A case is about a run of a Raft of its own: with
/// another Raft, or when it is to be judged otherwise, it is left aside.
fn load(arguments: &RunArguments, raft: &str) -> Result<(Vec<Scenario>, Vec<Case>), Stop> {
    let (mut scenarios, mut cases, mut left_aside) = (Vec::new(), Vec::new(), 0);
    for path in &arguments.scenarios {
        arguments.judging.meant(path).map_or(Ok(()), Err)?;
        refuse_trace(path)?;
        let (some, more) = case::load_with_scenarios(path)?;
        add(&mut scenarios, some)?;
        // A directory may hold cases of Rafts that another program has; a case that is named is asked for.
        let is_named = path.is_file();
        let (ours, others): (Vec<_>, Vec<_>) = more.into_iter().partition(|case| {
            is_named || Chosen::is_like_one(&case.raft) || Chosen::of(case).is_ok()
        });
        cases.extend(ours);
        left_aside += others.len() as u64;
    }
    if left_aside > 0 && arguments.rows.format == RowFormat::Text {
        let cases = many(left_aside, "case", "cases");
        writeln!(channel::out(), "left aside: {cases} of Rafts that this program has not")?;
    }
    if scenarios.is_empty()
        && let Some(case) = cases.first()
    {
        refuse_what_a_case_states(arguments, case)?;
    }
    let is_plain = raft == peers::default_raft()?
        && arguments.judging.is_usual()
        && arguments.without.is_empty();
    if !is_plain {
        if scenarios.is_empty() {
            let problem =
                "a case names its Raft and what judges it: `splitvote replay` tries others";
            return Err(Stop::Input(problem.to_owned()));
        }
        if !cases.is_empty() && arguments.rows.format == RowFormat::Text {
            writeln!(
                channel::out(),
                "left aside: {}; a case names its Raft, its faults and what judges it",
                many(cases.len() as u64, "case", "cases")
            )?;
        }
        cases.clear();
    }
    Ok((scenarios, cases))
}
