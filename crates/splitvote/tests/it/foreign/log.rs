//! The log of a Courier, behind its last snapshot.

use splitvote::peer::{LogIndex, LogPosition, Snapshot, Term};

use super::words::{Entry, Note};

#[derive(Default)]
pub(super) struct Log {
    pub(super) snapshot: Option<Snapshot>,
    entries: Vec<Entry>,
}

impl Log {
    /// What the snapshot stands for.
    pub(super) fn base(&self) -> LogPosition {
        self.snapshot.as_ref().map_or(LogPosition::default(), |snapshot| snapshot.through)
    }

    pub(super) fn last(&self) -> LogPosition {
        let index = self.base().index + self.entries.len() as LogIndex;
        LogPosition { index, term: self.entries.last().map_or(self.base().term, |last| last.term) }
    }

    pub(super) fn get(&self, index: LogIndex) -> Option<&Entry> {
        self.entries.get(index.checked_sub(self.base().index + 1)? as usize)
    }

    pub(super) fn term(&self, index: LogIndex) -> Option<Term> {
        let base = self.base();
        if index == base.index { Some(base.term) } else { Some(self.get(index)?.term) }
    }

    pub(super) fn position(&self, index: LogIndex) -> Option<LogPosition> {
        Some(LogPosition { index, term: self.term(index)? })
    }

    /// Some entries from an index on.
    pub(super) fn some_from(&self, index: LogIndex, most: usize) -> Vec<Entry> {
        let skipped = index.saturating_sub(self.base().index + 1) as usize;
        self.entries.iter().skip(skipped).take(most).cloned().collect()
    }

    /// Puts an entry in its place, unless it stands there; what follows another one is gone.
    pub(super) fn put(&mut self, index: LogIndex, entry: Entry) -> bool {
        let Some(place) = index.checked_sub(self.base().index + 1) else { return false };
        let place = place as usize;
        assert!(place <= self.entries.len(), "a hole in the log before {index}");
        if self.entries.get(place).is_some_and(|there| there.term == entry.term) {
            return false;
        }
        self.entries.truncate(place);
        self.entries.push(entry);
        true
    }

    /// The place before which a leader should look, if this log does not hold what it expects there.
    pub(super) fn place_before(&self, index: LogIndex) -> LogIndex {
        let last = self.last().index;
        let Some(term) = self.term(index) else { return last };
        let mut place = index - 1;
        while place > self.base().index && self.term(place) == Some(term) {
            place -= 1;
        }
        place
    }

    /// A snapshot takes the place of all up to its last entry, and of what does not follow it.
    pub(super) fn replace_front(&mut self, snapshot: Snapshot) {
        let through = snapshot.through;
        if self.term(through.index) == Some(through.term) {
            self.entries.drain(..(through.index - self.base().index) as usize);
        } else {
            self.entries.clear();
        }
        self.snapshot = Some(snapshot);
    }

    /// All of it as records.
    pub(super) fn notes(&self) -> impl Iterator<Item = Note> {
        let front = self.snapshot.clone().map(Note::Snapshot);
        let entries = (self.base().index + 1..).zip(&self.entries);
        front
            .into_iter()
            .chain(entries.map(|(index, entry)| Note::Entry { index, entry: entry.clone() }))
    }
}
