//! What packets cost: RPCs and bytes, by kind of message and by cause.
//!
//! The kind is what a message says it is; the cause is why it was sent. An AppendEntries may be a
//! heartbeat, carry entries for the first time, repeat them, or look for the point at which a
//! follower's log agrees. Only the causes tell a Raft that is busy from one that is wasteful.
//!
//! An AppendEntries that repeats some entries and adds others is one RPC with new entries; its bytes
//! are shared out by the number of entries, as if all were of one size and the rest cost nothing.
//! One that backs off counts wholly as that.

mod budget;
mod reading;

use splitvote_peer::{Leg, LogIndex, LogPosition, Meaning, PeerId, Term};

pub use budget::{Allowance, Budget, Overrun, Share};
pub use reading::{Cause, Count, Reading};

/// What a leader has sent to one follower in its term.
#[derive(Clone, Copy, Debug, Default)]
struct Sent {
    term: Term,
    /// The last entry that was ever sent.
    through: LogIndex,
    /// What preceded the entries that were sent last.
    previous: LogIndex,
    /// Whether the leader has heard a refusal since it last heard that the follower agrees.
    is_refused: bool,
}

/// Counts packets as they leave.
#[derive(Clone, Debug)]
pub struct Meter {
    reading: Reading,
    /// From whom, to whom.
    sent: Vec<Vec<Sent>>,
}

impl Meter {
    /// A meter for messages of these kinds, at zero.
    #[must_use]
    pub fn new(kinds: &[&str]) -> Self {
        Self { reading: Reading::of(kinds.len()), sent: Vec::new() }
    }

    /// A packet leaves. `kind` is the place of its kind among those of the message type. It is an RPC if it is a
    /// call, or goes one way and is no reply by its meaning.
    pub fn sent(
        &mut self,
        from: PeerId,
        to: PeerId,
        kind: usize,
        meaning: Meaning,
        bytes: u32,
        leg: Leg,
    ) {
        let is_request = match leg {
            Leg::Request(_) => true,
            Leg::Reply(_) => false,
            Leg::OneWay => !meaning.is_reply(),
        };
        let entries = match meaning {
            Meaning::Append { entries, .. } => u64::from(entries),
            _ => 0,
        };
        let mut repeated = 0;
        let cause = match meaning {
            Meaning::VoteRequest { .. }
            | Meaning::VoteReply { .. }
            | Meaning::PreVote { .. }
            | Meaning::PreVoteReply { .. } => Cause::Election,
            Meaning::InstallSnapshot { .. } | Meaning::InstallReply { .. } => Cause::Snapshot,
            Meaning::Append { term, previous, entries } => {
                let cause;
                (cause, repeated) = self.append(from, to, term, previous, entries);
                cause
            }
            Meaning::AppendReply { .. } => Cause::Reply,
            Meaning::Other => Cause::Other,
        };
        let of_repeated = u64::from(bytes) * repeated / entries.max(1);
        self.reading.add(kind, cause, u64::from(bytes) - of_repeated, is_request);
        if of_repeated > 0 {
            self.reading.add(kind, Cause::Retry, of_repeated, false);
        }
    }

    /// A packet arrives: a leader backs off because of what it has heard, not of what was sent.
    #[inline]
    pub fn received(&mut self, from: PeerId, to: PeerId, meaning: Meaning) {
        if let Meaning::AppendReply { term, success } = meaning {
            let sent = self.between(to, from);
            if sent.term == term {
                sent.is_refused = !success;
            }
        }
    }

    /// A disk holds so many bytes of raft state, in so many records.
    pub fn raft_state(&mut self, peer: PeerId, bytes: u64, records: u64) {
        self.reading.raft_state(peer, bytes, records);
    }

    /// What was counted so far.
    #[must_use]
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// Why an AppendEntries was sent, and how many of its entries were sent before if others were not.
    fn append(
        &mut self,
        from: PeerId,
        to: PeerId,
        term: Term,
        previous: LogPosition,
        entries: u32,
    ) -> (Cause, u64) {
        let sent = self.between(from, to);
        if sent.term != term {
            *sent = Sent { term, previous: previous.index, ..Sent::default() };
        }
        let is_back_off = sent.is_refused && previous.index < sent.previous;
        let through = previous.index.saturating_add(u64::from(entries));
        let is_new = entries > 0 && through > sent.through;
        let repeated = sent.through.saturating_sub(previous.index);
        sent.previous = previous.index;
        if is_new {
            sent.through = through;
        }
        match (is_back_off, entries, is_new) {
            (true, _, _) => (Cause::BackOff, 0),
            (_, 0, _) => (Cause::Heartbeat, 0),
            (_, _, true) => (Cause::New, repeated),
            (_, _, false) => (Cause::Retry, 0),
        }
    }

