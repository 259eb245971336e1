//! Writes a run as a page, and shows it.

use std::path::{Path, PathBuf};

use clap::Args;
use splitvote::{RunReport, Trace};
use splitvote_page::Page;

use crate::outcome::Stop;
use crate::output::channel::complain;
use crate::target::{Kind, Targets};

/// Where a page is written, and whether it is shown.
#[derive(Debug, Args)]
pub(crate) struct PageArguments {
    /// Also write the run as a page, a space-time diagram in one file that any browser shows: docs/pages.md.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Show that page in the browser at once.
    #[arg(long, requires = "html")]
    open: bool,
}

impl PageArguments {
    /// Whether the page can be written and may be.
    pub(super) fn check(&self, targets: &mut Targets) -> Result<(), Stop> {
        self.html.iter().try_for_each(|file| targets.add(file, Kind::Page))
    }

    /// Writes the page of a run, if one is asked for; false if it cannot be written. If it is to be opened and cannot
    /// be, that is said: the page is there.
    pub(super) fn write(&self, trace: &Trace, report: Option<&RunReport>) -> bool {
        let Some(file) = &self.html else { return true };
        let is_written = save(file, trace, report);
        if is_written
            && self.open
            && let Err(error) = open::that_detached(file)
        {
            complain!("{}: no browser could be started: {error}; open it by hand", file.display());
        }
        is_written
    }
}

/// Writes the page of a run; whether it is written.
fn save(file: &Path, trace: &Trace, report: Option<&RunReport>) -> bool {
    let page = Page { trace, report, command: "" };
    let saved = splitvote_page::save(file, &page);
    match &saved {
        Ok(()) => complain!("written to {}", file.display()),
        Err(error) => complain!("error: {}: cannot be written: {error}", file.display()),
    }
    saved.is_ok()
}
