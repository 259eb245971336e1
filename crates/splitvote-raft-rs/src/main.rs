//! The released crate `raft` (raft-rs), as it is, under the harness, with the whole command.
//!
//! ```console
//! $ cargo run --release -p splitvote-raft-rs -- run --seeds 50
//! $ cargo run --release -p splitvote-raft-rs -- run --raft raft-rs:reply-before-sync sim-scenarios/swarm
//! ```

mod fault;
mod peer;
mod say;
mod store;

use std::process::ExitCode;

use splitvote::Subject;
use splitvote::check::Checker;

use crate::fault::Config;
use crate::fault::Fault;
use crate::peer::RaftRs;

fn main() -> ExitCode {
    let subject = |name: String, fault: Option<Fault>| {
        let configure =
            move |settings: &splitvote::Settings| Config { settings: settings.clone(), fault };
        Subject::<RaftRs>::new(name, configure)
            .with_disks(store::written)
            .departs(
                Checker::ElectionRestriction,
                "requests for votes wait for the disk, and leave late",
            )
            .departs(
                Checker::NextAboveMatch,
                "a late refusal of a probe counts (reports/rafts.md, finding 3)",
            )
    };
    let program = splitvote_cli::Program::new("raft-rs").raft(subject("raft-rs".to_owned(), None));
    let add = |program: splitvote_cli::Program, fault: &Fault| {
        program.raft(subject(format!("raft-rs:{}", fault.name()), Some(*fault)))
    };
    Fault::ALL.iter().fold(program, add).main()
}
