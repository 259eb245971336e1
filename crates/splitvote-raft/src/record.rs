//! What the disk keeps: Figure 2's persistent state as a log of typed records.
//!
//! The latest ballot record holds; an entry record replaces what stood at its index, and all that
//! followed, unless it is the same entry. So writing the state out again at the end of the record
//! log changes nothing in what is recovered, wherever a crash cuts it off.

use splitvote_peer::{Command, Durable, LogIndex, PeerId, Term};

use crate::log::{Entry, Log};

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
        /// `currentTerm`.
        term: Term,
        /// `votedFor`.
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
        }
    }
}

/// What a peer boots with, from the records that survived, oldest first.
pub(crate) fn recover(records: &[DiskRecord]) -> (Ballot, Log) {
    let mut ballot = Ballot::default();
    let mut log = Log::default();
    for record in records {
        match record {
            DiskRecord::Ballot { term, voted_for } => {
                ballot = Ballot { term: *term, voted_for: *voted_for };
            }
            DiskRecord::Entry { index, term, command } => {
                log.place(*index, Entry { term: *term, command: command.clone() });
            }
        }
    }
    (ballot, log)
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
    use splitvote_peer::LogPosition;

    #[test]
    fn a_state_written_twice_is_recovered_once_wherever_it_is_cut() {
        let once = disk_with_log(&[1, 1, 2]);
        let twice: Vec<_> = once.iter().chain(&once).cloned().collect();
        for cut in once.len()..=twice.len() {
            let (ballot, log) = recover(&twice[..cut]);
            assert_eq!(ballot, Ballot { term: 2, voted_for: None }, "cut at {cut}");
            assert_eq!(log.last(), LogPosition { index: 3, term: 2 }, "cut at {cut}");
        }
    }

    #[test]
    fn an_entry_of_another_term_replaces_the_rest() {
        let mut records = disk_with_log(&[1, 1, 1]);
        records.push(DiskRecord::Entry { index: 2, term: 4, command: Command::new(b"x") });
        assert_eq!(recover(&records).1.last(), LogPosition { index: 2, term: 4 });
    }

    #[test]
    fn no_terms_make_an_empty_disk() {
        assert!(disk_with_log(&[]).is_empty());
    }
}
