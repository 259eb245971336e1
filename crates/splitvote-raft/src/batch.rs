//! The entries of one AppendEntries, shared by all the messages that carry them.
//!
//! One thin pointer; none at all for a heartbeat.

use std::sync::Arc;

use crate::log::Entry;

/// What an entry takes on the wire and on the disk besides its command: index and term.
pub(crate) const ENTRY_OVERHEAD_BYTES: usize = 16;

/// What an entry takes on the wire.
pub(crate) fn entry_bytes(entry: &Entry) -> usize {
    ENTRY_OVERHEAD_BYTES.saturating_add(entry.command.size())
}

/// Some consecutive entries of a log, or none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch(Option<Arc<Contents>>);

#[derive(Debug, PartialEq, Eq)]
struct Contents {
    entries: Vec<Entry>,
    bytes: u32,
}

impl Batch {
    /// No entries, as in a heartbeat.
    pub const EMPTY: Self = Self(None);

    /// The entries, in the order of the log.
    #[inline]
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        self.0.as_ref().map_or(&[], |contents| &contents.entries)
    }

    /// How many entries it holds.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries().len()
    }

    /// Whether it holds no entry.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Its size on the wire.
    #[inline]
    #[must_use]
    pub fn bytes(&self) -> u32 {
        self.0.as_ref().map_or(0, |contents| contents.bytes)
    }
}

impl From<Vec<Entry>> for Batch {
    fn from(entries: Vec<Entry>) -> Self {
        if entries.is_empty() {
            return Self::EMPTY;
        }
        let bytes =
            entries.iter().fold(0_usize, |sum, entry| sum.saturating_add(entry_bytes(entry)));
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        Self(Some(Arc::new(Contents { entries, bytes })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use splitvote_peer::Command;

    #[test]
    fn a_batch_states_its_size() {
        let entry = |bytes: &[u8]| Entry { term: 1, command: Command::new(bytes) };
        let batch = Batch::from(vec![entry(b"four"), entry(b"")]);
        assert_eq!((batch.len(), batch.bytes()), (2, 16 + 4 + 16));
        assert_eq!(Batch::from(vec![]), Batch::EMPTY);
        assert_eq!(Batch::EMPTY.bytes(), 0);
    }
}
