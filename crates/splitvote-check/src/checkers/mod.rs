//! One rule of the paper a file.
//!
//! A checker is a function of what was known before an observation and the observation itself.
//! It keeps nothing: whatever must be remembered is in the judge's ghost state. Each answers with
//! its own type of evidence, which prints as one sentence.
//!
//! "Mutants that trip it" names those of the zoo that were seen to do so with this checker asked
//! alone, as in `splitvote run --raft E3 --checker durable-vote --seeds 100`.

mod apply_order;
mod asking;
mod check_quorum;
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
mod leader_speaks;
mod log_matching;
mod monotonic;
mod next_above_match;
mod one_vote;
pub(crate) mod patience;
mod pre_vote;
mod real_majority;
mod snapshot;
mod state_machine_safety;

pub(crate) use asking::{check, check_log};

pub use apply_order::DisorderlyApply;
pub use check_quorum::QuorumUnchecked;
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
pub use leader_speaks::FalseLeader;
pub use log_matching::LogMismatch;
pub use monotonic::SteppedBack;
pub use next_above_match::FalseAccount;
pub use one_vote::TwoVotes;
pub use patience::StoodTooEarly;
pub use pre_vote::UnduePreVote;
pub use real_majority::NoMajority;
pub use snapshot::BadSnapshot;
pub use state_machine_safety::TwoEntries;
