//! A Raft to begin with: what the labs hand out, and their steps.
//!
//! It compiles, runs, and fails: nobody stands for election yet.
//!
//! ```console
//! $ cargo run --release -p splitvote-labs --bin skeleton -- run sim-scenarios/lab/initial-election.toml
//! ```
//!
//! **3A, leader election.** Fill in `RequestVoteArgs` and its reply (Figure 2), `request_vote`, and a task that stands for
//! election when it has heard nothing for `env.election_timeout()`. Add `AppendEntries` as a heartbeat every
//! `env.heartbeat_interval()`. Then `sim-scenarios/lab/{initial-election,re-election,many-elections}.toml` hold.
//!
//! **3B, the log.** Add `Feature::Log`. `start` appends an entry if this peer leads, `append_entries` carries entries, and
//! what is committed goes to `env.apply_ch()`. Show the log in `view` and `entry`.
//!
//! **3C, persistence.** Add `Feature::Disk`, with a state for `env.persister()`. Await `save` before a reply leaves, and
//! read what survived in `make`.
//!
//! **3D, snapshots.** Add `Feature::Snapshots`: `snapshot` discards the log up to there, and a follower that is too far
//! behind is sent `InstallSnapshot`.
//!
//! `examples/lab-raft` is a whole one.

#[expect(unreachable_pub, reason = "`splitvote new` makes it the library of a crate")]
mod raft;

use std::process::ExitCode;

use raft::Raft;
use splitvote::Subject;
use splitvote_labrpc::{Lab, as_usual};

fn main() -> ExitCode {
    let mine = Subject::<Lab<Raft>>::new("mine", as_usual);
    splitvote_cli::Program::new("skeleton").raft(mine).main()
}
