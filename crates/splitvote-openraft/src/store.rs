//! openraft's log, vote and state machine over the disk of the peer.
//!
//! Vote, log and snapshot are one record, which a crash keeps as a whole or not at all. What openraft is told to be
//! durable is so: a vote is awaited, an append reports when its sync is done, and a snapshot is on the disk before the
//! log in front of it is purged. [`Fault`] breaks each of these promises, to see that the harness finds it.
//!
//! The state machine itself is the harness's. Its state is lost in a crash, so that it starts from the snapshot.
//!
//! openraft counts entries from 0 and the harness from 1.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::{Bound, RangeBounds};
use std::rc::Rc;

use futures_util::{Stream, StreamExt};
use openraft::alias::{LogIdOf, SnapshotMetaOf, SnapshotOf, StoredMembershipOf, VoteOf};
use openraft::entry::RaftEntry;
use openraft::storage::{EntryResponder, IOFlushed, RaftLogStorage, RaftStateMachine};
use openraft::{
    Entry, EntryPayload, LogId, LogState, Membership, RaftLogReader, RaftSnapshotBuilder,
    SnapshotMeta, StoredMembership,
};
use splitvote_labrpc::peer::{Command, EntryId, LogIndex, LogPosition, PeerId, Snapshot, Term};
use splitvote_labrpc::sync::oneshot;
use splitvote_labrpc::{ApplyMsg, Env, Persistent, spawn};

use crate::log::Log;
use crate::raft::Raft;
use crate::types::{Proposal, Types};

pub(crate) type LogEntry = <Types as openraft::RaftTypeConfig>::Entry;
type Io<T> = Result<T, io::Error>;

/// A promise that the storage does not keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It keeps all of them, and a leader that restarts is none.
    #[default]
    None,
    /// It keeps all of them, and openraft is as it is by default: a leader that restarts leads its old term on.
    LeaderRestore,
    /// An append is reported as durable at once.
    AcksBeforeSync,
    /// A vote is never written.
    ForgetsVote,
    /// Every sync says at once that it is done.
    LyingSync,
    /// The log is purged although the snapshot never reaches the disk.
    PurgesBeforeSnapshot,
}

/// What survives a crash.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    vote: Option<VoteOf<Types>>,
    /// The term of the vote, and whom this peer has voted for in it.
    cast: (Term, Option<PeerId>),
    purged: Option<LogIdOf<Types>>,
    log: Log,
}

impl Kept {
    /// Every log begins with the members of the cluster, as `Raft::initialize` on each of them leaves it.
    fn initial(peers: usize) -> Self {
        let members = EntryPayload::Membership(membership(peers));
        let entries = vec![Entry::new(LogId::new_term_index(0, 0), members)];
        Self { vote: None, cast: (0, None), purged: None, log: Log::new(0, entries) }
    }

    fn last_id(&self) -> Option<LogIdOf<Types>> {
        let last =
            self.log.next().checked_sub(1).and_then(|last| self.log.at(last, |last| last.log_id));
        last.or(self.purged)
    }
}

/// Whom this peer has voted for once it has this vote. openraft replaces a vote by the leader of the term once there is
/// one; the peer can vote for nobody any more then, so that its vote counts as it was.
fn cast(before: (Term, Option<PeerId>), vote: VoteOf<Types>, me: PeerId) -> (Term, Option<PeerId>) {
    let (term, node) = (vote.leader_id.term, PeerId(vote.leader_id.voted_for as u8));
    if !vote.committed || node == me {
        (term, Some(node))
    } else if before.0 == term {
        before
    } else {
        (term, None)
    }
}

impl Persistent for Kept {
    fn ballot(&self) -> (Term, Option<PeerId>) {
        self.cast
    }

    fn last(&self) -> LogIndex {
        self.last_id().map_or(0, |last| last.index + 1)
    }

    fn entry(&self, index: LogIndex) -> Option<EntryId> {
        self.log.at(index.checked_sub(1)?, id_of)
    }
}

/// What an entry is to the harness.
fn id_of(entry: &LogEntry) -> EntryId {
    let command = match &entry.payload {
        EntryPayload::Normal(proposal) => proposal.command.clone(),
        EntryPayload::Blank => Command::new(b""),
        EntryPayload::Membership(_) => Command::new(b"members"),
    };
    command.in_term(entry.log_id.leader_id.term)
}

fn membership(peers: usize) -> Membership<u64, openraft::impls::EmptyNode> {
    let all: BTreeSet<u64> = (0..peers as u64).collect();
    Membership::new_with_defaults(vec![all], [])
}

fn position(id: LogIdOf<Types>) -> LogPosition {
    LogPosition { index: id.index + 1, term: id.leader_id.term }
}

/// Log, vote and state machine of a peer. A clone is the same.
#[derive(Clone)]
pub(crate) struct Store(Rc<Shared>);

