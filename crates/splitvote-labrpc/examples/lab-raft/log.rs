//! The log behind the snapshot, and what is saved of it.

use std::rc::Rc;

use splitvote_labrpc::Persistent;
use splitvote_labrpc::peer::{EntryId, LogIndex, LogPosition, PeerId, Term};

use super::calls::Entry;

/// The entries behind the snapshot, which ends at `base`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    pub(crate) base: LogPosition,
    /// Shared with what was saved, and copied when it changes.
    entries: Rc<Vec<Entry>>,
}

impl Log {
    pub(crate) fn last(&self) -> LogPosition {
        let index = self.base.index + self.entries.len() as LogIndex;
        LogPosition { index, term: self.term(index).unwrap_or(self.base.term) }
    }

    pub(crate) fn get(&self, index: LogIndex) -> Option<&Entry> {
        self.entries.get(self.place(index)?)
    }

    /// The term at an index, the end of the snapshot included.
    pub(crate) fn term(&self, index: LogIndex) -> Option<Term> {
        match index == self.base.index {
            true => Some(self.base.term),
            false => self.get(index).map(|entry| entry.term),
        }
    }

    pub(crate) fn from(&self, index: LogIndex) -> Vec<Entry> {
        let place = self.place(index).unwrap_or(0).min(self.entries.len());
        self.entries[place..].to_vec()
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        Rc::make_mut(&mut self.entries).push(entry);
    }

    /// Drops the entry at an index and all behind it.
    pub(crate) fn truncate(&mut self, from: LogIndex) {
        let place = self.place(from).unwrap_or(0);
        Rc::make_mut(&mut self.entries).truncate(place);
    }

    /// Discards all up to a snapshot's end. What follows stays if the log holds that entry.
    pub(crate) fn discard(&mut self, through: LogPosition) {
        let holds = self.term(through.index) == Some(through.term);
        let behind = if holds { self.from(through.index + 1) } else { Vec::new() };
        (self.base, self.entries) = (through, Rc::new(behind));
    }

    /// The first index of the term that an index has: where a leader that disagrees there tries next.
    pub(crate) fn start_of_term(&self, index: LogIndex) -> LogIndex {
        let term = self.term(index);
        let mut start = index;
        while start > self.base.index + 1 && self.term(start - 1) == term {
            start -= 1;
        }
        start
    }

    fn place(&self, index: LogIndex) -> Option<usize> {
        usize::try_from(index.checked_sub(self.base.index + 1)?).ok()
    }
}

/// What survives a crash (Figure 2, persistent state), as one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    pub(crate) term: Term,
    pub(crate) voted_for: Option<PeerId>,
    pub(crate) log: Log,
}

impl Persistent for Kept {
    fn ballot(&self) -> (Term, Option<PeerId>) {
        (self.term, self.voted_for)
    }

    fn last(&self) -> LogIndex {
        self.log.last().index
    }

    fn entry(&self, index: LogIndex) -> Option<EntryId> {
        self.log.get(index).map(Entry::id)
    }

    fn bytes(&self) -> usize {
        let entries = self.log.entries.iter().map(|entry| 16 + entry.command.size());
        32 + entries.sum::<usize>()
    }
}
