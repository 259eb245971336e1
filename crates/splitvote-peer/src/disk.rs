//! What a disk gets wrong, and how a peer hears of it.
//!
//! A peer writes and syncs through its [`crate::Context`]. A write has no answer of its own: a write
//! that failed, or for which there was no space, is reported by the next sync that should have
//! covered it ([`crate::Peer::sync_failed`]). After a failed sync nobody knows what is on the disk:
//!
//! 1. Suppose a sync of the records 4 to 6 fails. The disk has written 4, and not 5 and 6.
//! 2. The operating system takes all three for clean from then on, and has told its error once.
//! 3. A second sync has nothing to do, and succeeds.
//! 4. A peer that takes this for the durability of 5 and 6 promises what a power failure takes back
//!    (PostgreSQL 2018, "fsyncgate"; cockroachdb/cockroach#37102).
//!
//! Damage is found at boot ([`crate::Record::damaged`]).

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a sync failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DiskError {
    /// The disk could not read or write (`EIO`).
    Io,
    /// There was no space left (`ENOSPC`).
    NoSpace,
}

impl fmt::Display for DiskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Io => "I/O error",
            Self::NoSpace => "no space left",
        })
    }
}

/// Whether a peer that boots is told that a record is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Damage {
    /// Its checksum tells: the peer finds [`crate::Record::damaged`] in its place.
    Told,
    /// Nothing tells: the peer finds its disk as if the record had never been written.
    Untold,
}

/// What went wrong with the disk of a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DiskTrouble {
    /// A sync that is still to come will fail.
    WillFail {
        /// How many succeed before.
        after: u64,
        /// Why it will fail.
        error: DiskError,
    },
    /// A sync failed, and the peer is told.
    SyncFailed(DiskError),
    /// A sync was reported as complete and made nothing durable.
    SyncLied,
    /// There is no space for another record.
    Full,
    /// There is space again.
    Freed,
    /// No sync completes.
    Stalled,
    /// Syncs complete again, those that hung first.
    Released,
    /// A durable record can no longer be read.
    Rotten(Damage),
    /// What could no longer be read can be read again.
    Mended,
    /// A peer boots without a durable record, and nothing tells it.
    Missing,
    /// The peer has stopped by itself, or does not start with what it found.
    Stopped,
}

impl fmt::Display for DiskTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WillFail { after: 0, error } => {
                return write!(f, "the next sync will fail: {error}");
            }
            Self::WillFail { after, error } => {
                return write!(f, "the sync after {after} more will fail: {error}");
            }
            Self::SyncFailed(error) => return write!(f, "a sync fails: {error}"),
            Self::SyncLied => "a sync lies: nothing became durable",
            Self::Full => "the disk is full",
            Self::Freed => "the disk has space again",
            Self::Stalled => "the disk hangs: no sync completes",
            Self::Released => "the disk hangs no longer",
            Self::Rotten(Damage::Told) => "a record is damaged",
            Self::Rotten(Damage::Untold) => "a record is lost, and nothing will tell",
            Self::Mended => "the damaged records are mended",
            Self::Missing => "a record is missing, and nothing tells",
            Self::Stopped => "stops by itself",
        })
    }
}
