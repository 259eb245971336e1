//! Writes the file of a case, or another, so that nobody ever finds half of one.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Case;

impl Case {
    /// Writes the case to a file, as [`replace_file`] does.
    ///
    /// # Errors
    /// If a directory or the file cannot be written.
    pub fn save(&self, file: &Path) -> io::Result<()> {
        replace_file(file, |unfinished| fs::write(unfinished, self.to_toml()))
    }
}

/// Writes a file, with the directories that it takes, by `write`, which is told where. The file is replaced as a
/// whole: whoever is interrupted leaves the old one.
///
/// # Errors
/// If a directory or the file cannot be written.
pub fn replace_file(file: &Path, write: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    // What a link leads to is replaced, and not the link.
    let file = &fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let above = file.parent().filter(|above| !above.as_os_str().is_empty());
    let directory = above.unwrap_or(Path::new("."));
    fs::create_dir_all(directory)?;
    if fs::metadata(file).is_ok_and(|found| !found.is_file()) {
        // A device or a pipe is written to; a directory is complained about.
        return write(file);
    }
    // Neither processes nor threads that run at the same time meet, and a long name does not get longer.
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let unfinished =
        &directory.join(format!(".splitvote.{}.{number}.unfinished", std::process::id()));
    let saved = write(unfinished).and_then(|()| fs::rename(unfinished, file));
    if saved.is_err() {
        _ = fs::remove_file(unfinished);
    }
    saved
}
