//! Writes a run as a page, and shows it.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use splitvote::{RunReport, Trace};
use splitvote_page::{Beside, Page, save, save_beside};
use splitvote_report::{Difference, compare};

use super::diff::{self, Run};
use crate::arguments::Which;
use crate::outcome::Stop;
use crate::output::channel::complain;
use crate::target::{Kind, Targets};

/// Where a page is written, and whether it is shown.
#[derive(Debug, Args)]
pub(crate) struct PageArguments {
    /// Also write it as a page, a space-time diagram in one file that any browser shows: docs/pages.md.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Show that page in the browser at once.
    #[arg(long, requires = "html")]
    open: bool,
}

/// The page of a single run, or of two.
#[derive(Debug, Args)]
pub(crate) struct RunPageArguments {
    #[command(flatten)]
    page: PageArguments,
    /// Show the run of this Raft with the same seed beside it, from the first event that differs; `diff` says it in
    /// words.
    #[arg(long, requires = "html", value_name = "RAFT")]
    pub(super) beside: Option<String>,
}

impl PageArguments {
    /// Whether the page can be written and may be.
    pub(super) fn check(&self, targets: &mut Targets) -> Result<(), Stop> {
        self.html.iter().try_for_each(|file| targets.add(file, Kind::Page))
    }

    /// Writes the page of two runs, if one is asked for; false if it cannot be written.
    pub(super) fn write_beside(&self, runs: [&Run; 2], difference: Option<&Difference>) -> bool {
        let pages = runs.map(|run| page(&run.trace, run.report.as_ref()));
        let labels = runs.map(|run| run.label.as_str());
        self.write(|file| save_beside(file, &Beside { runs: pages, labels, difference }))
    }

    /// Writes a page, if one is asked for; false if it cannot be written. If it is to be opened and cannot be, that is
    /// said: the page is there.
    fn write(&self, save: impl FnOnce(&Path) -> io::Result<()>) -> bool {
        let Some(file) = &self.html else { return true };
        let saved = save(file);
        match &saved {
            Ok(()) => complain!("written to {}", file.display()),
            Err(error) => complain!("error: {}: cannot be written: {error}", file.display()),
        }
        if saved.is_ok()
            && self.open
            && let Err(error) = open::that_detached(file)
        {
            complain!("{}: no browser could be started: {error}; open it by hand", file.display());
        }
        saved.is_ok()
    }
}

impl RunPageArguments {
    /// Whether the page can be written and may be.
    pub(super) fn check(&self, targets: &mut Targets) -> Result<(), Stop> {
        self.page.check(targets)
    }

    /// Writes the page of a recorded run, if one is asked for; false if it cannot be written.
    pub(super) fn write(&self, trace: &Trace, report: Option<&RunReport>) -> bool {
        self.page.write(|file| save(file, &page(trace, report)))
    }

    /// The same of the run that a file and options say, beside that of another Raft if one is named.
    pub(super) fn write_made(
        &self,
        file: &Path,
        which: &Which,
        trace: &Trace,
        report: &RunReport,
    ) -> Result<bool, Stop> {
        let Some(raft) = &self.beside else { return Ok(self.write(trace, Some(report))) };
        let other = diff::beside(file, which, raft)?;
        let difference = compare(trace, &other.trace);
        let label = diff::label(file, trace, which);
        let run = Run { label, trace: trace.clone(), report: Some(report.clone()) };
        Ok(self.page.write_beside([&run, &other], difference.as_ref()))
    }
}

fn page<'a>(trace: &'a Trace, report: Option<&'a RunReport>) -> Page<'a> {
    Page { trace, report, command: "" }
}
