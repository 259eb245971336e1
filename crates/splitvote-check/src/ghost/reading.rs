//! What changed in a log: read from its end, back to the first entry that was there before.
//!
//! By log matching, all that precedes that entry is as it was. So reading costs what changed, and
//! not what the log holds; the whole log is read at every boot and at the end of the run.

use splitvote_peer::{EntryId, History, LogIndex, LogPosition, PeerId, View};

use super::committed::Committed;
use super::log::{Held, LogGhost};

/// The most entries that a log can gain at once. A log that claims more is not believed, so that
/// nobody can make the judge fill the memory.
pub(crate) const MOST_ENTRIES: usize = 1 << 22;

/// On what occasion a log is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// A step changed it.
    Step,
    /// A peer booted with it.
    Boot,
    /// The run ends.
    End,
}

/// A log that may differ from what was known of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LogChange<'a> {
    pub(crate) peer: PeerId,
    pub(crate) occasion: Occasion,
    pub(crate) before: &'a View,
    pub(crate) after: &'a View,
    /// Up to here the log is as it was, or a snapshot stands for it.
    pub(crate) kept: LogPosition,
    /// The history there, if it is known.
    pub(crate) start: Option<History>,
    /// The entries behind it.
    pub(crate) fresh: &'a [Held],
    /// Where it is not what its view claims, if it could not be read.
    pub(crate) flaw: Option<LogIndex>,
}

impl LogChange<'_> {
    /// Where the snapshot of the log ends now.
    #[inline]
    pub(crate) fn floor(&self) -> LogIndex {
        self.after.first.saturating_sub(1)
    }

    /// The entries that are gone from the log that was known, or were overwritten.
    #[inline]
    pub(crate) fn removed(&self, known: &LogGhost) -> Option<(LogPosition, LogPosition)> {
        let last = known.last();
        let from = self.kept.index.max(known.base().index).saturating_add(1);
        (from <= last.index).then(|| (known.position(from), last))
    }

    /// The fresh entries with their indexes.
    #[inline]
    pub(crate) fn entries(&self) -> impl Iterator<Item = (LogIndex, &Held)> {
        // No range: that of the last index would overflow.
        let index = |place: usize| self.kept.index.saturating_add(place as u64 + 1);
        self.fresh.iter().enumerate().map(move |(place, held)| (index(place), held))
    }

    /// The term and the history at an index of the log as it is now.
    pub(crate) fn held(&self, index: LogIndex) -> Option<&Held> {
        let place = index.checked_sub(self.kept.index)?.checked_sub(1)?;
        self.fresh.get(usize::try_from(place).ok()?)
    }

    /// Whether the log as it is now holds all up to this index with this history. Only for a log
    /// that was read as a whole.
    pub(crate) fn holds(&self, index: LogIndex, history: History) -> bool {
        if index == self.kept.index {
            return self.start == Some(history);
        }
        self.start.is_some() && self.held(index).is_some_and(|held| held.history == history)
    }
}

/// Reads logs. Its buffer is used again and again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reader {
    fresh: Vec<Held>,
    kept: LogIndex,
    flaw: Option<LogIndex>,
}

impl Reader {
    /// Reads back from the end of the log that the view describes to an entry that was known.
    #[inline]
    pub(crate) fn read(
        &mut self,
        known: &LogGhost,
        view: &View,
        entry: impl Fn(LogIndex) -> Option<EntryId>,
    ) {
        let floor = view.first.saturating_sub(1);
        self.fresh.clear();
        self.flaw = (view.last.index < floor).then_some(floor);
        let mut index = view.last.index.max(floor);
        while index > floor {
            // More than anyone can have written is not read.
            let Some(id) = entry(index).filter(|_| self.fresh.len() <= MOST_ENTRIES) else {
                self.flaw = Some(index);
                break;
            };
            if known.get(index).is_some_and(|held| held.entry == id) {
                break;
            }
            self.fresh.push(Held { entry: id, history: History::EMPTY });
            index -= 1;
        }
        self.kept = index;
    }

    /// What was read, with its histories: those of a snapshot are the committed ones.
    pub(crate) fn change<'a>(
        &'a mut self,
        known: &LogGhost,
        committed: &Committed,
        peer: PeerId,
        occasion: Occasion,
        (before, after): (&'a View, &'a View),
    ) -> LogChange<'a> {
        let floor = after.first.saturating_sub(1);
        let (index, flaw) = (self.kept, self.flaw);
        let by_snapshot = committed.history(index).filter(|_| index == floor);
        let start = by_snapshot.or_else(|| known.history(index));
        let term = by_snapshot.and_then(|_| committed.term(index)).or_else(|| known.term(index));
        let term = match term {
            _ if index == after.last.index => after.last.term,
            known => known.unwrap_or(0),
        };
        self.fresh.reverse();
        let mut history = start.unwrap_or(History::EMPTY);
        for held in &mut self.fresh {
            history = history.then(held.entry);
            held.history = history;
        }
        let kept = LogPosition { index, term };
        LogChange { peer, occasion, before, after, kept, start, fresh: &self.fresh, flaw }
    }

    /// Gives back the memory of a long log.
    #[inline]
    pub(crate) fn rest(&mut self) {
        if self.fresh.capacity() > 4096 {
            self.fresh = Vec::new();
        }
    }
}
