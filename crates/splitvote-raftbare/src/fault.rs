//! Mistakes of an adapter, or of anybody who uses raftbare: each is a Raft of its own, `raftbare:NAME`.

use splitvote::peer::Settings;

/// What the adapter does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// What has to wait for the disk is sent at once.
    ReplyBeforeSync,
    /// The term is written, and the vote is not.
    VoteNotPersisted,
    /// Everything counts as durable, and nothing is synced.
    LyingSync,
    /// What a snapshot stands for is written and synced before its state is.
    SnapshotBeforeData,
}

impl Fault {
    pub(crate) const ALL: [(&'static str, Self); 4] = [
        ("reply-before-sync", Self::ReplyBeforeSync),
        ("vote-not-persisted", Self::VoteNotPersisted),
        ("lying-sync", Self::LyingSync),
        ("snapshot-before-data", Self::SnapshotBeforeData),
    ];
}

/// How the peers of a run are configured.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) settings: Settings,
    pub(crate) fault: Option<Fault>,
    /// No request for a vote reaches raftbare whose candidate's log is behind its own, as if the network had lost
    /// it: so it shows what it does wrong apart from voting for such a one.
    pub(crate) is_guarded: bool,
}
