//! What crosses the network and what reaches the disk, in the paper's terms.
//!
//! The harness treats messages and records as opaque values of the peer's own types. To judge a
//! run it asks one question of each: what does it *mean*? A Raft that answers [`Meaning::Other`]
//! everywhere is still judged by its views; one that answers fully is judged to the letter.

use std::fmt;

use crate::id::{CallId, EntryId, LogIndex, LogPosition, PeerId, Term};
use serde::{Deserialize, Serialize};

/// A message between peers: a request, a reply or a one-way message.
///
/// Its `Display` is what a replay prints, so keep it to a few words: `RequestVote T3 log 2@1`.
pub trait Message: Clone + fmt::Display {
    /// The names of the kinds of message, by which packets are counted and rules are aimed. Scenarios
    /// that aim at single packets name `request-vote`, `vote-reply`, `append-entries`,
    /// `append-reply`, `install-snapshot`, `install-reply`, `pre-vote` and `pre-vote-reply`.
    const KINDS: &'static [&'static str];

    /// Which of [`Self::KINDS`] this is.
    fn kind(&self) -> usize;

    /// What it says in the paper's terms.
    fn meaning(&self) -> Meaning;
}

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leg {
    /// A call of the labs' network.
    Request(CallId),
    /// The answer to a call.
    Reply(CallId),
    /// A message that expects no answer.
    OneWay,
}

/// What a message says in the terms of Figure 2 of the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Meaning {
    /// RequestVote: the sender stands in `term` with a log that ends at `last_log`.
    VoteRequest {
        /// The candidate's term.
        term: Term,
        /// The last entry of the candidate's log.
        last_log: LogPosition,
    },
    /// The reply to a RequestVote.
    VoteReply {
        /// The voter's term, for the candidate to update itself.
        term: Term,
        /// The term in which the candidate stood when it asked.
        asked_in: Term,
        /// Whether the vote was granted.
        granted: bool,
    },
    /// PreVote (dissertation, section 9.6): the sender asks whether it would get a vote. It does not
    /// stand yet, and what it asks is no request for a vote.
    PreVote {
        /// The term in which the sender would stand; it is in the one before.
        asked_for: Term,
        /// The last entry of the sender's log.
        last_log: LogPosition,
    },
    /// The reply to a PreVote: an opinion, and no vote.
    PreVoteReply {
        /// The answering peer's term, for the asker to update itself.
        term: Term,
        /// The term in which the asker would stand.
        asked_for: Term,
        /// Whether the answering peer would vote for it.
        granted: bool,
    },
    /// AppendEntries, a heartbeat included: the sender claims to lead `term`.
    Append {
        /// The leader's term.
        term: Term,
        /// The entry that precedes the ones sent.
        previous: LogPosition,
        /// How many entries are sent; none in a heartbeat.
        entries: u32,
    },
    /// The reply to an AppendEntries.
    AppendReply {
        /// The follower's term, for the leader to update itself.
        term: Term,
        /// Whether the follower's log now holds what was sent.
        success: bool,
    },
    /// InstallSnapshot (section 7): the sender claims to lead `term`.
    InstallSnapshot {
        /// The leader's term.
        term: Term,
        /// The last entry that the snapshot replaces.
        through: LogPosition,
    },
    /// The reply to an InstallSnapshot.
    InstallReply {
        /// The follower's term, for the leader to update itself.
        term: Term,
    },
    /// Anything that no checker asks about.
    Other,
}

impl Meaning {
    /// Whether it answers another message: in one-way messages nothing else tells.
    #[inline]
    #[must_use]
    pub fn is_reply(self) -> bool {
        matches!(
            self,
            Self::VoteReply { .. }
                | Self::PreVoteReply { .. }
                | Self::AppendReply { .. }
                | Self::InstallReply { .. }
        )
    }

    /// The sender's term, if the message carries one. What a PreVote states is no term that anybody
    /// is in: it makes nobody adopt it.
    #[inline]
    #[must_use]
    pub fn term(self) -> Option<Term> {
        match self {
            Self::VoteRequest { term, .. }
            | Self::VoteReply { term, .. }
            | Self::PreVoteReply { term, .. }
            | Self::Append { term, .. }
            | Self::AppendReply { term, .. }
            | Self::InstallSnapshot { term, .. }
            | Self::InstallReply { term } => Some(term),
            Self::PreVote { .. } | Self::Other => None,
        }
    }
}

/// A record of a peer's disk: a log of typed records (design, decision 6).
pub trait Record: Clone {
    /// Whether this Raft's records tell of ballots, so that no vote may leave before a record of it
    /// is durable. A Raft without a disk, or whose records are not described, says no.
    const TELLS_BALLOTS: bool = true;

    /// Whether this Raft's records tell of log entries and snapshots, so that nothing may be
    /// committed before a majority of disks has it. A Raft without a disk, or whose records are not
    /// described, says no.
    const TELLS_ENTRIES: bool = true;

    /// What the record makes durable once it is synced.
    fn meaning(&self) -> Durable;

    /// Tells all that it makes durable, in order, if that is several things at once: term, vote and log as one, as
    /// the labs save them, or a state and its snapshot. Such a record survives a crash as a whole or not at all,
    /// while of two records a crash may keep the first alone: entries that are cut off to make room for a snapshot,
    /// and that snapshot, are one record, or the snapshot is written first.
    #[inline]
    fn meanings(&self, mut tell: impl FnMut(Durable)) {
        tell(self.meaning());
    }

    /// Its size on the disk, for budgets; snapshots are not counted (the lab's "raft state").
    fn bytes(&self) -> usize {
        0
    }

    /// What a restart finds of the record if the power failed while it was being written. None: it
    /// finds nothing, as if the record had never been written.
    fn torn(&self) -> Option<Self> {
        None
    }

    /// What a restart finds of the record if it was durable and can no longer be read: its checksum
    /// does not fit. Unlike [`Self::torn`], a sync that covers it had completed, so that the peer may
    /// have acknowledged it, voted by it or counted it.
    ///
    /// None, the default: the peer does not start while the record is damaged. That is safe for every
    /// Raft, and the disk has to be mended first.
    fn damaged(&self) -> Option<Self> {
        None
    }
}

/// What a disk record makes durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Durable {
    /// The current term, and the vote cast in it.
    Ballot {
        /// The current term.
        term: Term,
        /// Who was voted for in it.
        voted_for: Option<PeerId>,
    },
    /// An entry of the log. If another entry stood there, that one and all that followed are gone.
    Entry {
        /// Where it stands.
        index: LogIndex,
        /// What it is.
        entry: EntryId,
    },
    /// The log has no entry from this index on any more.
    Truncated {
        /// The first index that is gone.
        from: LogIndex,
    },
    /// A whole snapshot: it stands for all entries up to this one. Entries behind it stay if the log
    /// held this entry, and are gone if not (paper, section 7).
    Snapshot {
        /// The last entry that it replaces.
        through: LogPosition,
    },
    /// Anything that no checker asks about.
    Other,
}
