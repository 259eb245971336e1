//! What is kept of a run for a replay: its events, and what is known of each log, so that only what is new
//! in a log is written down.

use splitvote_peer::{EntryId, LogIndex, PeerId, SimTime, View};

use crate::trace::{Head, Trace, TraceEvent, What};

/// The most entries of a log that are read at once. A log that claims more is not believed.
const MOST_ENTRIES: usize = 1 << 20;

/// The most entries of logs that are kept in all, so that logs which are rewritten without end do not fill
/// the memory: 64 MiB.
const MOST_ENTRIES_IN_ALL: usize = 1 << 22;

/// Records a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Recorder {
    trace: Trace,
    /// What each peer's log was last seen to hold.
    logs: Vec<Log>,
    /// How many entries of logs were written down.
    entries: usize,
}

/// A log as it was last seen.
#[derive(Clone, Debug, Default)]
struct Log {
    /// The index before the first entry.
    floor: LogIndex,
    entries: Vec<EntryId>,
}

impl Recorder {
    pub(super) fn trace(&self) -> &Trace {
        &self.trace
    }

    pub(super) fn into_trace(self) -> Trace {
        self.trace
    }

    pub(super) fn head(&mut self, head: Head) {
        self.trace.head = head;
    }

    pub(super) fn note(&mut self, at: SimTime, what: What) {
        self.trace.push(TraceEvent { at, what });
    }

    /// A peer's log may differ from what it was. It is read from its end, back to the first entry that was
    /// there before: by log matching, all that precedes that one is as it was.
    pub(super) fn read_log(
        &mut self,
        at: SimTime,
        peer: PeerId,
        view: &View,
        entry: impl Fn(LogIndex) -> Option<EntryId>,
    ) {
        if self.logs.len() <= peer.index() {
            self.logs.resize_with(peer.index() + 1, Log::default);
        }
        let Some(log) = self.logs.get_mut(peer.index()) else { return };
        let (from, entries) = log.read(view, entry);
        let Some(from) = from else { return };
        self.entries = self.entries.saturating_add(entries.len());
        if self.entries > MOST_ENTRIES_IN_ALL {
            return self.trace.leave_out();
        }
        self.note(at, What::Log { peer, from, entries });
    }

    /// A peer begins a new life: nothing is known of its log.
    pub(super) fn forget_log(&mut self, peer: PeerId) {
        if let Some(log) = self.logs.get_mut(peer.index()) {
            *log = Log::default();
        }
    }
}

impl Log {
    /// From which index on the log is otherwise, and what it holds from there on. No index if it is as
    /// it was, but for what was compacted.
    fn read(
        &mut self,
        view: &View,
        entry: impl Fn(LogIndex) -> Option<EntryId>,
    ) -> (Option<LogIndex>, Vec<EntryId>) {
        let floor = view.first.saturating_sub(1);
        let mut fresh = Vec::new();
        let mut index = view.last.index.max(floor);
        while index > floor && fresh.len() < MOST_ENTRIES {
            let Some(id) = entry(index) else { break };
            if self.get(index) == Some(id) {
                break;
            }
            fresh.push(id);
            index -= 1;
        }
        fresh.reverse();
        let is_new = !fresh.is_empty() || self.last() > index;
        self.keep(floor, index);
        self.entries.extend_from_slice(&fresh);
        (is_new.then(|| index.saturating_add(1)), fresh)
    }

    fn get(&self, index: LogIndex) -> Option<EntryId> {
        let place = index.checked_sub(self.floor)?.checked_sub(1)?;
        self.entries.get(usize::try_from(place).ok()?).copied()
    }

    fn last(&self) -> LogIndex {
        self.floor.saturating_add(self.entries.len() as u64)
    }

    /// Keeps only what stands behind the floor, and nothing behind an index.
    fn keep(&mut self, floor: LogIndex, last: LogIndex) {
        let count = |from: LogIndex, to: LogIndex| {
            usize::try_from(to.saturating_sub(from)).unwrap_or(usize::MAX)
        };
        if last > self.last() {
            // What lies between was not read.
            self.entries.clear();
        }
        self.entries.truncate(count(self.floor, last));
        let compacted = count(self.floor, floor).min(self.entries.len());
        self.entries.drain(..compacted);
        self.floor = if self.entries.is_empty() { last } else { self.floor.max(floor) };
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::LogPosition;

    use super::*;

    fn entry(term: u64) -> EntryId {
        EntryId { term, digest: term * 10 }
    }

    /// What is written down of a log that begins at `first` and holds entries of these terms.
    fn read(log: &mut Log, first: LogIndex, terms: &[u64]) -> (Option<LogIndex>, Vec<u64>) {
        let last = first - 1 + terms.len() as u64;
        let position = LogPosition { index: last, term: terms.last().copied().unwrap_or(0) };
        let view = View { first, last: position, ..View::NEW };
        let get = |index: LogIndex| {
            terms.get(usize::try_from(index.checked_sub(first)?).ok()?).map(|term| entry(*term))
        };
        let (from, entries) = log.read(&view, get);
        (from, entries.iter().map(|entry| entry.term).collect())
    }

    #[test]
    fn only_what_is_new_in_a_log_is_written_down() {
        let mut log = Log::default();
        assert_eq!(read(&mut log, 1, &[]), (None, vec![]));
        assert_eq!(read(&mut log, 1, &[1, 1]), (Some(1), vec![1, 1]));
        assert_eq!(read(&mut log, 1, &[1, 1]), (None, vec![]));
        assert_eq!(read(&mut log, 1, &[1, 1, 2]), (Some(3), vec![2]));
        assert_eq!(read(&mut log, 1, &[1, 3]), (Some(2), vec![3]), "two are replaced by one");
        assert_eq!(read(&mut log, 1, &[1]), (Some(2), vec![]), "the log was cut");
    }

    #[test]
    fn a_compaction_is_no_news_and_a_snapshot_that_replaces_the_log_is() {
        let mut log = Log::default();
        read(&mut log, 1, &[1, 1, 2, 2]);
        assert_eq!(read(&mut log, 3, &[2, 2]), (None, vec![]));
        assert_eq!(read(&mut log, 3, &[2, 2, 2]), (Some(5), vec![2]));
        assert_eq!(read(&mut log, 9, &[]), (None, vec![]), "all of it was replaced");
        assert_eq!(read(&mut log, 9, &[4]), (Some(9), vec![4]));
    }

    #[test]
    fn a_log_that_claims_more_than_it_can_hold_ends_where_it_is_not_believed() {
        let last = LogPosition { index: LogIndex::MAX, term: 1 };
        let view = View { last, ..View::NEW };
        let (from, entries) = Log::default().read(&view, |_| Some(entry(1)));
        assert_eq!(entries.len(), MOST_ENTRIES);
        assert_eq!(from, Some(LogIndex::MAX - MOST_ENTRIES as u64 + 1));
    }
}
