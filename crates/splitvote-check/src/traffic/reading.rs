//! What a meter shows: RPCs and bytes, by kind of message and by cause.

use serde::{Deserialize, Serialize};
use splitvote_peer::{PeerId, Term, named};

named! {
    /// Why a packet was sent.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum Cause {
        /// To elect a leader, or in answer to that.
        Election = "election",
        /// To keep the others from standing: an AppendEntries without entries.
        Heartbeat = "heartbeat",
        /// With entries that this follower was not sent before in this term.
        New = "new",
        /// With entries that it was sent before.
        Retry = "retry",
        /// After a refusal, further back in the log.
        BackOff = "back-off",
        /// With a snapshot, or in answer to one.
        Snapshot = "snapshot",
        /// In answer to an AppendEntries.
        Reply = "reply",
        /// For a reason that the message does not tell.
        Other = "other",
    }
}

/// How much was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Requests, without replies.
    pub rpcs: u64,
    /// Bytes, of requests and replies.
    pub bytes: u64,
}

/// What was sent up to a moment, or between two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// A row a kind. Kinds that the message type does not name share the last row.
    counts: Vec<[Count; Cause::ALL.len()]>,
    /// The most bytes of raft state that a disk held. A maximum: it is not subtracted.
    pub raft_state: u64,
    /// In how many records, of entries, ballots and all else.
    pub raft_records: u64,
    /// Whose disk that was.
    pub fullest: Option<PeerId>,
    /// How many elections had begun, as far as whoever reads the meter knows.
    pub elections: u64,
    /// The terms of these elections, as far as whoever reads the meter knows.
    pub terms: Vec<Term>,
}

impl Reading {
    /// Nothing yet, of so many kinds.
    pub(super) fn of(kinds: usize) -> Self {
        Self { counts: vec![Default::default(); kinds.saturating_add(1)], ..Self::default() }
    }

    pub(super) fn add(&mut self, kind: usize, cause: Cause, bytes: u64, is_request: bool) {
        let last = self.counts.len().saturating_sub(1);
        if let Some(row) = self.counts.get_mut(kind.min(last)) {
            let count = &mut row[cause as usize];
            count.rpcs += u64::from(is_request);
            count.bytes += bytes;
        }
    }

    /// The disk of a peer held so many bytes of raft state, in so many records.
    pub fn raft_state(&mut self, peer: PeerId, bytes: u64, records: u64) {
        if self.fullest.is_none() || bytes > self.raft_state {
            (self.raft_state, self.raft_records, self.fullest) = (bytes, records, Some(peer));
        }
    }

    /// What was sent of one kind for one cause.
    #[must_use]
    pub fn count(&self, kind: usize, cause: Cause) -> Count {
        self.counts.get(kind).map_or(Count::default(), |row| row[cause as usize])
    }

    /// How many kinds there are, the one for unknown kinds included.
    pub(super) fn kinds(&self) -> usize {
        self.counts.len()
    }

    /// The number of all requests.
    #[must_use]
    pub fn rpcs(&self) -> u64 {
        self.counts.iter().flatten().map(|count| count.rpcs).sum()
    }

    /// All bytes, of requests and replies.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.counts.iter().flatten().map(|count| count.bytes).sum()
    }

    /// What was sent for one cause, of all kinds.
    #[must_use]
    pub fn by_cause(&self, cause: Cause) -> Count {
        self.counts.iter().fold(Count::default(), |sum, row| {
            let count = row[cause as usize];
            Count { rpcs: sum.rpcs + count.rpcs, bytes: sum.bytes + count.bytes }
        })
    }

    /// What was sent since an earlier reading of the same meter.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let mut spent = self.clone();
        spent.elections = spent.elections.saturating_sub(earlier.elections);
        for (kind, row) in spent.counts.iter_mut().enumerate() {
            for cause in Cause::ALL {
                let before = earlier.count(kind, *cause);
                let count = &mut row[*cause as usize];
                count.rpcs = count.rpcs.saturating_sub(before.rpcs);
                count.bytes = count.bytes.saturating_sub(before.bytes);
            }
        }
        spent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_stand_in_the_order_of_their_rows() {
        for (place, cause) in Cause::ALL.iter().enumerate() {
            assert_eq!(*cause as usize, place);
        }
    }

    #[test]
    fn a_reading_can_be_taken_from_a_later_one() {
        let mut reading = Reading::of(2);
        reading.add(0, Cause::New, 100, true);
        let earlier = reading.clone();
        reading.add(0, Cause::New, 30, true);
        reading.add(1, Cause::Reply, 7, false);
        reading.add(9, Cause::Other, 1, false);
        let spent = reading.since(&earlier);
        assert_eq!((spent.rpcs(), spent.bytes()), (1, 38));
        assert_eq!(spent.by_cause(Cause::New), Count { rpcs: 1, bytes: 30 });
        assert_eq!(reading.since(&Reading::default()), reading);
    }
}
