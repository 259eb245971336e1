//! A trace as a file: one line of JSON an event, for this crate and for other tools.
//!
//! `docs/trace.md` describes each line. Files are written and read here, and not in `splitvote`: whoever
//! tests a Raft should not have to compile a reader of JSON for what only reports do.
//!
//! - `line`: what stands in the first line and in the last. `write`: a file line by line, replaced as a
//!   whole. `read`: the way back. `error`: what may be wrong with a file.

mod error;
mod line;
mod read;
mod write;

use splitvote::{RunReport, Trace};

pub use error::TraceError;
pub use read::{is_trace, load, read};
pub use write::{save, write, write_begun};

/// The version of the format that is written and read. It grows with whatever a reader of the one before
/// would get wrong; a field more is no reason.
pub const FORMAT: u32 = 1;

/// What a file of a trace holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceFile {
    /// The run. Of a file that is cut off: what there is of it.
    pub trace: Trace,
    /// What the run answered with; `None` if the file is cut off.
    pub report: Option<RunReport>,
    /// The version of Splitvote that wrote the file.
    pub splitvote: String,
    /// How many whole lines there are.
    pub lines: usize,
}

impl TraceFile {
    /// Whether the file ends before its last line.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        self.report.is_none()
    }
}
