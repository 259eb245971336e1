//! What a leader knows of a follower's log (Figure 2, volatile state on leaders).
//!
//! `nextIndex` is optimistic: it moves on when entries are sent, not when they are acknowledged, so
//! that several AppendEntries may be under way (pipelining). When one of them is refused, reported
//! lost, or unanswered for too long, it goes back to what is missing. From then on the leader
//! *probes*: it sends one AppendEntries at a time until the follower is known to hold all that was
//! sent. Then one more may be under way with every success.

use std::collections::VecDeque;
use std::time::Duration;

use splitvote_peer::{LocalTime, LogIndex, Progress};

use crate::silence::Silence;
use crate::transfer::Transfer;

/// The leader's account of one follower.
#[derive(Clone, Debug, Default)]
pub(crate) struct Follower {
    /// The leader's `matchIndex` of the follower.
    pub(crate) matched: LogIndex,
    /// The leader's `nextIndex` of the follower.
    pub(crate) next: LogIndex,
    /// Whether it is not known yet where the logs agree.
    pub(crate) probing: bool,
    /// How many AppendEntries with entries may be under way, if the scenario asks for no fewer.
    pub(crate) window: usize,
    /// The commit index that the follower was last told.
    pub(crate) told_commit: LogIndex,
    /// The AppendEntries with entries that nobody has answered.
    in_flight: VecDeque<InFlight>,
    /// Since when the oldest of them is under way, at most.
    waiting_since: LocalTime,
    /// The snapshot that is being sent.
    pub(crate) transfer: Option<Transfer>,
    /// When it last answered in the leader's term; when that began, if it has not.
    pub(crate) heard_at: LocalTime,
    /// Whether it answers at all.
    pub(crate) silence: Silence,
}

/// Entries on their way: those from one index through another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InFlight {
    call: u64,
    from: LogIndex,
    through: LogIndex,
}

impl Follower {
    /// Figure 2: what is known at an election, that is, nothing.
    pub(crate) fn start(&mut self, matched: LogIndex, next: LogIndex, heard_at: LocalTime) {
        self.in_flight.clear();
        let in_flight = std::mem::take(&mut self.in_flight);
        let (probing, window) = (true, usize::MAX);
        *self = Self { matched, next, probing, window, in_flight, heard_at, ..Self::default() };
    }

    pub(crate) fn progress(&self) -> Progress {
        Progress { matched: self.matched, next: self.next }
    }

    /// How many AppendEntries with entries are under way.
    #[inline]
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    /// Entries have left, those from `nextIndex` through this one.
    pub(crate) fn sent(&mut self, call: u64, through: LogIndex, now: LocalTime) {
        if self.in_flight.is_empty() {
            self.waiting_since = now;
        }
        self.in_flight.push_back(InFlight { call, from: self.next, through });
    }

    /// A call has returned. What it carried, if it was one of those under way.
    #[inline]
    pub(crate) fn returned(&mut self, call: u64, now: LocalTime) -> Option<InFlight> {
        let place = self.in_flight.iter().position(|sent| sent.call == call)?;
        self.waiting_since = now;
        self.in_flight.remove(place)
    }

    /// The follower holds the log up to here: entries, and so replies, that are still missing do not
    /// matter any more. Where the logs agree is known again once all is held that was sent; a late
    /// success of something earlier does not tell.
    #[inline]
    pub(crate) fn holds(&mut self, matched: LogIndex) {
        self.matched = self.matched.max(matched);
        let behind = self.matched.saturating_add(1);
        if behind >= self.next {
            self.next = behind;
            self.probing = false;
        }
        if !self.in_flight.is_empty() {
            self.in_flight.retain(|sent| sent.through > matched);
        }
    }

    /// Section 5.3: goes back to an entry that the follower lacks, and probes from there on. What is
    /// under way behind it will be refused.
    pub(crate) fn go_back_to(&mut self, next: LogIndex) {
        self.lower_next(next);
        self.in_flight.clear();
    }

    /// Section 5.1, "Servers retry RPCs": what this call carried must be sent again, unless it is
    /// under way once more.
    pub(crate) fn lost(&mut self, sent: InFlight) {
        let from = sent.from.max(self.matched.saturating_add(1));
        let is_under_way =
            self.in_flight.iter().any(|other| other.from <= from && other.through >= sent.through);
        if from <= sent.through && !is_under_way {
            self.lower_next(from);
        }
    }

    /// Nothing that is under way is waited for any longer. That says nothing of what arrives out of
    /// order: the window stays as it is, or it would never open for a follower that is slow.
    pub(crate) fn give_up(&mut self, repeats: bool) {
        let window = self.window;
        while let Some(sent) = self.in_flight.pop_back() {
            if repeats {
                self.lost(sent);
            }
        }
        self.window = window;
    }

    fn lower_next(&mut self, next: LogIndex) {
        self.next = self.next.min(next);
        self.probing = true;
        self.window = 1;
    }

    /// Whether an entry is on its way.
    pub(crate) fn is_under_way(&self, index: LogIndex) -> bool {
        self.in_flight.iter().any(|sent| sent.from <= index && index <= sent.through)
    }

    /// The latest call of those under way that should have been answered by now, if any.
    #[inline]
    pub(crate) fn overdue(&self, now: LocalTime, patience: Duration) -> Option<u64> {
        let part = self.transfer.as_ref().and_then(|transfer| transfer.overdue(now, patience));
        match self.in_flight.back() {
            Some(sent) if self.waiting_since + patience <= now => part.max(Some(sent.call)),
            _ => part,
        }
    }
}
