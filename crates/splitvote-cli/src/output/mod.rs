//! How results are shown: text for people, JSON for programs, progress on a terminal.

pub(crate) mod experiment_text;
pub(crate) mod json;
pub(crate) mod progress;
pub(crate) mod results;
pub(crate) mod shrink_text;
pub(crate) mod sweep_text;
pub(crate) mod table;
pub(crate) mod terminal;
pub(crate) mod zoo_text;

use std::io;
use std::path::Path;

/// Writes a file whole or not at all.
pub(crate) fn write_atomically(file: &Path, text: &[u8]) -> io::Result<()> {
    if let Some(directory) = file.parent() {
        std::fs::create_dir_all(directory)?;
    }
    let draft = file.with_extension("tmp");
    std::fs::write(&draft, text)?;
    std::fs::rename(&draft, file)
}
