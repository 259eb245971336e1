//! One rule of the paper a file.
//!
//! A checker is a function of what was known before an observation and the observation itself.
//! It keeps nothing: whatever must be remembered is in the judge's ghost state. Each answers with
//! its own type of evidence, which prints as one sentence.
//!
//! "Mutants that trip it" names those of the zoo that were seen to do so with this checker asked
//! alone, as in `splitvote run --raft E3 --checker durable-vote --seeds 100`.

mod apply_order;
pub(crate) mod asking;
mod check_quorum;
mod commit_monotonic;
mod commit_quorum;
mod committed_forgotten;
mod durable_term;
mod durable_vote;
mod election_restriction;
mod election_safety;
mod higher_term;
mod leader_append_only;
mod leader_completeness;
mod leader_hint;
mod leader_recognised;
mod leader_speaks;
mod log_matching;
mod monotonic;
mod next_above_match;
mod one_vote;
mod patience;
mod pre_vote;
mod prelude;
mod real_majority;
mod registry;
mod snapshot;
mod state_machine_safety;
mod topic;

use std::fmt;

use splitvote_peer::SimTime;

use crate::ghost::{Ghost, LogChange};
use crate::observation::Observation;
pub use election_safety::Leadership;
use topic::Topic;

registry::checkers! {
    ElectionSafety: election_safety::TwoLeaders [Elections], "At most one leader a term.";
    OneVote: one_vote::TwoVotes [Elections Grants], "At most one vote a peer and term.";
    Monotonic: monotonic::SteppedBack [Elections], "Terms and votes never go back.";
    DurableVote: durable_vote::VolatileVote [Grants], "A vote is durable before it is granted.";
    RealMajority: real_majority::NoMajority [Elections], "A leader has a real majority behind it.";
    ElectionRestriction: election_restriction::UndueVote [Elections Requests Grants], "Votes go to up-to-date candidates only.";
    PreVote: pre_vote::UnduePreVote [Elections PreVotes], "A pre-vote is no vote, and comes before a candidacy.";
    LeaderSpeaks: leader_speaks::FalseLeader [Hearing Replication], "Only who led a term speaks as its leader.";
    LeaderRecognised: leader_recognised::LeaderNotRecognised [Hearing], "A candidate yields to the leader of its term.";
    HigherTerm: higher_term::HigherTermIgnored [Hearing], "A higher term is adopted.";
    DurableTerm: durable_term::VolatileTerm [Elections Replication], "No term is forgotten that a leader speaks in or a log holds.";
    LeaderAppendOnly: leader_append_only::LeaderOverwrote [EntryOnDisk] check_log, "A leader never overwrites or deletes entries of its log.";
    LogMatching: log_matching::LogMismatch check_log, "The same index and term: the same log up to there.";
    CommittedForgotten: committed_forgotten::Forgotten [EntryOnDisk CutOnDisk] check_log, "What is committed stays on a majority of disks.";
    Snapshot: snapshot::BadSnapshot [Elections Commitment CutOnDisk Restored], "A snapshot stands for what was committed, and for no more.";
    CommitMonotonic: commit_monotonic::CommitAstray [Elections Commitment], "The commit index never goes back nor beyond the log.";
    CommitQuorum: commit_quorum::HastyCommit [Elections Commitment], "An entry is committed once a majority of disks has it.";
    LeaderCompleteness: leader_completeness::IncompleteLeader [Elections Commitment], "A leader holds all that was committed in earlier terms.";
    NextAboveMatch: next_above_match::FalseAccount [Account], "A leader knows what its followers hold.";
    ApplyOrder: apply_order::DisorderlyApply [Elections Commitment Applied], "The log is applied in order, from its start, without a gap.";
    StateMachineSafety: state_machine_safety::TwoEntries [Elections Commitment Applied], "The same index: the same entry applied by all.";
    LeaderHint: leader_hint::FalseHint [Elections Hints], "Only a true leader is named as one.";
    Patience: patience::StoodTooEarly [Elections], "No election without a cause.";
    CheckQuorum: check_quorum::QuorumUnchecked, "No office without a majority, and none disturbed that has one.";
}

impl Checker {
    /// Its name in scenarios and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.rule().name
    }

    /// Whether what it watches keeps a cluster going, and not safe.
    #[must_use]
    pub fn is_liveness(self) -> bool {
        self.rule().is_liveness
    }

    /// The checker of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|checker| checker.name() == name)
    }

    /// Where the extended Raft paper, or the dissertation, states the rule.
    #[must_use]
    pub fn paper(self) -> &'static str {
        self.rule().paper
    }

    /// What to do about a Raft that breaks it, as a clause, if that can be said in general; else empty.
    #[must_use]
    pub fn advice(self) -> &'static str {
        self.rule().advice
    }

    /// The rule in one sentence.
    #[must_use]
    pub fn property(self) -> &'static str {
        self.rule().property
    }
}

impl fmt::Display for Checker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A set of checkers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckerSet(u32);

impl CheckerSet {
    /// The set of all checkers.
    pub const ALL: Self = Self(u32::MAX);
    /// The empty set of checkers.
    pub const NONE: Self = Self(0);

    /// Whether the checker is in the set.
    #[inline]
    #[must_use]
    pub fn contains(self, checker: Checker) -> bool {
        self.0 & 1 << checker as u32 != 0
    }

    /// Takes the checker out.
    pub fn remove(&mut self, checker: Checker) {
        self.0 &= !(1 << checker as u32);
    }

    /// The checkers of either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The checkers of both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The checkers of this set that are not in the other.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The checkers of the set, in the order in which they judge.
    pub fn iter(self) -> impl Iterator<Item = Checker> {
        Checker::ALL.iter().copied().filter(move |checker| self.contains(*checker))
    }
}

impl FromIterator<Checker> for CheckerSet {
    fn from_iter<I: IntoIterator<Item = Checker>>(checkers: I) -> Self {
        Self(checkers.into_iter().fold(0, |set, checker| set | 1 << checker as u32))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize as _;
    use serde::de::IntoDeserializer as _;
    use serde::de::value::{Error, StrDeserializer};

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

    #[test]
    fn a_checker_is_written_by_its_name() {
        for checker in Checker::ALL {
            let name: StrDeserializer<'_, Error> = checker.name().into_deserializer();
            assert_eq!(Checker::deserialize(name), Ok(*checker));
        }
    }
}
