//! The records of the disk, and what a restart makes of them.

use raftbare::{ClusterConfig, LogEntries, LogEntry, NodeId};
use splitvote::PeerId;
use splitvote::peer::{Command, Durable, EntryId, LogIndex, LogPosition, Record, Snapshot, Term};
use splitvote_adapter::{Carried, Log, Placed};

/// An entry: a command, or raftbare's own that begins a term. (No scenario changes the members.)
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kept {
    pub(crate) position: LogPosition,
    pub(crate) command: Option<Carried>,
}

impl Kept {
    pub(crate) fn id(&self) -> EntryId {
        self.command.unwrap_or(Carried::OWN).in_term(self.position.term)
    }
}

impl Placed for Kept {
    fn position(&self) -> LogPosition {
        self.position
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Note {
    Ballot {
        term: Term,
        vote: Option<u64>,
    },
    Entry(Kept),
    /// raftbare has cut off what follows, without an action; told only before a snapshot is written.
    Cut {
        from: LogIndex,
    },
    Snapshot(Snapshot),
}

impl Record for Note {
    fn meaning(&self) -> Durable {
        match self {
            Self::Ballot { term, vote } => {
                Durable::Ballot { term: *term, voted_for: vote.map(|it| PeerId(it as u8)) }
            }
            Self::Entry(kept) => Durable::Entry { index: kept.position.index, entry: kept.id() },
            Self::Cut { from } => Durable::Truncated { from: *from },
            Self::Snapshot(snapshot) => Durable::Snapshot { through: snapshot.through },
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Ballot { .. } | Self::Cut { .. } => 16,
            Self::Entry(kept) => 16 + kept.command.map_or(0, Carried::size),
            Self::Snapshot(_) => 0,
        }
    }
}

/// The peer of such a number.
pub(crate) fn id_of(node: NodeId) -> PeerId {
    PeerId(node.get() as u8)
}

/// The disk of a peer that has an entry of each of these terms, and is in the term `current`.
pub(crate) fn written(log: &[Term], current: Term) -> Vec<Note> {
    let mut before = 0;
    let entry = |(index, term): (LogIndex, &Term)| {
        // The first entry of a term is the leader's own.
        let is_own = std::mem::replace(&mut before, *term) != *term;
        let command = (!is_own).then(|| Carried::of(&Command::new(&index.to_le_bytes())));
        Note::Entry(Kept { position: LogPosition { index, term: *term }, command })
    };
    let ballot = Note::Ballot { term: current, vote: None };
    std::iter::once(ballot).chain((1..).zip(log).map(entry)).collect()
}

/// What the records of a disk amount to.
#[derive(Default)]
pub(crate) struct Disk {
    pub(crate) term: Term,
    pub(crate) vote: Option<u64>,
    pub(crate) snapshot: Option<Snapshot>,
    pub(crate) log: Log<Kept>,
}

impl Disk {
    pub(crate) fn read(records: &[Note]) -> Self {
        let mut disk = Self::default();
        for record in records {
            match record {
                Note::Ballot { term, vote } => (disk.term, disk.vote) = (*term, *vote),
                Note::Entry(kept) => _ = disk.log.put(*kept),
                Note::Cut { from } => disk.log.cut(*from),
                Note::Snapshot(snapshot) => {
                    if disk.log.begin_behind(snapshot.through) {
                        disk.snapshot = Some(snapshot.clone());
                    }
                }
            }
        }
        disk
    }

    /// The log as raftbare's. Its configuration is that of a snapshot of nothing, which every peer begins with.
    pub(crate) fn inner_log(&self, peers: usize) -> raftbare::Log {
        let mut config = ClusterConfig::new();
        config.voters.extend((0..peers as u64).map(NodeId::new));
        let entries = self.log.iter().map(|kept| match kept.command {
            Some(_) => LogEntry::Command,
            None => LogEntry::Term(kept.position.term.into()),
        });
        raftbare::Log::new(config, LogEntries::from_iter(position(self.log.base()), entries))
    }
}

/// A position of the contract as one of raftbare.
pub(crate) fn position(at: LogPosition) -> raftbare::LogPosition {
    raftbare::LogPosition { term: at.term.into(), index: at.index.into() }
}
