//! `splitvote report`: pages that are made of other pages and results.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use splitvote::case::replace_file;
use splitvote_page::sweep::{self, Report};
use splitvote_page::{INDEX, save_index};

use crate::outcome::{Outcome, Stop};
use crate::output::channel::{self, complain};
use crate::output::terminal::{called, many};
use crate::target::{Kind, Targets};

/// What is to be made.
#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// Write `index.html` in a directory, which leads to every page in it and in the directories in it.
    Index(IndexArguments),
    /// Make one report of those of several sweeps: that of one sweep over all their seeds, whatever the split.
    Merge(MergeArguments),
}

#[derive(Debug, Args)]
pub(crate) struct MergeArguments {
    /// The directories of the reports, which `run --report DIR` has written.
    #[arg(required = true, value_name = "DIR")]
    parts: Vec<PathBuf>,
    /// Where the merged report goes, with its pages and cases.
    #[arg(long, value_name = "DIR", default_value = "reports/latest")]
    into: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct IndexArguments {
    /// The directory with the pages.
    directory: PathBuf,
    /// Also replace an `index.html` that is no page of Splitvote.
    #[arg(long)]
    force: bool,
}

pub(crate) fn report(command: &ReportCommand) -> Outcome {
    match command {
        ReportCommand::Index(arguments) => index(arguments),
        ReportCommand::Merge(arguments) => merge(arguments),
    }
}

fn index(arguments: &IndexArguments) -> Outcome {
    let directory = &arguments.directory;
    if !directory.is_dir() {
        let shown = directory.display();
        return Err(Stop::Input(format!(
            "{shown}: is no directory; name the one that holds the pages"
        )));
    }
    let file = directory.join(INDEX);
    Targets::forced(arguments.force).add(&file, Kind::Page)?;
    let count = save_index(directory).map_err(Stop::unwritten(&file))?;
    writeln!(
        channel::out(),
        "wrote {}, which leads to {}",
        file.display(),
        many(count as u64, "page", "pages")
    )?;
    Ok(0)
}

/// Exits with 0 whatever the sweeps came to: their own commands have said so.
fn merge(arguments: &MergeArguments) -> Outcome {
    let MergeArguments { parts, into } = arguments;
    super::sweep_report::check(into)?;
    let read = |directory: &PathBuf| {
        sweep::read(directory).map_err(|problem| Stop::Input(problem.to_string()))
    };
    let reports = parts.iter().map(read).collect::<Result<Vec<Report>, Stop>>()?;
    let files: Vec<PathBuf> = parts.iter().map(|directory| directory.join(sweep::FILE)).collect();
    let named = files.iter().map(PathBuf::as_path).zip(reports.iter().cloned()).collect();
    let merged = sweep::merge(named).map_err(|problem| Stop::Input(problem.to_string()))?;
    let Some(mut merged) = merged else { return Ok(0) };
    bring(parts, &reports, into, &mut merged)?;
    merged.made.commands.push(called());
    let page = into.join(sweep::PAGE);
    sweep::save(into, &merged).map_err(Stop::unwritten(&page))?;
    complain!("written to {}", page.display());
    Ok(0)
}

/// Copies the pages and cases of the failures that are kept. One that is missing is said, and has no link.
fn bring(
    parts: &[PathBuf],
    reports: &[Report],
    into: &Path,
    merged: &mut Report,
) -> Result<(), Stop> {
    for swept in &mut merged.scenarios {
        for failure in &mut swept.failures {
            let is_there = |report: &&Report| {
                report.seeds.iter().any(|(from, to)| (*from..*to).contains(&failure.seed))
            };
            let Some(place) = reports.iter().position(|report| is_there(&report)) else { continue };
            let Some(part) = parts.get(place) else { continue };
            for (file, kind) in [(&mut failure.page, Kind::Page), (&mut failure.case, Kind::Case)] {
                let Some(name) = file.as_deref() else { continue };
                if !copy(&part.join(name), &into.join(name), kind)? {
                    *file = None;
                }
            }
        }
    }
    Ok(())
}

/// Copies a file, unless it is there already; whether it is there then.
fn copy(from: &Path, to: &Path, kind: Kind) -> Result<bool, Stop> {
    let is_same = matches!((from.canonicalize(), to.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if is_same {
        return Ok(true);
    }
    let held = match std::fs::read(from) {
        Ok(held) => held,
        Err(error) => {
            complain!(
                "warning: {}: cannot be read, so there is no link to it: {error}",
                from.display()
            );
            return Ok(false);
        }
    };
    Targets::forced(false).add(to, kind)?;
    replace_file(to, |unfinished| std::fs::write(unfinished, &held))
        .map_err(Stop::unwritten(to))?;
    Ok(true)
}
