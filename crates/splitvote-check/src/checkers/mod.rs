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
mod real_majority;
mod registry;
mod snapshot;
mod state_machine_safety;

use splitvote_peer::SimTime;

use crate::checker::CheckerSet;
use crate::ghost::{Ghost, LogChange};
use crate::observation::Observation;
use asking::Topic;
pub(crate) use asking::check;
pub use election_safety::Leadership;

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
