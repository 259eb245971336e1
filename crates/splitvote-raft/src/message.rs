//! The RPCs of Figures 2 and 13 and of PreVote, requests and replies.
//!
//! Small enough to be copied about; entries and parts of snapshots stand behind one pointer. A
//! request's sender is known from the call, so `candidateId` and `leaderId` are not repeated in it.
//! Replies say what they answer, so that a late one cannot pass for another.

use std::sync::Arc;

use splitvote_peer::{LogIndex, LogPosition, Meaning, Term};

use crate::batch::Batch;
use crate::chunk::Chunk;

/// One RPC message. With a tag of a whole word: a message is moved about in whole words, and a
/// shorter tag would have it taken apart each time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[repr(u64)]
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
        /// The entries behind `previous`.
        entries: Batch,
    },
    /// Figure 2, AppendEntries RPC, results.
    AppendEntriesReply {
        /// The follower's current term.
        term: Term,
        /// What became of the request.
        result: AppendResult,
    },
    /// Figure 13, InstallSnapshot RPC, arguments.
    InstallSnapshot {
        /// The leader's term.
        term: Term,
        /// A part of the snapshot, or all of it.
        chunk: Arc<Chunk>,
    },
    /// Figure 13, InstallSnapshot RPC, results, and what is needed to send a snapshot in parts.
    InstallSnapshotReply {
        /// The follower's current term.
        term: Term,
        /// The snapshot that was sent: its last index. 0 if the sender is not the leader.
        through: LogIndex,
        /// How many bytes of it the follower holds, without a gap.
        received: u64,
        /// Whether the follower's disk now has all that the snapshot stands for.
        installed: bool,
    },
    /// Dissertation, section 9.6: would the receiver vote for the sender?
    PreVote {
        /// The term in which the sender would stand: the one after its own.
        asked_for: Term,
        /// The last entry of the sender's log.
        last_log: LogPosition,
    },
    /// Dissertation, section 9.6: what the receiver of a PreVote says to it.
    PreVoteReply {
        /// The answering peer's current term.
        term: Term,
        /// The term that the PreVote named.
        asked_for: Term,
        /// Whether the asker would get the vote.
        granted: bool,
    },
}

/// What became of an AppendEntries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendResult {
    /// Figure 2, `success`: the follower's disk holds the sender's log up to this index, the last
    /// one that the request spoke of.
    Success {
        /// `prevLogIndex` plus the number of entries sent.
        through: LogIndex,
    },
    /// The follower's log does not hold the entry at `previous`.
    Conflict {
        /// `prevLogIndex` of the request.
        previous: LogIndex,
        /// Section 5.3: the term of the conflicting entry and the first index of that term. If the
        /// log is too short, term 0 and the index behind its end.
        hint: LogPosition,
    },
    /// The sender does not lead the follower's term.
    Stale,
}

impl Message {
    /// A heartbeat: an AppendEntries without entries.
    #[inline]
    #[must_use]
    pub fn heartbeat(term: Term, previous: LogPosition, commit: LogIndex) -> Self {
        Self::AppendEntries { term, previous, commit, entries: Batch::EMPTY }
    }

    /// The same reply, stating another term; a request as it is.
    #[inline]
    pub(crate) fn in_term(mut self, stated: impl FnOnce(Term) -> Term) -> Self {
        match &mut self {
            Self::RequestVoteReply { term, .. }
            | Self::AppendEntriesReply { term, .. }
            | Self::InstallSnapshotReply { term, .. }
            | Self::PreVoteReply { term, .. } => *term = stated(*term),
            Self::RequestVote { .. }
            | Self::AppendEntries { .. }
            | Self::InstallSnapshot { .. }
            | Self::PreVote { .. } => {}
        }
        self
    }

    /// Its size on the wire: the sum of the sizes of its fields.
    #[inline(always)]
    #[must_use]
    pub fn bytes(&self) -> u32 {
        match self {
            Self::RequestVote { .. } | Self::PreVote { .. } => 8 + 16,
            Self::RequestVoteReply { .. } | Self::PreVoteReply { .. } => 8 + 8 + 1,
            Self::AppendEntries { entries, .. } => entries.bytes().saturating_add(8 + 16 + 8),
            Self::AppendEntriesReply { result, .. } => match result {
                AppendResult::Success { .. } => 8 + 1 + 8,
                AppendResult::Conflict { .. } => 8 + 1 + 8 + 16,
                AppendResult::Stale => 8 + 1,
            },
            Self::InstallSnapshot { chunk, .. } => {
                let data = u32::try_from(chunk.size()).unwrap_or(u32::MAX);
                data.saturating_add(8 + 16 + 8 + 1)
            }
            Self::InstallSnapshotReply { .. } => 8 + 8 + 8 + 1,
        }
    }
}

impl splitvote_peer::Message for Message {
    const KINDS: &'static [&'static str] = &[
        "request-vote",
        "vote-reply",
        "append-entries",
        "append-reply",
        "install-snapshot",
        "install-reply",
        "pre-vote",
        "pre-vote-reply",
    ];

    #[inline]
    fn kind(&self) -> usize {
        match self {
            Self::RequestVote { .. } => 0,
            Self::RequestVoteReply { .. } => 1,
            Self::AppendEntries { .. } => 2,
            Self::AppendEntriesReply { .. } => 3,
            Self::InstallSnapshot { .. } => 4,
            Self::InstallSnapshotReply { .. } => 5,
            Self::PreVote { .. } => 6,
            Self::PreVoteReply { .. } => 7,
        }
    }

    #[inline]
    fn meaning(&self) -> Meaning {
        match *self {
            Self::RequestVote { term, last_log } => Meaning::VoteRequest { term, last_log },
            Self::RequestVoteReply { term, asked_in, granted } => {
                Meaning::VoteReply { term, asked_in, granted }
            }
            Self::AppendEntries { term, previous, ref entries, .. } => {
                Meaning::Append { term, previous, entries: entries.len() as u32 }
            }
            Self::AppendEntriesReply { term, result } => {
                let success = matches!(result, AppendResult::Success { .. });
                Meaning::AppendReply { term, success }
            }
            Self::InstallSnapshot { term, ref chunk } => {
                Meaning::InstallSnapshot { term, through: chunk.through() }
            }
            Self::InstallSnapshotReply { term, .. } => Meaning::InstallReply { term },
            Self::PreVote { asked_for, last_log } => Meaning::PreVote { asked_for, last_log },
            Self::PreVoteReply { term, asked_for, granted } => {
                Meaning::PreVoteReply { term, asked_for, granted }
            }
        }
    }
}

// A queue entry of a simulator holds a message: keep it within a cache line with its envelope.
const _: () = assert!(size_of::<Message>() <= 48);
