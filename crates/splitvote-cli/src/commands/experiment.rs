//! `splitvote experiment`: a published measurement, repeated.

use std::io::{self, Write as _};
use std::path::Path;

use splitvote::sweep::cores;
use splitvote_experiment::atlas::{self, Chart};
use splitvote_experiment::plot::{Graph, svg};
use splitvote_experiment::table::{
    BOUND, COMPARISON_HEAD, DOWNTIME_HEAD, comparison_rows, downtime_rows,
};
use splitvote_experiment::{Experiment, run, trials_in_all};
use splitvote_page::{Article, Part, Table, save_article};

use super::experiment_arguments::{ExperimentArguments, ExperimentName, USUAL_PEERS, USUAL_TRIALS};
use crate::arguments::Format;
use crate::interrupt;
use crate::outcome::{Outcome, Stop};
use crate::output::channel;
use crate::output::channel::complain;
use crate::output::progress::Progress;
use crate::output::{experiment_text, json};
use crate::stopwatch::Stopwatch;
use crate::target::{Kind, Targets};

/// What the page on the elections begins with.
const ELECTIONS_TITLE: &str = "# Elections as in the paper's Figure 16";
/// The page of a report.
const README: &str = "README.md";
/// Where the report of the usual number of trials is kept.
const USUAL_PLACE: &str = "reports/paper-elections";
/// Where the atlas of the usual number of peers is kept.
const ATLAS_PLACE: &str = "reports/atlas";

pub(crate) fn experiment(arguments: &ExperimentArguments) -> Outcome {
    match arguments.name {
        ExperimentName::PaperElections => paper_elections(arguments),
        ExperimentName::Atlas => atlas(arguments),
    }
}

fn atlas(arguments: &ExperimentArguments) -> Outcome {
    if arguments.format != Format::Text {
        let message = "the atlas has no JSON: its verdicts are text, one line a graph";
        return Err(Stop::Input(message.to_owned()));
    }
    let peers = usize::from(arguments.peers);
    let usual_place = (arguments.peers == USUAL_PEERS).then(|| ATLAS_PLACE.into());
    let place = arguments.out.clone().or(usual_place);
    let mut files: Vec<_> =
        (1..=peers).map(|peers| (atlas::report::file_name(peers), Kind::Text("# "))).collect();
    files.push((README.to_owned(), Kind::Text("# The connectivity atlas")));
    check_place(place.as_deref(), &files, arguments.force)?;
    let interrupt = interrupt::watch()?;
    interrupt::or_else(interrupt::PATIENCE, tell_nothing_written);
    let progress = Progress::start(atlas::trials_in_all(peers), "graphs");
    let jobs = arguments.jobs.map_or_else(cores, usize::from);
    let charts: Vec<Chart> =
        (1..=peers).map(|peers| atlas::chart(peers, jobs, progress.counter(), interrupt)).collect();
    interrupt::has_ended();
    progress.finish();
    let is_partial = charts.iter().any(|chart| chart.is_partial);
    let mut out = channel::out();
    writeln!(out, "{}", atlas::report::page(&charts))?;
    for failed in charts.iter().flat_map(|chart| &chart.failures) {
        let atlas::Failed { graph, place, options, seed, why } = failed;
        writeln!(out, "✗ {graph}, leader at {place}, {options}, seed {seed}: {why}")?;
    }
    let mut is_written = true;
    match place {
        _ if is_partial => writeln!(out, "interrupted: nothing was written")?,
        Some(directory) => match atlas::report::write(&charts, &directory) {
            Ok(files) => {
                files.iter().try_for_each(|file| writeln!(out, "wrote {}", file.display()))?;
            }
            Err(error) => is_written = tell_unwritten(&directory, &error),
        },
        None => {}
    }
    let has_failed = charts.iter().any(|chart| !chart.failures.is_empty());
    Ok(code(has_failed, is_written))
}

/// Whether these files can be written to a directory, before the work begins.
fn check_place(
    directory: Option<&Path>,
    files: &[(String, Kind)],
    force: bool,
) -> Result<(), Stop> {
    let Some(directory) = directory else { return Ok(()) };
    let mut targets = Targets::forced(force);
    files.iter().try_for_each(|(name, kind)| targets.add(&directory.join(name), *kind))
}

/// Says that a report could not be written, which is not so by this.
fn tell_unwritten(directory: &Path, error: &std::io::Error) -> bool {
    complain!("error: {}: the report cannot be written: {error}", directory.display());
    false
}

