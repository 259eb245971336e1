//! The state machine that an author of a Raft implements.

use std::fmt;

use crate::context::Context;
use crate::disk::DiskError;
use crate::features::Features;
use crate::id::{CallId, Command, EntryId, LogIndex, PeerId, RequestId, SyncId};
use crate::message::{Message, Record};
use crate::snapshot::Snapshot;
use crate::time::LocalTime;
use crate::view::View;
use serde::{Deserialize, Serialize};

/// A Raft peer, as a pure state machine.
///
/// Determinism is the peer's duty too: same inputs, same effects. No clock, thread, random number
/// or `HashMap` iteration of its own may reach a decision.
///
/// # What a peer owes
/// - To each call at most one reply each time that it is handed over (the network may bring a request
///   twice), and only by the peer that was called; to each client's request at most one answer, by the
///   peer that was asked. Both may come late, after a restart too, or never.
/// - [`crate::ProposalAnswer::Accepted`] states a term that its view has reached and an index that its log has
///   reached, by the end of the step that answers. The entry may be gone again by then.
/// - A view agrees with itself: `first` is at least 1 and at most `last.index` + 1, and the peers that it
///   names exist. How `commit`, `applied` and `last` stand to each other is left to the checkers.
///   A Raft that knows of no commit leaves `commit` and `applied` at 0.
/// - [`Peer::view`] and [`Peer::entry`] change only in a step, and a log only so that `first` or `last`
///   differ. [`Peer::entry`] answers for every index from `first` to `last.index` and for no other, and
///   the last entry is of `last.term`.
/// - [`Message::kind`] is a place in [`Message::KINDS`], and messages go to peers that exist. A message
///   to the peer itself is carried like any other.
/// - A peer that is woken moves its timer on. To be woken at a time that has passed is allowed, but not
///   a thousand times in a row at one instant.
/// - A step ends, and does not send, sync or compact more than 100,000 times, answers aside; a disk holds
///   at most 2,000,000 records. To compact to more records than there are forgets none.
///
/// A peer that does otherwise ends its run with a [`crate::Breach`], before anything that follows from it
/// is judged.
///
/// A peer borrows nothing: a run that hangs is left to itself, and another one begins.
///
/// # Practice
/// What most Rafts do, and a correct one may leave. A departure is counted, and ends only a strict run.
/// - A message that carries a higher term has its receiver adopt the term in the same step. To disregard
///   the message is safe, since it might have been lost.
/// - A request for votes is not sent any more once its sender has moved on. From outside, one that leaves
///   late is one that a slow network delayed.
/// - What [`View::applied`] counts has been handed to [`Context::applied`] or is part of what was handed
///   to [`Context::restored`]; `commit` is at most `last.index`.
///
/// The example of [`crate::TestBench`] is a whole peer in thirty lines, and its unit test.
pub trait Peer: Sized + 'static {
    /// What crosses the network.
    type Message: Message;
    /// What its disk keeps.
    type Record: Record;
    /// What it is told at every boot.
    type Config: Clone;

    /// What this Raft has. What it has not is neither judged nor demanded: a scenario that needs it is
    /// skipped by name. What it claims to have, it is judged by.
    const FEATURES: Features;

    /// The first start and every restart. What survived is in [`Context::records`].
    fn boot(id: PeerId, config: &Self::Config, cx: &mut Context<'_, Self>) -> Self;

    /// Takes one input to its end. A message is lent for the length of the step.
    fn step(&mut self, input: Input<'_, Self::Message>, cx: &mut Context<'_, Self>);

    /// A sync has failed: of the records that it should have covered any part may be on the disk, and
    /// no later sync makes the rest durable. All other syncs under way fail, too, each in its time.
    ///
    /// The default stops the peer. That is safe for every Raft: it has promised nothing yet that rests
    /// on this sync, and a restart finds what has survived. To sync once more and go on is not safe,
    /// since that sync may succeed without those records ([`crate::disk`]).
    fn sync_failed(&mut self, sync: SyncId, error: DiskError, cx: &mut Context<'_, Self>) {
        let _ = (sync, error);
        cx.stop();
    }

    /// When, by its own clock, the peer next wants [`Input::Wake`]. Asked after every step, so
    /// moving a timer costs nothing. A time that has passed means: at once.
    fn next_wake(&self) -> Option<LocalTime>;

    /// What it looks like now.
    fn view(&self) -> View;

    /// The entry at an index, if the log holds it.
    fn entry(&self, index: LogIndex) -> Option<EntryId>;

    /// What a leader knows of a follower's log. A Raft that keeps no such account, or a peer that
    /// does not lead, says none.
    fn progress(&self, _follower: PeerId) -> Option<Progress> {
        None
    }
}

/// What a leader knows of a follower's log (Figure 2, volatile state on leaders).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// `matchIndex`: up to here the follower's disk is known to agree.
    pub matched: LogIndex,
    /// `nextIndex`: the first entry to send next.
    pub next: LogIndex,
}

/// All that can happen to a peer.
///
/// A Raft says what it does with each: no match on it needs a wildcard, and a new input is a new version of the
/// contract. The same holds of effects, meanings and answers.
///
/// Messages are lent: the world goes on to own them, so that none is moved once it has left its sender.
/// A peer that keeps a part of one, such as its entries, clones that part.
#[derive(Clone, Debug)]
pub enum Input<'a, M> {
    /// The time that [`Peer::next_wake`] named has come.
    Wake,
    /// An RPC arrived: answer with [`Context::reply`], now or later.
    Request {
        /// The call to answer.
        call: CallId,
        /// The peer that made the call.
        from: PeerId,
        /// What was sent.
        message: &'a M,
    },
    /// The answer to a call of this life of the peer. Under duplication it may come twice.
    Reply {
        /// The call that was answered.
        call: CallId,
        /// Who was called.
        from: PeerId,
        /// The answer, or what the network reports instead of one.
        outcome: Result<&'a M, RpcError>,
    },
    /// A one-way message, for Rafts that speak in messages.
    Message {
        /// Who sent it.
        from: PeerId,
        /// What was sent.
        message: &'a M,
    },
    /// All records persisted before this sync are durable now. One that fails is reported by
    /// [`Peer::sync_failed`].
    Synced(SyncId),
    /// A client proposes a command: answer with [`Context::answer`].
    Propose {
        /// The request to answer.
        request: RequestId,
        /// What the client wants applied.
        command: Command,
    },
    /// The state machine has made a snapshot of itself: the log may be discarded up to there. It
    /// may come late, when the peer has long installed a newer one.
    Snapshot(Snapshot),
}

/// What the labrpc profile reports to a caller instead of a reply. The realistic profile is
/// silent: there the peer's own deadline decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RpcError {
    /// No answer: whether the request was executed is not known.
    NoReply,
}

impl fmt::Display for RpcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoReply => f.write_str("no reply"),
        }
    }
}
