//! A sweep as a page: what was covered and what was not, and each violation with its page, its case and its commands.
//!
//! A [`Report`] holds all that the page shows, in whole numbers and text. It is kept beside the page, so that the
//! reports of several sweeps can be [merged](merge()) into the one of a sweep over all their seeds.
//!
//! - `data`: what a report holds. `judged`: what follows from its counts. `of`: what a sweep came to, as it is told
//!   here.
//! - `file`: its file, `report.json`. `merge`: several reports as one. `problem`: why a file or a merge is refused.

mod data;
mod file;
mod judged;
mod merge;
mod of;
mod problem;

use std::fs;
use std::io;
use std::path::Path;

use splitvote::case::replace_file;

pub use data::{
    Bucket, Calms, CaseRun, Departure, Elections, Failure, Made, Report, Spent, Step, Stuck, Swept,
    Told,
};
pub use file::{FILE, read};
pub use judged::Judged;
pub use merge::merge;
pub use of::SeedKept;
pub use problem::Problem;

use crate::html::{self, Kind};

/// The name of the page in the directory of a report.
pub const PAGE: &str = "index.html";

impl Report {
    /// The page as text. The same report gives the same bytes.
    ///
    /// # Errors
    /// If the data cannot be written as JSON.
    pub fn to_html(&self) -> io::Result<String> {
        let seeds: u64 = self.seeds.iter().map(|(from, to)| to.saturating_sub(*from)).sum();
        let runs: u64 = self.scenarios.iter().map(|swept| swept.runs).sum();
        let held: u64 = self.scenarios.iter().map(|swept| swept.held).sum();
        let about = format!("{held} of {runs} runs held");
        let title =
            format!("Sweep of {}: {} scenarios, {seeds} seeds", self.raft, self.scenarios.len());
        Ok(html::assemble(Kind::Sweep, &title, &about, &serde_json::to_string(self)?))
    }
}

/// Writes a report and its page into a directory, which is made if it takes that. Each file is replaced as a whole:
/// whoever is interrupted leaves the old one.
///
/// # Errors
/// If a directory or a file cannot be written.
pub fn save(directory: &Path, report: &Report) -> io::Result<()> {
    let (data, page) = (file::text(report)?, report.to_html()?);
    replace_file(&directory.join(FILE), |unfinished| fs::write(unfinished, data.as_bytes()))?;
    replace_file(&directory.join(PAGE), |unfinished| fs::write(unfinished, page.as_bytes()))
}
