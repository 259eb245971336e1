//! Writes a trace line by line, and a file so that nobody ever finds half of one.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde::Serialize;
use splitvote::{RunReport, Trace};

use super::line::{EndOf, First, Last};

/// Writes a trace with what the run answered. The same run gives the same bytes.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(out: &mut impl Write, trace: &Trace, report: &RunReport) -> io::Result<()> {
    line(out, &First::of(trace))?;
    trace.events.iter().try_for_each(|event| line(out, event))?;
    line(out, &Last { end: EndOf::new(trace, report) })
}

fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// Writes a trace to a file, with the directories that it takes. The file is replaced as a whole: whoever
/// is interrupted leaves the old one.
///
/// # Errors
/// If a directory or the file cannot be written.
pub fn save(file: &Path, trace: &Trace, report: &RunReport) -> io::Result<()> {
    if let Some(directory) = file.parent() {
        fs::create_dir_all(directory)?;
    }
    // The old extension stays a part of the name: traces of one run in several formats do not meet.
    let mut unfinished = file.as_os_str().to_owned();
    unfinished.push(format!(".{}.unfinished", std::process::id()));
    let saved = write_file(Path::new(&unfinished), trace, report)
        .and_then(|()| fs::rename(&unfinished, file));
    if saved.is_err() {
        _ = fs::remove_file(&unfinished);
    }
    saved
}

fn write_file(file: &Path, trace: &Trace, report: &RunReport) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    write(&mut out, trace, report)?;
    out.into_inner()?.sync_all()
}
