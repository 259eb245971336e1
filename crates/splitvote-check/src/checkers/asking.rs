//! Which checkers are asked about what, always in the order of [`Checker::ALL`]: the first one that
//! finds its rule broken names the violation.
//!
//! What happens often, once an entry or more, is shown only to the checkers that it can concern.

use splitvote_peer::SimTime;

use super::{
    apply_order, commit_monotonic, commit_quorum, committed_forgotten, durable_vote,
    election_restriction, election_safety, higher_term, leader_append_only, leader_completeness,
    leader_hint, leader_recognised, leader_speaks, log_matching, monotonic, next_above_match,
    one_vote, pre_vote, real_majority, snapshot, state_machine_safety,
};
use crate::checker::{Checker, CheckerSet};
use crate::evidence::Evidence;
use crate::ghost::{Ghost, LogChange};
use crate::observation::{Observation, is_about_the_log};

/// The evidence of the first of these checkers that is asked and finds its rule broken.
macro_rules! first {
    ($asked:expr; $($checker:ident: $check:expr => $evidence:ident,)+) => {{
        $(
            if $asked.contains(Checker::$checker)
                && let Some(evidence) = $check
            {
                return Some(Evidence::$evidence(evidence));
            }
        )+
        None
    }};
}

/// The evidence of the first checker that finds its rule broken by this observation. `ghost` is
/// what was known before it; only the checkers in `asked` are asked.
#[inline(always)]
pub(crate) fn check(
    ghost: &Ghost,
    at: SimTime,
    seen: &Observation,
    asked: CheckerSet,
) -> Option<Evidence> {
    match seen {
        Observation::Changed { before, after, .. } if is_about_the_log(before, after) => {
            of_progress(ghost, seen, asked)
        }
        Observation::Applied { .. } => first! { asked;
            ApplyOrder: apply_order::check(ghost, seen) => DisorderlyApply,
            StateMachineSafety: state_machine_safety::check(ghost, seen) => TwoEntries,
        },
        Observation::DurableEntry { .. } => first! { asked;
            LeaderAppendOnly: leader_append_only::check(ghost, seen) => LeaderOverwrote,
            CommittedForgotten: committed_forgotten::check(ghost, seen) => Forgotten,
        },
        Observation::DurableTruncation { .. } | Observation::DurableSnapshot { .. } => {
            first! { asked;
                CommittedForgotten: committed_forgotten::check(ghost, seen) => Forgotten,
                Snapshot: snapshot::check(ghost, seen) => BadSnapshot,
            }
        }
        Observation::Restored { .. } => first! { asked;
            Snapshot: snapshot::check(ghost, seen) => BadSnapshot,
        },
        Observation::Progress { .. } => first! { asked;
            NextAboveMatch: next_above_match::check(ghost, seen) => FalseAccount,
        },
        Observation::AppendReceived { .. } | Observation::InstallReceived { .. } => first! { asked;
            LeaderSpeaks: leader_speaks::check(ghost, seen) => FalseLeader,
        },
        Observation::AppendRefused { .. } => None,
        _ => of_elections(ghost, at, seen, asked)
            .or_else(|| of_progress(ghost, seen, asked))
            .or_else(|| {
                first! { asked;
                    LeaderHint: leader_hint::check(ghost, seen) => FalseHint,
                }
            }),
    }
}

#[inline(never)]
fn of_elections(
    ghost: &Ghost,
    at: SimTime,
    seen: &Observation,
    asked: CheckerSet,
) -> Option<Evidence> {
    first! { asked;
        ElectionSafety: election_safety::check(ghost, at, seen) => TwoLeaders,
        OneVote: one_vote::check(ghost, at, seen) => TwoVotes,
        Monotonic: monotonic::check(ghost, seen) => SteppedBack,
        DurableVote: durable_vote::check(ghost, seen) => VolatileVote,
        RealMajority: real_majority::check(ghost, seen) => NoMajority,
        ElectionRestriction: election_restriction::check(ghost, seen) => UndueVote,
        PreVote: pre_vote::check(ghost, seen) => UnduePreVote,
        LeaderSpeaks: leader_speaks::check(ghost, seen) => FalseLeader,
        LeaderRecognised: leader_recognised::check(seen) => LeaderNotRecognised,
        HigherTerm: higher_term::check(seen) => HigherTermIgnored,
    }
}

/// A view whose log, commit index or applied index may have changed.
fn of_progress(ghost: &Ghost, seen: &Observation, asked: CheckerSet) -> Option<Evidence> {
    first! { asked;
        Snapshot: snapshot::check(ghost, seen) => BadSnapshot,
        CommitMonotonic: commit_monotonic::check(seen) => CommitAstray,
        CommitQuorum: commit_quorum::check(ghost, seen) => HastyCommit,
        LeaderCompleteness: leader_completeness::check(ghost, seen) => IncompleteLeader,
        ApplyOrder: apply_order::check(ghost, seen) => DisorderlyApply,
        StateMachineSafety: state_machine_safety::check(ghost, seen) => TwoEntries,
    }
}

/// The same for a log that changed, before the ghost knows of it.
#[inline]
pub(crate) fn check_log(
    ghost: &Ghost,
    change: &LogChange<'_>,
    asked: CheckerSet,
) -> Option<Evidence> {
    first! { asked;
        LeaderAppendOnly: leader_append_only::check_log(ghost, change) => LeaderOverwrote,
        LogMatching: log_matching::check(ghost, change) => LogMismatch,
        CommittedForgotten: committed_forgotten::check_log(ghost, change) => Forgotten,
    }
}
