//! All that a peer can do to the world.
//!
//! Effects are written to a buffer that the world reuses; they are carried out in order once the
//! step has ended.

use std::time::Duration;

use crate::id::{CallId, EntryId, LogIndex, PeerId, RequestId, SyncId};
use crate::message::Leg;
use crate::peer::Peer;
use crate::snapshot::Snapshot;
use crate::time::{LocalTime, nanos};
use serde::{Deserialize, Serialize};

/// Where a peer's random choices come from: its own keyed stream (design, decision 2).
pub trait Chance {
    /// A number below `bound`, each equally likely; 0 for a bound of 0. Always one draw.
    fn below(&mut self, bound: u64) -> u64;

    /// A fresh election timeout between the two durations, given in nanoseconds, ends included.
    /// Apart from other draws because a plan may write it down instead (design, decision 3).
    fn election_timeout(&mut self, min: u64, max: u64) -> u64;

    /// Whether a fault has the next of the peer's ready tasks drawn. By default none does.
    fn shuffles_tasks(&self) -> bool {
        false
    }
}

/// What became of a client's proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ProposalAnswer {
    /// The peer leads and has taken the command into its log. That is no promise of commitment.
    Accepted {
        /// Where in the log.
        index: LogIndex,
        /// In which term.
        term: crate::id::Term,
    },
    /// The peer does not lead; if it knows who does, it says so.
    Redirect {
        /// The leader of the peer's current term, once heard of.
        leader: Option<PeerId>,
    },
}

/// A message that leaves its sender.
///
/// Of one layout, the message last, at a multiple of 16 bytes: moved about as a whole and in pieces of
/// that size, it is never read in other pieces than it was just written in, which stalls a processor.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct Parcel<M> {
    /// A call, the answer to one, or neither.
    pub leg: Leg,
    /// Whom to send it to; who made the call, if it is answered.
    pub to: PeerId,
    /// The size of the message on the wire, as the sender states it.
    pub bytes: u32,
    /// What to send.
    pub message: M,
}

/// One thing that a peer did to the world during a step.
#[derive(Clone, Debug)]
pub enum Effect<M, R> {
    /// A message to another peer.
    Send(Parcel<M>),
    /// A record for the disk, not durable yet.
    Persist(R),
    /// Make durable all that was persisted so far.
    Sync(SyncId),
    /// Forget all records but the last `keep`.
    Compact {
        /// How many records to keep.
        keep: usize,
    },
    /// The answer to a client.
    Answer {
        /// The request to answer.
        request: RequestId,
        /// What became of it.
        answer: ProposalAnswer,
    },
    /// The state machine applies an entry.
    Applied {
        /// Where it stands in the log.
        index: LogIndex,
        /// What it is.
        entry: EntryId,
    },
    /// The state machine replaces its state by a snapshot's.
    Restored(Snapshot),
    /// The peer stops.
    Stop,
}

/// The buffers and counters behind a [`Context`], owned and reused by the world.
#[derive(Clone, Debug)]
pub struct Outbox<M, R> {
    /// What the peer did during this step, in order.
    pub effects: Vec<Effect<M, R>>,
    /// How many calls were made in the run so far.
    pub calls: u64,
}

impl<M, R> Default for Outbox<M, R> {
    fn default() -> Self {
        Self { effects: Vec::new(), calls: 0 }
    }
}

/// Who takes a step, and when.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    /// The peer itself.
    pub me: PeerId,
    /// Which life of the peer this is, counted from 1.
    pub boot: u32,
    /// How many peers the cluster has.
    pub cluster_size: usize,
    /// What the peer's own clock shows.
    pub now: LocalTime,
}

/// What a peer sees of the world during one step, and all that it can do to it.
///
/// The world makes one for every step. A unit test of a peer has it made by a [`crate::TestBench`], whose example shows
/// a peer that sets its timer by [`Context::now`] and sends to [`Context::others`].
pub struct Context<'a, P: Peer> {
    turn: Turn,
    chance: &'a mut dyn Chance,
    syncs: &'a mut u64,
    records: &'a [P::Record],
    outbox: &'a mut Outbox<P::Message, P::Record>,
}

impl<M, R> Outbox<M, R> {
    /// Adds an effect. It is built once there is room, in its place, instead of being copied there.
    #[inline(always)]
    fn put(&mut self, effect: impl FnOnce() -> Effect<M, R>) {
        self.effects.extend(std::iter::once_with(effect));
    }
}

impl<'a, P: Peer> Context<'a, P> {
    /// The context of one step: `chance` is the peer's own stream, `syncs` counts the syncs that this
    /// life of the peer has asked for, `records` is what survived on its disk (for [`Peer::boot`];
    /// empty in a step), and the effects go to `outbox`.
    #[inline(always)]
    pub fn new(
        turn: Turn,
        chance: &'a mut dyn Chance,
        syncs: &'a mut u64,
        records: &'a [P::Record],
        outbox: &'a mut Outbox<P::Message, P::Record>,
    ) -> Self {
        Self { turn, chance, syncs, records, outbox }
    }

    /// The same context for a peer that this one is wrapped around.
    pub fn for_inner<Q>(&mut self) -> Context<'_, Q>
    where
        Q: Peer<Message = P::Message, Record = P::Record>,
    {
        Context::new(self.turn, self.chance, self.syncs, self.records, self.outbox)
    }
}

