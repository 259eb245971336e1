//! Writes the file of a case, or another, so that nobody ever finds half of one.

use std::fs;
use std::io;
use std::path::Path;

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

/// Writes a file, with the directories that it takes, by `write`, which is told where. The file is replaced as a whole: whoever
/// is interrupted leaves the old one.
///
/// # Errors
/// If a directory or the file cannot be written.
pub fn replace_file(file: &Path, write: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    if let Some(directory) = file.parent() {
        fs::create_dir_all(directory)?;
    }
    // Processes that run at the same time may write files of one name. The old extension stays a part of it: one name
    // in several formats does not meet.
    let mut unfinished = file.as_os_str().to_owned();
    unfinished.push(format!(".{}.unfinished", std::process::id()));
    let unfinished = Path::new(&unfinished);
    let saved = write(unfinished).and_then(|()| fs::rename(unfinished, file));
    if saved.is_err() {
        _ = fs::remove_file(unfinished);
    }
    saved
}
