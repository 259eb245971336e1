//! What the door promises, and the examples under the harness.

#![expect(clippy::unwrap_used, reason = "tests may")]

#[path = "../../lab-raft/calls.rs"]
mod calls;
#[path = "../../lab-raft/log.rs"]
mod log;
#[path = "../../lab-raft/raft.rs"]
mod raft;
#[path = "../../lab-raft/slips.rs"]
#[expect(dead_code, reason = "the bench asks for some of it only")]
mod slips;

mod examples;
mod misbehaving;
mod tasks_of_a_peer;
