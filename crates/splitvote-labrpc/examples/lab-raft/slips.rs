//! Mistakes that only a Raft of tasks can make: each shows when two tasks of one peer meet.

/// A mistake that is planted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Slip {
    /// None.
    #[default]
    None,
    /// A candidate reads its term after it has waited for its disk: by then the peer may be in a later one, in which
    /// it has voted for somebody else.
    ReadsTermLate,
    /// Votes are counted although the peer stands in another term by now.
    CountsOldVotes,
    /// Replies to an earlier term of office are heeded in a later one.
    HeedsOldReplies,
    /// The task that sends heartbeats does not look whether the peer still leads, and sends the term that it finds.
    BeatsOn,
    /// Whoever puts the election off starts another timer, and the old one goes on.
    TwoTickers,
    /// The lock is held while a vote is asked for.
    HoldsLockOverCall,
    /// Two tasks apply what is committed, and each looks up what is next before the other one has done it.
    AppliesTwice,
    /// Each entry that is committed is applied by a task of its own: in order only as long as tasks run in the order in
    /// which they were begun.
    AppliesInTasks,
    /// A vote leaves before it is durable.
    RepliesBeforeSaving,
}

impl Slip {
    pub(crate) const ALL: &[Self] = &[
        Self::ReadsTermLate,
        Self::CountsOldVotes,
        Self::HeedsOldReplies,
        Self::BeatsOn,
        Self::TwoTickers,
        Self::HoldsLockOverCall,
        Self::AppliesTwice,
        Self::AppliesInTasks,
        Self::RepliesBeforeSaving,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "lab-raft",
            Self::ReadsTermLate => "reads-term-late",
            Self::CountsOldVotes => "counts-old-votes",
            Self::HeedsOldReplies => "heeds-old-replies",
            Self::BeatsOn => "beats-on",
            Self::TwoTickers => "two-tickers",
            Self::HoldsLockOverCall => "lock-over-call",
            Self::AppliesTwice => "two-appliers",
            Self::AppliesInTasks => "task-an-entry",
            Self::RepliesBeforeSaving => "replies-before-saving",
        }
    }
}
