//! One rule of the paper a file.
//!
//! A checker is a function of what was known before an observation and the observation itself.
//! It keeps nothing: whatever must be remembered is in the judge's ghost state. Each answers with
//! its own type of evidence, which prints as one sentence.
//!
//! "Mutants that trip it" names those of the zoo that were seen to do so with this checker asked
//! alone, as in `splitvote run --raft E3 --checker durable-vote --seeds 100`.

mod apply_order;
mod commit_monotonic;
mod commit_quorum;
mod committed_forgotten;
mod durable_vote;
mod election_restriction;
mod election_safety;
mod higher_term;
mod leader_append_only;
mod leader_completeness;
mod leader_hint;
mod leader_recognised;
mod log_matching;
mod monotonic;
mod next_above_match;
mod one_vote;
mod real_majority;
mod snapshot;
mod state_machine_safety;

use splitvote_peer::SimTime;

use crate::checker::{Checker, CheckerSet};
use crate::ghost::{Ghost, LogChange};
use crate::observation::{Observation, is_about_the_log};
use crate::violation::Evidence;

pub use apply_order::DisorderlyApply;
pub use commit_monotonic::CommitAstray;
pub use commit_quorum::HastyCommit;
pub use committed_forgotten::Forgotten;
pub use durable_vote::VolatileVote;
pub use election_restriction::UndueVote;
pub use election_safety::{Leadership, TwoLeaders};
pub use higher_term::HigherTermIgnored;
pub use leader_append_only::LeaderOverwrote;
pub use leader_completeness::IncompleteLeader;
pub use leader_hint::FalseHint;
pub use leader_recognised::LeaderNotRecognised;
pub use log_matching::LogMismatch;
pub use monotonic::SteppedBack;
pub use next_above_match::FalseAccount;
pub use one_vote::TwoVotes;
pub use real_majority::NoMajority;
pub use snapshot::BadSnapshot;
pub use state_machine_safety::TwoEntries;

/// The checkers that a change of a log, and of nothing else, can concern.
const OF_PROGRESS: &[Checker] = &[
    Checker::Snapshot,
    Checker::CommitMonotonic,
    Checker::CommitQuorum,
    Checker::LeaderCompleteness,
    Checker::ApplyOrder,
    Checker::StateMachineSafety,
];

/// The checkers that an observation can concern, in the order of [`Checker::ALL`].
#[inline]
fn concerned(seen: &Observation) -> &'static [Checker] {
    match seen {
        Observation::Changed { before, after, .. } if is_about_the_log(before, after) => {
            OF_PROGRESS
        }
        Observation::Applied { .. } => &[Checker::ApplyOrder, Checker::StateMachineSafety],
        Observation::DurableEntry { .. } | Observation::DurableTruncation { .. } => {
            &[Checker::CommittedForgotten]
        }
        Observation::DurableSnapshot { .. } => &[Checker::CommittedForgotten, Checker::Snapshot],
        Observation::Restored { .. } => &[Checker::Snapshot],
        Observation::Progress { .. } => &[Checker::NextAboveMatch],
        Observation::AppendReceived { .. }
        | Observation::AppendRefused { .. }
        | Observation::InstallReceived { .. } => &[],
        _ => Checker::ALL,
    }
}

/// The evidence of the first checker, in the order of [`crate::Checker::ALL`], that finds its
/// rule broken by this observation. `ghost` is what was known before it; only the checkers in
/// `asked` are asked.
#[inline]
pub(crate) fn check(
    ghost: &Ghost,
    at: SimTime,
    seen: &Observation,
    asked: CheckerSet,
) -> Option<Evidence> {
    let concerned = concerned(seen).iter().filter(|checker| asked.contains(**checker));
    concerned.into_iter().find_map(|checker| ask(*checker, ghost, at, seen))
}

fn ask(checker: Checker, ghost: &Ghost, at: SimTime, seen: &Observation) -> Option<Evidence> {
    use Evidence as E;
    match checker {
        Checker::ElectionSafety => election_safety::check(ghost, at, seen).map(E::TwoLeaders),
        Checker::OneVote => one_vote::check(ghost, at, seen).map(E::TwoVotes),
        Checker::Monotonic => monotonic::check(ghost, seen).map(E::SteppedBack),
        Checker::DurableVote => durable_vote::check(ghost, seen).map(E::VolatileVote),
        Checker::RealMajority => real_majority::check(ghost, seen).map(E::NoMajority),
        Checker::ElectionRestriction => election_restriction::check(ghost, seen).map(E::UndueVote),
        Checker::LeaderRecognised => leader_recognised::check(seen).map(E::LeaderNotRecognised),
        Checker::HigherTerm => higher_term::check(seen).map(E::HigherTermIgnored),
        // These two judge how logs change: `check_log` asks them.
        Checker::LeaderAppendOnly | Checker::LogMatching => None,
        Checker::CommittedForgotten => committed_forgotten::check(ghost, seen).map(E::Forgotten),
        Checker::Snapshot => snapshot::check(ghost, seen).map(E::BadSnapshot),
        Checker::CommitMonotonic => commit_monotonic::check(seen).map(E::CommitAstray),
        Checker::CommitQuorum => commit_quorum::check(ghost, seen).map(E::HastyCommit),
        Checker::LeaderCompleteness => {
            leader_completeness::check(ghost, seen).map(E::IncompleteLeader)
        }
        Checker::NextAboveMatch => next_above_match::check(ghost, seen).map(E::FalseAccount),
        Checker::ApplyOrder => apply_order::check(ghost, seen).map(E::DisorderlyApply),
        Checker::StateMachineSafety => state_machine_safety::check(ghost, seen).map(E::TwoEntries),
        Checker::LeaderHint => leader_hint::check(ghost, seen).map(E::FalseHint),
    }
}

/// The same for a log that changed, before the ghost knows of it.
#[inline]
pub(crate) fn check_log(
    ghost: &Ghost,
    change: &LogChange<'_>,
    asked: CheckerSet,
) -> Option<Evidence> {
    let append_only = || leader_append_only::check(ghost, change).map(Evidence::LeaderOverwrote);
    let matching = || log_matching::check(ghost, change).map(Evidence::LogMismatch);
    let forgotten = || committed_forgotten::check_log(ghost, change).map(Evidence::Forgotten);
    let is_asked = |checker| asked.contains(checker).then_some(());
    is_asked(Checker::LeaderAppendOnly)
        .and_then(|()| append_only())
        .or_else(|| is_asked(Checker::LogMatching).and_then(|()| matching()))
        .or_else(|| is_asked(Checker::CommittedForgotten).and_then(|()| forgotten()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_checkers_are_asked_in_the_order_of_all() {
        assert!(OF_PROGRESS.is_sorted());
        assert!(Checker::ALL.is_sorted(), "declared in the order in which they judge");
    }
}
