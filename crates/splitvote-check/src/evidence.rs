//! What proves a violation.

use std::fmt;

use serde::{Deserialize, Serialize};
use splitvote_peer::PeerId;

use crate::checker::Checker;
use crate::checkers::{
    BadSnapshot, CommitAstray, DisorderlyApply, FalseAccount, FalseHint, FalseLeader, Forgotten,
    HastyCommit, HigherTermIgnored, IncompleteLeader, LeaderNotRecognised, LeaderOverwrote,
    LogMismatch, NoMajority, QuorumUnchecked, SteppedBack, StoodTooEarly, TwoEntries, TwoLeaders,
    TwoVotes, UnduePreVote, UndueVote, VolatileVote,
};

/// What proves a violation: one type a checker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// Of [`Checker::ElectionSafety`].
    TwoLeaders(TwoLeaders),
    /// Of [`Checker::OneVote`].
    TwoVotes(TwoVotes),
    /// Of [`Checker::Monotonic`].
    SteppedBack(SteppedBack),
    /// Of [`Checker::DurableVote`].
    VolatileVote(VolatileVote),
    /// Of [`Checker::RealMajority`].
    NoMajority(NoMajority),
    /// Of [`Checker::ElectionRestriction`].
    UndueVote(UndueVote),
    /// Of [`Checker::PreVote`].
    UnduePreVote(UnduePreVote),
    /// Of [`Checker::LeaderSpeaks`].
    FalseLeader(FalseLeader),
    /// Of [`Checker::LeaderRecognised`].
    LeaderNotRecognised(LeaderNotRecognised),
    /// Of [`Checker::HigherTerm`].
    HigherTermIgnored(HigherTermIgnored),
    /// Of [`Checker::LeaderHint`].
    FalseHint(FalseHint),
    /// Of [`Checker::LeaderAppendOnly`].
    LeaderOverwrote(LeaderOverwrote),
    /// Of [`Checker::LogMatching`].
    LogMismatch(LogMismatch),
    /// Of [`Checker::CommittedForgotten`].
    Forgotten(Forgotten),
    /// Of [`Checker::Snapshot`].
    BadSnapshot(BadSnapshot),
    /// Of [`Checker::CommitMonotonic`].
    CommitAstray(CommitAstray),
    /// Of [`Checker::CommitQuorum`].
    HastyCommit(HastyCommit),
    /// Of [`Checker::LeaderCompleteness`].
    IncompleteLeader(IncompleteLeader),
    /// Of [`Checker::NextAboveMatch`].
    FalseAccount(FalseAccount),
    /// Of [`Checker::ApplyOrder`].
    DisorderlyApply(DisorderlyApply),
    /// Of [`Checker::StateMachineSafety`].
    TwoEntries(TwoEntries),
    /// Of [`Checker::Patience`].
    StoodTooEarly(StoodTooEarly),
    /// Of [`Checker::CheckQuorum`].
    QuorumUnchecked(QuorumUnchecked),
}

impl Evidence {
    /// The checker that gives this evidence.
    #[must_use]
    pub fn checker(&self) -> Checker {
        match self {
            Self::TwoLeaders(_) => Checker::ElectionSafety,
            Self::TwoVotes(_) => Checker::OneVote,
            Self::SteppedBack(_) => Checker::Monotonic,
            Self::VolatileVote(_) => Checker::DurableVote,
            Self::NoMajority(_) => Checker::RealMajority,
            Self::UndueVote(_) => Checker::ElectionRestriction,
            Self::UnduePreVote(_) => Checker::PreVote,
            Self::FalseLeader(_) => Checker::LeaderSpeaks,
            Self::LeaderNotRecognised(_) => Checker::LeaderRecognised,
            Self::HigherTermIgnored(_) => Checker::HigherTerm,
            Self::StoodTooEarly(_) => Checker::Patience,
            Self::QuorumUnchecked(_) => Checker::CheckQuorum,
            Self::FalseHint(_) => Checker::LeaderHint,
            Self::LeaderOverwrote(_) => Checker::LeaderAppendOnly,
            Self::LogMismatch(_) => Checker::LogMatching,
            Self::Forgotten(_) => Checker::CommittedForgotten,
            Self::BadSnapshot(_) => Checker::Snapshot,
            Self::CommitAstray(_) => Checker::CommitMonotonic,
            Self::HastyCommit(_) => Checker::CommitQuorum,
            Self::IncompleteLeader(_) => Checker::LeaderCompleteness,
            Self::FalseAccount(_) => Checker::NextAboveMatch,
            Self::DisorderlyApply(_) => Checker::ApplyOrder,
            Self::TwoEntries(_) => Checker::StateMachineSafety,
        }
    }

