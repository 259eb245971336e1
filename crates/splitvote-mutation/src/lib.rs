//! The reference Raft, mutated systematically.
//!
//! The zoo holds the bugs that people thought of. Here every decision of the reference is changed in turn: each
//! comparison, each condition, each boundary, each effect left out. The build script writes one copy of the Raft
//! that holds all of these mutants ([`raft`]) and the table of them ([`MUTANTS`]); [`switch::turn_on`] chooses one.
//! [`hunt`] runs it against the scenarios until something fails, [`report`] tells of all of them.

pub mod equivalent;
pub mod hunt;
pub mod pool;
pub mod report;
pub mod stopwatch;
pub mod switch;
pub mod worker;

use std::path::Path;

/// The copy of the reference Raft, as the build script writes it.
#[allow(
    warnings,
    clippy::all,
    clippy::pedantic,
    clippy::restriction,
    reason = "written by the build script"
)]
pub mod raft {
    use crate::switch as __switch;

    include!(concat!(env!("OUT_DIR"), "/raft.rs"));
}

/// One change of the reference Raft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// Its number, from 1 on, in the order of the source.
    pub number: u32,
    /// The number of the first mutant of the same place: it is reached when that is.
    pub site: u32,
    /// The file, below `crates/splitvote-raft/src`.
    pub file: &'static str,
    /// The function that it stands in.
    pub function: &'static str,
    /// The line, counted from 1.
    pub line: u32,
    /// What kind of change it is.
    pub operator: &'static str,
    /// What stands there.
    pub original: &'static str,
    /// What stands there instead; nothing if it is left out.
    pub mutated: &'static str,
}

/// All mutants, by their numbers.
pub static MUTANTS: &[Mutant] = include!(concat!(env!("OUT_DIR"), "/table.rs"));

/// Why nothing can be done: what is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop(pub String);

impl Stop {
    /// A file that cannot be read or written.
    #[must_use]
    pub fn at(path: &Path, error: &std::io::Error) -> Self {
        Self(format!("{}: {error}", path.display()))
    }
}
