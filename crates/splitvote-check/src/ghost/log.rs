//! A log as the judge remembers it: the one in a peer's memory, or the one on its disk.
//!
//! Each entry carries the history of the log up to it. So two logs that agree at one index are
//! known to agree in all that precedes it: one comparison instead of many.

use std::collections::VecDeque;

use splitvote_peer::{EntryId, History, LogIndex, LogPosition, Term};

/// An entry, and what the log amounts to up to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) entry: EntryId,
    pub(crate) history: History,
}

/// A log from the end of its snapshot on.
#[derive(Clone, Debug)]
pub(crate) struct LogGhost {
    /// The last entry that the snapshot replaces; 0@0 without one. A term of 0 is not known.
    base: LogPosition,
    /// The history there. None if nobody can tell, and then no history of this log means anything.
    base_history: Option<History>,
    entries: VecDeque<Held>,
}

impl LogGhost {
    pub(crate) const EMPTY: Self = Self {
        base: LogPosition { index: 0, term: 0 },
        base_history: Some(History::EMPTY),
        entries: VecDeque::new(),
    };

    /// Where the snapshot ends.
    pub(crate) fn base(&self) -> LogPosition {
        self.base
    }

    /// Where the log ends.
    #[inline]
    pub(crate) fn last(&self) -> LogPosition {
        match self.entries.back() {
            Some(held) => LogPosition { index: self.last_index(), term: held.entry.term },
            None => self.base,
        }
    }

    #[inline]
    pub(crate) fn last_index(&self) -> LogIndex {
        self.base.index.saturating_add(self.entries.len() as u64)
    }

    /// The entry at an index, unless the snapshot has replaced it.
    #[inline]
    pub(crate) fn get(&self, index: LogIndex) -> Option<&Held> {
        let place = index.checked_sub(self.base.index)?.checked_sub(1)?;
        self.entries.get(usize::try_from(place).ok()?)
    }

    /// The term at an index, where the snapshot ends included.
    #[inline]
    pub(crate) fn term(&self, index: LogIndex) -> Option<Term> {
        if index == self.base.index {
            return Some(self.base.term);
        }
        self.get(index).map(|held| held.entry.term)
    }

    /// The history up to an index, if that is known.
    #[inline]
    pub(crate) fn history(&self, index: LogIndex) -> Option<History> {
        let base = self.base_history?;
        if index == self.base.index {
            return Some(base);
        }
        self.get(index).map(|held| held.history)
    }

    /// Whether all up to the index is in this log, with this history.
    #[inline]
    pub(crate) fn holds(&self, index: LogIndex, history: History) -> bool {
        self.history(index) == Some(history)
    }

    /// Whether the histories of this log mean anything.
    #[inline]
    pub(crate) fn is_told(&self) -> bool {
        self.base_history.is_some()
    }

    /// Whether the snapshot stands for this index.
    #[inline]
    pub(crate) fn covers(&self, index: LogIndex) -> bool {
        index <= self.base.index
    }

    /// Where the entry of an index stands, as far as that is known.
    pub(crate) fn position(&self, index: LogIndex) -> LogPosition {
        LogPosition { index, term: self.term(index).unwrap_or(0) }
    }

    /// Adds an entry whose history is known.
    #[inline]
    pub(crate) fn push(&mut self, held: Held) {
        self.entries.push_back(held);
    }

    /// Adds an entry.
    #[inline]
    pub(crate) fn append(&mut self, entry: EntryId) {
        let before = self.entries.back().map(|held| held.history).or(self.base_history);
        let history = before.unwrap_or(History::EMPTY).then(entry);
        self.entries.push_back(Held { entry, history });
    }

    /// Keeps the entries up to this index.
    #[inline]
    pub(crate) fn truncate(&mut self, kept: LogIndex) {
        if kept >= self.last_index() {
            return;
        }
        let kept = kept.saturating_sub(self.base.index);
        self.entries.truncate(usize::try_from(kept).unwrap_or(usize::MAX));
    }

    /// A snapshot replaces the entries up to this index, which the log holds.
    pub(crate) fn discard(&mut self, through: LogIndex) {
        if through <= self.base.index {
            return;
        }
        let Some(held) = self.get(through).copied() else { return };
        let count = through - self.base.index;
        self.entries.drain(..usize::try_from(count).unwrap_or(usize::MAX).min(self.entries.len()));
        self.base = LogPosition { index: through, term: held.entry.term };
        self.base_history = self.base_history.map(|_| held.history);
    }

    /// A snapshot replaces the whole log.
    pub(crate) fn reset(&mut self, base: LogPosition, history: Option<History>) {
        self.entries.clear();
        self.base = base;
        self.base_history = history;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(digests: &[u64]) -> LogGhost {
        let mut log = LogGhost::EMPTY;
        digests.iter().for_each(|digest| log.append(EntryId { term: 1, digest: *digest }));
        log
    }

    #[test]
    fn a_compacted_log_keeps_its_histories() {
        let mut log = log(&[7, 8, 9]);
        let whole = log.clone();
        log.discard(2);
        assert_eq!(log.base(), LogPosition { index: 2, term: 1 });
        assert_eq!((log.get(2), log.get(3)), (None, whole.get(3)));
        assert_eq!(log.history(2), whole.history(2));
        log.discard(9);
        assert_eq!(log.last_index(), 3, "what it does not hold cannot be discarded");
    }

    #[test]
    fn a_log_that_is_cut_and_grows_again_has_another_history() {
        let (mut log, whole) = (log(&[7, 8, 9]), log(&[7, 8, 9]));
        log.truncate(1);
        log.append(EntryId { term: 2, digest: 8 });
        assert_eq!(log.history(1), whole.history(1));
        assert_ne!(log.history(2), whole.history(2));
    }

    #[test]
    fn the_end_of_the_numbers_is_no_trap() {
        let mut log = LogGhost::EMPTY;
        log.reset(LogPosition { index: u64::MAX, term: u64::MAX }, None);
        log.append(EntryId { term: 1, digest: 1 });
        log.truncate(u64::MAX);
        assert_eq!(log.last_index(), u64::MAX);
        assert_eq!((log.get(0), log.history(u64::MAX)), (None, None));
    }
}
