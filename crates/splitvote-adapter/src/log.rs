//! The log behind the newest snapshot.

use std::collections::VecDeque;
use std::ops::Range;

use splitvote_peer::{LogIndex, LogPosition, Term};

/// An entry that knows where it stands.
pub trait Placed {
    /// Its index and its term.
    fn position(&self) -> LogPosition;
}

/// What a Raft's storage has to keep of its log: the entries behind the newest snapshot, which stands for all before.
///
/// It is used twice: as what a library reads its log from, and at boot to make that again of the records of the
/// disk, whatever a crash left of them.
///
/// ```
/// use splitvote_adapter::{Log, Placed};
/// use splitvote_peer::LogPosition;
///
/// #[derive(Clone, Debug, PartialEq)]
/// struct Entry(u64, u64);
/// impl Placed for Entry {
///     fn position(&self) -> LogPosition {
///         LogPosition { index: self.0, term: self.1 }
///     }
/// }
///
/// let mut log = Log::default();
/// for entry in [Entry(1, 1), Entry(2, 1), Entry(3, 1), Entry(2, 2)] {
///     log.put(entry);
/// }
/// assert_eq!(log.last(), LogPosition { index: 2, term: 2 }, "the second 2 cut off what followed");
/// assert!(!log.put(Entry(9, 2)), "there is a gap before it");
/// log.begin_behind(LogPosition { index: 1, term: 1 });
/// assert_eq!((log.first(), log.term_at(1), log.term_at(2)), (2, Some(1), Some(2)));
/// log.begin_behind(LogPosition { index: 7, term: 3 });
/// assert_eq!((log.first(), log.get(2)), (8, None), "no entry follows it");
/// ```
#[derive(Clone, Debug)]
pub struct Log<E> {
    base: LogPosition,
    entries: VecDeque<E>,
}

impl<E> Default for Log<E> {
    fn default() -> Self {
        Self { base: LogPosition::default(), entries: VecDeque::new() }
    }
}

impl<E: Placed> Log<E> {
    /// The last entry that a snapshot stands for; index 0 if there is no snapshot.
    #[must_use]
    pub fn base(&self) -> LogPosition {
        self.base
    }

    /// The index of the first entry that is here, or would be.
    #[must_use]
    pub fn first(&self) -> LogIndex {
        self.base.index + 1
    }

    /// Where the log ends: at its last entry, or at the snapshot.
    #[must_use]
    pub fn last(&self) -> LogPosition {
        self.entries.back().map_or(self.base, Placed::position)
    }

    /// The entry at an index, if it is here.
    #[must_use]
    pub fn get(&self, index: LogIndex) -> Option<&E> {
        self.entries.get(self.place(index)?)
    }

    /// The term at an index: also at that of the snapshot.
    #[must_use]
    pub fn term_at(&self, index: LogIndex) -> Option<Term> {
        if index == self.base.index {
            return Some(self.base.term);
        }
        self.get(index).map(|entry| entry.position().term)
    }

    /// Puts an entry in its place, unless one of its term stands there, and cuts off what follows another one.
    /// Behind a gap it is left out, since what belongs before it is lost. Says whether it was put.
    pub fn put(&mut self, entry: E) -> bool {
        let LogPosition { index, term } = entry.position();
        let Some(place) = self.place(index) else { return false };
        let is_there = self.entries.get(place).is_some_and(|there| there.position().term == term);
        if place > self.entries.len() || is_there {
            return false;
        }
        self.entries.truncate(place);
        self.entries.push_back(entry);
        true
    }

    /// Drops the entry at an index and what follows.
    pub fn cut(&mut self, from: LogIndex) {
        self.entries.truncate(self.place(from).unwrap_or(0));
    }

    /// A snapshot takes the place of all up to its last entry, and of what does not follow that (paper, Figure 13,
    /// receiver rules 6 and 7). An older one than there is changes nothing. Says whether it is the newest now.
    pub fn begin_behind(&mut self, through: LogPosition) -> bool {
        let Some(count) = through.index.checked_sub(self.base.index) else { return false };
        if self.term_at(through.index) == Some(through.term) {
            self.entries.drain(..(count as usize).min(self.entries.len()));
        } else {
            self.entries.clear();
        }
        self.base = through;
        true
    }

    /// All entries, in order.
    pub fn iter(&self) -> impl Iterator<Item = &E> {
        self.entries.iter()
    }

    /// The entries of these indices, if all are here.
    #[must_use]
    pub fn range(&self, indices: Range<LogIndex>) -> Option<impl Iterator<Item = &E>> {
        let (from, to) = (self.place(indices.start)?, self.place(indices.end)?);
        (from <= to && to <= self.entries.len()).then(|| self.entries.range(from..to))
    }

    fn place(&self, index: LogIndex) -> Option<usize> {
        usize::try_from(index.checked_sub(self.first())?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Placed for (LogIndex, Term) {
        fn position(&self) -> LogPosition {
            LogPosition { index: self.0, term: self.1 }
        }
    }

    fn log(terms: &[Term]) -> Log<(LogIndex, Term)> {
        let mut log = Log::default();
        (1..).zip(terms).for_each(|(index, term)| assert!(log.put((index, *term))));
        log
    }

    #[test]
    fn an_entry_that_is_there_cuts_nothing_off() {
        let mut log = log(&[1, 1, 2]);
        assert!(!log.put((1, 1)));
        assert_eq!(log.last(), LogPosition { index: 3, term: 2 });
    }

    #[test]
    fn what_follows_a_snapshot_stays_only_if_it_follows_its_last_entry() {
        let mut kept = log(&[1, 1, 2]);
        assert!(kept.begin_behind(LogPosition { index: 2, term: 1 }));
        assert_eq!((kept.first(), kept.get(3)), (3, Some(&(3, 2))));
        let mut gone = log(&[1, 1, 2]);
        assert!(gone.begin_behind(LogPosition { index: 2, term: 2 }));
        assert_eq!((gone.last(), gone.iter().count()), (LogPosition { index: 2, term: 2 }, 0));
        assert!(!gone.begin_behind(LogPosition { index: 1, term: 1 }), "an older one");
    }

    #[test]
    fn a_range_is_whole_or_none() {
        let mut log = log(&[1, 1, 2, 2]);
        log.begin_behind(LogPosition { index: 1, term: 1 });
        let range =
            |range| log.range(range).map(|some| some.map(|entry| entry.0).collect::<Vec<_>>());
        assert_eq!(range(2..4), Some(vec![2, 3]));
        assert_eq!((range(1..3), range(3..6), range(5..5)), (None, None, Some(vec![])));
    }

    #[test]
    fn a_cut_before_the_first_entry_leaves_none() {
        let mut log = log(&[1, 1, 2]);
        log.cut(3);
        assert_eq!(log.last().index, 2);
        log.begin_behind(LogPosition { index: 1, term: 1 });
        log.cut(0);
        assert_eq!(log.last().index, 1);
    }
}
