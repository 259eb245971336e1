//! In which way a rule was broken, as a short stable name.

use crate::checkers::{
    BadSnapshot, CommitAstray, DisorderlyApply, FalseAccount, Forgotten, HastyCommit,
    LeaderNotRecognised, LeaderOverwrote, LogMismatch, NoMajority, QuorumUnchecked, SteppedBack,
    StoodTooEarly, TwoEntries, UnduePreVote, UndueVote,
};
use crate::evidence::Evidence;
use crate::patience::Calmed;

impl Evidence {
    /// The way in which the rule was broken, such as `vote-forgotten`. Two violations of one checker with
    /// one cause are of one kind, whatever the peers, terms and indexes.
    #[must_use]
    pub fn cause(&self) -> &'static str {
        match self {
            Self::TwoLeaders(_) => "two-leaders",
            Self::TwoVotes(_) => "two-votes",
            Self::SteppedBack(SteppedBack::TermDecreased { .. }) => "term-decreased",
            Self::SteppedBack(SteppedBack::VoteWithdrawn { .. }) => "vote-withdrawn",
            Self::SteppedBack(SteppedBack::TermForgotten { .. }) => "term-forgotten",
            Self::SteppedBack(SteppedBack::VoteForgotten { .. }) => "vote-forgotten",
            Self::VolatileVote(_) => "volatile-vote",
            Self::NoMajority(NoMajority::TooFew { .. }) => "too-few",
            Self::NoMajority(NoMajority::OwnVoteVolatile { .. }) => "own-vote-volatile",
            Self::UndueVote(UndueVote::NeverAsked { .. }) => "never-asked",
            Self::UndueVote(UndueVote::LogBehind { .. }) => "log-behind",
            Self::UndueVote(UndueVote::NotStanding { .. }) => "not-standing",
            Self::UndueVote(UndueVote::Overstated { .. }) => "overstated",
            Self::UnduePreVote(UnduePreVote::OutOfTurn { .. }) => "out-of-turn",
            Self::UnduePreVote(UnduePreVote::Disturbing { .. }) => "disturbing",
            Self::UnduePreVote(UnduePreVote::LogBehind { .. }) => "log-behind",
            Self::UnduePreVote(UnduePreVote::ByLeader { .. }) => "by-leader",
            Self::UnduePreVote(UnduePreVote::Unwelcome { .. }) => "unwelcome",
            Self::FalseLeader(_) => "false-leader",
            Self::LeaderNotRecognised(LeaderNotRecognised::ByLeader { .. }) => "by-leader",
            Self::LeaderNotRecognised(LeaderNotRecognised::ByCandidate { .. }) => "by-candidate",
            Self::HigherTermIgnored(_) => "higher-term-ignored",
            Self::StoodTooEarly(StoodTooEarly { after: Calmed::ByLeader(_), .. }) => "leader-heard",
            Self::StoodTooEarly(StoodTooEarly { after: Calmed::ByVote(_), .. }) => "vote-granted",
            Self::StoodTooEarly(StoodTooEarly { after: Calmed::ByStanding, .. }) => "stood-again",
            Self::QuorumUnchecked(QuorumUnchecked::OfficeKept { .. }) => "office-kept",
            Self::QuorumUnchecked(QuorumUnchecked::LeaderDisturbed { .. }) => "leader-disturbed",
            Self::FalseHint(_) => "false-hint",
            Self::LeaderOverwrote(LeaderOverwrote::Removed { .. }) => "removed",
            Self::LeaderOverwrote(LeaderOverwrote::Rewrote { .. }) => "rewrote",
            Self::LeaderOverwrote(LeaderOverwrote::ForeignTerm { .. }) => "foreign-term",
            Self::LogMismatch(LogMismatch::Differ { .. }) => "differ",
            Self::LogMismatch(LogMismatch::TermDecreases { .. }) => "term-decreases",
            Self::LogMismatch(LogMismatch::BehindSnapshot { .. }) => "behind-snapshot",
            Self::LogMismatch(LogMismatch::NotHeld { .. }) => "not-held",
            Self::LogMismatch(LogMismatch::TooLong { .. }) => "too-long",
            Self::LogMismatch(LogMismatch::Unseen { .. }) => "unseen",
            Self::Forgotten(Forgotten::AtBoot { .. }) => "at-boot",
            Self::Forgotten(Forgotten::Removed { .. }) => "removed",
            Self::Forgotten(Forgotten::Lost { .. }) => "lost",
            Self::BadSnapshot(BadSnapshot::Undecodable { .. }) => "undecodable",
            Self::BadSnapshot(BadSnapshot::OtherIndex { .. }) => "other-index",
            Self::BadSnapshot(BadSnapshot::NotCommitted { .. }) => "not-committed",
            Self::BadSnapshot(BadSnapshot::OtherState { .. }) => "other-state",
            Self::BadSnapshot(BadSnapshot::Behind { .. }) => "behind",
            Self::BadSnapshot(BadSnapshot::NotApplied { .. }) => "not-applied",
            Self::BadSnapshot(BadSnapshot::FrontBack { .. }) => "front-back",
            Self::CommitAstray(CommitAstray::CommitDecreased { .. }) => "commit-decreased",
            Self::CommitAstray(CommitAstray::AppliedDecreased { .. }) => "applied-decreased",
            Self::CommitAstray(CommitAstray::BeyondLog { .. }) => "beyond-log",
            Self::CommitAstray(CommitAstray::AppliedBeyondCommit { .. }) => "applied-beyond-commit",
            Self::HastyCommit(HastyCommit::TooFew { .. }) => "too-few",
            Self::HastyCommit(HastyCommit::OldTerm { .. }) => "old-term",
            Self::IncompleteLeader(_) => "incomplete-leader",
            Self::FalseAccount(FalseAccount::NotAbove { .. }) => "not-above",
            Self::FalseAccount(FalseAccount::BeyondLog { .. }) => "beyond-log",
            Self::FalseAccount(FalseAccount::NotHeld { .. }) => "not-held",
            Self::DisorderlyApply(DisorderlyApply::OutOfOrder { .. }) => "out-of-order",
            Self::DisorderlyApply(DisorderlyApply::NotCommitted { .. }) => "not-committed",
            Self::DisorderlyApply(DisorderlyApply::Overstated { .. }) => "overstated",
            Self::TwoEntries(TwoEntries::Applied { .. }) => "applied",
            Self::TwoEntries(TwoEntries::Committed { .. }) => "committed",
        }
    }
}
