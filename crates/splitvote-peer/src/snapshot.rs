//! What a log amounts to once it is applied, and the snapshots that replace it (paper, section 7).
//!
//! The harness plays the replicated state machine itself: its state is a [`History`], a digest
//! chained over all entries that were applied. Two machines are in the same state if and only if
//! they applied the same entries in the same order, and a snapshot can be held against what was
//! committed without keeping what was committed.

use std::fmt;

use crate::id::{EntryId, LogIndex, LogPosition};
use crate::payload::Payload;
use serde::{Deserialize, Serialize};

/// A digest chained over entries, from the first entry of the log on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct History(#[serde(with = "crate::serial::hex")] pub u64);

impl History {
    /// Of no entry at all.
    pub const EMPTY: Self = Self(0x2d35_8dcc_aa6c_78a5);

    /// The history that this entry continues.
    #[inline]
    #[must_use]
    pub fn then(self, entry: EntryId) -> Self {
        let left = self.0 ^ entry.term.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x8bb8_4b93_962e_acc9;
        let right = self.0.rotate_left(32) ^ entry.digest ^ 0x4b33_a62e_d433_d4a3;
        let product = u128::from(left) * u128::from(right);
        Self((product as u64) ^ (product >> 64) as u64 ^ self.0.rotate_left(11))
    }
}

/// A snapshot of the state machine: what the log amounts to up to an entry, that one included.
#[derive(Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Figure 13, `lastIncludedIndex` and `lastIncludedTerm`.
    pub through: LogPosition,
    /// The state, which Raft does not look into.
    pub state: Payload,
}

impl Snapshot {
    /// The fewest bytes of a state of the harness's machine.
    pub const LEAST_BYTES: usize = 24;

    /// A snapshot of the harness's state machine: index, history and length, padded to so many
    /// bytes. The length is there so that half a snapshot cannot pass for a whole one.
    #[must_use]
    pub fn of(through: LogPosition, history: History, bytes: usize) -> Self {
        let bytes = bytes.max(Self::LEAST_BYTES);
        let words = [through.index, history.0, bytes as u64];
        let state = Payload::padded(&words.map(u64::to_le_bytes).concat(), 0, bytes);
        Self { through, state }
    }

    /// The index and the history that the state says it holds; `None` if it is no state of the
    /// harness's machine, as when a part of it is missing.
    #[must_use]
    pub fn content(&self) -> Option<(LogIndex, History)> {
        let words = self.state.part(0..Self::LEAST_BYTES);
        let words = words.bytes();
        let word = |at: usize| {
            let bytes = words.get(at..at + 8)?;
            Some(u64::from_le_bytes(bytes.try_into().ok()?))
        };
        let is_whole = word(16)? == self.state.len() as u64;
        is_whole.then_some((word(0)?, History(word(8)?)))
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Snapshot({}, {} bytes)", self.through, self.state.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_depends_on_term_payload_and_order() {
        let (one, other) = (EntryId { term: 1, digest: 7 }, EntryId { term: 2, digest: 7 });
        let start = History::EMPTY;
        assert_ne!(start.then(one), start.then(other), "the term counts");
        assert_ne!(start.then(one), start.then(EntryId { term: 1, digest: 8 }));
        assert_ne!(start.then(one).then(other), start.then(other).then(one), "the order counts");
    }

    #[test]
    fn a_snapshot_says_what_it_holds() {
        let through = LogPosition { index: 9, term: 2 };
        let snapshot = Snapshot::of(through, History(42), 100);
        assert_eq!(snapshot.content(), Some((9, History(42))));
        assert_eq!(snapshot.state.len(), 100);
        for bytes in [9, 24, 99] {
            let cut = Snapshot { through, state: snapshot.state.part(0..bytes) };
            assert_eq!(cut.content(), None, "all behind {bytes} bytes is missing");
        }
        assert_eq!(Snapshot { through, state: [].into() }.content(), None);
    }
}
