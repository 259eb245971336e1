//! What can wait in the queue.

use splitvote_peer::{CallId, Command, History, LogPosition, Parcel, PeerId, RequestId, SyncId};

use crate::disk::Sync;
use crate::watcher::{Packet, Waiting};

#[derive(Clone, Debug)]
pub(super) enum Event<M> {
    /// A packet arrives.
    Packet(Transit<M>),
    /// A sync of this life of a peer completes or fails.
    Synced { peer: PeerId, boot: u32, sync: SyncId, outcome: Sync },
    /// The labrpc network reports to a caller that a call has failed.
    CallFailed { call: CallId, to: PeerId },
    /// The state machine of this life of a peer has made a snapshot of what it was then.
    Snapshot { peer: PeerId, boot: u32, through: LogPosition, history: History },
    /// The labrpc network looks whether the server of a running handler is still reachable.
    DeadCheck { call: CallId },
    /// A clog on a directed link ends, unless it was prolonged.
    Unclogged { from: PeerId, to: PeerId },
    /// What was held for this life of a peer while it was paused reaches it.
    Released { peer: PeerId, boot: u32, what: Box<Held<M>> },
}

/// What was to reach a peer while it was paused, in [`Event`]'s terms. What a sync makes durable, it
/// has made durable already.
#[derive(Clone, Debug)]
pub(super) enum Held<M> {
    Packet(Transit<M>),
    Synced(SyncId),
    SyncFails(SyncId, Sync),
    CallFailed { call: CallId, to: PeerId },
    Snapshot { through: LogPosition, history: History },
    Proposal { request: RequestId, command: Command },
}

impl<M> Held<M> {
    /// What a watcher is told of it.
    pub(super) fn waiting(&self) -> Waiting {
        match *self {
            Self::Packet(Transit { number, .. }) => Waiting::Packet { number },
            Self::Synced(sync) | Self::SyncFails(sync, _) => Waiting::Sync { sync },
            Self::CallFailed { call, .. } => Waiting::CallFailed { call },
            Self::Snapshot { through, .. } => Waiting::Snapshot { through },
            Self::Proposal { request, .. } => Waiting::Proposal { request },
        }
    }
}

/// A packet on its way.
#[derive(Clone, Debug)]
pub(super) struct Transit<M> {
    pub(super) parcel: Parcel<M>,
    pub(super) number: u64,
    pub(super) from: PeerId,
    /// The bytes that count only when it arrives: of replies over labrpc.
    pub(super) late_bytes: u32,
}

impl<M> Transit<M> {
    /// What a watcher sees of it.
    #[inline(always)]
    pub(super) fn packet(&self) -> Packet<'_, M> {
        packet(self.number, self.from, &self.parcel)
    }
}

/// What a watcher sees of a packet. Made where it is needed: nothing is read before that.
#[inline(always)]
pub(super) fn packet<M>(number: u64, from: PeerId, parcel: &Parcel<M>) -> Packet<'_, M> {
    let Parcel { leg, to, ref message, .. } = *parcel;
    Packet { number, from, to, leg, message }
}

/// What an event adds to the digest besides its instant. The other numbers are those of disturbances
/// (`crate::disturbance`).
pub(super) enum Tag {
    Packet = 1,
    Perished,
    Wake,
    Synced,
    CallFailed,
    Booted,
    Crashed,
    Proposed,
    Link,
    View,
    Fate,
    Durable,
    Answer,
    Applied = 19,
    Restored,
    Snapshot,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::mem::size_of;

    /// Events are copied into the queue and out of it.
    #[test]
    fn an_event_is_no_larger_than_its_packet() {
        type Body = [u64; 4];
        assert_eq!(size_of::<Event<Body>>(), size_of::<Transit<Body>>());
        assert_eq!(std::mem::offset_of!(Parcel<Body>, message), 32);
        assert_eq!(size_of::<Event<()>>(), size_of::<Transit<()>>(), "nor than one of no message");
    }
}
