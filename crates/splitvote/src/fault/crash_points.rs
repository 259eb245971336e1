//! Crashes at a chosen point: between two disk operations of a peer, or before one of its messages.

use splitvote_peer::PeerId;

use super::declare::kind;
use super::{Crash, Fault, Restart, Spot};

kind! {
    /// Arms a crash that happens when the peer has completed `after` more disk operations, before the next.
    CrashAtWrite: "crash-at-write" who(of) says "crash {of} at write {after}" {
        /// How many disk operations the peer still completes.
        after: Count = count("after"),
    }
    needs: Disk,
    class: CrashPoints,
    // The peer may have crashed already, or be about to.
    undone by: [Disarm { of }, Restart { of }],
    simpler: sooner(of, after, |after| Self { of, after }.into()),
    happens: |world| world.crash_at_write(of, after),
}

kind! {
    /// Arms a crash that happens when the peer has sent `after` more messages, instead of the next.
    CrashAtSend: "crash-at-send" who(of) says "crash {of} at message {after}" {
        /// How many messages the peer still sends.
        after: Count = count("after"),
    }
    needs: DiskToReturn,
    class: CrashPoints,
    undone by: [Disarm { of }, Restart { of }],
    simpler: sooner(of, after, |after| Self { of, after }.into()),
    happens: |world| world.crash_at_send(of, after),
}

kind! {
    /// Takes back what [`CrashAtWrite`] and [`CrashAtSend`] have armed.
    Disarm: "disarm" who(of) says "disarm {of}"
    needs: Nothing,
    amiss: |world, Spot::Ahead(of)| world.is_armed(of) => Disarm { of },
    happens: |world| world.disarm(of),
}

/// A crash now, or after fewer operations.
fn sooner(of: PeerId, after: u64, armed: impl Fn(u64) -> Fault) -> Vec<Fault> {
    let mut sooner = super::fewer(&[0, 1, after / 2], after, armed);
    sooner.insert(0, Crash { of }.into());
    sooner
}
