//! The file of a report: one object of JSON with a checksum, so that one that was cut off or changed is not shown as
//! what a sweep came to.

use std::fs;
use std::io;
use std::path::Path;

use serde::Deserialize;
use splitvote::sim::Digest;

use super::data::{FORMAT, Report};
use super::problem::Problem;

/// Its name in the directory of a report.
pub const FILE: &str = "report.json";

const ANEW: &str = "sweep these seeds again with `run --report`";

/// The file as text.
pub(super) fn text(report: &Report) -> io::Result<String> {
    let report = Report { checksum: checksum(report)?, ..report.clone() };
    Ok(serde_json::to_string(&report)? + "\n")
}

/// Reads the report of a directory.
///
/// # Errors
/// If there is none, or it is of another version, cut off, or was changed.
pub fn read(directory: &Path) -> Result<Report, Problem> {
    let file = &directory.join(FILE);
    let problem = |what: String, remedy: &str| Problem::new(file, what, remedy);
    let text = fs::read_to_string(file).map_err(|error| {
        let remedy = "name a directory into which `run --report DIR` has written";
        problem(format!("cannot be read: {error}"), remedy)
    })?;
    let head: Head = serde_json::from_str(&text).map_err(|error| match error.classify() {
        serde_json::error::Category::Eof => {
            problem(format!("is cut off at line {}, column {}", error.line(), error.column()), ANEW)
        }
        _ => problem(format!("is not the report of a sweep: {error}"), ANEW),
    })?;
    let Some(format) = head.format else {
        let what = "is not the report of a sweep, which has `splitvote-report`".to_owned();
        return Err(problem(what, "name a directory into which `run --report DIR` has written"));
    };
    if format != FORMAT {
        let by = head.splitvote.unwrap_or_default();
        let what =
            format!("has format {format}, written by Splitvote {by}; this one reads {FORMAT}");
        return Err(problem(what, &format!("use that version, or {ANEW}")));
    }
    let changed = |why: String| problem(format!("was changed after it was written: {why}"), ANEW);
    let report: Report = serde_json::from_str(&text).map_err(|error| changed(error.to_string()))?;
    let found = checksum(&report).map_err(|error| changed(error.to_string()))?;
    if found != report.checksum {
        return Err(changed(format!("its checksum is {found} and not {}", report.checksum)));
    }
    Ok(report)
}

/// What must be known of a file before anything else is read.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "splitvote-report")]
    format: Option<u64>,
    splitvote: Option<String>,
}

/// The hash of all the rest.
fn checksum(report: &Report) -> io::Result<String> {
    let unsigned = Report { checksum: String::new(), ..report.clone() };
    Ok(digest(&serde_json::to_vec(&unsigned)?))
}

/// The hash of some bytes, in hex.
pub(super) fn digest(bytes: &[u8]) -> String {
    let mut digest = Digest::default();
    for chunk in bytes.chunks(8) {
        let word = chunk.iter().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
        digest.absorb(word, chunk.len() as u64);
    }
    format!("{:016x}", digest.value())
}
