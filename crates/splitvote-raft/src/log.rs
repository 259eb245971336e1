//! The log of Figure 2, counted from 1, behind what a snapshot replaces (paper, section 7).
//!
//! Knows where it ends without looking, since every heartbeat asks. Terms never fall along a log, so
//! the ends of a term are found by halving.

use std::collections::VecDeque;

use splitvote_peer::{Command, EntryId, LogIndex, LogPosition, Term};

/// The last index that an entry may have: the one after it can still be named.
pub const LAST_INDEX: LogIndex = LogIndex::MAX - 1;

/// How many entries a new log has room for before it grows.
const ROOM: usize = 32;

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The term in which a leader received it.
    pub term: Term,
    /// What the client wants applied.
    pub command: Command,
}

/// The entries behind `base`, without a gap.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// The last entry that was discarded; 0 and 0 before any compaction.
    base: LogPosition,
    entries: VecDeque<Entry>,
    last: LogPosition,
}

impl Log {
    /// A log that holds nothing but the knowledge of what was discarded.
    #[must_use]
    pub fn behind(base: LogPosition) -> Self {
        let base = LogPosition { index: base.index.min(LAST_INDEX), ..base };
        Self { base, entries: VecDeque::with_capacity(ROOM), last: base }
    }

    /// The last entry that was discarded; 0 and 0 before any compaction.
    #[inline]
    #[must_use]
    pub fn base(&self) -> LogPosition {
        self.base
    }

    /// The index of the first entry that it holds or would hold.
    #[inline]
    #[must_use]
    pub fn first(&self) -> LogIndex {
        self.base.index + 1
    }

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

    /// How many entries it has room for before it grows.
    pub(crate) fn room(&self) -> usize {
        self.entries.capacity()
    }

    /// Whether it holds no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry at an index, if the log holds it.
    #[inline]
    #[must_use]
    pub fn get(&self, index: LogIndex) -> Option<&Entry> {
        self.entries.get(usize::try_from(index.checked_sub(self.base.index)?.checked_sub(1)?).ok()?)
    }

    /// All entries with their indexes.
    pub fn iter(&self) -> impl Iterator<Item = (LogIndex, &Entry)> {
        // Entries first: the index behind the last one may not be a number.
        self.entries.iter().zip(self.first()..).map(|(entry, index)| (index, entry))
    }

    /// Up to `count` entries from an index on.
    pub(crate) fn from(&self, index: LogIndex, count: usize) -> impl Iterator<Item = &Entry> {
        let skipped = usize::try_from(index.saturating_sub(self.first())).unwrap_or(usize::MAX);
        let start = skipped.min(self.entries.len());
        self.entries.range(start..start.saturating_add(count).min(self.entries.len()))
    }

    /// The term of the entry at an index; of the last discarded one too.
    #[inline]
    #[must_use]
    pub fn term_at(&self, index: LogIndex) -> Option<Term> {
        if index == self.last.index {
            Some(self.last.term)
        } else if index == self.base.index {
            Some(self.base.term)
        } else {
            self.get(index).map(|entry| entry.term)
        }
    }

    /// Index and term of the entry at an index.
    #[inline]
    #[must_use]
    pub fn position(&self, index: LogIndex) -> Option<LogPosition> {
        self.term_at(index).map(|term| LogPosition { index, term })
    }

    /// Figure 2, AppendEntries, receiver implementation 2: does the log hold an entry at this index
    /// with this term? Every log holds the empty position.
    #[inline]
    #[must_use]
    pub fn matches(&self, position: LogPosition) -> bool {
        self.term_at(position.index) == Some(position.term)
    }

    /// Appends an entry and says where it stands; `None` if there is no index left for it.
    pub fn append(&mut self, entry: Entry) -> Option<LogIndex> {
        if self.last.index >= LAST_INDEX {
            return None;
        }
        self.last = LogPosition { index: self.last.index + 1, term: entry.term };
        self.entries.push_back(entry);
        Some(self.last.index)
    }

    /// Deletes the entry at an index and all that follow it.
    pub(crate) fn truncate(&mut self, from: LogIndex) {
        let kept = from.saturating_sub(self.first());
        self.entries.truncate(usize::try_from(kept).unwrap_or(usize::MAX));
        let index = self.base.index + self.entries.len() as u64;
        let term = self.entries.back().map_or(self.base.term, |entry| entry.term);
        self.last = LogPosition { index, term };
    }

    /// Discards the entries up to an index, that one included, as far as the log holds them. Says
    /// how many they were.
    pub(crate) fn discard_through(&mut self, index: LogIndex) -> usize {
        let Some(base) = self.position(index.min(self.last.index)) else { return 0 };
        let count = (base.index - self.base.index) as usize;
        self.entries.drain(..count);
        self.base = base;
        count
    }

    /// The first entry of a term behind `base`, if there is one.
    pub(crate) fn first_of_term(&self, term: Term) -> Option<LogIndex> {
        let before = self.entries.partition_point(|entry| entry.term < term);
        let found = self.entries.get(before)?.term == term;
        found.then(|| self.first() + before as u64)
    }

    /// The last entry of a term, `base` included, if there is one.
    pub(crate) fn last_of_term(&self, term: Term) -> Option<LogIndex> {
        let through = self.entries.partition_point(|entry| entry.term <= term);
        let last = self.base.index + through as u64;
        (self.term_at(last) == Some(term)).then_some(last)
    }

    /// What identifies the entry at an index.
    #[inline]
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

    #[test]
    fn what_is_discarded_leaves_its_position() {
        let mut log = log(&[1, 1, 3, 3, 4]);
        assert_eq!(log.discard_through(3), 3);
        assert_eq!((log.first(), log.len()), (4, 2));
        assert!(log.matches(LogPosition { index: 3, term: 3 }), "the last one discarded");
        assert_eq!(log.term_at(2), None);
        assert_eq!(log.discard_through(2), 0, "gone already");
        log.truncate(1);
        assert_eq!(log.last(), LogPosition { index: 3, term: 3 }, "what is discarded stays so");
        log.append(Entry { term: 5, command: Command::new(b"d") });
        assert_eq!(log.discard_through(9), 1, "no further than the log goes");
        assert_eq!(log.base(), LogPosition { index: 4, term: 5 });
    }

    #[test]
    fn the_ends_of_a_term_are_found() {
        let mut log = log(&[1, 1, 4, 4, 4, 6]);
        assert_eq!((log.first_of_term(4), log.last_of_term(4)), (Some(3), Some(5)));
        assert_eq!((log.first_of_term(5), log.last_of_term(5)), (None, None));
        assert_eq!((log.first_of_term(1), log.last_of_term(1)), (Some(1), Some(2)));
        log.discard_through(5);
        assert_eq!((log.first_of_term(4), log.last_of_term(4)), (None, Some(5)));
        assert_eq!(log.from(6, 9).count(), 1);
    }

    #[test]
    fn the_last_index_is_not_passed() {
        let mut log = Log::behind(LogPosition { index: LAST_INDEX - 1, term: 1 });
        let entry = Entry { term: 1, command: Command::new(b"c") };
        assert_eq!(log.append(entry.clone()), Some(LAST_INDEX));
        assert_eq!(log.append(entry), None);
        assert_eq!(log.term_at(LogIndex::MAX), None);
    }
}
