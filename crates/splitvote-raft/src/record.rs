//! What the disk keeps: the persistent state of Figures 2 and 13 as a log of typed records.
//!
//! The latest ballot record holds. An entry record replaces what stood at its index, and all that
//! followed, unless it is the same entry. A snapshot is written in parts and holds once the record
//! that ends it is there. So writing the state out again at the end of the record log changes
//! nothing in what is recovered, wherever a crash cuts it off.

use splitvote_peer::{Command, Durable, LogIndex, LogPosition, PeerId, Term};

use crate::batch::ENTRY_OVERHEAD_BYTES;
use crate::chunk::Chunk;

/// Figure 2, persistent state: `currentTerm` and `votedFor`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ballot {
    /// The latest term the peer has seen.
    pub term: Term,
    /// Who got its vote in that term.
    pub voted_for: Option<PeerId>,
}

/// One record of a peer's disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiskRecord {
    /// Term and vote, together: a crash keeps both or neither.
    Ballot {
        /// The paper's `currentTerm`: the latest term that this peer has seen.
        term: Term,
        /// The paper's `votedFor`: who has this peer's vote in its term.
        voted_for: Option<PeerId>,
    },
    /// One entry of the log.
    Entry {
        /// Where it stands.
        index: LogIndex,
        /// The term in which a leader received it.
        term: Term,
        /// What the client wants applied.
        command: Command,
    },
    /// The log ends before this index.
    Deleted {
        /// The first index that is gone.
        from: LogIndex,
    },
    /// A part of a snapshot. It means nothing until the record that ends the snapshot.
    SnapshotPart(Chunk),
    /// All parts of a snapshot stand before this record: it replaces the log up to there.
    SnapshotEnd {
        /// The last entry that the snapshot replaces.
        through: LogPosition,
        /// How many bytes its parts have together.
        length: usize,
    },
    /// What a restart finds of a record that was being written when the power failed: nothing that
    /// can be read.
    Torn,
    /// What a restart finds of a record that was durable and can no longer be read.
    Damaged,
}

impl From<Ballot> for DiskRecord {
    fn from(Ballot { term, voted_for }: Ballot) -> Self {
        Self::Ballot { term, voted_for }
    }
}

impl splitvote_peer::Record for DiskRecord {
    fn meaning(&self) -> Durable {
        match *self {
            Self::Ballot { term, voted_for } => Durable::Ballot { term, voted_for },
            Self::Entry { index, term, ref command } => {
                Durable::Entry { index, entry: command.in_term(term) }
            }
            Self::Deleted { from } => Durable::Truncated { from },
            Self::SnapshotEnd { through, .. } => Durable::Snapshot { through },
            Self::SnapshotPart(_) | Self::Torn | Self::Damaged => Durable::Other,
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Ballot { .. } => 8 + 1,
            Self::Entry { command, .. } => ENTRY_OVERHEAD_BYTES + command.size(),
            Self::Deleted { .. } => 8,
            Self::SnapshotPart(_) | Self::SnapshotEnd { .. } | Self::Torn | Self::Damaged => 0,
        }
    }

    fn torn(&self) -> Option<Self> {
        Some(Self::Torn)
    }

    fn damaged(&self) -> Option<Self> {
        Some(Self::Damaged)
    }
}

/// The disk of a peer whose log holds one entry of each given term, and whose current term is the
/// last of them. For worlds that start with logs of different lengths (paper, section 9.3).
#[must_use]
pub fn disk_with_log(terms: &[Term]) -> Vec<DiskRecord> {
    let command = Command::new(&[]);
    let ballot = terms.iter().max().map(|term| Ballot { term: *term, voted_for: None }.into());
    let entries = (1..).zip(terms).map(|(index, term)| DiskRecord::Entry {
        index,
        term: *term,
        command: command.clone(),
    });
    ballot.into_iter().chain(entries).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use splitvote_peer::Record;

    #[test]
    fn no_terms_make_an_empty_disk() {
        assert!(disk_with_log(&[]).is_empty());
    }

    #[test]
    fn raft_state_is_ballots_and_entries() {
        let command = Command::new(b"four");
        let entry = DiskRecord::Entry { index: 1, term: 1, command };
        assert_eq!(entry.bytes(), 20);
        let through = LogPosition { index: 1, term: 1 };
        assert_eq!(DiskRecord::SnapshotEnd { through, length: 9 }.bytes(), 0);
        assert_eq!(entry.torn(), Some(DiskRecord::Torn));
        assert_eq!(DiskRecord::Torn.meaning(), Durable::Other);
    }
}
