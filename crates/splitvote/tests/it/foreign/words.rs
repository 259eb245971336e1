//! What a Courier says to others, and writes to its disk.

use std::fmt;

use splitvote::PeerId;
use splitvote::peer::{
    Command, Durable, EntryId, LogIndex, LogPosition, Meaning, Message, Record, Snapshot, Term,
};

/// An entry: a command of a client, or the one with which a leader starts its term.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) term: Term,
    pub(super) command: Option<Command>,
}

impl Entry {
    pub(super) fn id(&self) -> EntryId {
        /// The digest of the entry that no client asked for.
        const OWN: u64 = 0x0000_c0de_0000_c0de;
        let digest = self.command.as_ref().map_or(OWN, Command::digest);
        EntryId { term: self.term, digest }
    }

    fn bytes(&self) -> usize {
        16 + self.command.as_ref().map_or(0, Command::size)
    }
}

/// One-way messages. Leaders number theirs, and followers repeat the number.
#[derive(Clone, Debug)]
pub(super) enum Say {
    AskVote {
        term: Term,
        last: LogPosition,
    },
    /// A vote. A refusal is silence.
    Vote {
        term: Term,
    },
    Append {
        number: u64,
        term: Term,
        previous: LogPosition,
        entries: Vec<Entry>,
        commit: LogIndex,
    },
    Install {
        number: u64,
        term: Term,
        snapshot: Snapshot,
    },
    /// The answer to both: up to where the log is as the leader's, as far as can be told, when the
    /// leader asked about what follows `asked`.
    Ends {
        number: u64,
        term: Term,
        asked: LogIndex,
        at: LogIndex,
        of_snapshot: bool,
    },
}

impl Say {
    pub(super) fn bytes(&self) -> u32 {
        let content = match self {
            Self::Append { entries, .. } => entries.iter().map(Entry::bytes).sum(),
            Self::Install { snapshot, .. } => snapshot.state.len(),
            _ => 0,
        };
        24 + content as u32
    }
}

impl fmt::Display for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AskVote { term, last } => write!(f, "AskVote(T{term}, {last})"),
            Self::Vote { term } => write!(f, "Vote(T{term})"),
            Self::Append { number, term, previous, entries, commit } => {
                write!(f, "Append #{number}(T{term}, {previous}+{}, c{commit})", entries.len())
            }
            Self::Install { number, term, snapshot } => {
                write!(f, "Install #{number}(T{term}, {})", snapshot.through)
            }
            Self::Ends { number, term, at, .. } => write!(f, "Ends #{number}(T{term}, {at})"),
        }
    }
}

impl Message for Say {
    const KINDS: &'static [&'static str] = &[
        "request-vote",
        "vote-reply",
        "append-entries",
        "install-snapshot",
        "append-reply",
        "install-reply",
    ];

    fn kind(&self) -> usize {
        match self {
            Self::AskVote { .. } => 0,
            Self::Vote { .. } => 1,
            Self::Append { .. } => 2,
            Self::Install { .. } => 3,
            Self::Ends { of_snapshot, .. } => 4 + usize::from(*of_snapshot),
        }
    }

    fn meaning(&self) -> Meaning {
        match *self {
            Self::AskVote { term, last } => Meaning::VoteRequest { term, last_log: last },
            Self::Vote { term } => Meaning::VoteReply { term, asked_in: term, granted: true },
            Self::Append { term, previous, ref entries, .. } => {
                Meaning::Append { term, previous, entries: entries.len() as u32 }
            }
            Self::Install { term, ref snapshot, .. } => {
                Meaning::InstallSnapshot { term, through: snapshot.through }
            }
            Self::Ends { term, of_snapshot: true, .. } => Meaning::InstallReply { term },
            Self::Ends { term, asked, at, .. } => {
                Meaning::AppendReply { term, success: at >= asked }
            }
        }
    }
}

/// A record of the disk.
#[derive(Clone, Debug)]
pub(super) enum Note {
    Ballot { term: Term, voted_for: Option<PeerId> },
    Entry { index: LogIndex, entry: Entry },
    Snapshot(Snapshot),
}

impl Record for Note {
    fn meaning(&self) -> Durable {
        match self {
            Self::Ballot { term, voted_for } => {
                Durable::Ballot { term: *term, voted_for: *voted_for }
            }
            Self::Entry { index, entry } => Durable::Entry { index: *index, entry: entry.id() },
            Self::Snapshot(snapshot) => Durable::Snapshot { through: snapshot.through },
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Ballot { .. } => 16,
            Self::Entry { entry, .. } => entry.bytes(),
            Self::Snapshot(_) => 0,
        }
    }
}
