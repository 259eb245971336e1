//! A run as a page: one file of HTML that shows a trace as a space-time diagram, without a server or a network.
//!
//! [`save`] writes a [`Page`] to a file, [`save_beside`] two runs [`Beside`] each other. What a page holds is data:
//! names, payloads, the scenario's text and panics are never markup, whatever they contain.
//!
//! - `data`: what the page is given. `rows`, `tables`: an event as a row, with packets and commands told once. `cut`: a
//!   run that is too long for a page. `beside`: two runs. `html`: one file of the data and the front end.
//! - `document`: a page that is read from top to bottom, without a script. `zoo`: the kill matrix as
//!   such a page. `article`: text, figures and tables. `index`: what ties pages together.
//! - `sweep`: the report of a sweep, how reports are merged, and its page.
//! - `front/`: the front end, in plain JavaScript with types in comments, which `.ci/pages` checks and drives in a
//!   browser.

mod article;
mod beside;
mod cut;
mod data;
mod document;
mod html;
mod index;
mod rows;
pub mod sweep;
mod tables;
mod zoo;

use std::fs;
use std::io;
use std::path::Path;

use splitvote::case::replace_file;
use splitvote::peer::Peer;
use splitvote::testing::keep_pages_with;
use splitvote::trace::Head;
use splitvote::{RunReport, Subject, Trace, Verdict};

use cut::Cut;

pub use article::{Article, Part, save_article};
pub use beside::Beside;
pub use document::Table;
pub use html::is_page;
pub use index::{INDEX, save_index};
pub use zoo::{ZooCase, ZooMeeting, ZooMutant, ZooPage, ZooSection, save_zoo};

/// A run that is to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// All that happened.
    pub trace: &'a Trace,
    /// What the run answered with; `None` if the file of its trace is cut off.
    pub report: Option<&'a RunReport>,
    /// The command that shows the run again; empty if there is none.
    pub command: &'a str,
}

impl Page<'_> {
    /// The most events that a page holds: of a longer run the last ones are shown.
    pub const MAX_EVENTS: usize = 120_000;

    /// The page as text. The same run gives the same bytes.
    ///
    /// # Errors
    /// If the data cannot be written as JSON.
    pub fn to_html(&self) -> io::Result<String> {
        self.with_at_most(Self::MAX_EVENTS)
    }

    fn with_at_most(&self, events: usize) -> io::Result<String> {
        let data = serde_json::to_string(&data::of(self, &Cut::to(self.trace, events)))?;
        let head = &self.trace.head;
        let about = self.report.map(|report| match &report.verdict {
            Verdict::Held => format!("{} held", head.raft),
            verdict => format!("{}: {verdict}", head.raft),
        });
        let title = format!("{}, seed {}", named(head), head.seed);
        Ok(html::assemble(html::Kind::Run, &title, &about.unwrap_or_default(), &data))
    }
}

/// What a run is called.
fn named(head: &Head) -> &str {
    if head.scenario.is_empty() { "a test" } else { &head.scenario }
}

/// Writes a page to a file, with the directories that it takes. The file is replaced as a whole: whoever is interrupted
/// leaves the old one.
///
/// # Errors
/// If a directory or the file cannot be written.
pub fn save(file: &Path, page: &Page<'_>) -> io::Result<()> {
    save_text(file, &page.to_html()?)
}

/// Lets tests that fail keep a page of their run beside its case, if `SPLITVOTE_REPORT` names a directory for them; the
/// failure names it. It gives the subject back, so that it fits where one is named.
///
/// ```
/// use splitvote::prelude::*;
///
/// let mine = splitvote_page::in_tests(reference());
/// # let text = "name = \"mine\"\npeers = 3\nseeds = 2\nsteps = [{ run = \"1s\" }]";
/// # let scenario = Scenario::parse("mine.toml", text)?;
/// testing::check(&scenario, &mine, None)?;
/// # Ok::<(), testing::TestFailure>(())
/// ```
pub fn in_tests<P: Peer>(subject: Subject<P>) -> Subject<P> {
    keep_pages_with(|file, trace, report| {
        save(file, &Page { trace, report: Some(report), command: "" })
    });
    subject
}

/// Writes the page of two runs to a file, in the same way.
///
/// # Errors
/// If a directory or the file cannot be written.
pub fn save_beside(file: &Path, beside: &Beside<'_>) -> io::Result<()> {
    save_text(file, &beside.to_html()?)
}

fn save_text(file: &Path, text: &str) -> io::Result<()> {
    replace_file(file, |unfinished| fs::write(unfinished, text.as_bytes()))
}

#[cfg(test)]
mod tests;
