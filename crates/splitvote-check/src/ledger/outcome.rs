//! How an election ended.

use serde::{Deserialize, Serialize};
use splitvote_peer::PeerId;

use super::split::SplitCause;

/// How an election ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A peer became leader of the term.
    Won {
        /// The peer that leads.
        leader: PeerId,
    },
    /// Two or more candidates stood, and no candidate was granted a majority.
    Split {
        /// Why none could win.
        cause: SplitCause,
    },
    /// A majority voted for one candidate, but it never became leader.
    Lost {
        /// The peer that stands for election.
        candidate: PeerId,
    },
    /// One candidate stood alone, and too few voted for it.
    Starved,
    /// It has not ended.
    Open,
}

/// The way an election ended, without the reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Ending {
    Won(PeerId),
    Split,
    Lost(PeerId),
    Starved,
}
