//! The names of the checkers, and what each stands for.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A rule of the paper that is judged. Its file is in [`crate::checkers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checker {
    /// At most one leader a term.
    ElectionSafety,
    /// At most one vote a peer and term.
    OneVote,
    /// Terms and votes never go back.
    Monotonic,
    /// A vote is durable before it is granted.
    DurableVote,
    /// A leader has a real majority behind it.
    RealMajority,
    /// Votes go to up-to-date candidates only.
    ElectionRestriction,
    /// A pre-vote is no vote, and comes before a candidacy.
    PreVote,
    /// Only who led a term speaks as its leader.
    LeaderSpeaks,
    /// A candidate yields to the leader of its term.
    LeaderRecognised,
    /// A higher term is adopted.
    HigherTerm,
    /// A leader never overwrites or deletes entries of its log.
    LeaderAppendOnly,
    /// The same index and term: the same log up to there.
    LogMatching,
    /// What is committed stays on a majority of disks.
    CommittedForgotten,
    /// A snapshot stands for what was committed, and for no more.
    Snapshot,
    /// The commit index never goes back nor beyond the log.
    CommitMonotonic,
    /// An entry is committed once a majority of disks has it.
    CommitQuorum,
    /// A leader holds all that was committed in earlier terms.
    LeaderCompleteness,
    /// A leader knows what its followers hold.
    NextAboveMatch,
    /// The log is applied in order, from its start, without a gap.
    ApplyOrder,
    /// The same index: the same entry applied by all.
    StateMachineSafety,
    /// Only a true leader is named as one.
    LeaderHint,
    /// No election without a cause.
    Patience,
    /// No office without a majority, and none disturbed that has one.
    CheckQuorum,
}

