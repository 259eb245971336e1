//! The Raft of tasks and calls that the examples of `splitvote-labrpc` have.

#[path = "../../splitvote-labrpc/examples/lab-raft/calls.rs"]
mod calls;
#[path = "../../splitvote-labrpc/examples/lab-raft/log.rs"]
mod log;
#[path = "../../splitvote-labrpc/examples/lab-raft/raft.rs"]
mod raft;
#[path = "../../splitvote-labrpc/examples/lab-raft/slips.rs"]
#[expect(dead_code, reason = "nothing is planted here")]
mod slips;

use splitvote::Subject;
use splitvote_labrpc::{Lab, as_usual};

/// It, without a mistake.
pub(crate) fn subject() -> Subject<Lab<raft::Raft>> {
    Subject::new("lab-raft", as_usual)
}
