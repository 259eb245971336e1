//! Mistakes of an adapter, or of anybody who uses raft-rs: each is a Raft of its own, `raft-rs:NAME`.

use splitvote::peer::Settings;

/// What the adapter does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// What has to wait for the disk is sent at once.
    ReplyBeforeSync,
    /// The term is written, and the vote is not.
    VoteNotPersisted,
    /// raft-rs is told that all is durable, and nothing is synced.
    LyingSync,
    /// What a snapshot stands for is written and synced before its state is.
    SnapshotBeforeData,
    /// It ticks while a snapshot is on its way to the disk.
    TicksDuringInstall,
}

impl Fault {
    pub(crate) const ALL: &'static [Self] = &[
        Self::ReplyBeforeSync,
        Self::VoteNotPersisted,
        Self::LyingSync,
        Self::SnapshotBeforeData,
        Self::TicksDuringInstall,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ReplyBeforeSync => "reply-before-sync",
            Self::VoteNotPersisted => "vote-not-persisted",
            Self::LyingSync => "lying-sync",
            Self::SnapshotBeforeData => "snapshot-before-data",
            Self::TicksDuringInstall => "ticks-during-install",
        }
    }
}

/// How the peers of a run are configured.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) settings: Settings,
    pub(crate) fault: Option<Fault>,
}
