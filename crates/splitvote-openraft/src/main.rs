//! openraft, unmodified from the registry, under the whole `splitvote` command.
//!
//! ```console
//! $ cargo run --release -p splitvote-openraft -- run --seeds 50 sim-scenarios/lab sim-scenarios/swarm/five.toml
//! $ cargo run --release -p splitvote-openraft -- run --raft forgets-vote --seeds 200 sim-scenarios/swarm/five.toml
//! ```
//!
//! Beside openraft as it is there are the same with a storage that breaks one promise ([`store::Fault`]).

mod calls;
mod log;
mod raft;
mod runtime;
mod store;
mod types;

use std::process::ExitCode;

use splitvote::Subject;
use splitvote_cli::Program;
use splitvote_labrpc::{Config, Lab};

use raft::Raft;
use store::Fault;

fn main() -> ExitCode {
    let subject = |name: &str, fault| {
        Subject::<Lab<Raft>>::new(name, move |settings| Config::new(settings, fault))
    };
    [
        ("leader-restore", Fault::LeaderRestore),
        ("acks-before-sync", Fault::AcksBeforeSync),
        ("forgets-vote", Fault::ForgetsVote),
        ("lying-sync", Fault::LyingSync),
        ("purges-before-snapshot", Fault::PurgesBeforeSnapshot),
    ]
    .into_iter()
    .fold(
        Program::new("splitvote-openraft").raft(subject("openraft", Fault::None)),
        |program, (name, fault)| program.raft(subject(name, fault)),
    )
    .main()
}
