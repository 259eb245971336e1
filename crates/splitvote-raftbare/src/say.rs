//! The messages of raftbare, in the paper's terms, and what it leaves to its user to carry.

use std::fmt;

use raftbare::Message as Inner;
use splitvote::peer::{LogPosition, Meaning, Message, Snapshot, Term};
use splitvote_adapter::Carried;

/// A position of raftbare as one of the contract.
pub(crate) fn place(position: raftbare::LogPosition) -> LogPosition {
    LogPosition { index: position.index.get(), term: position.term.get() }
}

/// What a reply answers, as far as raftbare's own message does not say it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) term: Term,
    /// Whether the log holds what was sent, once it was heard.
    pub(crate) holds: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Say {
    /// A message of raftbare. Its commands are units: what they stand for is carried beside it, in their order.
    Inner { message: Inner, commands: Vec<Carried>, asked: Option<Asked> },
    /// raftbare says to whom a snapshot is to be sent, and leaves the rest to its user.
    Snapshot { term: Term, snapshot: Snapshot },
}

impl Say {
    /// Its size on the wire, with the commands and the state whole.
    pub(crate) fn bytes(&self) -> u32 {
        let bytes = match self {
            Self::Inner { message, commands, .. } => {
                let entries = match message {
                    Inner::AppendEntriesCall { entries, .. } => entries.len(),
                    _ => 0,
                };
                16 * entries + commands.iter().map(|command| command.size()).sum::<usize>()
            }
            Self::Snapshot { snapshot, .. } => snapshot.state.len(),
        };
        u32::try_from(32 + bytes).unwrap_or(u32::MAX)
    }
}

impl Message for Say {
    const KINDS: &'static [&'static str] =
        &["request-vote", "vote-reply", "append-entries", "append-reply", "install-snapshot"];

    fn kind(&self) -> usize {
        match self {
            Self::Inner { message: Inner::RequestVoteCall { .. }, .. } => 0,
            Self::Inner { message: Inner::RequestVoteReply { .. }, .. } => 1,
            Self::Inner { message: Inner::AppendEntriesCall { .. }, .. } => 2,
            Self::Inner { message: Inner::AppendEntriesReply { .. }, .. } => 3,
            Self::Snapshot { .. } => 4,
        }
    }

    fn meaning(&self) -> Meaning {
        let (message, asked) = match self {
            Self::Inner { message, asked, .. } => (message, asked),
            Self::Snapshot { term, snapshot, .. } => {
                return Meaning::InstallSnapshot { term: *term, through: snapshot.through };
            }
        };
        let term = message.term().get();
        match message {
            Inner::RequestVoteCall { last_position, .. } => {
                Meaning::VoteRequest { term, last_log: place(*last_position) }
            }
            Inner::RequestVoteReply { vote_granted, .. } => Meaning::VoteReply {
                term,
                asked_in: asked.map_or(term, |it| it.term),
                granted: *vote_granted,
            },
            Inner::AppendEntriesCall { entries, .. } => Meaning::Append {
                term,
                previous: place(entries.prev_position()),
                entries: entries.len() as u32,
            },
            Inner::AppendEntriesReply { .. } => {
                let success = asked.is_some_and(|it| it.term == term && it.holds);
                Meaning::AppendReply { term, success }
            }
        }
    }
}

impl fmt::Display for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = match self {
            Self::Inner { message, .. } => message,
            Self::Snapshot { term, snapshot, .. } => {
                return write!(f, "Snapshot T{term} {}", snapshot.through);
            }
        };
        let term = message.term().get();
        match message {
            Inner::RequestVoteCall { last_position, .. } => {
                write!(f, "RequestVoteCall T{term} log {}", place(*last_position))
            }
            Inner::RequestVoteReply { vote_granted, .. } => {
                write!(f, "RequestVoteReply T{term} {}", if *vote_granted { "yes" } else { "no" })
            }
            Inner::AppendEntriesCall { entries, commit_index, .. } => write!(
                f,
                "AppendEntriesCall T{term} {}+{} c{}",
                place(entries.prev_position()),
                entries.len(),
                commit_index.get()
            ),
            Inner::AppendEntriesReply { last_position, .. } => {
                write!(f, "AppendEntriesReply T{term} {}", place(*last_position))
            }
        }
    }
}
