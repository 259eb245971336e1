//! A run for other tools, from the same trace as columns and pages: [`write()`] gives one [`Export`] in one [`Format`].
//!
//! What a run contains is data in all of them and never markup: names, payloads and panics are escaped as each format
//! has it, and no character of them steers a terminal. The same run gives the same bytes.
//!
//! - `shiviz`: a log with vector clocks (`clocks`). `chrome_trace`: trace events, a track a peer (`track`, `flows`).
//!   `ndjson`: the lines of `splitvote_report::trace_file`. [`junit`]: test suites, of a run and of whole sweeps.
//!
//! `docs/exports.md` tells what each holds; `readers/` reads them with programs of others.

mod chrome_trace;
mod clocks;
mod flows;
pub mod junit;
mod scenario_schema;
mod shiviz;
mod track;

use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use splitvote::case::replace_file;
use splitvote::peer::PeerId;
use splitvote::trace::What;
use splitvote::{RunReport, Trace};
use splitvote_report::trace_file;

pub use scenario_schema::scenario_schema;

/// What a run is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The log format of ShiViz, with its regular expression on top.
    ShiViz,
    /// The Trace Event Format, for Perfetto and `chrome://tracing`.
    ChromeTrace,
    /// An object of JSON a line: the file of a trace.
    Ndjson,
    /// JUnit XML, for CI.
    JUnit,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::ShiViz, Self::ChromeTrace, Self::Ndjson, Self::JUnit];

    /// As it is named on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ShiViz => "shiviz",
            Self::ChromeTrace => "chrome-trace",
            Self::Ndjson => "ndjson",
            Self::JUnit => "junit",
        }
    }

    /// Whether a file that begins with this is of this format, as it is written here.
    #[must_use]
    pub fn is_of(self, start: &str) -> bool {
        match self {
            Self::ShiViz => start.starts_with(shiviz::EXPRESSION),
            Self::ChromeTrace => start.starts_with(chrome_trace::START),
            Self::Ndjson => start.starts_with("{\"splitvote-trace\":"),
            Self::JUnit => start.starts_with(junit::START),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A run that is to be written.
#[derive(Clone, Copy, Debug)]
pub struct Export<'a> {
    /// All that happened.
    pub trace: &'a Trace,
    /// What the run answered with; `None` if the file of its trace is cut off.
    pub report: Option<&'a RunReport>,
    /// The command that shows the run again; empty if there is none.
    pub command: &'a str,
}

/// Writes a run in a format.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(out: &mut dyn Write, format: Format, export: &Export<'_>) -> io::Result<()> {
    match format {
        Format::ShiViz => shiviz::write(out, export.trace),
        Format::ChromeTrace => chrome_trace::write(out, export),
        Format::Ndjson => match export.report {
            Some(report) => trace_file::write(&mut { out }, export.trace, report),
            None => trace_file::write_begun(out, export.trace),
        },
        Format::JUnit => junit::write(out, &[junit::suite_of(export)]),
    }
}

/// Writes a run to a file, with the directories that it takes. The file is replaced as a whole: whoever is
/// interrupted leaves the old one.
///
/// # Errors
/// If a directory or the file cannot be written.
pub fn save(file: &Path, format: Format, export: &Export<'_>) -> io::Result<()> {
    save_with(file, &|out| write(out, format, export))
}

/// Writes test suites to a file in the same way.
///
/// # Errors
/// If a directory or the file cannot be written.
pub fn save_suites(file: &Path, suites: &[junit::Suite]) -> io::Result<()> {
    save_with(file, &|out| junit::write(out, suites))
}

fn save_with(file: &Path, write: &dyn Fn(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    replace_file(file, |unfinished| {
        let mut out = BufWriter::new(File::create(unfinished)?);
        write(&mut out)?;
        out.into_inner()?.sync_all()
    })
}

/// The peer at which an event happens; `None` if it happens to the world.
fn place_of(what: &What) -> Option<PeerId> {
    match what {
        What::Booted { peer, .. }
        | What::Crashed { peer }
        | What::Woke { peer }
        | What::Armed { peer, .. }
        | What::Changed { peer, .. }
        | What::Log { peer, .. }
        | What::CallFailed { peer, .. }
        | What::Held { peer, .. }
        | What::Written { peer, .. }
        | What::SyncBegun { peer, .. }
        | What::SyncDone { peer, .. }
        | What::Durable { peer, .. }
        | What::Compacted { peer, .. }
        | What::Applied { peer, .. }
        | What::Restored { peer, .. }
        | What::SnapshotTaken { peer, .. }
        | What::Proposed { peer, .. }
        | What::Answered { peer, .. } => Some(*peer),
        What::Progress { leader, .. } => Some(*leader),
        What::Sent { packet, .. } => Some(packet.from),
        What::Received { packet } => Some(packet.to),
        What::Disturbed { change } => change.peer(),
        What::Perished { .. }
        | What::Link { .. }
        | What::Note { .. }
        | What::Step { .. }
        | What::Weather { .. }
        | What::Failed { .. } => None,
    }
}

/// What happened, in a sentence.
fn sentence(what: &What) -> String {
    let mut sentence = what.to_string();
    // Some are made to be followed by their instant.
    sentence.truncate(sentence.trim_end_matches(',').len());
    sentence
}

/// What a run is called.
fn name_of(trace: &Trace) -> &str {
    if trace.head.scenario.is_empty() { "a test" } else { &trace.head.scenario }
}

#[cfg(test)]
mod tests;
