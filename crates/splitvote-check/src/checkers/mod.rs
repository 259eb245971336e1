//! One rule of the paper a file.
//!
//! A checker is a function of what was known before an observation and the observation itself.
//! It keeps nothing: whatever must be remembered is in the judge's ghost state. Each answers with
//! its own type of evidence, which prints as one sentence.
//!
//! "Mutants that trip it" names those of the zoo that were seen to do so with this checker asked
//! alone, as in `splitvote run --raft E3 --checker durable-vote --seeds 100`.

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

use crate::checker::{Checker, CheckerSet};
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
/// rule broken by this observation. `ghost` is what was known before it; only the checkers in
/// `asked` are asked.
pub(crate) fn check(
    ghost: &Ghost,
    at: SimTime,
    seen: &Observation,
    asked: CheckerSet,
) -> Option<Evidence> {
    let ask = |checker: Checker| match checker {
        Checker::ElectionSafety => {
            election_safety::check(ghost, at, seen).map(Evidence::TwoLeaders)
        }
        Checker::OneVote => one_vote::check(ghost, at, seen).map(Evidence::TwoVotes),
        Checker::Monotonic => monotonic::check(ghost, seen).map(Evidence::SteppedBack),
        Checker::DurableVote => durable_vote::check(ghost, seen).map(Evidence::VolatileVote),
        Checker::RealMajority => real_majority::check(ghost, seen).map(Evidence::NoMajority),
        Checker::ElectionRestriction => {
            election_restriction::check(ghost, seen).map(Evidence::UndueVote)
        }
        Checker::LeaderRecognised => {
            leader_recognised::check(seen).map(Evidence::LeaderNotRecognised)
        }
        Checker::HigherTerm => higher_term::check(seen).map(Evidence::HigherTermIgnored),
        Checker::LeaderHint => leader_hint::check(ghost, seen).map(Evidence::FalseHint),
    };
    Checker::ALL
        .iter()
        .filter(|checker| asked.contains(**checker))
        .find_map(|checker| ask(*checker))
}
