//! What raft-rs reads of its log, and the records from which a restart makes it again.
//!
//! The store is what raft-rs calls the cache: it has at once what is on its way to the disk.

use raft::eraftpb::{ConfState, Entry, HardState, Snapshot as InnerSnapshot};
use raft::{Error, GetEntriesContext, NO_LIMIT, RaftState, Storage, StorageError};
use splitvote::peer::{
    Command, Durable, EntryId, LogIndex, LogPosition, PeerId, Record, Settings, Snapshot, Term,
};
use splitvote_adapter::{Carried, Log, Placed};

/// The number of a peer within raft-rs, where 0 is nobody.
pub(crate) fn number_of(peer: PeerId) -> u64 {
    u64::from(peer.0) + 1
}

/// The peer of such a number.
pub(crate) fn id_of(number: u64) -> PeerId {
    PeerId(number.saturating_sub(1) as u8)
}

/// The peer of such a number, if it is one.
pub(crate) fn peer_of(number: u64) -> Option<PeerId> {
    (number > 0).then(|| id_of(number))
}

/// What identifies an entry.
pub(crate) fn entry_id(entry: &Entry) -> EntryId {
    Carried::from_bytes(&entry.data).in_term(entry.term)
}

/// An entry of raft-rs.
#[derive(Clone, Debug)]
pub(crate) struct Kept(pub(crate) Entry);

impl Placed for Kept {
    fn position(&self) -> LogPosition {
        LogPosition { index: self.0.index, term: self.0.term }
    }
}

/// A record of the disk.
#[derive(Clone, Debug)]
pub(crate) enum Note {
    Ballot {
        term: Term,
        vote: u64,
    },
    Entry(Entry),
    Snapshot(Snapshot),
    /// That all up to here is committed. Of a batch that a crash tears an entry may be gone, and another one stand in
    /// its place: so it states the term, too.
    Commit(LogPosition),
}

impl Record for Note {
    fn meaning(&self) -> Durable {
        match self {
            Self::Ballot { term, vote } => {
                Durable::Ballot { term: *term, voted_for: peer_of(*vote) }
            }
            Self::Entry(entry) => Durable::Entry { index: entry.index, entry: entry_id(entry) },
            Self::Snapshot(snapshot) => Durable::Snapshot { through: snapshot.through },
            Self::Commit(_) => Durable::Other,
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Ballot { .. } | Self::Commit(_) => 16,
            Self::Entry(entry) => 16 + Carried::from_bytes(&entry.data).size(),
            Self::Snapshot(_) => 0,
        }
    }
}

/// The disk of a peer that has an entry of each of these terms, from the first index on, and is in the term `current`.
pub(crate) fn written(log: &[Term], current: Term) -> Vec<Note> {
    let entry = |(index, term): (LogIndex, &Term)| {
        let data = Carried::of(&Command::new(&index.to_le_bytes())).to_bytes().to_vec().into();
        Note::Entry(Entry { index, term: *term, data, ..Entry::default() })
    };
    let ballot = Note::Ballot { term: current, vote: 0 };
    std::iter::once(ballot).chain((1..).zip(log).map(entry)).collect()
}

/// The log behind the newest snapshot, and what else is durable or about to be.
pub(crate) struct Store {
    conf: ConfState,
    hard: HardState,
    snapshot: Option<Snapshot>,
    log: Log<Kept>,
    most_entries: usize,
    most_bytes: usize,
}

impl Store {
    /// What the records of a disk amount to.
    pub(crate) fn recover(records: &[Note], peers: usize, settings: &Settings) -> Self {
        let voters = PeerId::all(peers).map(number_of).collect();
        let conf = ConfState { voters, ..ConfState::default() };
        let mut store = Self {
            conf,
            hard: HardState::default(),
            snapshot: None,
            log: Log::default(),
            most_entries: settings.entries_per_append.max(1),
            most_bytes: settings.bytes_per_append.unwrap_or(usize::MAX),
        };
        let mut commits = Vec::new();
        for record in records {
            match record {
                Note::Ballot { term, vote } => (store.hard.term, store.hard.vote) = (*term, *vote),
                Note::Entry(entry) => store.put(entry),
                Note::Snapshot(snapshot) => store.replace_front(snapshot),
                Note::Commit(place) => commits.push(*place),
            }
        }
        let is_there = |place: &&LogPosition| store.log.term_at(place.index) == Some(place.term);
        let commit = commits.iter().rev().find(is_there).map_or(0, |place| place.index);
        store.hard.commit = commit.max(store.log.base().index);
        store
    }

    pub(crate) fn log(&self) -> &Log<Kept> {
        &self.log
    }

    pub(crate) fn newest_snapshot(&self) -> Option<&Snapshot> {
        self.snapshot.as_ref()
    }

    pub(crate) fn put(&mut self, entry: &Entry) {
        self.log.put(Kept(entry.clone()));
    }

    pub(crate) fn replace_front(&mut self, snapshot: &Snapshot) {
        if self.log.begin_behind(snapshot.through) {
            self.snapshot = Some(snapshot.clone());
        }
    }
}

impl Storage for Store {
    fn initial_state(&self) -> raft::Result<RaftState> {
        Ok(RaftState::new(self.hard.clone(), self.conf.clone()))
    }

    fn entries(
        &self,
        low: u64,
        high: u64,
        max_size: impl Into<Option<u64>>,
        _: GetEntriesContext,
    ) -> raft::Result<Vec<Entry>> {
        if low < self.log.first() {
            return Err(Error::Store(StorageError::Compacted));
        }
        let all = self.log.range(low..high).ok_or(Error::Store(StorageError::Unavailable))?;
        let all = all.map(|Kept(entry)| entry);
        if max_size.into().is_none_or(|most| most == NO_LIMIT) {
            return Ok(all.cloned().collect());
        }
        let mut bytes = 0;
        let some = all.take(self.most_entries).enumerate().take_while(|(place, entry)| {
            bytes += Carried::from_bytes(&entry.data).size();
            *place == 0 || bytes <= self.most_bytes
        });
        Ok(some.map(|(_, entry)| entry.clone()).collect())
    }

    fn term(&self, index: u64) -> raft::Result<u64> {
        let unavailable = || {
            let is_gone = index < self.log.base().index;
            if is_gone { StorageError::Compacted } else { StorageError::Unavailable }
        };
        self.log.term_at(index).ok_or_else(|| Error::Store(unavailable()))
    }

    fn first_index(&self) -> raft::Result<u64> {
        Ok(self.log.first())
    }

    fn last_index(&self) -> raft::Result<u64> {
        Ok(self.log.last().index)
    }

    fn snapshot(&self, request_index: u64, _: u64) -> raft::Result<InnerSnapshot> {
        let through = self.log.base();
        if through.index < request_index.max(1) {
            return Err(Error::Store(StorageError::SnapshotTemporarilyUnavailable));
        }
        let mut snapshot = InnerSnapshot::default();
        let metadata = snapshot.mut_metadata();
        (metadata.index, metadata.term) = (through.index, through.term);
        metadata.set_conf_state(self.conf.clone());
        Ok(snapshot)
    }
}
