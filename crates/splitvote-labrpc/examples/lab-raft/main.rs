//! A Raft in the style of the labs, with the whole `splitvote` command, and its broken versions.
//!
//! ```console
//! $ cargo run --release -p splitvote-labs --bin lab-raft -- run --seeds 100
//! $ cargo run --release -p splitvote-labs --bin lab-raft -- run --raft two-appliers --seeds 100
//! ```

mod calls;
mod log;
mod raft;
mod slips;

use std::process::ExitCode;

use raft::Raft;
use slips::Slip;
use splitvote::Subject;
use splitvote_cli::Program;
use splitvote_labrpc::{Config, Lab};

fn main() -> ExitCode {
    let subject = |name: &str, slip| {
        Subject::<Lab<Raft>>::new(name, move |settings| Config::new(settings, slip))
    };
    let program = Program::new("lab-raft").raft(subject("lab-raft", Slip::None));
    Slip::ALL.iter().fold(program, |program, slip| program.raft(subject(slip.name(), *slip))).main()
}
