//! `just mutation`: chases all mutants and writes `reports/mutation.md`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Parser;
use splitvote::needs::lacking;
use splitvote::{Scenario, scenario};
use splitvote_mutation::hunt::{Bounds, Fate, subject};
use splitvote_mutation::report::Told;
use splitvote_mutation::{MUTANTS, Stop, equivalent, pool, worker};

/// Runs every systematic mutant of the reference Raft until something fails.
#[derive(Debug, Parser)]
#[command(name = "splitvote-mutation")]
struct Arguments {
    /// Scenario files and folders.
    #[arg(default_value = "sim-scenarios")]
    scenarios: Vec<PathBuf>,
    /// Only every so many-th mutant, from the first on.
    #[arg(long, value_name = "N")]
    sample: Option<usize>,
    /// Only these mutants, by their numbers.
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',')]
    only: Vec<u32>,
    /// Chases those once more that survived.
    #[arg(long)]
    survivors: bool,
    /// How many mutants at once.
    #[arg(long, default_value_t = 2)]
    jobs: usize,
    /// Seconds of processor time for each mutant, and how many seeds of each scenario.
    #[arg(long, default_value_t = 20.0, value_name = "SECONDS")]
    cpu: f64,
    /// How many seeds of each scenario at most.
    #[arg(long, default_value_t = 200)]
    seeds: u64,
    /// The file that keeps fates: a call that was interrupted goes on from there.
    #[arg(long, default_value = "target/mutation.ndjson", value_name = "FILE")]
    kept: PathBuf,
    /// Chases nobody, and tells of the fates that are known.
    #[arg(long)]
    tell: bool,
    /// Begins from the start.
    #[arg(long)]
    afresh: bool,
    /// Writes the report.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Prints each fate.
    #[arg(long)]
    verbose: bool,
    /// Fails if a smaller share is killed, in percent of those that make a difference.
    #[arg(long, value_name = "PERCENT")]
    at_least: Option<usize>,
    #[arg(long, hide = true)]
    worker: bool,
}

fn main() -> ExitCode {
    match chase(&Arguments::parse()) {
        Ok(code) => code,
        Err(Stop(problem)) => {
            eprintln!("error: {problem}");
            ExitCode::from(2)
        }
    }
}

fn chase(arguments: &Arguments) -> Result<ExitCode, Stop> {
    let scenarios = load(&arguments.scenarios)?;
    let bounds = Bounds { cpu_s: arguments.cpu, seeds: arguments.seeds };
    if arguments.worker {
        worker::work(scenarios, bounds).map_err(|error| Stop(error.to_string()))?;
        return Ok(ExitCode::SUCCESS);
    }
    // A list that is out of date is no reason to chase nobody; the report needs it.
    let equivalent = equivalent::list();
    let known = if arguments.afresh { Vec::new() } else { pool::read(&arguments.kept)? };
    let numbers = if arguments.tell { Vec::new() } else { choose(arguments, &known)? };
    let file = pool::open(&arguments.kept, !known.is_empty())?;
    let finished = AtomicUsize::new(0);
    let tell = |fate: &Fate| {
        let finished = finished.fetch_add(1, Ordering::Relaxed) + 1;
        tell(fate, finished, numbers.len(), arguments.verbose);
    };
    pool::chase(&numbers, arguments.jobs, &worker_program(arguments)?, &file, &tell)?;
    let fates = pool::read(&arguments.kept)?;
    let equivalent = equivalent?;
    let command = "just mutation";
    let told = Told { fates: &fates, equivalent: &equivalent, scenarios: scenarios.len(), command };
    println!("{}", told.summary());
    if let Some(path) = &arguments.report {
        write(path, &told.to_markdown())?;
    }
    let judged = fates.len()
        - (fates.iter().filter(|fate| fate.killed_by.is_none()).count() - told.unseen());
    let is_enough =
        arguments.at_least.is_none_or(|percent| (judged - told.unseen()) * 100 >= percent * judged);
    Ok(if is_enough { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// All scenarios that the reference can be run in.
fn load(paths: &[PathBuf]) -> Result<Vec<Scenario>, Stop> {
    let mut all = Vec::new();
    for path in paths {
        all.extend(scenario::load_all(path).map_err(|error| Stop(error.to_string()))?);
    }
    all.retain(|scenario| lacking(scenario, &subject()).is_none());
    if all.is_empty() { Err(Stop("there is no scenario to run".to_owned())) } else { Ok(all) }
}

/// The mutants that are still to be chased.
fn choose(arguments: &Arguments, known: &[Fate]) -> Result<Vec<u32>, Stop> {
    if let Some(unknown) =
        arguments.only.iter().find(|number| **number == 0 || **number as usize > MUTANTS.len())
    {
        return Err(Stop(format!(
            "there is no mutant {unknown}; they go from 1 to {}",
            MUTANTS.len()
        )));
    }
    let step = arguments.sample.unwrap_or(1).max(1);
    let fate = |number: u32| known.iter().find(|fate| fate.number == number);
    let is_wanted = |number: &u32| match fate(*number) {
        _ if !arguments.only.is_empty() => arguments.only.contains(number),
        Some(fate) => arguments.survivors && fate.killed_by.is_none(),
        None => !arguments.survivors,
    };
    let all = MUTANTS.iter().map(|mutant| mutant.number).step_by(step);
    Ok(all.filter(is_wanted).collect())
}

/// This program once more, as a worker.
fn worker_program(arguments: &Arguments) -> Result<pool::Program, Stop> {
    let Arguments { cpu, seeds, .. } = arguments;
    let unknown = |error| Stop(format!("a worker cannot be started: {error}"));
    let options = ["--worker".to_owned(), format!("--cpu={cpu}"), format!("--seeds={seeds}")];
    let paths = arguments.scenarios.iter().map(|path| path.display().to_string());
    let path = std::env::current_exe().map_err(unknown)?;
    Ok(pool::Program { path, arguments: options.into_iter().chain(paths).collect() })
}

fn tell(fate: &Fate, finished: usize, all: usize, is_verbose: bool) {
    let Some(mutant) = fate.mutant() else { return };
    if is_verbose || fate.killed_by.is_none() {
        let by = fate.killed_by.as_deref().unwrap_or("nobody");
        let checker = fate.checker.as_deref().unwrap_or_default();
        eprintln!(
            "{finished}/{all} {} {}:{} `{}` -> `{}`: killed by {by} {checker} ({} runs, {} differ, {:.2} s)",
            mutant.number,
            mutant.file,
            mutant.line,
            mutant.original,
            mutant.mutated,
            fate.runs,
            fate.differing,
            fate.cpu_s
        );
    }
}

/// Writes a file as a whole or not at all.
fn write(path: &Path, text: &str) -> Result<(), Stop> {
    let unfinished = path.with_extension("md.unfinished");
    let written = fs::write(&unfinished, text).and_then(|()| fs::rename(&unfinished, path));
    written.map_err(|error| {
        let _ = fs::remove_file(&unfinished);
        Stop::at(path, &error)
    })
}
