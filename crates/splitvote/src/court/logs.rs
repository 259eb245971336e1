//! How logs come before the judge: read with an eye on whether they are what the views say.
//!
//! A log that does not hold what its view says breaks the contract, and no rule of Raft. So that is
//! found out here, while the judge reads, and the run ends by it whatever the judge made of the log.

use std::cell::Cell;

use splitvote_check::Evidence;
use splitvote_check::checkers::LogMismatch;
use splitvote_peer::{BreachCause, EntryId, LogIndex, Peer, PeerId, SimTime, View};

use super::Court;

/// The most entries that a log can gain at once: no more are read.
const MOST_ENTRIES: u64 = 1 << 22;

impl Court {
    /// A step changed a peer's log.
    pub(super) fn log_changed<P: Peer>(
        &mut self,
        at: SimTime,
        peer: PeerId,
        raft: &P,
        before: &View,
        after: &View,
    ) {
        // A log that only grew ends as its view says, and mostly that is all.
        if self.judge.log_grows(peer, (before, after), |index| raft.entry(index)) {
            return;
        }
        if self.is_too_long(peer, before, after) {
            return;
        }
        let flaw = Cell::new(None);
        let read = |index| shown(raft, after, index, &flaw);
        self.judge.log_changed(at, peer, before, after, read);
        self.object(peer, flaw.get());
    }

    /// Compares a peer's whole log with what was seen of it: at a boot, and at the end of a run.
    pub(crate) fn whole_log<P: Peer>(&mut self, at: SimTime, peer: PeerId, raft: &P, view: &View) {
        if self.is_too_long(peer, &View::NEW, view) {
            return;
        }
        let was_violated = self.judge.is_violated();
        let flaw = Cell::new(None);
        self.judge.whole_log(at, peer, view, |index| shown(raft, view, index, &flaw));
        self.object(peer, flaw.get());
        let found = self.judge.violation().filter(|_| !was_violated);
        if let Some(Evidence::LogMismatch(LogMismatch::Unseen { entry, .. })) =
            found.map(|violation| violation.evidence)
        {
            self.object(peer, Some(BreachCause::EntryChanged { index: entry.index }));
        }
    }

    /// A log that claims more than anybody can have written is not read.
    #[inline]
    fn is_too_long(&mut self, peer: PeerId, before: &View, after: &View) -> bool {
        let entries = length(after).saturating_sub(length(before));
        let is_too_long = entries > MOST_ENTRIES;
        if is_too_long {
            let most = MOST_ENTRIES;
            self.object(peer, Some(BreachCause::LogTooLong { entries, most }));
        }
        is_too_long
    }

    #[inline]
    fn object(&mut self, peer: PeerId, cause: Option<BreachCause>) {
        if self.breach.is_none() {
            self.breach = cause.map(|cause| (peer, cause));
        }
    }

    /// Which peer was found to break the contract, and how.
    pub(crate) fn take_breach(&mut self) -> Option<(PeerId, BreachCause)> {
        self.breach.take()
    }
}

/// How many entries a log holds by its view.
#[inline]
fn length(view: &View) -> u64 {
    view.last.index.saturating_sub(view.first.saturating_sub(1))
}

/// The entry that a peer shows at an index of its log.
fn shown<P: Peer>(
    raft: &P,
    view: &View,
    index: LogIndex,
    flaw: &Cell<Option<BreachCause>>,
) -> Option<EntryId> {
    let entry = raft.entry(index);
    let is_plain =
        entry.is_some_and(|entry| index != view.last.index || entry.term == view.last.term);
    if !is_plain {
        note_flaw(view, index, entry, flaw);
    }
    entry
}

#[cold]
fn note_flaw(
    view: &View,
    index: LogIndex,
    entry: Option<EntryId>,
    flaw: &Cell<Option<BreachCause>>,
) {
    let (first, last) = (view.first, view.last.index);
    let cause = match entry {
        Some(entry) => {
            BreachCause::LastTermDiffers { index, stated: view.last.term, held: entry.term }
        }
        None if (first..=last).contains(&index) => BreachCause::EntryMissing { index, first, last },
        None => return,
    };
    flaw.set(flaw.get().or(Some(cause)));
}
