//! What can wait in the queue.

use splitvote_peer::{CallId, Command, History, LogPosition, PeerId, RequestId, SyncId};

use crate::watcher::Leg;

#[derive(Clone, Debug)]
pub(super) enum Event<M> {
    /// A packet arrives. `bytes` are those that count only then: of replies over labrpc.
    Packet { head: Head, from: PeerId, to: PeerId, bytes: u32, message: M },
    /// A sync of this life of a peer completes and covers so many records.
    Synced { peer: PeerId, boot: u32, sync: SyncId, covers: u64 },
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
    Packet { head: Head, from: PeerId, bytes: u32, message: M },
    Synced(SyncId),
    CallFailed { call: CallId, to: PeerId },
    Snapshot { through: LogPosition, history: History },
    Proposal { request: RequestId, command: Command },
}

/// What names a packet. Of 32 bytes, so that the message behind it stands at a multiple of 16: see
/// [`splitvote_peer::Effect`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) number: u64,
    pub(super) leg: Leg,
}

/// What an event adds to the digest besides its instant.
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
    Delay,
    Network,
    ClockDrift,
    ClockStep,
    ElectionTimeout,
    Applied,
    Restored,
    Snapshot,
    CrashAtWrite,
    CrashAtSend,
    Paused,
    Resumed,
    Clogged,
    Disk,
    InFlight,
    Disarmed,
    Unclogged,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::mem::size_of;

    /// Events are copied into the queue and out of it.
    #[test]
    fn an_event_is_no_larger_than_its_packet() {
        type Body = [u64; 4];
        let packet = size_of::<(Head, PeerId, PeerId, u32, Body)>();
        assert_eq!(size_of::<Event<Body>>(), packet);
        assert_eq!(size_of::<Head>(), 32);
        assert!(size_of::<Event<()>>() <= 40);
    }
}
