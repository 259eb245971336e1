//! What one process tells another of a seed, as a line of JSON.
//!
//! It is read and written here, where traces are: all kinds of evidence are in it, and the code for that takes long
//! to compile twice.

use splitvote::sweep::elsewhere::Told;

/// One line of JSON, without an end.
///
/// # Errors
/// If it cannot be told in JSON, which is a mistake of the harness.
pub fn write_told(told: &Told) -> serde_json::Result<String> {
    let mut line = Vec::new();
    serde_json::to_writer(&mut line, told)?;
    Ok(String::from_utf8_lossy(&line).into_owned())
}

/// What such a line says.
///
/// # Errors
/// If it is none: whoever wrote it may have died within it.
pub fn read_told(line: &str) -> serde_json::Result<Told> {
    serde_json::from_slice(line.as_bytes())
}
