//! The lab-style Raft under every scenario that applies to it: `cargo test -p splitvote-labs --test conformance`.

#[path = "../lab-raft/calls.rs"]
mod calls;
#[path = "../lab-raft/log.rs"]
mod log;
#[path = "../lab-raft/raft.rs"]
mod raft;
#[path = "../lab-raft/slips.rs"]
#[expect(dead_code, reason = "nothing is planted here")]
mod slips;

use std::process::ExitCode;

use splitvote::Subject;
use splitvote_labrpc::{Lab, as_usual};

fn main() -> ExitCode {
    let subject = Subject::<Lab<raft::Raft>>::new("lab-raft", as_usual);
    let program = "cargo run --release -p splitvote-labs --bin lab-raft --";
    splitvote_conformance::of(subject).replayed_by(program).main()
}
