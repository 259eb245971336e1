//! Which topic an observation belongs to. What happens often, once an entry or more, has a topic of
//! its own, so that it is shown only to the checkers that it can concern.

use splitvote_peer::SimTime;

use super::{Evidence, first};
use crate::checker::CheckerSet;
use crate::ghost::Ghost;
use crate::observation::{Observation, is_about_the_log};

/// What an observation is about: the checkers in the list say on which topics they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    /// Boots, and steps that changed a term, role, vote or leader.
    Elections,
    /// A request for a vote leaves.
    Requests,
    /// A granted vote leaves.
    Grants,
    /// What is asked and answered before somebody stands.
    PreVotes,
    /// A leader or a higher term was heard of.
    Hearing,
    /// A client was told who leads.
    Hints,
    /// A step that changed nothing but where the log, the commit index or the applied index ends.
    Commitment,
    /// A state machine applied an entry.
    Applied,
    /// A state machine was restored from a snapshot.
    Restored,
    /// An entry became durable.
    EntryOnDisk,
    /// A truncation or a snapshot became durable.
    CutOnDisk,
    /// A leader's account of a follower.
    Account,
    /// Entries or a snapshot were delivered.
    Replication,
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
            of_commitment(ghost, at, seen, asked)
        }
        Observation::Applied { .. } => first(Topic::Applied, ghost, at, seen, asked),
        Observation::Restored { .. } => first(Topic::Restored, ghost, at, seen, asked),
        Observation::DurableEntry { .. } => first(Topic::EntryOnDisk, ghost, at, seen, asked),
        Observation::DurableTruncation { .. } | Observation::DurableSnapshot { .. } => {
            first(Topic::CutOnDisk, ghost, at, seen, asked)
        }
        Observation::Progress { .. } => first(Topic::Account, ghost, at, seen, asked),
        Observation::AppendReceived { .. } | Observation::InstallReceived { .. } => {
            first(Topic::Replication, ghost, at, seen, asked)
        }
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