impl Checker {
    /// All checkers, in the order in which they judge an observation: causes before consequences.
    pub const ALL: &'static [Self] = &[
        Self::ElectionSafety,
        Self::OneVote,
        Self::Monotonic,
        Self::DurableVote,
        Self::RealMajority,
        Self::ElectionRestriction,
        Self::PreVote,
        Self::LeaderSpeaks,
        Self::LeaderRecognised,
        Self::HigherTerm,
        Self::LeaderAppendOnly,
        Self::LogMatching,
        Self::CommittedForgotten,
        Self::Snapshot,
        Self::CommitMonotonic,
        Self::CommitQuorum,
        Self::LeaderCompleteness,
        Self::NextAboveMatch,
        Self::ApplyOrder,
        Self::StateMachineSafety,
        Self::LeaderHint,
        Self::Patience,
        Self::CheckQuorum,
    ];

    /// Its name in scenarios and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ElectionSafety => "election-safety",
            Self::OneVote => "one-vote",
            Self::Monotonic => "monotonic",
            Self::DurableVote => "durable-vote",
            Self::RealMajority => "real-majority",
            Self::ElectionRestriction => "election-restriction",
            Self::PreVote => "pre-vote",
            Self::LeaderSpeaks => "leader-speaks",
            Self::LeaderRecognised => "leader-recognised",
            Self::HigherTerm => "higher-term",
            Self::LeaderAppendOnly => "leader-append-only",
            Self::LogMatching => "log-matching",
            Self::CommittedForgotten => "committed-forgotten",
            Self::Snapshot => "snapshot",
            Self::CommitMonotonic => "commit-monotonic",
            Self::CommitQuorum => "commit-quorum",
            Self::LeaderCompleteness => "leader-completeness",
            Self::NextAboveMatch => "next-above-match",
            Self::ApplyOrder => "apply-order",
            Self::StateMachineSafety => "state-machine-safety",
            Self::LeaderHint => "leader-hint",
            Self::Patience => "patience",
            Self::CheckQuorum => "check-quorum",
        }
    }

    /// Whether what it watches keeps a cluster going, and not safe.
    #[must_use]
    pub fn is_liveness(self) -> bool {
        matches!(self, Self::Patience | Self::CheckQuorum)
    }

    /// The checker of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|checker| checker.name() == name)
    }

    /// Where the extended Raft paper, or the dissertation, states the rule.
    #[must_use]
    pub fn paper(self) -> &'static str {
        match self {
            Self::ElectionSafety => "5.2, Figure 3",
            Self::OneVote | Self::RealMajority | Self::LeaderRecognised => "5.2",
            Self::Monotonic | Self::HigherTerm => "5.1",
            Self::DurableVote => "Figure 2",
            Self::ElectionRestriction => "5.4.1",
            Self::PreVote => "dissertation 9.6",
            Self::CheckQuorum => "dissertation 6.2, 4.2.3",
            Self::LeaderSpeaks | Self::LeaderHint | Self::Patience => "5.2, Figure 2",
            Self::LeaderAppendOnly | Self::LogMatching => "5.3, Figure 3",
            Self::CommittedForgotten => "5.4, Figure 2",
            Self::Snapshot => "7, Figure 13",
            Self::CommitMonotonic | Self::ApplyOrder => "5.3, Figure 2",
            Self::CommitQuorum => "5.3, 5.4.2",
            Self::LeaderCompleteness => "5.4, Figure 3",
            Self::NextAboveMatch => "Figure 2",
            Self::StateMachineSafety => "5.4.3, Figure 3",
        }
    }

    /// The rule in one sentence.
    #[must_use]
    pub fn property(self) -> &'static str {
        match self {
            Self::ElectionSafety => "At most one leader can be elected in a given term.",
            Self::OneVote => "A peer votes for at most one candidate in a given term.",
            Self::Monotonic => "A peer's term never decreases and its vote is never withdrawn.",
            Self::DurableVote => "A vote is durable before the candidate is told of it.",
            Self::RealMajority => "A leader has the votes of a majority of the cluster.",
            Self::ElectionRestriction => {
                "A vote goes only to a candidate of that term whose log is at least as up-to-date."
            }
            Self::PreVote => {
                "A peer that is asked whether it would vote stays as it is, and who asks stands only \
                 once a majority says yes."
            }
            Self::LeaderSpeaks => {
                "AppendEntries and InstallSnapshots of a term are sent only by a peer that led it."
            }
            Self::LeaderRecognised => {
                "A candidate that hears the leader of its term becomes a follower; a leader never \
                 hears another leader of its term."
            }
            Self::HigherTerm => "A peer that hears a higher term adopts it.",
            Self::LeaderAppendOnly => {
                "A leader never overwrites or deletes entries of its log, and appends only entries \
                 of its term."
            }
            Self::LogMatching => {
                "If two logs hold an entry of the same index and term, they are the same up to it."
            }
            Self::CommittedForgotten => {
                "What was durable survives a restart, and what was committed stays on a majority \
                 of disks."
            }
            Self::Snapshot => {
                "A snapshot stands for exactly what was committed, and is never behind what was \
                 applied."
            }
            Self::CommitMonotonic => {
                "The commit index never decreases, nor lies beyond the log; what is applied is \
                 committed."
            }
            Self::CommitQuorum => {
                "An entry is committed only once a majority of disks has it and the newest one is \
                 of the leader's term."
            }
            Self::LeaderCompleteness => {
                "Whoever becomes leader holds all entries committed in earlier terms."
            }
            Self::NextAboveMatch => {
                "A leader's nextIndex is above its matchIndex, and the follower's disk agrees up to \
                 matchIndex."
            }
            Self::ApplyOrder => {
                "A state machine applies committed entries only, in order, without gap or \
                 repetition."
            }
            Self::StateMachineSafety => {
                "No two peers commit or apply different entries at the same index."
            }
            Self::LeaderHint => "A peer names as leader only a peer that led its current term.",
            Self::Patience => {
                "A peer stands only if its election timeout has passed since it heard its leader, granted a \
                 vote or stood."
            }
            Self::CheckQuorum => {
                "With CheckQuorum a leader that no majority answers gives up its office, and who hears a \
                 leader disregards requests for votes."
            }
        }
    }
}

impl fmt::Display for Checker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A set of checkers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CheckerSet(u32);

impl CheckerSet {
    /// All checkers.
    pub(crate) const ALL: Self = Self(u32::MAX);

    pub(crate) fn contains(self, checker: Checker) -> bool {
        self.0 & 1 << checker as u32 != 0
    }
}

impl FromIterator<Checker> for CheckerSet {
    fn from_iter<I: IntoIterator<Item = Checker>>(checkers: I) -> Self {
        Self(checkers.into_iter().fold(0, |set, checker| set | 1 << checker as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checkers_are_declared_in_the_order_in_which_they_judge() {
        assert!(Checker::ALL.is_sorted());
    }

    #[test]
    fn every_checker_is_found_by_its_name() {
        for checker in Checker::ALL {
            assert_eq!(Checker::find(checker.name()), Some(*checker));
        }
        assert_eq!(Checker::find("linearizability"), None);
    }
}
