//! The report of a sweep, for `run --report`: its page, and the data of which it is made.

use std::path::Path;

use splitvote::SweptDeparture;
use splitvote_page::sweep::{self, CaseRun, Made, Report, SeedKept, Swept as Told};

use super::keep::Kept;
use crate::arguments::RunArguments;
use crate::outcome::Stop;
use crate::output::channel::complain;
use crate::output::results::{Rerun, Results, Swept};
use crate::output::sweep_text::words;
use crate::output::terminal::{called, invocation};
use crate::target::{Kind, Targets};

/// Whether a report can be written to this directory and may be: nothing there is lost but another report.
pub(super) fn check(directory: &Path) -> Result<(), Stop> {
    let mut targets = Targets::forced(false);
    targets.add(&directory.join(sweep::PAGE), Kind::Page)?;
    targets.add(&directory.join(sweep::FILE), Kind::Report)
}

/// Writes the report, if one is asked for; false if it cannot be written.
pub(super) fn write(arguments: &RunArguments, results: &Results) -> bool {
    let Some(directory) = &arguments.report else { return true };
    let mut report = of(results);
    report.stops_at_first = arguments.stop_at_first;
    let saved = sweep::save(directory, &report);
    let page = directory.join(sweep::PAGE);
    match &saved {
        Ok(()) => complain!("written to {}", page.display()),
        Err(error) => complain!("error: {}: cannot be written: {error}", page.display()),
    }
    saved.is_ok()
}

/// What the results of a sweep are as a report.
fn of(results: &Results) -> Report {
    let wall = results.swept.iter().map(|swept| {
        let Swept { scenario, wall_s, .. } = swept;
        (scenario.name.clone(), (wall_s * 1e3) as u64)
    });
    let made = Made { program: invocation(), commands: vec![called()], wall_ms: wall.collect() };
    let judged = results.judging.options();
    let mut report = Report::new(&results.peer, &judged, &results.without, made);
    let end = results.seeds.start().0.saturating_add(results.seeds.count());
    report.seeds = vec![(results.seeds.start().0, end)];
    report.is_partial = results.is_interrupted();
    report.scenarios = results.swept.iter().map(|swept| told(results, swept)).collect();
    report.cases = results.rerun.iter().map(case).collect();
    report
}

fn told(results: &Results, swept: &Swept) -> Told {
    let options = results.judging.options();
    let name = |file: &Path| file.file_name().map(|name| name.to_string_lossy().into_owned());
    let kept = |seed: u64| {
        let files = swept.kept.get(&seed);
        SeedKept {
            replay: words("replay", results, swept, seed, &options),
            shrink: words("shrink", results, swept, seed, &options),
            page: files.and_then(|Kept { page, .. }| name(page)),
            case: files.and_then(|Kept { case, .. }| name(case.as_deref()?)),
        }
    };
    let replay = |departure: &SweptDeparture| {
        let judging = results.judging.options_about(departure.kind().0);
        words("replay", results, swept, departure.seed.0, &judging)
    };
    let judges_must_happen = results.without.is_empty();
    Told::of(&swept.scenario, &swept.report, judges_must_happen, &kept, &replay)
}

fn case(rerun: &Rerun) -> CaseRun {
    CaseRun {
        name: rerun.case.name.clone(),
        file: rerun.case.file.display().to_string(),
        raft: rerun.case.raft.clone(),
        as_stated: rerun.is_as_stated(),
        sentence: rerun.comparison.to_string(),
    }
}
