//! What a leader knows of a follower's log (Figure 2, volatile state on leaders).
//!
//! `nextIndex` is optimistic: it moves on when entries are sent, not when they are acknowledged, so
//! that several AppendEntries may be under way (pipelining). It falls back behind `matchIndex` when
//! one of them is refused, reported lost, or unanswered for too long. From then on the leader
//! *probes*: it sends one AppendEntries at a time until one succeeds.

use std::collections::VecDeque;
use std::time::Duration;

use splitvote_peer::{LocalTime, LogIndex, Progress};

/// The leader's account of one follower.
#[derive(Clone, Debug, Default)]
pub(crate) struct Follower {
    /// `matchIndex`.
    pub(crate) matched: LogIndex,
    /// `nextIndex`.
    pub(crate) next: LogIndex,
    /// Whether it is not known yet where the logs agree.
    pub(crate) probing: bool,
    /// The commit index that the follower was last told.
    pub(crate) told_commit: LogIndex,
    /// The AppendEntries with entries that nobody has answered.
    in_flight: VecDeque<InFlight>,
    /// Since when the oldest of them is under way, at most.
    waiting_since: LocalTime,
    /// The snapshot that is being sent.
    pub(crate) transfer: Option<Transfer>,
}

#[derive(Clone, Copy, Debug)]
struct InFlight {
    call: u64,
    through: LogIndex,
}

/// A snapshot on its way to a follower, one part at a time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transfer {
    /// Which snapshot: its last index.
    pub(crate) through: LogIndex,
    /// How many bytes the follower has.
    pub(crate) offset: usize,
    /// The call under way, if any.
    pub(crate) call: Option<u64>,
    /// When it was made.
    pub(crate) sent_at: LocalTime,
}

impl Follower {
    /// Figure 2: what is known at an election, that is, nothing.
    pub(crate) fn start(&mut self, matched: LogIndex, next: LogIndex) {
        self.in_flight.clear();
        let in_flight = std::mem::take(&mut self.in_flight);
        *self = Self { matched, next, probing: true, in_flight, ..Self::default() };
    }

    pub(crate) fn progress(&self) -> Progress {
        Progress { matched: self.matched, next: self.next }
    }

    /// How many AppendEntries with entries are under way.
    #[inline]
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    /// Entries up to `through` have left.
    pub(crate) fn sent(&mut self, call: u64, through: LogIndex, now: LocalTime) {
        if self.in_flight.is_empty() {
            self.waiting_since = now;
        }
        self.in_flight.push_back(InFlight { call, through });
    }

    /// A call has returned. True if it was one of those under way.
    #[inline]
    pub(crate) fn returned(&mut self, call: u64, now: LocalTime) -> bool {
        let Some(place) = self.in_flight.iter().position(|sent| sent.call == call) else {
            return false;
        };
        self.in_flight.remove(place);
        self.waiting_since = now;
        true
    }

    /// The follower holds the log up to here: entries, and so replies, that are still missing do not
    /// matter any more.
    #[inline]
    pub(crate) fn holds(&mut self, matched: LogIndex) {
        self.matched = self.matched.max(matched);
        self.next = self.next.max(self.matched.saturating_add(1));
        self.probing = false;
        if !self.in_flight.is_empty() {
            self.in_flight.retain(|sent| sent.through > matched);
        }
    }

    /// Section 5.1, "Servers retry RPCs": goes back to what the follower is known to hold.
    pub(crate) fn fall_back(&mut self) {
        self.go_back_to(self.matched.saturating_add(1));
    }

    /// Probes from here on.
    pub(crate) fn go_back_to(&mut self, next: LogIndex) {
        self.next = next;
        self.probing = true;
        self.in_flight.clear();
    }

    /// Whether entries are under way that should have been answered by now.
    #[inline]
    pub(crate) fn is_overdue(&self, now: LocalTime, patience: Duration) -> bool {
        !self.in_flight.is_empty() && self.waiting_since + patience <= now
    }
}
