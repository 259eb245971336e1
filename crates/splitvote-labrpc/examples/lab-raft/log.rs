//! The log behind the snapshot, and what is saved of it.

use std::rc::Rc;

use splitvote_labrpc::Persistent;
use splitvote_labrpc::peer::{EntryId, LogIndex, LogPosition, PeerId, Term};

use super::calls::Entry;

/// So many entries are copied at most when one changes.
const BLOCK: usize = 32;

/// The entries behind the snapshot, which ends at `base`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    pub(crate) base: LogPosition,
    /// All but the last are full. Each is shared with what was saved, and copied when it changes.
    blocks: Vec<Rc<Vec<Entry>>>,
    len: usize,
    /// How many bytes it has on the disk.
    bytes: usize,
}

impl Log {
    pub(crate) fn last(&self) -> LogPosition {
        let index = self.base.index + self.len as LogIndex;
        LogPosition { index, term: self.term(index).unwrap_or(self.base.term) }
    }

    pub(crate) fn get(&self, index: LogIndex) -> Option<&Entry> {
        let place = self.place(index)?;
        self.blocks.get(place / BLOCK)?.get(place % BLOCK)
    }

    /// The term at an index, the end of the snapshot included.
    pub(crate) fn term(&self, index: LogIndex) -> Option<Term> {
        match index == self.base.index {
            true => Some(self.base.term),
            false => self.get(index).map(|entry| entry.term),
        }
    }

    pub(crate) fn from(&self, index: LogIndex) -> Vec<Entry> {
        let place = self.place(index).unwrap_or(0);
        let blocks = self.blocks.iter().skip(place / BLOCK);
        blocks.flat_map(|block| block.iter()).skip(place % BLOCK).cloned().collect()
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        self.bytes += entry.bytes();
        match self.blocks.last_mut().filter(|block| block.len() < BLOCK) {
            Some(block) => Rc::make_mut(block).push(entry),
            None => self.blocks.push(Rc::new(vec![entry])),
        }
        self.len += 1;
    }

    /// Drops the entry at an index and all behind it.
    pub(crate) fn truncate(&mut self, from: LogIndex) {
        let place = self.place(from).unwrap_or(0);
        self.bytes -= self.from(from).iter().map(Entry::bytes).sum::<usize>();
        self.len = self.len.min(place);
        self.blocks.truncate(self.len.div_ceil(BLOCK));
        if let Some(last) = self.blocks.last_mut().filter(|_| !self.len.is_multiple_of(BLOCK)) {
            Rc::make_mut(last).truncate(self.len % BLOCK);
        }
    }

    /// Discards all up to a snapshot's end. What follows stays if the log holds that entry.
    pub(crate) fn discard(&mut self, through: LogPosition) {
        let holds = self.term(through.index) == Some(through.term);
        let behind = if holds { self.from(through.index + 1) } else { Vec::new() };
        *self = Self { base: through, ..Self::default() };
        behind.into_iter().for_each(|entry| self.push(entry));
    }

    /// Up to which index this log and another are the same, told by what they share.
    fn shared_with(&self, other: &Self) -> LogIndex {
        if self.base != other.base {
            return 0;
        }
        let blocks = self.blocks.iter().zip(&other.blocks);
        let shared = blocks.take_while(|(ours, theirs)| Rc::ptr_eq(ours, theirs));
        let entries = shared.map(|(block, _)| block.len() as LogIndex).sum::<LogIndex>();
        self.base.index + entries
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

    fn unchanged_since(&self, earlier: &Self) -> LogIndex {
        self.log.shared_with(&earlier.log)
    }

    fn bytes(&self) -> usize {
        32 + self.log.bytes
    }
}
