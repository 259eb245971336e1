//! What a peer shows of itself: enough to judge every safety property of the paper.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{LogIndex, LogPosition, PeerId, Term};
use crate::unknown::Unknown;

/// What a peer is at the moment (paper, section 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Passive: answers, and waits for a leader or for its timer.
    Follower,
    /// Stands for election in its current term.
    Candidate,
    /// Leads its current term.
    Leader,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Follower => "follower",
            Self::Candidate => "candidate",
            Self::Leader => "leader",
        })
    }
}

/// A peer's state as the paper's Figure 2 names it. The harness compares it after every step;
/// only a change is looked at by the checkers.
///
/// ```
/// use splitvote_peer::{LogPosition, Role, View};
///
/// // A leader of term 3 whose log holds the entries 1 and 2.
/// let last = LogPosition { index: 2, term: 3 };
/// let view = View { role: Role::Leader, term: 3, last, commit: 2, ..View::NEW };
/// assert_eq!((view.first, view.applied, view.voted_for), (1, 0, None));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Follower, candidate or leader.
    pub role: Role,
    /// The paper's `currentTerm`: the latest term that this peer has seen.
    pub term: Term,
    /// `votedFor`: the vote cast in `term`, if any.
    pub voted_for: Option<PeerId>,
    /// Whom the peer would redirect a client to: the leader of `term`, once heard of.
    pub leader: Option<PeerId>,
    /// The index of the first entry that the log still holds; 1 before any compaction.
    pub first: LogIndex,
    /// Where the log ends.
    pub last: LogPosition,
    /// The paper's `commitIndex`: the last index known to be committed.
    pub commit: LogIndex,
    /// The paper's `lastApplied`: the last index applied.
    pub applied: LogIndex,
    /// Which of these the peer does not show.
    #[serde(default)]
    pub unknown: Unknown,
}

impl View {
    /// A peer that never ran: follower in term 0 with an empty log.
    pub const NEW: Self = Self {
        role: Role::Follower,
        term: 0,
        voted_for: None,
        leader: None,
        first: 1,
        last: LogPosition { index: 0, term: 0 },
        commit: 0,
        applied: 0,
        unknown: Unknown::NOTHING,
    };

    /// What the peer knows to be committed, as far as it shows that: what it has applied, if its commit
    /// index is unknown.
    #[inline]
    #[must_use]
    pub fn known_commit(&self) -> LogIndex {
        if self.unknown.has(Unknown::COMMIT) { self.applied } else { self.commit }
    }

    /// Whether the peer shows its term.
    #[inline]
    #[must_use]
    pub fn shows_term(&self) -> bool {
        !self.unknown.has(Unknown::TERM)
    }

    /// Whether the peer shows its vote.
    #[inline]
    #[must_use]
    pub fn shows_vote(&self) -> bool {
        !self.unknown.has(Unknown::VOTE.and(Unknown::TERM))
    }
}
