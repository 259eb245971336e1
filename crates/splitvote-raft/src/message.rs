//! The RPCs of Figure 2, requests and replies.
//!
//! Small enough to be copied about, nothing on the heap. A request's sender is known from the call,
//! so `candidateId` and `leaderId` are not repeated in it.

use std::fmt;

use splitvote_peer::{LogIndex, LogPosition, Meaning, Term};

/// One RPC message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Figure 2, RequestVote RPC, arguments.
    RequestVote {
        /// The candidate's term.
        term: Term,
        /// The last entry of the candidate's log.
        last_log: LogPosition,
    },
    /// Figure 2, RequestVote RPC, results.
    RequestVoteReply {
        /// The voter's current term when it decided.
        term: Term,
        /// The term of the request that this answers: a late reply must not pass for a fresh one.
        asked_in: Term,
        /// Whether the candidate got the vote.
        granted: bool,
    },
    /// Figure 2, AppendEntries RPC, arguments; without entries, a heartbeat.
    AppendEntries {
        /// The leader's term.
        term: Term,
        /// The entry that the follower's log has to hold.
        previous: LogPosition,
        /// The leader's `commitIndex`.
        commit: LogIndex,
    },
    /// Figure 2, AppendEntries RPC, results.
    AppendEntriesReply {
        /// The follower's current term.
        term: Term,
        /// Whether the sender is the leader and the log holds the entry at `previous`.
        success: bool,
    },
}

impl Message {
    /// Its size on the wire: the sum of the sizes of its fields.
    #[inline]
    #[must_use]
    pub fn bytes(&self) -> u32 {
        match self {
            Self::RequestVote { .. } => 8 + 16,
            Self::RequestVoteReply { .. } => 8 + 8 + 1,
            Self::AppendEntries { .. } => 8 + 16 + 8,
            Self::AppendEntriesReply { .. } => 8 + 1,
        }
    }
}

impl splitvote_peer::Message for Message {
    const KINDS: &'static [&'static str] =
        &["request-vote", "vote-reply", "append-entries", "append-reply"];

    #[inline]
    fn kind(&self) -> usize {
        match self {
            Self::RequestVote { .. } => 0,
            Self::RequestVoteReply { .. } => 1,
            Self::AppendEntries { .. } => 2,
            Self::AppendEntriesReply { .. } => 3,
        }
    }

    #[inline]
    fn meaning(&self) -> Meaning {
        match *self {
            Self::RequestVote { term, last_log } => Meaning::VoteRequest { term, last_log },
            Self::RequestVoteReply { term, asked_in, granted } => {
                Meaning::VoteReply { term, asked_in, granted }
            }
            Self::AppendEntries { term, previous, .. } => {
                Meaning::Append { term, previous, entries: 0 }
            }
            Self::AppendEntriesReply { term, success } => Meaning::AppendReply { term, success },
        }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::RequestVote { term, last_log } => write!(f, "RequestVote T{term} log {last_log}"),
            Self::RequestVoteReply { term, asked_in, granted } => {
                write!(f, "vote {} T{asked_in}", if granted { "granted" } else { "refused" })?;
                if term == asked_in { Ok(()) } else { write!(f, ", now T{term}") }
            }
            Self::AppendEntries { term, .. } => write!(f, "heartbeat T{term}"),
            Self::AppendEntriesReply { term, success } => {
                write!(f, "heartbeat {} T{term}", if success { "ok" } else { "refused" })
            }
        }
    }
}

// A queue entry of a simulator holds a message: keep it within a cache line with its envelope.
const _: () = assert!(size_of::<Message>() <= 48);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_print_in_a_few_words() {
        let last_log = LogPosition { index: 2, term: 1 };
        let vote = |term, granted| Message::RequestVoteReply { term, asked_in: 3, granted };
        let heartbeat = |success| Message::AppendEntriesReply { term: 3, success };
        let printed = [
            Message::RequestVote { term: 3, last_log }.to_string(),
            vote(3, true).to_string(),
            vote(3, false).to_string(),
            vote(5, false).to_string(),
            Message::AppendEntries { term: 3, previous: last_log, commit: 0 }.to_string(),
            heartbeat(true).to_string(),
            heartbeat(false).to_string(),
        ];
        assert_eq!(
            printed,
            [
                "RequestVote T3 log 2@1",
                "vote granted T3",
                "vote refused T3",
                "vote refused T3, now T5",
                "heartbeat T3",
                "heartbeat ok T3",
                "heartbeat refused T3",
            ]
        );
    }
}
