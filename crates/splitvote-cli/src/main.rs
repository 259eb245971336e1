//! The `splitvote` command.
//!
//! Exit codes: 0 all held · 1 safety violated · 2 wrong usage or input · 3 liveness violated, or a
//! sweep that proves nothing · 4 runs of one seed differed · 5 a peer panicked or hangs · 6 a peer
//! broke the contract · 70 fault of the harness itself · 130 interrupted, unless the results so far have a graver code.

mod arguments;
mod commands;
mod interrupt;
mod judging;
mod outcome;
mod output;
mod peers;
mod stopwatch;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, Command};
use outcome::Stop;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    splitvote::threads::exit_if_a_peer_hangs(5, output::terminal::how_to_look);
    let work = || match &arguments.command {
        Command::Run(arguments) => commands::run::run(arguments),
        Command::Replay(arguments) => commands::replay::replay(arguments),
        Command::CaseToTest(arguments) => commands::case_to_test::print(arguments),
        Command::List(arguments) => commands::list::list(arguments),
        Command::Shrink(arguments) => commands::shrink::shrink(arguments),
        Command::Zoo(arguments) => commands::zoo::zoo(arguments),
        Command::Experiment(arguments) => commands::experiment::experiment(arguments),
        Command::CheckDeterminism(arguments) => commands::determinism::check(arguments),
    };
    // The panic itself has been printed by then; peers' panics do not come this far.
    let outcome = std::panic::catch_unwind(work)
        .unwrap_or_else(|_| Err(Stop::Fault("it panicked, see above".to_owned())));
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(Stop::Input(message)) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
        Err(Stop::Fault(message)) => {
            eprintln!("error: the harness itself failed: {message}");
            ExitCode::from(70)
        }
    }
}