struct Shared {
    env: Env<Raft>,
    fault: Fault,
    kept: RefCell<Kept>,
    /// The latest vote, which is also in `kept` unless it is forgotten.
    vote: Cell<Option<VoteOf<Types>>>,
    cast: Cell<(Term, Option<PeerId>)>,
    snapshot: RefCell<Option<Snapshot>>,
    /// A snapshot that the state machine has made, and that openraft has yet to take.
    made: RefCell<Option<Snapshot>>,
    applied: Cell<Option<LogIdOf<Types>>>,
    /// Proposals of this peer that are not in its log yet.
    proposed: RefCell<BTreeMap<u64, oneshot::Sender<LogPosition>>>,
}

impl Store {
    /// What survived the last crash.
    pub(crate) fn open(env: Env<Raft>) -> Self {
        let saved = env.persister().read();
        let snapshot = saved.as_ref().and_then(|saved| saved.snapshot.clone());
        let kept = saved.map_or_else(|| Kept::initial(env.cluster_size()), |saved| saved.state);
        Self(Rc::new(Shared {
            fault: *env.options(),
            vote: Cell::new(kept.vote),
            cast: Cell::new(kept.cast),
            kept: RefCell::new(kept),
            snapshot: RefCell::new(snapshot),
            made: RefCell::default(),
            applied: Cell::default(),
            proposed: RefCell::default(),
            env,
        }))
    }

    pub(crate) fn me(&self) -> PeerId {
        self.0.env.me()
    }

    /// The latest vote, durable or on its way to the disk.
    pub(crate) fn vote(&self) -> Option<VoteOf<Types>> {
        self.0.vote.get()
    }

    /// Whom this peer has voted for in the term of the latest vote.
    pub(crate) fn voted_for(&self) -> Option<PeerId> {
        self.0.cast.get().1
    }

    /// The first index that the log holds, and where it ends: at the snapshot at least, as what stands before that is
    /// about to be purged.
    pub(crate) fn bounds(&self) -> (LogIndex, LogPosition) {
        let kept = self.0.kept.borrow();
        let last = kept.last_id().map(position).unwrap_or_default();
        let through = self.0.snapshot.borrow().as_ref().map(|snapshot| snapshot.through);
        match through.filter(|through| through.index > last.index) {
            Some(through) => (through.index + 1, through),
            None => (kept.log.first() + 1, last),
        }
    }

    pub(crate) fn entry(&self, index: LogIndex) -> Option<EntryId> {
        let (first, last) = self.bounds();
        if index < first || index > last.index {
            return None;
        }
        self.0.kept.borrow().entry(index)
    }

    pub(crate) fn applied(&self) -> LogIndex {
        self.0.applied.get().map_or(0, |applied| applied.index + 1)
    }

    /// The state machine has made a snapshot. Whether openraft is to take it.
    pub(crate) fn made(&self, snapshot: Snapshot) -> bool {
        let newest = self.0.snapshot.borrow().as_ref().map_or(0, |newest| newest.through.index);
        let is_new = snapshot.through.index > newest;
        if is_new {
            *self.0.made.borrow_mut() = Some(snapshot);
        }
        is_new
    }

    /// Where this proposal will stand in the log, once this peer has put it there.
    pub(crate) fn expect(&self, ticket: u64) -> oneshot::Receiver<LogPosition> {
        let (sender, receiver) = oneshot::channel();
        self.0.proposed.borrow_mut().insert(ticket, sender);
        receiver
    }

    /// It will not.
    pub(crate) fn forget(&self, ticket: u64) {
        self.0.proposed.borrow_mut().remove(&ticket);
    }

    fn save(&self) -> splitvote_labrpc::Saving<Raft> {
        self.0.env.persister().save(self.0.kept.borrow().clone())
    }

    async fn save_snapshot(&self, snapshot: &Snapshot) {
        *self.0.snapshot.borrow_mut() = Some(snapshot.clone());
        if self.0.fault == Fault::PurgesBeforeSnapshot {
            return;
        }
        let kept = self.0.kept.borrow().clone();
        let saving = self.0.env.persister().save_with_snapshot(kept, snapshot.clone());
        if self.0.fault != Fault::LyingSync {
            saving.await;
        }
    }

    fn members(&self) -> StoredMembershipOf<Types> {
        let members = membership(self.0.env.cluster_size());
        StoredMembership::new(Some(LogId::new_term_index(0, 0)), members)
    }

    fn as_openraft(&self, snapshot: Snapshot) -> SnapshotOf<Types, Snapshot> {
        let LogPosition { index, term } = snapshot.through;
        let last_log_id = Some(LogId::new_term_index(term, index.saturating_sub(1)));
        let meta = SnapshotMeta { last_log_id, last_membership: self.members() };
        openraft::Snapshot { meta, snapshot }
    }
}

impl RaftLogReader<Types> for Store {
    async fn try_get_log_entries<B: RangeBounds<u64>>(&mut self, range: B) -> Io<Vec<LogEntry>> {
        let kept = self.0.kept.borrow();
        let start = match range.start_bound() {
            Bound::Included(start) => *start,
            Bound::Excluded(before) => before + 1,
            Bound::Unbounded => 0,
        };
        let indexes = (start.max(kept.log.first())..kept.log.next())
            .take_while(|index| range.contains(index));
        Ok(indexes.filter_map(|index| kept.log.at(index, LogEntry::clone)).collect())
    }

