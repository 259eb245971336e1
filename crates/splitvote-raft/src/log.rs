//! The log of Figure 2, counted from 1.
//!
//! Knows where it ends without looking, since every heartbeat asks.

use splitvote_peer::{Command, EntryId, LogIndex, LogPosition, Term};

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The term in which a leader received it.
    pub term: Term,
    /// What the client wants applied.
    pub command: Command,
}

/// The entries, from index 1, without a gap.
#[derive(Clone, Debug, Default)]
pub struct Log {
    entries: Vec<Entry>,
    last: LogPosition,
}

impl Log {
    /// Where the log ends.
    #[inline]
    #[must_use]
    pub fn last(&self) -> LogPosition {
        self.last
    }

    /// How many entries it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry at an index, if there is one.
    #[must_use]
    pub fn get(&self, index: LogIndex) -> Option<&Entry> {
        self.entries.get(usize::try_from(index.checked_sub(1)?).ok()?)
    }

    /// All entries with their indexes.
    pub fn iter(&self) -> impl Iterator<Item = (LogIndex, &Entry)> {
        (1..).zip(&self.entries)
    }

    /// Figure 2, AppendEntries, receiver implementation 2: does the log hold an entry at this index
    /// with this term? Every log holds the empty position.
    #[inline]
    #[must_use]
    pub fn matches(&self, position: LogPosition) -> bool {
        position == self.last || self.holds(position)
    }

    fn holds(&self, position: LogPosition) -> bool {
        match self.get(position.index) {
            Some(entry) => entry.term == position.term,
            None => position == LogPosition::default(),
        }
    }

    /// Appends an entry and says where it stands.
    pub fn append(&mut self, entry: Entry) -> LogIndex {
        self.last = LogPosition { index: self.last.index + 1, term: entry.term };
        self.entries.push(entry);
        self.last.index
    }

    /// Figure 2, AppendEntries, receiver implementation 3 and 4: the same entry changes nothing,
    /// another one replaces it and all that follow. A gap is not filled.
    pub(crate) fn place(&mut self, index: LogIndex, entry: Entry) {
        if index == 0 || index > self.last.index + 1 || self.is_there(index, entry.term) {
            return;
        }
        self.entries.truncate(usize::try_from(index - 1).unwrap_or(usize::MAX));
        self.last.index = index - 1;
        self.append(entry);
    }

    fn is_there(&self, index: LogIndex, term: Term) -> bool {
        self.get(index).is_some_and(|entry| entry.term == term)
    }

    /// What identifies the entry at an index.
    #[must_use]
    pub fn id(&self, index: LogIndex) -> Option<EntryId> {
        self.get(index).map(|entry| entry.command.in_term(entry.term))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(terms: &[Term]) -> Log {
        let mut log = Log::default();
        for term in terms {
            log.append(Entry { term: *term, command: Command::new(b"c") });
        }
        log
    }

    #[test]
    fn a_position_matches_by_index_and_term() {
        let log = log(&[1, 1, 3]);
        assert!(log.matches(LogPosition { index: 0, term: 0 }));
        assert!(log.matches(LogPosition { index: 2, term: 1 }));
        assert!(log.matches(LogPosition { index: 3, term: 3 }));
        assert!(!log.matches(LogPosition { index: 2, term: 3 }), "another term at this index");
        assert!(!log.matches(LogPosition { index: 4, term: 3 }), "beyond the end");
    }

    #[test]
    fn a_digest_tells_commands_apart() {
        let mut log = log(&[1]);
        log.append(Entry { term: 1, command: Command::new(b"d") });
        assert_ne!(log.id(1), log.id(2));
        assert_eq!(log.id(3), None);
    }
}
