//! Writes a trace line by line, and a file so that nobody ever finds half of one.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde::Serialize;
use splitvote::case::replace_file;
use splitvote::{RunReport, Trace};

use super::line::{EndOf, First, Last};
use crate::harmless::write_json;

/// Writes a trace with what the run answered. The same run gives the same bytes.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(out: &mut impl Write, trace: &Trace, report: &RunReport) -> io::Result<()> {
    write_lines(out, trace, report)
}

/// The same for any `out`: the code that writes a report and a trace is long, and is compiled once.
fn write_lines(out: &mut dyn Write, trace: &Trace, report: &RunReport) -> io::Result<()> {
    let mut text = Vec::new();
    write_begun(out, trace)?;
    line(out, &mut text, &Last { end: EndOf::new(trace, report) })
}

/// Writes a trace whose end is not known: without its last line, as a file that is cut off has none.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_begun(out: &mut dyn Write, trace: &Trace) -> io::Result<()> {
    let mut text = Vec::new();
    line(out, &mut text, &First::of(trace))?;
    trace.events.iter().try_for_each(|event| line(out, &mut text, event))
}

fn line(out: &mut dyn Write, text: &mut Vec<u8>, value: &impl Serialize) -> io::Result<()> {
    text.clear();
    write_json(text, value)?;
    text.push(b'\n');
    out.write_all(text)
}

/// Writes a trace to a file, with the directories that it takes. The file is replaced as a whole: whoever
/// is interrupted leaves the old one.
///
/// # Errors
/// If a directory or the file cannot be written.
pub fn save(file: &Path, trace: &Trace, report: &RunReport) -> io::Result<()> {
    replace_file(file, |unfinished| {
        let mut out = BufWriter::new(File::create(unfinished)?);
        write(&mut out, trace, report)?;
        out.into_inner()?.sync_all()
    })
}