    /// The one peer that the evidence about a log accuses.
    pub(crate) fn accused(&self) -> Option<PeerId> {
        Some(match *self {
            Self::LeaderOverwrote(
                LeaderOverwrote::Removed { leader, .. }
                | LeaderOverwrote::Rewrote { leader, .. }
                | LeaderOverwrote::ForeignTerm { leader, .. },
            )
            | Self::HastyCommit(HastyCommit::OldTerm { leader, .. })
            | Self::IncompleteLeader(IncompleteLeader { leader, .. }) => leader,
            Self::LogMismatch(
                LogMismatch::Differ { peer, .. }
                | LogMismatch::TermDecreases { peer, .. }
                | LogMismatch::BehindSnapshot { peer, .. }
                | LogMismatch::NotHeld { peer, .. }
                | LogMismatch::TooLong { peer, .. }
                | LogMismatch::Unseen { peer, .. },
            )
            | Self::Forgotten(Forgotten::AtBoot { peer, .. } | Forgotten::Removed { peer, .. })
            | Self::BadSnapshot(
                BadSnapshot::Undecodable { peer, .. }
                | BadSnapshot::OtherIndex { peer, .. }
                | BadSnapshot::NotCommitted { peer, .. }
                | BadSnapshot::OtherState { peer, .. }
                | BadSnapshot::Behind { peer, .. }
                | BadSnapshot::NotApplied { peer, .. }
                | BadSnapshot::FrontBack { peer, .. },
            )
            | Self::CommitAstray(
                CommitAstray::CommitDecreased { peer, .. }
                | CommitAstray::AppliedDecreased { peer, .. }
                | CommitAstray::BeyondLog { peer, .. }
                | CommitAstray::AppliedBeyondCommit { peer, .. },
            )
            | Self::DisorderlyApply(
                DisorderlyApply::OutOfOrder { peer, .. }
                | DisorderlyApply::NotCommitted { peer, .. }
                | DisorderlyApply::Overstated { peer, .. },
            )
            | Self::TwoEntries(
                TwoEntries::Applied { peer, .. } | TwoEntries::Committed { peer, .. },
            ) => peer,
            _ => return None,
        })
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TwoLeaders(evidence) => evidence.fmt(f),
            Self::TwoVotes(evidence) => evidence.fmt(f),
            Self::SteppedBack(evidence) => evidence.fmt(f),
            Self::VolatileVote(evidence) => evidence.fmt(f),
            Self::NoMajority(evidence) => evidence.fmt(f),
            Self::UndueVote(evidence) => evidence.fmt(f),
            Self::UnduePreVote(evidence) => evidence.fmt(f),
            Self::FalseLeader(evidence) => evidence.fmt(f),
            Self::LeaderNotRecognised(evidence) => evidence.fmt(f),
            Self::HigherTermIgnored(evidence) => evidence.fmt(f),
            Self::StoodTooEarly(evidence) => evidence.fmt(f),
            Self::QuorumUnchecked(evidence) => evidence.fmt(f),
            Self::FalseHint(evidence) => evidence.fmt(f),
            Self::LeaderOverwrote(evidence) => evidence.fmt(f),
            Self::LogMismatch(evidence) => evidence.fmt(f),
            Self::Forgotten(evidence) => evidence.fmt(f),
            Self::BadSnapshot(evidence) => evidence.fmt(f),
            Self::CommitAstray(evidence) => evidence.fmt(f),
            Self::HastyCommit(evidence) => evidence.fmt(f),
            Self::IncompleteLeader(evidence) => evidence.fmt(f),
            Self::FalseAccount(evidence) => evidence.fmt(f),
            Self::DisorderlyApply(evidence) => evidence.fmt(f),
            Self::TwoEntries(evidence) => evidence.fmt(f),
        }
    }
}
