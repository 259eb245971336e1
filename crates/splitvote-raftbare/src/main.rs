//! The released crate `raftbare`, as it is, under the harness, with the whole command. It has findings
//! (reports/rafts.md).
//!
//! ```console
//! $ cargo run --release -p splitvote-raftbare -- run --seeds 30 sim-scenarios/lab sim-scenarios/partitions
//! $ cargo run --release -p splitvote-raftbare -- run --raft raftbare:vote-not-persisted sim-scenarios/crashes
//! ```

mod fault;
mod note;
mod peer;
mod say;
mod snapshots;

use std::process::ExitCode;

use splitvote::Subject;

use crate::fault::{Config, Fault};
use crate::peer::RaftBare;

fn subject(name: &str, fault: Option<Fault>, is_guarded: bool) -> Subject<RaftBare> {
    let configure = move |settings: &splitvote::Settings| Config {
        settings: settings.clone(),
        fault,
        is_guarded,
    };
    Subject::<RaftBare>::new(name, configure).with_disks(note::written)
}

fn main() -> ExitCode {
    let program = splitvote_cli::Program::new("raftbare")
        .raft(subject("raftbare", None, false))
        .raft(subject("raftbare:guarded", None, true));
    let add = |program: splitvote_cli::Program, (name, fault): &(&str, Fault)| {
        program.raft(subject(&format!("raftbare:{name}"), Some(*fault), true))
    };
    Fault::ALL.iter().fold(program, add).main()
}
