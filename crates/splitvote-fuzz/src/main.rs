//! Mutated inputs: scenario files, case files and command lines, a million and more, the same for the same seed.
//!
//! - `corpus`: what is mutated. `mutate`: how. `dice`: the chance that both use.
//! - `input`: the n-th input. `judge`: what a file must not do. `command_line`: what a command line must not do.
//! - `worker`: works off a range of inputs in a process of its own, and says which it is at.
//! - `crew`: starts workers, and knows the input whenever one of them dies, hangs or fills the memory.
//! - `figures`: what was done, and the report of it. `processor`: how much time a worker took.
//!
//! An input must neither panic, nor end as a fault of the harness, nor take 10 s of processor time or 1 GiB, nor bring
//! a checker of safety to accuse the reference Raft. What does is a finding: it is printed, and kept as a file.

mod command_line;
mod corpus;
mod crew;
mod dice;
mod figures;
mod input;
mod judge;
mod mutate;
mod options;
mod processor;
mod worker;

use std::process::ExitCode;

use clap::Parser;

use options::Options;

fn main() -> ExitCode {
    let options = Options::parse();
    let done = match (options.worker, options.show) {
        (Some(range), _) => worker::work(&options, range).map(|()| true),
        (None, Some(number)) => worker::show(&options, number).map(|()| true),
        (None, None) => crew::fuzz(&options),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
