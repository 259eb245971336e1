//! What a command ends with: an exit code, or why it has none.

use std::fmt;
use std::path::Path;

/// Why a command ends without a verdict.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Wrong usage or input: exit code 2.
    Input(String),
    /// The harness itself failed: exit code 70.
    Fault(String),
}

impl Stop {
    /// A file cannot be written.
    pub(crate) fn unwritten(file: &Path) -> impl Fn(std::io::Error) -> Self {
        move |error| Self::Input(format!("{}: cannot be written: {error}", file.display()))
    }
}

impl Stop {
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Input(_) => 2,
            Self::Fault(_) => 70,
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(message) => f.write_str(message),
            Self::Fault(message) => write!(f, "the harness itself failed: {message}"),
        }
    }
}

impl From<splitvote::ScenarioError> for Stop {
    fn from(error: splitvote::ScenarioError) -> Self {
        Self::Input(error.to_string())
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Fault(error.to_string())
    }
}

/// What a command ends with: its exit code, or why it has none.
pub(crate) type Outcome = Result<u8, Stop>;
