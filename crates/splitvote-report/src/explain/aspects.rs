//! What of a moment matters.

use std::ops::BitOr;

/// A set of things that a step can change in a peer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Aspects(u8);

impl Aspects {
    pub(super) const NONE: Self = Self(0);
    /// Role and term.
    pub(super) const ROLE: Self = Self(1);
    /// The vote is unknown.
    pub(super) const VOTE: Self = Self(2);
    /// The log's end.
    pub(super) const LOG: Self = Self(4);
    /// What is committed and applied.
    pub(super) const COMMIT: Self = Self(8);
    /// Whom it takes for the leader, and the rest.
    pub(super) const ALL: Self = Self(31);

    pub(super) const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for Aspects {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
