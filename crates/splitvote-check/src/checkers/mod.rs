//! One rule of the paper a file.
//!
//! A checker is a function of what was known before an observation and the observation itself.
//! It keeps nothing: whatever must be remembered is in the judge's ghost state. Each answers with
//! its own type of evidence, which prints as one sentence.

mod durable_vote;
mod election_restriction;
mod election_safety;
mod higher_term;
mod leader_hint;
mod leader_recognised;
mod monotonic;
mod one_vote;
mod real_majority;

use splitvote_peer::SimTime;

use crate::ghost::Ghost;
use crate::observation::Observation;
use crate::violation::Evidence;

pub use durable_vote::VolatileVote;
pub use election_restriction::UndueVote;
pub use election_safety::{Leadership, TwoLeaders};
pub use higher_term::HigherTermIgnored;
pub use leader_hint::FalseHint;
pub use leader_recognised::LeaderNotRecognised;
pub use monotonic::SteppedBack;
pub use one_vote::TwoVotes;
pub use real_majority::NoMajority;

/// The evidence of the first checker, in the order of [`crate::Checker::ALL`], that finds its
/// rule broken by this observation. `ghost` is what was known before it.
pub(crate) fn check(ghost: &Ghost, at: SimTime, seen: &Observation) -> Option<Evidence> {
    election_safety::check(ghost, at, seen)
        .map(Evidence::TwoLeaders)
        .or_else(|| one_vote::check(ghost, at, seen).map(Evidence::TwoVotes))
        .or_else(|| monotonic::check(ghost, seen).map(Evidence::SteppedBack))
        .or_else(|| durable_vote::check(ghost, seen).map(Evidence::VolatileVote))
        .or_else(|| real_majority::check(ghost, seen).map(Evidence::NoMajority))
        .or_else(|| election_restriction::check(ghost, seen).map(Evidence::UndueVote))
        .or_else(|| leader_recognised::check(seen).map(Evidence::LeaderNotRecognised))
        .or_else(|| higher_term::check(seen).map(Evidence::HigherTermIgnored))
        .or_else(|| leader_hint::check(ghost, seen).map(Evidence::FalseHint))
}
