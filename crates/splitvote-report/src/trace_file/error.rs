//! What may be wrong with the file of a trace: where, what, and what helps.

use std::fmt;
use std::path::{Path, PathBuf};

/// A file that cannot be read as a trace. Prints as `FILE:LINE:COLUMN: what is wrong; what to do`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceError {
    file: PathBuf,
    line: usize,
    column: usize,
    problem: String,
    remedy: String,
}

impl TraceError {
    /// An error at a line, counted from 1; 0 for the whole file.
    pub(super) fn new(
        file: &Path,
        line: usize,
        problem: String,
        remedy: impl Into<String>,
    ) -> Self {
        Self { file: file.to_owned(), line, column: 0, problem, remedy: remedy.into() }
    }

    /// A line that is not what it should be.
    pub(super) fn of_json(
        file: &Path,
        line: usize,
        error: &serde_json::Error,
        remedy: impl Into<String>,
    ) -> Self {
        let text = error.to_string();
        // The reader saw one line, and calls it the first.
        let problem = text.rsplit_once(" at line ").map_or(text.as_str(), |(problem, _)| problem);
        Self { column: error.column(), ..Self::new(file, line, problem.to_owned(), remedy) }
    }

    /// The line that is wrong, counted from 1; 0 if it is the file.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if self.column > 0 {
            write!(f, ":{}", self.column)?;
        }
        write!(f, ": {}; {}", self.problem, self.remedy)
    }
}

impl std::error::Error for TraceError {}
