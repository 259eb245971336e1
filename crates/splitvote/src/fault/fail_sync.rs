//! Syncs that fail with an I/O error, of which the peer is told.

use splitvote_peer::DiskError;

use super::declare::kind;
use super::{Disarm, Restart};

kind! {
    /// Lets a sync of a peer fail when the peer has asked for `after` more. [`Disarm`] takes it back.
    FailSync: "fail-sync" who(of) says "fail a sync of {of} after {after} more" {
        /// How many more syncs do not fail.
        after: Count = count("after"),
    }
    needs: Nothing,
    class: Disks,
    // The peer may have stopped.
    undone by: [Disarm { of }, Restart { of }],
    simpler: super::fewer(&[0, 1, after / 2], after, |after| Self { of, after }.into()),
    happens: |world| world.fail_sync(of, after, DiskError::Io),
}
