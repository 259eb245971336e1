//! What a peer cannot show of itself.

use serde::{Deserialize, Serialize};

/// What a peer's [`View`](crate::View) does not show, since the peer hides it or does not know it yet. Its field
/// is left as in [`View::NEW`](crate::View::NEW) and is not judged.
///
/// ```
/// use splitvote_peer::{Unknown, View};
///
/// // A peer that has yet to read its disk, and never shows whom it voted for.
/// let view = View { unknown: Unknown::VOTE.and(Unknown::TERM), ..View::NEW };
/// assert!(view.unknown.has(Unknown::TERM) && !view.unknown.has(Unknown::COMMIT));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Unknown(u8);

impl Unknown {
    /// Everything is shown.
    pub const NOTHING: Self = Self(0);
    /// `votedFor`. Votes are then judged by the grants that leave, and by what becomes durable.
    pub const VOTE: Self = Self(1);
    /// `currentTerm`, such as before the peer has read its disk. A peer that leads or stands shows its term.
    pub const TERM: Self = Self(1 << 1);
    /// `commitIndex`. What the peer has applied then counts as what it knows to be committed.
    pub const COMMIT: Self = Self(1 << 2);

    /// What is in either.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any of this is unknown.
    #[inline]
    #[must_use]
    pub const fn has(self, what: Self) -> bool {
        self.0 & what.0 != 0
    }
}