impl<P: Peer> Context<'_, P> {
    /// The peer itself.
    #[inline]
    #[must_use]
    pub fn me(&self) -> PeerId {
        self.turn.me
    }

    /// Which life of the peer this is, counted from 1.
    #[inline]
    #[must_use]
    pub fn boot(&self) -> u32 {
        self.turn.boot
    }

    /// How many peers the cluster has.
    #[inline]
    #[must_use]
    pub fn cluster_size(&self) -> usize {
        self.turn.cluster_size
    }

    /// What the peer's own clock shows.
    #[inline]
    #[must_use]
    pub fn now(&self) -> LocalTime {
        self.turn.now
    }

    /// The other peers of the cluster, in order.
    pub fn others(&self) -> impl Iterator<Item = PeerId> + use<P> {
        let me = self.turn.me;
        PeerId::all(self.turn.cluster_size).filter(move |peer| *peer != me)
    }

    /// A number below `bound` from the peer's own stream; 0 for a bound of 0.
    pub fn random(&mut self, bound: u64) -> u64 {
        self.chance.below(bound)
    }

    /// A fresh election timeout between `min` and `max`, ends included, from the peer's own stream.
    #[inline]
    pub fn election_timeout(&mut self, min: Duration, max: Duration) -> Duration {
        Duration::from_nanos(self.chance.election_timeout(nanos(min), nanos(max)))
    }

    /// Whether a fault has the next of this peer's ready tasks drawn, and not the one that was woken first. For a Raft
    /// that is made of tasks ([`crate::Feature::Tasks`]); the draws are its own.
    #[must_use]
    pub fn shuffles_tasks(&self) -> bool {
        self.chance.shuffles_tasks()
    }

    /// What survived on this peer's disk, oldest first. Empty after the boot.
    #[must_use]
    pub fn records(&self) -> &[P::Record] {
        self.records
    }

    /// Calls another peer. The reply comes as [`crate::Input::Reply`], or never.
    #[inline]
    pub fn call(&mut self, to: PeerId, message: P::Message, bytes: u32) -> CallId {
        self.call_with(to, bytes, || message)
    }

    /// The same, for the hot path: the message is made in its place, and not copied there.
    #[inline(always)]
    pub fn call_with(
        &mut self,
        to: PeerId,
        bytes: u32,
        message: impl FnOnce() -> P::Message,
    ) -> CallId {
        let (number, boot, caller) = (self.outbox.calls, self.turn.boot, self.turn.me);
        let call = || CallId { number, boot, caller };
        self.outbox.calls += 1;
        self.send_with(to, Leg::Request(call()), bytes, message);
        call()
    }

    /// Answers a call.
    #[inline]
    pub fn reply(&mut self, call: CallId, message: P::Message, bytes: u32) {
        self.reply_with(call, bytes, || message);
    }

    /// The same, for the hot path: the message is made in its place, and not copied there.
    #[inline(always)]
    pub fn reply_with(&mut self, call: CallId, bytes: u32, message: impl FnOnce() -> P::Message) {
        self.send_with(call.caller, Leg::Reply(call), bytes, message);
    }

    /// Sends a one-way message.
    #[inline]
    pub fn send(&mut self, to: PeerId, message: P::Message, bytes: u32) {
        self.send_with(to, Leg::OneWay, bytes, || message);
    }

    #[inline(always)]
    fn send_with(
        &mut self,
        to: PeerId,
        leg: Leg,
        bytes: u32,
        message: impl FnOnce() -> P::Message,
    ) {
        self.outbox.put(|| Effect::Send(Parcel { leg, to, bytes, message: message() }));
    }

    /// Appends a record to the peer's disk. It survives a crash for sure only once synced.
    pub fn persist(&mut self, record: P::Record) {
        self.outbox.effects.push(Effect::Persist(record));
    }

    /// Asks for all records persisted so far to be made durable. The answer is
    /// [`crate::Input::Synced`], never within the same step; several may be under way at once. One that is done
    /// covers everything that was persisted before it was asked for.
    pub fn sync(&mut self) -> SyncId {
        *self.syncs += 1;
        let sync = SyncId(*self.syncs);
        self.outbox.effects.push(Effect::Sync(sync));
        sync
    }

    /// Forgets all records of the disk but the last `keep`, those of this step included.
    ///
    /// The older records are forgotten at once if the first record that is kept is durable, else as soon as it is.
    /// So a peer that writes its state out anew and compacts in the same step, without waiting for the sync, finds
    /// after a crash either all older records, and of the new ones what survived, or none of the older ones. A crash
    /// before that calls the compaction off: ask for it again.
    pub fn compact(&mut self, keep: usize) {
        self.outbox.effects.push(Effect::Compact { keep });
    }

    /// Hands a committed entry to the state machine. A restart begins with an empty machine: first
    /// the snapshot, if there is one, then every entry behind it, once more.
    #[inline]
    pub fn applied(&mut self, index: LogIndex, entry: EntryId) {
        self.outbox.put(|| Effect::Applied { index, entry });
    }

    /// Hands a snapshot to the state machine in place of all that it has applied.
    pub fn restored(&mut self, snapshot: Snapshot) {
        self.outbox.effects.push(Effect::Restored(snapshot));
    }

    /// Stops the peer, as a process that exits: it is down, and what it does after this in the same
    /// step does not happen. Its disk keeps what a crash keeps. It starts again when somebody restarts
    /// it. A peer that calls this in [`Peer::boot`] does not start.
    pub fn stop(&mut self) {
        self.outbox.effects.push(Effect::Stop);
    }

    /// Answers a client.
    pub fn answer(&mut self, request: RequestId, answer: ProposalAnswer) {
        self.outbox.effects.push(Effect::Answer { request, answer });
    }
}
