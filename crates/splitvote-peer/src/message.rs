//! What crosses the network and what reaches the disk, in the paper's terms.
//!
//! The harness treats messages and records as opaque values of the peer's own types. To judge a
//! run it asks one question of each: what does it *mean*? A Raft that answers [`Meaning::Other`]
//! everywhere is still judged by its views; one that answers fully is judged to the letter.

use std::fmt;

use crate::id::{LogPosition, PeerId, Term};

/// A message between peers: a request, a reply or a one-way message.
///
/// Its `Display` is what a replay prints, so keep it to a few words: `RequestVote T3 log 2@1`.
pub trait Message: Clone + fmt::Display {
    /// The names of the kinds of message, by which packets are counted and rules are aimed.
    const KINDS: &'static [&'static str];

    /// Which of [`Self::KINDS`] this is.
    fn kind(&self) -> usize;

    /// What it says in the paper's terms.
    fn meaning(&self) -> Meaning;
}

/// What a message says in the terms of Figure 2 of the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// AppendEntries, a heartbeat included: the sender claims to lead `term`.
    Append {
        /// The leader's term.
        term: Term,
    },
    /// The reply to an AppendEntries.
    AppendReply {
        /// The follower's term, for the leader to update itself.
        term: Term,
    },
    /// Anything that no checker asks about.
    Other,
}

impl Meaning {
    /// The sender's term, if the message carries one.
    #[inline]
    #[must_use]
    pub fn term(self) -> Option<Term> {
        match self {
            Self::VoteRequest { term, .. }
            | Self::VoteReply { term, .. }
            | Self::Append { term }
            | Self::AppendReply { term } => Some(term),
            Self::Other => None,
        }
    }
}

/// A record of a peer's disk: a log of typed records (design, decision 6).
pub trait Record: Clone {
    /// Whether this Raft's records tell of ballots, so that no vote may leave before a record of it
    /// is durable. A Raft without a disk, or whose records are not described, says no.
    const TELLS_BALLOTS: bool = true;

    /// What the record makes durable once it is synced.
    fn meaning(&self) -> Durable;
}

/// What a disk record makes durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durable {
    /// The current term, and the vote cast in it.
    Ballot {
        /// The current term.
        term: Term,
        /// Who was voted for in it.
        voted_for: Option<PeerId>,
    },
    /// Anything that no checker asks about.
    Other,
}
