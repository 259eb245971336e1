//! Gives a run to other tools: `replay --export`, to a file or instead of the columns.

use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use splitvote::{RunReport, Trace};
use splitvote_export::{Export, Format, save, write};

use crate::arguments::{ReplayArguments, Which};
use crate::outcome::Stop;
use crate::output::channel::{self, complain};
use crate::output::terminal::{invocation, quoted, without};
use crate::target::{Kind, Targets};

/// In which format a run is written for other tools, and where.
#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// Write the run for another tool, on standard output in place of the columns, or to the file that `--export-to`
    /// names: docs/exports.md.
    #[arg(long, value_enum, value_name = "FORMAT")]
    export: Option<ExportFormat>,
    /// The file for the export; the columns are shown as well then. `-` is standard output.
    #[arg(long, requires = "export", value_name = "FILE")]
    export_to: Option<PathBuf>,
}

/// The formats of other tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// The log of ShiViz, with vector clocks and the regular expression on top.
    #[value(name = "shiviz")]
    ShiViz,
    /// Trace events for ui.perfetto.dev and chrome://tracing: a track a peer.
    ChromeTrace,
    /// A line of JSON an event, as `--write-trace` writes them: docs/trace.md and its JSON Schema.
    Ndjson,
    /// JUnit XML for CI: a test that holds or fails.
    #[value(name = "junit")]
    JUnit,
}

impl ExportFormat {
    fn format(self) -> Format {
        match self {
            Self::ShiViz => Format::ShiViz,
            Self::ChromeTrace => Format::ChromeTrace,
            Self::Ndjson => Format::Ndjson,
            Self::JUnit => Format::JUnit,
        }
    }
}

impl ExportArguments {
    /// Whether the export can be written and may be.
    pub(super) fn check(
        &self,
        arguments: &ReplayArguments,
        targets: &mut Targets,
    ) -> Result<(), Stop> {
        if let (Some(format), Some(file)) = (self.export, self.file()) {
            return targets.add(file, Kind::Export(format.format()));
        }
        match columns_option(arguments).filter(|_| self.is_on_standard_output()) {
            Some(option) => Err(Stop::Input(format!(
                "{option} says what is shown, and nothing is: standard output is the export; leave {option} out, or name \
                 a file with --export-to"
            ))),
            None => Ok(()),
        }
    }

    /// Whether standard output is the export, and nothing else is shown there.
    pub(super) fn is_on_standard_output(&self) -> bool {
        self.export.is_some() && self.file().is_none()
    }

    /// Writes the export, if one is asked for; false if it cannot be written.
    pub(super) fn write(&self, trace: &Trace, report: Option<&RunReport>, command: &str) -> bool {
        let Some(format) = self.export.map(ExportFormat::format) else { return true };
        let export = Export { trace, report, command };
        let Some(file) = self.file() else {
            let written = to_standard_output(format, &export);
            if let Err(error) = &written {
                complain!("error: the export cannot be written: {error}");
            }
            return written.is_ok();
        };
        let saved = save(file, format, &export);
        match &saved {
            Ok(()) => complain!("written to {}", file.display()),
            Err(error) => complain!("error: {}: cannot be written: {error}", file.display()),
        }
        saved.is_ok()
    }

    fn file(&self) -> Option<&Path> {
        self.export_to.as_deref().filter(|file| *file != Path::new("-"))
    }
}

fn to_standard_output(format: Format, export: &Export<'_>) -> io::Result<()> {
    let mut out = BufWriter::new(channel::out());
    write(&mut out, format, export)?;
    out.flush()
}

/// An option that says what is shown in columns or in sentences, if one was given.
fn columns_option(arguments: &ReplayArguments) -> Option<&'static str> {
    let given = [
        ("--from", arguments.from.is_some()),
        ("--to", arguments.to.is_some()),
        ("--peer", !arguments.peer.is_empty()),
        ("--only", !arguments.only.is_empty()),
        ("--all", arguments.all),
        ("--explain", arguments.explain),
    ];
    given.into_iter().find(|(_, is_given)| *is_given).map(|(option, _)| option)
}

/// The command that shows a run again.
pub(super) fn command(file: &Path, which: &Which) -> String {
    let mut command = format!("{} replay {}", invocation(), quoted(&file.display().to_string()));
    command.extend(which.seed.map(|seed| format!(" --seed {seed}")));
    command.extend(which.raft.as_ref().map(|raft| format!(" --raft {}", quoted(raft))));
    command + &which.judging.options() + &without(&which.without)
}
