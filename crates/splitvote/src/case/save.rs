//! Writes the file of a case so that nobody ever finds half of one.

use std::fs;
use std::io;
use std::path::Path;

use super::Case;

impl Case {
    /// Writes the case to a file, with the directories that it takes. The file is replaced as a whole: whoever
    /// is interrupted leaves the old one.
    ///
    /// # Errors
    /// If a directory or the file cannot be written.
    pub fn save(&self, file: &Path) -> io::Result<()> {
        if let Some(directory) = file.parent() {
            fs::create_dir_all(directory)?;
        }
        // Tests that run at the same time may write cases of one name.
        let unfinished = file.with_extension(format!("{}.unfinished", std::process::id()));
        let written = fs::write(&unfinished, self.to_toml());
        let saved = written.and_then(|()| fs::rename(&unfinished, file));
        if saved.is_err() {
            _ = fs::remove_file(&unfinished);
        }
        saved
    }
}
