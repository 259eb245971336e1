//! The calls that openraft's peers make on each other, and what they mean to the harness.

use std::fmt;

use openraft::alias::{LogIdOf, SnapshotOf, VoteOf};
use openraft::raft::{AppendEntriesRequest, AppendEntriesResponse, VoteRequest, VoteResponse};
use splitvote_labrpc::peer::{LogPosition, Meaning, Snapshot, Term};
use splitvote_labrpc::{Answer, Args, service};

use crate::raft::Raft;
use crate::types::Types;

service! {
    /// Those of `RaftNetworkV2`.
    pub(crate) struct Calls for Raft {
        request_vote(Ask) -> Vote: "request-vote", "vote-reply";
        pre_vote(PreAsk) -> PreVote: "pre-vote", "pre-vote-reply";
        append_entries(Append) -> Appended: "append-entries", "append-reply";
        install_snapshot(Install) -> Installed: "install-snapshot", "install-reply";
    }
}

fn place(id: Option<LogIdOf<Types>>) -> LogPosition {
    id.map_or(LogPosition::default(), |id| LogPosition {
        index: id.index + 1,
        term: id.leader_id.term,
    })
}

fn asked_in(asked: Meaning) -> Term {
    match asked {
        Meaning::PreVote { asked_for, .. } => asked_for,
        other => other.term().unwrap_or_default(),
    }
}

/// A request for votes.
#[derive(Clone)]
pub(crate) struct Ask(pub(crate) VoteRequest<Types>);

impl Args for Ask {
    fn meaning(&self) -> Meaning {
        Meaning::VoteRequest {
            term: self.0.vote.leader_id.term,
            last_log: place(self.0.last_log_id),
        }
    }
}

/// The reply to it.
#[derive(Clone)]
pub(crate) struct Vote(pub(crate) VoteResponse<Types>);

impl Answer for Vote {
    fn meaning(&self, asked: Meaning) -> Meaning {
        let (term, granted) = (self.0.vote.leader_id.term, self.0.vote_granted);
        Meaning::VoteReply { term, asked_in: asked_in(asked), granted }
    }
}

/// A question whether there would be votes.
#[derive(Clone)]
pub(crate) struct PreAsk(pub(crate) VoteRequest<Types>);

impl Args for PreAsk {
    fn meaning(&self) -> Meaning {
        Meaning::PreVote {
            asked_for: self.0.vote.leader_id.term,
            last_log: place(self.0.last_log_id),
        }
    }
}

/// The reply to it.
#[derive(Clone)]
pub(crate) struct PreVote(pub(crate) VoteResponse<Types>);

impl Answer for PreVote {
    fn meaning(&self, asked: Meaning) -> Meaning {
        let (term, granted) = (self.0.vote.leader_id.term, self.0.vote_granted);
        Meaning::PreVoteReply { term, asked_for: asked_in(asked), granted }
    }
}

/// Entries, or a heartbeat.
#[derive(Clone)]
pub(crate) struct Append(pub(crate) AppendEntriesRequest<Types>);

impl Args for Append {
    fn meaning(&self) -> Meaning {
        let entries = u32::try_from(self.0.entries.len()).unwrap_or(u32::MAX);
        let (term, previous) = (self.0.vote.leader_id.term, place(self.0.prev_log_id));
        Meaning::Append { term, previous, entries }
    }

    fn bytes(&self) -> usize {
        let bytes = |entry: &crate::store::LogEntry| match &entry.payload {
            openraft::EntryPayload::Normal(proposal) => proposal.command.size(),
            _ => 0,
        };
        size_of::<Self>() + self.0.entries.iter().map(bytes).sum::<usize>()
    }
}

/// The reply to it.
#[derive(Clone)]
pub(crate) struct Appended(pub(crate) AppendEntriesResponse<Types>);

impl Answer for Appended {
    fn meaning(&self, asked: Meaning) -> Meaning {
        let term = match &self.0 {
            AppendEntriesResponse::HigherVote(vote) => vote.leader_id.term,
            _ => asked_in(asked),
        };
        Meaning::AppendReply { term, success: self.0.is_success() }
    }
}

/// A snapshot, sent whole.
#[derive(Clone)]
pub(crate) struct Install {
    pub(crate) vote: VoteOf<Types>,
    pub(crate) snapshot: SnapshotOf<Types, Snapshot>,
}

impl Args for Install {
    fn meaning(&self) -> Meaning {
        let through = self.snapshot.snapshot.through;
        Meaning::InstallSnapshot { term: self.vote.leader_id.term, through }
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.snapshot.snapshot.state.len()
    }
}

/// The reply to it.
#[derive(Clone)]
pub(crate) struct Installed(pub(crate) VoteOf<Types>);

impl Answer for Installed {
    fn meaning(&self, _asked: Meaning) -> Meaning {
        Meaning::InstallReply { term: self.0.leader_id.term }
    }
}

/// What a replay prints.
macro_rules! prints {
    ($($type:ty: |$this:ident, $f:ident| $print:expr;)+) => {
        $(impl fmt::Display for $type {
            fn fmt(&self, $f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let $this = self;
                $print
            }
        })+
    };
}

fn granted(reply: &VoteResponse<Types>) -> &'static str {
    if reply.vote_granted { "yes" } else { "no" }
}

prints! {
    Ask: |this, f| write!(f, "T{} log {}", this.0.vote.leader_id.term, place(this.0.last_log_id));
    Vote: |this, f| write!(f, "T{} {}", this.0.vote.leader_id.term, granted(&this.0));
    PreAsk: |this, f| write!(f, "T{} log {}", this.0.vote.leader_id.term, place(this.0.last_log_id));
    PreVote: |this, f| write!(f, "T{} {}", this.0.vote.leader_id.term, granted(&this.0));
    Append: |this, f| write!(
        f, "T{} after {}, {} entries", this.0.vote.leader_id.term, place(this.0.prev_log_id), this.0.entries.len()
    );
    Appended: |this, f| write!(f, "{}", this.0);
    Install: |this, f| write!(f, "T{} through {}", this.vote.leader_id.term, this.snapshot.snapshot.through);
    Installed: |this, f| write!(f, "T{}", this.0.leader_id.term);
}
