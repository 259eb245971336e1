//! A part of a snapshot, as InstallSnapshot and the disk hold it (paper, section 7, Figure 13).
//!
//! Parts of one snapshot share it; only `data` of a part may be looked at.

use std::ops::Range;

use splitvote_peer::{LogPosition, Payload, Snapshot};

/// Some consecutive bytes of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    snapshot: Snapshot,
    range: Range<usize>,
}

impl Chunk {
    /// The part from `offset` on, of `length` bytes or as many as there are.
    #[must_use]
    pub fn of(snapshot: &Snapshot, offset: usize, length: usize) -> Self {
        let start = offset.min(snapshot.state.len());
        let end = start.saturating_add(length).min(snapshot.state.len());
        Self { snapshot: snapshot.clone(), range: start..end }
    }

    /// The last entry that the snapshot replaces.
    #[must_use]
    pub fn through(&self) -> LogPosition {
        self.snapshot.through
    }

    /// Figure 13, `offset`: where in the snapshot the part stands.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.range.start
    }

    /// Figure 13, `data[]`.
    #[must_use]
    pub fn data(&self) -> Payload {
        self.snapshot.state.part(self.range.clone())
    }

    /// How many bytes the part has.
    #[must_use]
    pub fn size(&self) -> usize {
        self.range.len()
    }

    /// Figure 13, `done`: whether this is the last part.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.range.end == self.snapshot.state.len()
    }

    /// The snapshot, if this part is all of it.
    #[must_use]
    pub fn whole(&self) -> Option<Snapshot> {
        let (through, is_whole) = (self.through(), self.offset() == 0 && self.is_last());
        // From its data and not from what the parts share, as if it had come over a wire.
        is_whole.then(|| Snapshot { through, state: self.data() })
    }
}

/// A snapshot that arrives in parts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Assembly {
    pub(crate) through: LogPosition,
    pub(crate) bytes: Payload,
}

impl Assembly {
    /// Figure 13, rules 2 and 3: a part that continues what is there is added. Any other changes
    /// nothing: it came twice, or one before it is missing.
    pub(crate) fn add(&mut self, chunk: &Chunk) -> bool {
        self.add_if(chunk.offset() == self.bytes.len(), chunk)
    }

    /// Adds a part if it continues what is there.
    pub(crate) fn add_if(&mut self, continues: bool, chunk: &Chunk) -> bool {
        if continues {
            self.bytes.push(&chunk.data());
        }
        continues
    }

    /// Figure 13, rule 8: what was assembled, as a snapshot.
    pub(crate) fn into_snapshot(self) -> Snapshot {
        Snapshot { through: self.through, state: self.bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_make_the_whole_again() {
        let through = LogPosition { index: 7, term: 2 };
        let snapshot = Snapshot { through, state: (0..10).collect() };
        let parts = [0, 4, 8].map(|offset| Chunk::of(&snapshot, offset, 4));
        assert_eq!((parts[1].data(), parts[1].size()), ([4, 5, 6, 7].into(), 4));
        assert!(!parts[1].is_last() && parts[2].is_last() && parts[0].whole().is_none());
        let mut assembly = Assembly { through, bytes: Payload::default() };
        assert!(assembly.add(&parts[0]));
        assert!(!assembly.add(&parts[2]), "a part is missing");
        assert!(assembly.add(&parts[1]) && !assembly.add(&parts[1]) && assembly.add(&parts[2]));
        assert_eq!(assembly.into_snapshot(), snapshot);
    }

    #[test]
    fn an_empty_snapshot_is_one_empty_part() {
        let snapshot = Snapshot { through: LogPosition::default(), state: [].into() };
        let chunk = Chunk::of(&snapshot, 9, usize::MAX);
        assert!(chunk.is_last() && chunk.data().is_empty());
        assert_eq!(chunk.whole(), Some(snapshot));
    }
}
