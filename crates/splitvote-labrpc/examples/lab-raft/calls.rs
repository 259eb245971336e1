//! The calls of Figures 2 and 13, and what they mean to the harness.

use std::fmt;

use splitvote_labrpc::peer::{
    Command, EntryId, LogIndex, LogPosition, Meaning, PeerId, Snapshot, Term,
};
use splitvote_labrpc::{Answer, Args, service};

use super::raft::Raft;

/// An entry of the log.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) term: Term,
    pub(crate) command: Command,
}

impl Entry {
    pub(crate) fn id(&self) -> EntryId {
        self.command.in_term(self.term)
    }

    /// Its size on the wire and on the disk.
    pub(crate) fn bytes(&self) -> usize {
        16 + self.command.size()
    }
}

service! {
    /// The calls of Figures 2 and 13.
    pub(crate) struct Calls for Raft {
        request_vote(RequestVoteArgs) -> RequestVoteReply: "request-vote", "vote-reply";
        append_entries(AppendEntriesArgs) -> AppendEntriesReply: "append-entries", "append-reply";
        install_snapshot(InstallSnapshotArgs) -> InstallSnapshotReply: "install-snapshot", "install-reply";
    }
}

#[derive(Clone, Debug)]
pub(crate) struct RequestVoteArgs {
    pub(crate) term: Term,
    pub(crate) candidate: PeerId,
    pub(crate) last_log: LogPosition,
}

#[derive(Clone, Debug)]
pub(crate) struct RequestVoteReply {
    pub(crate) term: Term,
    pub(crate) vote_granted: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct AppendEntriesArgs {
    pub(crate) term: Term,
    pub(crate) leader: PeerId,
    pub(crate) prev_log: LogPosition,
    pub(crate) entries: Vec<Entry>,
    pub(crate) leader_commit: LogIndex,
}

#[derive(Clone, Debug)]
pub(crate) struct AppendEntriesReply {
    pub(crate) term: Term,
    pub(crate) success: bool,
    /// Where the leader tries next, if the logs do not agree: the labs' fast backup.
    pub(crate) next: LogIndex,
}

#[derive(Clone, Debug)]
pub(crate) struct InstallSnapshotArgs {
    pub(crate) term: Term,
    pub(crate) leader: PeerId,
    pub(crate) snapshot: Snapshot,
}

#[derive(Clone, Debug)]
pub(crate) struct InstallSnapshotReply {
    pub(crate) term: Term,
}

impl fmt::Display for RequestVoteArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{} log {}", self.term, self.last_log)
    }
}

impl fmt::Display for RequestVoteReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{} {}", self.term, if self.vote_granted { "yes" } else { "no" })
    }
}

impl fmt::Display for AppendEntriesArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{} after {}, {} entries", self.term, self.prev_log, self.entries.len())
    }
}

impl fmt::Display for AppendEntriesReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.success {
            true => write!(f, "T{} ok", self.term),
            false => write!(f, "T{} no, next {}", self.term, self.next),
        }
    }
}

impl fmt::Display for InstallSnapshotArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{} through {}", self.term, self.snapshot.through)
    }
}

impl fmt::Display for InstallSnapshotReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{}", self.term)
    }
}

impl Args for RequestVoteArgs {
    fn meaning(&self) -> Meaning {
        Meaning::VoteRequest { term: self.term, last_log: self.last_log }
    }
}

impl Answer for RequestVoteReply {
    fn meaning(&self, asked: Meaning) -> Meaning {
        let asked_in = asked.term().unwrap_or(self.term);
        Meaning::VoteReply { term: self.term, asked_in, granted: self.vote_granted }
    }
}

impl Args for AppendEntriesArgs {
    fn meaning(&self) -> Meaning {
        let entries = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        Meaning::Append { term: self.term, previous: self.prev_log, entries }
    }

    fn bytes(&self) -> usize {
        48 + self.entries.iter().map(Entry::bytes).sum::<usize>()
    }
}

impl Answer for AppendEntriesReply {
    fn meaning(&self, _asked: Meaning) -> Meaning {
        Meaning::AppendReply { term: self.term, success: self.success }
    }
}

impl Args for InstallSnapshotArgs {
    fn meaning(&self) -> Meaning {
        Meaning::InstallSnapshot { term: self.term, through: self.snapshot.through }
    }

    fn bytes(&self) -> usize {
        32 + self.snapshot.state.len()
    }
}

impl Answer for InstallSnapshotReply {
    fn meaning(&self, _asked: Meaning) -> Meaning {
        Meaning::InstallReply { term: self.term }
    }
}
