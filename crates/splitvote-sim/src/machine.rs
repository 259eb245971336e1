//! The replicated state machine of each peer, played by the harness (paper, sections 2 and 7).
//!
//! Its state is a [`History`]: two machines are in the same state if and only if they applied the
//! same entries in the same order. It is naive: it applies whatever it is handed, whatever the
//! index, and it is for the checkers to judge that. It lives in memory alone: a crash loses it, and
//! a boot starts with an empty one.
//!
//! Now and then it makes a snapshot of itself, which takes a while; meanwhile it goes on applying,
//! and the peer may install a newer snapshot from its leader. What waits to be handed over is no
//! snapshot yet but the words of state that it will hold, so a slow machine fills no memory.

use serde::{Deserialize, Serialize};
use splitvote_peer::{EntryId, History, LogIndex, LogPosition, PeerId, Snapshot};

use crate::chance::{Seed, Stream, StreamId};
use crate::latency::Latency;

/// When state machines make snapshots of themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotProfile {
    /// After every entry whose index is one short of a multiple of this, as in the lab: 10 makes
    /// one at index 9, 19, 29 and so on. None, or zero: never.
    pub every: Option<u64>,
    /// The size of the state, at least [`Snapshot::LEAST_BYTES`] and at most [`Self::MAX_BYTES`].
    pub bytes: usize,
    /// How long it takes until the peer is handed the snapshot. It is never in the same step.
    pub latency: Latency,
}

impl SnapshotProfile {
    /// The largest state of a machine: 64 MiB.
    pub const MAX_BYTES: usize = 64 << 20;

    /// Whether a snapshot is due after this entry.
    #[inline]
    fn is_due(&self, index: LogIndex) -> bool {
        // No number but 0 is a multiple of 0.
        let next = index.checked_add(1);
        self.every.is_some_and(|every| next.is_some_and(|next| next.is_multiple_of(every)))
    }
}

impl Default for SnapshotProfile {
    /// Never, by default.
    fn default() -> Self {
        Self { every: None, bytes: 64, latency: Latency::NONE }
    }
}

/// One peer's state machine.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    /// The last entry that was applied.
    through: LogPosition,
    history: History,
    stream: Stream,
}

impl Machine {
    /// The state of a machine that was handed what is no state: no entries lead there.
    const UNREADABLE: History = History(0);

    pub(crate) fn new(seed: Seed, peer: PeerId) -> Self {
        let stream = Stream::new(seed, StreamId::Machine(peer));
        Self { through: LogPosition::default(), history: History::EMPTY, stream }
    }

    /// The last entry that was applied, and what all of them amount to.
    #[inline]
    pub(crate) fn state(&self) -> (LogPosition, History) {
        (self.through, self.history)
    }

    /// All that it applied is gone; what it will draw is not.
    pub(crate) fn clear(&mut self) {
        (self.through, self.history) = (LogPosition::default(), History::EMPTY);
    }

    /// Applies an entry. If a snapshot is due: after how many nanoseconds. One word a snapshot.
    #[inline]
    pub(crate) fn apply(
        &mut self,
        index: LogIndex,
        entry: EntryId,
        profile: &SnapshotProfile,
    ) -> Option<u64> {
        self.through = LogPosition { index, term: entry.term };
        self.history = self.history.then(entry);
        profile.is_due(index).then(|| profile.latency.nanos(self.stream.word()))
    }

    /// Replaces the state by a snapshot's: what that says it holds, not what it is labelled.
    pub(crate) fn restore(&mut self, snapshot: &Snapshot) {
        let label = snapshot.through;
        let (index, history) = snapshot.content().unwrap_or((label.index, Self::UNREADABLE));
        (self.through, self.history) = (LogPosition { index, term: label.term }, history);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: EntryId = EntryId { term: 3, digest: 7 };

    fn machine() -> Machine {
        Machine::new(Seed(1), PeerId(0))
    }

    fn due(every: Option<u64>) -> Vec<LogIndex> {
        let profile = SnapshotProfile { every, ..SnapshotProfile::default() };
        let ends = [u64::MAX - 1, u64::MAX];
        (0..=40).chain(ends).filter(|index| profile.is_due(*index)).collect()
    }

    #[test]
    fn snapshots_are_due_at_the_labs_indexes() {
        assert_eq!(due(Some(10)), [9, 19, 29, 39]);
        assert_eq!(due(Some(u64::MAX)), [u64::MAX - 1], "the last index has no successor");
        assert_eq!(due(Some(1)).len(), 42, "all but the last index");
        assert_eq!(due(Some(0)), []);
        assert_eq!(due(None), []);
    }

    #[test]
    fn it_applies_whatever_it_is_handed() {
        let mut machine = machine();
        for index in [5, 2] {
            assert_eq!(machine.apply(index, ENTRY, &SnapshotProfile::default()), None);
        }
        let expected = History::EMPTY.then(ENTRY).then(ENTRY);
        assert_eq!(machine.state(), (LogPosition { index: 2, term: 3 }, expected));
        machine.clear();
        assert_eq!(machine.state(), (LogPosition::default(), History::EMPTY));
    }

    #[test]
    fn it_believes_the_content_of_a_snapshot_and_not_its_label() {
        let through = LogPosition { index: 9, term: 2 };
        let mut snapshot = Snapshot::of(through, History(42), 100);
        snapshot.through.index = 8;
        let mut machine = machine();
        machine.restore(&snapshot);
        assert_eq!(machine.state(), (through, History(42)));
    }

    #[test]
    fn a_snapshot_that_cannot_be_read_leaves_a_state_that_no_entries_lead_to() {
        let through = LogPosition { index: 9, term: 2 };
        let mut machine = machine();
        machine.restore(&Snapshot { through, state: [1, 2, 3].into() });
        assert_eq!(machine.state(), (through, Machine::UNREADABLE));
        assert_ne!(Machine::UNREADABLE, History::EMPTY);
    }
}
