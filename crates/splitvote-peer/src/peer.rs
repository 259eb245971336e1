//! The state machine that an author of a Raft implements.

use std::fmt;

use crate::context::Context;
use crate::id::{CallId, Command, EntryId, LogIndex, PeerId, RequestId, SyncId};
use crate::message::{Message, Record};
use crate::time::LocalTime;
use crate::view::View;

/// A Raft peer, as a pure state machine.
///
/// Determinism is the peer's duty too: same inputs, same effects. No clock, thread, random number
/// or `HashMap` iteration of its own may reach a decision.
pub trait Peer: Sized {
    /// What crosses the network.
    type Message: Message;
    /// What its disk keeps.
    type Record: Record;
    /// What it is told at every boot.
    type Config: Clone;

    /// The first start and every restart. What survived is in [`Context::records`].
    fn boot(id: PeerId, config: &Self::Config, cx: &mut Context<'_, Self>) -> Self;

    /// Takes one input to its end.
    fn step(&mut self, input: Input<Self::Message>, cx: &mut Context<'_, Self>);

    /// When, by its own clock, the peer next wants [`Input::Wake`]. Asked after every step, so
    /// moving a timer costs nothing. A time that has passed means: at once.
    fn next_wake(&self) -> Option<LocalTime>;

    /// What it looks like now.
    fn view(&self) -> View;

    /// The entry at an index, if the log holds it.
    fn entry(&self, index: LogIndex) -> Option<EntryId>;
}

/// All that can happen to a peer.
#[derive(Clone, Debug)]
pub enum Input<M> {
    /// The time that [`Peer::next_wake`] named has come.
    Wake,
    /// An RPC arrived: answer with [`Context::reply`], now or later.
    Request {
        /// The call to answer.
        call: CallId,
        /// Who called.
        from: PeerId,
        /// What was sent.
        message: M,
    },
    /// The answer to a call of this life of the peer. Under duplication it may come twice.
    Reply {
        /// The call that was answered.
        call: CallId,
        /// Who was called.
        from: PeerId,
        /// The answer, or what the network reports instead of one.
        outcome: Result<M, RpcError>,
    },
    /// A one-way message, for Rafts that speak in messages.
    Message {
        /// Who sent it.
        from: PeerId,
        /// What was sent.
        message: M,
    },
    /// All records persisted before this sync are durable now.
    Synced(SyncId),
    /// A client proposes a command: answer with [`Context::answer`].
    Propose {
        /// The request to answer.
        request: RequestId,
        /// What the client wants applied.
        command: Command,
    },
}

/// What the labrpc profile reports to a caller instead of a reply. The realistic profile is
/// silent: there the peer's own deadline decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
