//! The report as files: Markdown, both graphs, the numbers.
//!
//! Each file appears whole or not at all: it is written beside its place and then renamed.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use splitvote::case::replace_file;

use crate::experiment::Experiment;
use crate::files::{DISTRIBUTION, LOWER_SVG, REPORT, RESULTS, UPPER_SVG};
use crate::plot::{Graph, svg};
use crate::table::markdown;

impl Experiment {
    /// Writes the report into a directory, which is made if need be; the files that were written.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write(&self, directory: &Path) -> io::Result<Vec<PathBuf>> {
        let mut results = serde_json::to_string_pretty(self)?;
        results.push('\n');
        let files = [
            (REPORT, markdown(self)),
            (UPPER_SVG, svg(self, Graph::Upper)?),
            (LOWER_SVG, svg(self, Graph::Lower)?),
            (RESULTS, results),
            (DISTRIBUTION, self.distribution()),
        ];
        fs::create_dir_all(directory)?;
        files.iter().map(|(name, text)| write_whole(directory, name, text)).collect()
    }

    /// After how many milliseconds so many percent of each curve's trials had a leader; empty
    /// where that is beyond the cap.
    #[must_use]
    pub fn distribution(&self) -> String {
        let mut text = "percent".to_owned();
        for curve in &self.curves {
            // Writing to a string cannot fail.
            let _ = write!(text, ",{} ms", curve.timeouts());
        }
        for percent in 0..=100 {
            let _ = write!(text, "\n{percent}");
            for curve in &self.curves {
                let at = curve.percentile_ms(percent).map(|ms| ms.to_string());
                let _ = write!(text, ",{}", at.unwrap_or_default());
            }
        }
        text.push('\n');
        text
    }
}

/// Writes one file whole or not at all; where it stands.
///
/// # Errors
/// If it cannot be written.
pub fn write_whole(directory: &Path, name: &str, text: &str) -> io::Result<PathBuf> {
    let place = directory.join(name);
    replace_file(&place, |unfinished| fs::write(unfinished, text))?;
    Ok(place)
}