fn code(has_failed: bool, is_written: bool) -> u8 {
    match interrupt::exit_code(u8::from(has_failed)) {
        0 if !is_written => 2,
        code => code,
    }
}

/// What is said if the trials that are begun do not end.
fn tell_nothing_written() -> u8 {
    // Writing to a channel does not fail.
    _ = writeln!(channel::out(), "interrupted: nothing was written");
    0
}

fn paper_elections(arguments: &ExperimentArguments) -> Outcome {
    let is_text = arguments.format == Format::Text;
    let (trials, seed) = (arguments.trials as usize, arguments.seed);
    let usual_place = (trials == USUAL_TRIALS as usize).then(|| USUAL_PLACE.into());
    let place = arguments.out.clone().or(usual_place);
    check_place(
        place.as_deref(),
        &[(README.to_owned(), Kind::Text(ELECTIONS_TITLE))],
        arguments.force,
    )?;
    let mut targets = Targets::forced(arguments.force);
    arguments.html.iter().try_for_each(|file| targets.add(file, Kind::Page))?;
    if is_text {
        writeln!(
            channel::out(),
            "seed {seed}: Figure 16 of the extended Raft paper, {trials} trials a curve"
        )?;
    } else {
        complain!("seed {seed}");
    }
    let interrupt = interrupt::watch()?;
    interrupt::or_else(interrupt::PATIENCE, tell_nothing_written);
    let progress = Progress::start(trials_in_all(trials), "trials");
    let stopwatch = Stopwatch::start();
    let jobs = arguments.jobs.map_or_else(cores, usize::from);
    let experiment = run(trials, seed, jobs, progress.counter(), interrupt);
    interrupt::has_ended();
    progress.finish();
    let wall_s = stopwatch.seconds();
    let mut is_written = true;
    let written = match place {
        // An interrupted experiment is shown, but it does not replace a whole one.
        Some(directory) if !experiment.is_partial => experiment
            .write(&directory)
            .inspect_err(|error| is_written = tell_unwritten(&directory, error))
            .unwrap_or_default(),
        _ => Vec::new(),
    };
    if let Some(file) = &arguments.html
        && !experiment.is_partial
    {
        match article(&experiment, trials).and_then(|article| save_article(file, &article)) {
            Ok(()) => complain!("written to {}", file.display()),
            Err(error) => is_written = tell_unwritten(file, &error),
        }
    }
    if is_text {
        experiment_text::print(&experiment, &written, wall_s)?;
    } else {
        let object =
            json::experiment(&experiment).map_err(|error| Stop::Fault(error.to_string()))?;
        json::print(&object)?;
    }
    let has_failed = !experiment.failures.is_empty();
    Ok(code(has_failed, is_written))
}

/// Both graphs of the paper's figure as a page, with the published values marked and in a table beside ours.
fn article(experiment: &Experiment, trials: usize) -> io::Result<Article> {
    let figure = |graph, caption: &str| {
        svg(experiment, graph).map(|svg| Part::Figure { svg, caption: caption.to_owned() })
    };
    let table = |caption: &str, head: &[&str], rows| {
        let head = head.iter().map(|name| (*name).to_owned()).collect();
        Part::Table(Table { caption: caption.to_owned(), head, rows })
    };
    let rings = "A ring is a value that the paper states, in the colour of its curve.";
    Ok(Article {
        title: "Elections as in the paper’s Figure 16".to_owned(),
        lead: "A leader of five crashes; how long is the cluster without one? The extended Raft paper, section 9.3, \
               repeated with the reference Raft in virtual time."
            .to_owned(),
        command: format!(
            "splitvote experiment paper-elections --trials {trials} --seed {}",
            experiment.seed
        ),
        parts: vec![
            figure(Graph::Upper, &format!("The upper graph: more randomness, fewer split votes. {rings}"))?,
            figure(Graph::Lower, &format!("The lower graph: shorter timeouts, shorter downtime. {rings}"))?,
            Part::Head("Published value beside ours".to_owned()),
            table("What the paper states in words", &COMPARISON_HEAD, comparison_rows(experiment)),
            Part::Text(BOUND.to_owned()),
            Part::Head("Time without a leader".to_owned()),
            table("All curves", &DOWNTIME_HEAD, downtime_rows(&experiment.curves)),
        ],
    })
}
