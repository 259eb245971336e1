//! How disks behave, and what they get wrong.

use crate::chance::Probability;
use crate::latency::Latency;

/// How disks behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiskProfile {
    /// How long a sync takes.
    pub sync_latency: Latency,
    /// Some syncs take another time.
    pub slow_sync: SlowSync,
    /// What a crash keeps of the records that were not synced.
    pub unsynced: Unsynced,
    /// How often a sync is reported as complete, in its time, though it makes nothing durable. What
    /// it should have covered becomes durable with the next honest sync. No Raft survives this:
    /// whatever it promised may be gone after a crash.
    pub lying: Probability,
}

impl Default for DiskProfile {
    /// A sync takes no time, as the lab's persister, and what was not synced is lost.
    fn default() -> Self {
        Self {
            sync_latency: Latency::NONE,
            slow_sync: SlowSync::default(),
            unsynced: Unsynced::Lost,
            lying: Probability::NEVER,
        }
    }
}

/// Syncs that take another time than most: a disk that is busy, or about to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlowSync {
    /// How often.
    pub probability: Probability,
    /// How long such a sync takes, instead of [`DiskProfile::sync_latency`].
    pub latency: Latency,
}

impl Default for SlowSync {
    /// Never.
    fn default() -> Self {
        Self { probability: Probability::NEVER, latency: Latency::NONE }
    }
}

/// What a crash keeps of the records that were persisted but not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsynced {
    /// Nothing.
    Lost,
    /// A prefix of a drawn length.
    Prefix,
    /// A prefix of a drawn length, and in one case of two what is left of the record behind it: it
    /// was being written ([`splitvote_peer::Record::torn`]).
    Torn,
    /// One of the three, drawn at each crash.
    Varied,
}
