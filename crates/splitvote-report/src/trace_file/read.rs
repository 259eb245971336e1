//! Reads a trace line by line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::Path;

use splitvote::Trace;
use splitvote::trace::{Head, TraceEvent};

use super::error::TraceError;
use super::line::{End, First, Last, Version};
use super::{FORMAT, TraceFile};

/// A longer line is not read, so that no file fills the memory by one.
const LONGEST_LINE: u64 = 64 << 20;

/// Whether a file is meant as a trace: it begins as an object of JSON does, and no scenario can. A file that
/// cannot be read is none.
#[must_use]
pub fn is_trace(file: &Path) -> bool {
    let mut start = Vec::new();
    let is_read = File::open(file).and_then(|file| file.take(256).read_to_end(&mut start)).is_ok();
    is_read && start.trim_ascii_start().first() == Some(&b'{')
}

/// Reads a trace from a file.
///
/// # Errors
/// If the file cannot be read, is no trace, or is one of a format that is not known.
pub fn load(file: &Path) -> Result<TraceFile, TraceError> {
    let unreadable = |error: io::Error| {
        let problem = format!("cannot be read: {error}");
        TraceError::new(file, 0, problem, "name a file that `--write-trace` has written")
    };
    let source = File::open(file).map_err(unreadable)?;
    read(BufReader::new(source), file)
}

/// Reads a trace; `file` is what complaints call it. One that is cut off is read as far as it goes.
///
/// # Errors
/// If it cannot be read, is no trace, or is one of a format that is not known.
pub fn read(source: impl BufRead, file: &Path) -> Result<TraceFile, TraceError> {
    let mut lines = Lines { source, file, number: 0, text: Vec::new() };
    if !lines.next()? {
        let problem = "is empty, or cut off within its first line".to_owned();
        return Err(TraceError::new(file, 1, problem, WRITE_AGAIN));
    }
    let First { splitvote, head, .. } = first(&lines)?;
    let mut trace = Trace { head, ..Trace::default() };
    while lines.next()? {
        if is_last(&lines.text) {
            let end = serde_json::from_slice::<Last<End>>(&lines.text)
                .map_err(|error| lines.wrong(&error, &splitvote))?
                .end;
            return finish(lines, trace, end, splitvote);
        }
        if trace.events.len() > Trace::MAX_EVENTS {
            let problem = format!("more than {} events", Trace::MAX_EVENTS);
            return Err(TraceError::new(file, lines.number, problem, "no recorder writes so many"));
        }
        let event = serde_json::from_slice::<TraceEvent>(&lines.text);
        trace.events.push(event.map_err(|error| lines.wrong(&error, &splitvote))?);
    }
    Ok(TraceFile { trace, report: None, splitvote, lines: lines.number })
}

const WRITE_AGAIN: &str =
    "write it again with `splitvote replay SCENARIO --seed N --write-trace FILE`";

/// The first line, once its format is known to be this one.
fn first<R>(lines: &Lines<'_, R>) -> Result<First<Head>, TraceError> {
    let Lines { file, number, ref text, .. } = *lines;
    let version = serde_json::from_slice::<Version>(text)
        .map_err(|error| TraceError::of_json(file, number, &error, WRITE_AGAIN))?;
    let by = version.splitvote.unwrap_or_else(|| "another version".to_owned());
    match version.format {
        Some(format) if format == u64::from(FORMAT) => {}
        Some(format) => {
            let problem = format!(
                "trace format {format} is not known, this is splitvote {} and reads format {FORMAT}",
                env!("CARGO_PKG_VERSION")
            );
            let remedy =
                format!("read it with the splitvote that wrote it ({by}), or record the run again");
            return Err(TraceError::new(file, number, problem, remedy));
        }
        None => {
            let problem = "is no trace: its first line has no `splitvote-trace`".to_owned();
            return Err(TraceError::new(file, number, problem, WRITE_AGAIN));
        }
    }
    serde_json::from_slice(text).map_err(|error| lines.wrong(&error, &by))
}

/// Whether a line is the last of its file.
fn is_last(line: &[u8]) -> bool {
    let inner = line.trim_ascii_start().strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    inner.is_some_and(|inner| inner.starts_with(b"\"end\""))
}

fn finish<R: BufRead>(
    mut lines: Lines<'_, R>,
    trace: Trace,
    end: End,
    splitvote: String,
) -> Result<TraceFile, TraceError> {
    let (file, number) = (lines.file, lines.number);
    if end.events != trace.events.len() {
        let (said, read) = (end.events, trace.events.len());
        let problem = format!("there should be {said} events and there are {read}");
        return Err(TraceError::new(file, number, problem, WRITE_AGAIN));
    }
    if lines.next()? {
        let problem = "a line behind the last".to_owned();
        return Err(TraceError::new(file, number + 1, problem, "keep one trace a file"));
    }
    let End { left_out, elections, rpcs, bytes, report, .. } = end;
    let trace = Trace { left_out, elections, rpcs, bytes, ..trace };
    Ok(TraceFile { trace, report: Some(report), splitvote, lines: number })
}

/// The whole lines of a file.
struct Lines<'a, R> {
    source: R,
    file: &'a Path,
    /// The number of the present line, from 1.
    number: usize,
    /// The present line, without its end.
    text: Vec<u8>,
}

impl<R: BufRead> Lines<'_, R> {
    /// Goes on to the next line; false if there is none, or it is cut off.
    fn next(&mut self) -> Result<bool, TraceError> {
        self.text.clear();
        let read = self.source.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut self.text);
        let length = read.map_err(|error| {
            let problem = format!("cannot be read: {error}");
            TraceError::new(self.file, self.number + 1, problem, "is it a text file?")
        })?;
        if self.text.last() == Some(&b'\n') {
            self.number += 1;
            self.text.pop();
            return Ok(true);
        }
        if length as u64 == LONGEST_LINE {
            let problem = format!("a line of more than {LONGEST_LINE} bytes");
            return Err(TraceError::new(self.file, self.number + 1, problem, WRITE_AGAIN));
        }
        Ok(false)
    }
}

impl<R> Lines<'_, R> {
    /// The present line is not what it should be.
    fn wrong(&self, error: &serde_json::Error, by: &str) -> TraceError {
        let remedy =
            format!("the file was written by splitvote {by}: read it with that, or {WRITE_AGAIN}");
        TraceError::of_json(self.file, self.number, error, remedy)
    }
}