    fn between(&mut self, from: PeerId, to: PeerId) -> &mut Sent {
        let (from, to) = (from.index(), to.index());
        if self.sent.len() <= from {
            self.sent.resize_with(from + 1, Vec::new);
        }
        let row = &mut self.sent[from];
        if row.len() <= to {
            row.resize(to + 1, Sent::default());
        }
        &mut row[to]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: &[&str] = &["append-entries", "append-reply", "request-vote", "vote-reply"];

    fn append(meter: &mut Meter, term: Term, previous: LogIndex, entries: u32) -> Cause {
        let before = meter.reading().clone();
        let previous = LogPosition { index: previous, term: 1 };
        let meaning = Meaning::Append { term, previous, entries };
        meter.sent(PeerId(0), PeerId(1), 0, meaning, 10, Leg::OneWay);
        let spent = meter.reading().since(&before);
        let cause = Cause::ALL.iter().find(|cause| spent.count(0, **cause).rpcs > 0);
        *cause.expect("it was counted")
    }

    fn reply(meter: &mut Meter, term: Term, success: bool) {
        let meaning = Meaning::AppendReply { term, success };
        meter.sent(PeerId(1), PeerId(0), 1, meaning, 3, Leg::OneWay);
        meter.received(PeerId(1), PeerId(0), meaning);
    }

    #[test]
    fn what_is_partly_new_is_one_rpc_and_its_bytes_are_shared_out() {
        let mut meter = Meter::new(KINDS);
        append(&mut meter, 1, 4, 2);
        let before = meter.reading().clone();
        assert_eq!(append(&mut meter, 1, 5, 5), Cause::New, "entries 6 to 10, of which 6 again");
        let spent = meter.reading().since(&before);
        assert_eq!(spent.by_cause(Cause::New), Count { rpcs: 1, bytes: 8 });
        assert_eq!(spent.by_cause(Cause::Retry), Count { rpcs: 0, bytes: 2 });
        assert_eq!(append(&mut meter, 1, 20, 1), Cause::New);
        assert_eq!(meter.reading().by_cause(Cause::Retry).bytes, 2, "behind a gap all is new");
    }

    #[test]
    fn a_refusal_counts_when_the_leader_hears_it() {
        let mut meter = Meter::new(KINDS);
        append(&mut meter, 2, 9, 1);
        let refusal = Meaning::AppendReply { term: 2, success: false };
        meter.sent(PeerId(1), PeerId(0), 1, refusal, 3, Leg::OneWay);
        assert_eq!(append(&mut meter, 2, 5, 0), Cause::Heartbeat, "it is still on its way");
        append(&mut meter, 2, 9, 1);
        meter.received(PeerId(1), PeerId(0), refusal);
        assert_eq!(append(&mut meter, 2, 5, 0), Cause::BackOff);
    }

    #[test]
    fn entries_are_new_once_and_then_repeated() {
        let mut meter = Meter::new(KINDS);
        assert_eq!(append(&mut meter, 1, 0, 0), Cause::Heartbeat);
        assert_eq!(append(&mut meter, 1, 0, 2), Cause::New);
        assert_eq!(append(&mut meter, 1, 0, 2), Cause::Retry);
        assert_eq!(append(&mut meter, 1, 0, 3), Cause::New, "one of them is new");
        assert_eq!(append(&mut meter, 2, 0, 3), Cause::New, "a new leader begins anew");
    }

    #[test]
    fn a_leader_backs_off_after_a_refusal_only() {
        let mut meter = Meter::new(KINDS);
        append(&mut meter, 2, 9, 1);
        assert_eq!(append(&mut meter, 2, 5, 0), Cause::Heartbeat);
        append(&mut meter, 2, 9, 1);
        reply(&mut meter, 1, false);
        assert_eq!(append(&mut meter, 2, 5, 0), Cause::Heartbeat, "a refusal of an older term");
        append(&mut meter, 2, 9, 1);
        reply(&mut meter, 2, false);
        assert_eq!(append(&mut meter, 2, 5, 5), Cause::BackOff);
        assert_eq!(append(&mut meter, 2, 3, 0), Cause::BackOff);
        reply(&mut meter, 2, true);
        assert_eq!(append(&mut meter, 2, 2, 0), Cause::Heartbeat);
    }

    #[test]
    fn replies_cost_bytes_and_no_rpcs() {
        let mut meter = Meter::new(KINDS);
        append(&mut meter, 1, 0, 0);
        reply(&mut meter, 1, true);
        assert_eq!((meter.reading().rpcs(), meter.reading().bytes()), (1, 13));
    }

    #[test]
    fn unknown_kinds_strangers_and_the_end_of_the_numbers_are_counted_too() {
        let mut meter = Meter::new(KINDS);
        let previous = LogPosition { index: u64::MAX, term: u64::MAX };
        let meaning = Meaning::Append { term: u64::MAX, previous, entries: u32::MAX };
        meter.sent(PeerId(255), PeerId(254), usize::MAX, meaning, u32::MAX, Leg::OneWay);
        assert_eq!(meter.reading().rpcs(), 1);
    }

    #[test]
    fn the_raft_state_is_the_largest_that_was_seen() {
        let mut meter = Meter::new(KINDS);
        meter.raft_state(PeerId(0), 700, 9);
        meter.raft_state(PeerId(1), 300, 99);
        let reading = meter.reading();
        let found = (reading.raft_state, reading.raft_records, reading.fullest);
        assert_eq!(found, (700, 9, Some(PeerId(0))));
    }
}
