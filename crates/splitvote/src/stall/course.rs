//! What a core does that makes no progress.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a core does that does not get on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Course {
    /// Nothing changed while it was looked at: in the second half of the wait.
    Standstill,
    /// The same abstract state came back again and again.
    Livelock {
        /// How often it was there.
        times: u32,
        /// How many terms began meanwhile.
        terms: u64,
    },
    /// New states keep coming.
    Slow,
}

impl fmt::Display for Course {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standstill => f.write_str("nothing changed in the second half of that"),
            Self::Livelock { times, terms } => {
                write!(f, "a livelock: the same state came {times} times over {terms} terms")
            }
            Self::Slow => f.write_str("too slow: new states keep coming"),
        }
    }
}
