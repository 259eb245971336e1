//! What was ever committed, by anyone.
//!
//! Of each entry only the history up to it is kept: 8 bytes, in blocks that never move. An entry
//! at an index is the committed one if and only if it continues the history of the index before
//! to the history of its own. Terms come in long runs and are kept as such.

use std::collections::VecDeque;

use splitvote_peer::{EntryId, History, LogIndex, LogPosition, SimTime, Term};

use super::log::Held;

/// How many histories a block holds: 32 KiB.
const BLOCK: usize = 4096;
/// How many of the latest commitments keep their times.
const RECENT: usize = 4096;

/// A value for each index, from each run's first index on.
#[derive(Clone, Debug, Default)]
struct Runs(Vec<(LogIndex, Term)>);

impl Runs {
    fn push(&mut self, index: LogIndex, term: Term) {
        if self.0.last().is_none_or(|(_, latest)| *latest != term) {
            self.0.push((index, term));
        }
    }

    #[inline]
    fn at(&self, index: LogIndex) -> Option<Term> {
        let (start, term) = self.0.last()?;
        if index >= *start {
            return Some(*term);
        }
        let run = self.0.partition_point(|(start, _)| *start <= index);
        self.0.get(run.checked_sub(1)?).map(|(_, term)| *term)
    }
}

/// The committed log, from its first entry on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Committed {
    blocks: Vec<Vec<History>>,
    last: LogIndex,
    /// The terms of the entries.
    terms: Runs,
    /// The terms in which they were committed.
    committed_in: Runs,
    /// The latest commitments: up to which index, and when.
    recent: VecDeque<(LogIndex, SimTime)>,
}

impl Committed {
    /// The highest index that was ever committed.
    #[inline]
    pub(crate) fn last(&self) -> LogIndex {
        self.last
    }

    /// What is committed amounts to this, up to the index.
    #[inline]
    pub(crate) fn history(&self, index: LogIndex) -> Option<History> {
        let Some(place) = index.checked_sub(1) else { return Some(History::EMPTY) };
        let place = usize::try_from(place).ok()?;
        self.blocks.get(place / BLOCK)?.get(place % BLOCK).copied()
    }

    /// The term of the committed entry.
    #[inline]
    pub(crate) fn term(&self, index: LogIndex) -> Option<Term> {
        if index == 0 || index > self.last {
            return (index == 0).then_some(0);
        }
        self.terms.at(index)
    }

    /// Where the committed entry of an index stands.
    pub(crate) fn position(&self, index: LogIndex) -> LogPosition {
        LogPosition { index, term: self.term(index).unwrap_or(0) }
    }

    /// The term of the leader that committed the entry.
    pub(crate) fn committed_in(&self, index: LogIndex) -> Option<Term> {
        (index <= self.last).then(|| self.committed_in.at(index))?
    }

    /// The last entry that was committed in a term before this one; 0 if there is none.
    pub(crate) fn last_before(&self, term: Term) -> LogIndex {
        let mut end = self.last;
        for (start, committed_in) in self.committed_in.0.iter().rev() {
            if *committed_in < term {
                return end;
            }
            end = start - 1;
        }
        0
    }

    /// Whether this is the committed entry of the index, given that all before it are as committed.
    #[inline]
    pub(crate) fn is_entry(&self, index: LogIndex, entry: EntryId) -> bool {
        let Some(before) = index.checked_sub(1) else { return false };
        self.history(index).is_some()
            && self.history(before).map(|before| before.then(entry)) == self.history(index)
    }

    /// When the index was committed; `None` if that is too long ago.
    pub(crate) fn committed_at(&self, index: LogIndex) -> Option<SimTime> {
        let place = self.recent.partition_point(|(through, _)| *through < index);
        // What lies below the oldest that is kept may have been committed before it.
        let is_known = place > 0 || self.recent.len() < RECENT;
        self.recent.get(place).filter(|_| is_known && index > 0).map(|(_, at)| *at)
    }

    /// The next entry is committed, in this term.
    #[inline]
    pub(crate) fn push(&mut self, held: Held, committed_in: Term) {
        if self.blocks.last().is_none_or(|block| block.len() == BLOCK) {
            self.blocks.push(Vec::with_capacity(BLOCK));
        }
        if let Some(block) = self.blocks.last_mut() {
            block.push(held.history);
            self.last += 1;
            self.terms.push(self.last, held.entry.term);
            self.committed_in.push(self.last, committed_in);
        }
    }

    /// All that was pushed since the last stamp was committed now.
    pub(crate) fn stamp(&mut self, at: SimTime) {
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back((self.last, at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries of these terms, each committed in the term with which it comes.
    fn committed(terms: &[(Term, Term)]) -> Committed {
        let mut committed = Committed::default();
        let mut history = History::EMPTY;
        for (place, (term, committed_in)) in terms.iter().enumerate() {
            let entry = EntryId { term: *term, digest: place as u64 };
            history = history.then(entry);
            committed.push(Held { entry, history }, *committed_in);
            committed.stamp(SimTime(place as u64));
        }
        committed
    }

    #[test]
    fn an_entry_is_told_by_the_histories_on_both_sides() {
        let committed = committed(&[(1, 1); 10_000]);
        assert!(committed.is_entry(5_000, EntryId { term: 1, digest: 4_999 }));
        assert!(!committed.is_entry(5_000, EntryId { term: 2, digest: 4_999 }));
        assert!(!committed.is_entry(10_001, EntryId { term: 1, digest: 10_000 }));
        assert!(!committed.is_entry(0, EntryId { term: 0, digest: 0 }));
        assert_eq!(committed.blocks.len(), 3);
        assert_eq!(committed.committed_at(10_000), Some(SimTime(9_999)));
        assert_eq!(committed.committed_at(10), None, "too long ago");
    }

    #[test]
    fn the_term_of_the_commitment_need_not_rise_with_the_index() {
        let committed = committed(&[(1, 1), (1, 5), (2, 4), (2, 4)]);
        assert_eq!(
            (1..=5).map(|index| committed.term(index)).collect::<Vec<_>>(),
            [Some(1), Some(1), Some(2), Some(2), None]
        );
        assert_eq!(committed.last_before(6), 4);
        assert_eq!(committed.last_before(5), 4);
        assert_eq!(committed.last_before(4), 1);
        assert_eq!(committed.last_before(1), 0);
        assert_eq!(committed.committed_in(2), Some(5));
    }
}
