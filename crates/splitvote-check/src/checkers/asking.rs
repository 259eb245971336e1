//! Which topic an observation belongs to, and who is asked about it.

use splitvote_peer::SimTime;

use super::topic::Topic;
use super::{CheckerSet, Evidence, first};
use crate::ghost::Ghost;
use crate::observation::{Observation, is_about_the_log};

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
            of_commitment(ghost, at, seen, asked)
        }
        Observation::Applied { .. } => first(Topic::Applied, ghost, at, seen, asked),
        Observation::Restored { .. } => first(Topic::Restored, ghost, at, seen, asked),
        Observation::DurableEntry { .. } => first(Topic::EntryOnDisk, ghost, at, seen, asked),
        Observation::DurableTruncation { .. } | Observation::DurableSnapshot { .. } => {
            first(Topic::CutOnDisk, ghost, at, seen, asked)
        }
        Observation::Progress { .. } => first(Topic::Account, ghost, at, seen, asked),
        Observation::AppendReceived { .. }
        | Observation::InstallReceived { .. }
        | Observation::YesInLaterTerm { .. } => first(Topic::Replication, ghost, at, seen, asked),
        Observation::Booted { .. } | Observation::Changed { .. } => {
            of_elections(ghost, at, seen, asked)
        }
        Observation::VoteRequestSent { .. } => first(Topic::Requests, ghost, at, seen, asked),
        Observation::VoteGrantSent { .. } => first(Topic::Grants, ghost, at, seen, asked),
        Observation::PreVoteSent { .. }
        | Observation::PreVoteHandled { .. }
        | Observation::PreVoteAnswered { .. } => first(Topic::PreVotes, ghost, at, seen, asked),
        Observation::LeaderHeard { .. } | Observation::HigherTermHeard { .. } => {
            first(Topic::Hearing, ghost, at, seen, asked)
        }
        Observation::Redirected { .. } => first(Topic::Hints, ghost, at, seen, asked),
        // These are remembered or counted, and break no rule by themselves.
        Observation::AppendRefused { .. }
        | Observation::Crashed { .. }
        | Observation::VoteRequestReceived { .. }
        | Observation::VoteGrantReceived { .. }
        | Observation::PreVoteLearned { .. }
        | Observation::VoteRequestDisregarded { .. }
        | Observation::StaleReply { .. }
        | Observation::Durable { .. }
        | Observation::DiskTrouble { .. }
        | Observation::LinkChanged { .. } => None,
    }
}

#[inline(never)]
fn of_elections(
    ghost: &Ghost,
    at: SimTime,
    seen: &Observation,
    asked: CheckerSet,
) -> Option<Evidence> {
    first(Topic::Elections, ghost, at, seen, asked)
}

fn of_commitment(
    ghost: &Ghost,
    at: SimTime,
    seen: &Observation,
    asked: CheckerSet,
) -> Option<Evidence> {
    first(Topic::Commitment, ghost, at, seen, asked)
}
