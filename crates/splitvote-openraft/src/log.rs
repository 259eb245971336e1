//! The entries of a log, of which the disk has a copy for each of its saves: a copy costs nothing.

use std::cell::RefCell;
use std::rc::Rc;

use crate::store::LogEntry;

/// Entries, from index `first` on. Copies share them until one of the two is changed otherwise than at its end.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    entries: Rc<RefCell<Vec<LogEntry>>>,
    len: usize,
    first: u64,
}

impl Log {
    /// A log of these entries.
    pub(crate) fn new(first: u64, entries: Vec<LogEntry>) -> Self {
        Self { len: entries.len(), entries: Rc::new(RefCell::new(entries)), first }
    }

    /// The index of its first entry, whether there is one or not.
    pub(crate) fn first(&self) -> u64 {
        self.first
    }

    /// The index behind its last entry.
    pub(crate) fn next(&self) -> u64 {
        self.first + self.len as u64
    }

    fn place(&self, index: u64) -> Option<usize> {
        let place = usize::try_from(index.checked_sub(self.first)?).ok()?;
        Some(place).filter(|place| *place < self.len)
    }

    /// What stands at an index.
    pub(crate) fn at<T>(&self, index: u64, look: impl FnOnce(&LogEntry) -> T) -> Option<T> {
        let place = self.place(index)?;
        self.entries.borrow().get(place).map(look)
    }

    pub(crate) fn push(&mut self, entry: LogEntry) {
        if self.entries.borrow().len() != self.len {
            let held = self.entries.borrow().iter().take(self.len).cloned().collect();
            *self = Self::new(self.first, held);
        }
        self.entries.borrow_mut().push(entry);
        self.len += 1;
    }

    /// Drops what stands at this index and behind it.
    pub(crate) fn truncate(&mut self, from: u64) {
        self.len = self.place(from).unwrap_or(if from < self.first { 0 } else { self.len });
    }

    /// Drops what stands in front of this index.
    pub(crate) fn purge(&mut self, first: u64) {
        if first <= self.first {
            return;
        }
        let rest = self.place(first).map(|place| self.entries.borrow()[place..self.len].to_vec());
        *self = Self::new(first, rest.unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use openraft::entry::RaftEntry;
    use openraft::{Entry, EntryPayload, LogId};

    use super::*;

    fn entry(term: u64, index: u64) -> LogEntry {
        Entry::new(LogId::new_term_index(term, index), EntryPayload::Blank)
    }

    fn terms(log: &Log) -> Vec<u64> {
        let term = |index| log.at(index, |entry| entry.log_id.leader_id.term);
        (log.first()..log.next()).filter_map(term).collect()
    }

    #[test]
    fn a_copy_stays_as_it_was() {
        let mut log = Log::new(0, vec![entry(1, 0), entry(1, 1), entry(1, 2)]);
        let copy = log.clone();
        log.truncate(1);
        let short = log.clone();
        log.push(entry(2, 1));
        assert_eq!((terms(&log), terms(&short)), (vec![1, 2], vec![1]));
        assert_eq!(terms(&copy), [1, 1, 1]);
        log.purge(1);
        assert_eq!((log.first(), log.next(), terms(&log)), (1, 2, vec![2]));
        log.purge(0);
        assert_eq!((log.first(), terms(&log)), (1, vec![2]));
        log.purge(7);
        assert_eq!((log.first(), log.next(), terms(&log)), (7, 7, vec![]));
        assert_eq!(log.at(3, |_| ()), None);
    }
}