    async fn read_vote(&mut self) -> Io<Option<VoteOf<Types>>> {
        Ok(self.0.vote.get())
    }
}

impl RaftLogStorage<Types> for Store {
    type LogReader = Self;

    async fn get_log_state(&mut self) -> Io<LogState<Types>> {
        let kept = self.0.kept.borrow();
        Ok(LogState { last_purged_log_id: kept.purged, last_log_id: kept.last_id() })
    }

    async fn get_log_reader(&mut self) -> Self {
        self.clone()
    }

    async fn save_vote(&mut self, vote: &VoteOf<Types>) -> Io<()> {
        self.0.vote.set(Some(*vote));
        self.0.cast.set(cast(self.0.cast.get(), *vote, self.0.env.me()));
        if self.0.fault == Fault::ForgetsVote {
            return Ok(());
        }
        {
            let mut kept = self.0.kept.borrow_mut();
            (kept.vote, kept.cast) = (self.0.vote.get(), self.0.cast.get());
        }
        let saving = self.save();
        if self.0.fault != Fault::LyingSync {
            saving.await;
        }
        Ok(())
    }

    async fn append<I>(&mut self, entries: I, flushed: IOFlushed<Types>) -> Io<()>
    where
        I: IntoIterator<Item = LogEntry>,
    {
        for entry in entries {
            if let EntryPayload::Normal(Proposal { ticket, .. }) = &entry.payload
                && let Some(waits) = self.0.proposed.borrow_mut().remove(ticket)
            {
                // Nobody waits any more if the client's request was given up.
                let _ = waits.send(position(entry.log_id));
            }
            self.0.kept.borrow_mut().log.push(entry);
        }
        let saving = self.save();
        if matches!(self.0.fault, Fault::AcksBeforeSync | Fault::LyingSync) {
            flushed.io_completed(Ok(()));
            return Ok(());
        }
        spawn(async move {
            saving.await;
            flushed.io_completed(Ok(()));
        });
        Ok(())
    }

    async fn truncate_after(&mut self, last: Option<LogIdOf<Types>>) -> Io<()> {
        self.0.kept.borrow_mut().log.truncate(last.map_or(0, |last| last.index + 1));
        // What replaces it is saved next, and both as one: entries that conflict, or a snapshot.
        Ok(())
    }

    async fn purge(&mut self, through: LogIdOf<Types>) -> Io<()> {
        let mut kept = self.0.kept.borrow_mut();
        kept.log.purge(through.index + 1);
        kept.purged = Some(through);
        drop(kept);
        // Nothing rests on it: a crash before it is durable finds a longer log.
        drop(self.save());
        Ok(())
    }
}

impl RaftStateMachine<Types> for Store {
    type SnapshotData = Snapshot;
    type SnapshotBuilder = Self;

    async fn applied_state(&mut self) -> Io<(Option<LogIdOf<Types>>, StoredMembershipOf<Types>)> {
        let applied = self.0.applied.get();
        let members = applied.map(|_| self.members()).unwrap_or_default();
        Ok((applied, members))
    }

    async fn apply<S>(&mut self, mut entries: S) -> Io<()>
    where
        S: Stream<Item = Io<EntryResponder<Types>>> + Unpin,
    {
        while let Some(next) = entries.next().await {
            let (entry, responder) = next?;
            let (index, id) = (entry.log_id.index + 1, id_of(&entry));
            self.0.env.apply_ch().send(ApplyMsg::Command { index, entry: id });
            self.0.applied.set(Some(entry.log_id));
            responder.into_iter().for_each(|responder| responder.send(()));
        }
        Ok(())
    }

    async fn get_snapshot_builder(&mut self) -> Self {
        self.clone()
    }

    async fn install_snapshot(&mut self, meta: &SnapshotMetaOf<Types>, new: Snapshot) -> Io<()> {
        // At a start it is the one that is on the disk.
        if self.0.snapshot.borrow().as_ref() != Some(&new) {
            self.save_snapshot(&new).await;
        }
        self.0.applied.set(meta.last_log_id);
        self.0.env.apply_ch().send(ApplyMsg::Snapshot(new));
        Ok(())
    }

    async fn get_current_snapshot(&mut self) -> Io<Option<SnapshotOf<Types, Snapshot>>> {
        let snapshot = self.0.snapshot.borrow().clone();
        Ok(snapshot.map(|snapshot| self.as_openraft(snapshot)))
    }
}

impl RaftSnapshotBuilder<Types> for Store {
    type SnapshotData = Snapshot;

    /// It was built by the harness, when it asked for it.
    async fn build_snapshot(&mut self) -> Io<SnapshotOf<Types, Snapshot>> {
        let made = self.0.made.borrow_mut().take();
        if let Some(made) = made.filter(|made| self.made(made.clone())) {
            self.0.made.borrow_mut().take();
            self.save_snapshot(&made).await;
        }
        let newest = self.0.snapshot.borrow().clone();
        newest
            .map(|newest| self.as_openraft(newest))
            .ok_or_else(|| io::Error::other("no snapshot was made"))
    }
}
