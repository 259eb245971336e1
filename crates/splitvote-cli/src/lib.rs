//! The `splitvote` command, as a library: the program is a call of [`main`], and the fuzzer asks [`parse`].
//!
//! Exit codes: 0 all held · 1 safety violated · 2 wrong usage or input, or what was to be written could not be · 3
//! liveness violated, or a sweep that proves nothing · 4 runs of one seed differed · 5 a peer panicked or hangs · 6
//! a peer broke the contract · 70 fault of the harness itself · 130 interrupted, unless the results so far have a
//! graver code.

#![deny(clippy::print_stdout, clippy::print_stderr)]

mod arguments;
mod commands;
mod interrupt;
mod judging;
mod outcome;
mod output;
mod peers;
mod stopwatch;
mod taking_down;
mod target;

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, Command};
use outcome::{Outcome, Stop};
use output::channel::{self, complain};

/// The command: what the command line asks for.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    splitvote::threads::exit_if_a_peer_hangs(5, output::terminal::how_to_look);
    // The panic itself has been printed by then; peers' panics do not come this far.
    let outcome = std::panic::catch_unwind(|| work(&arguments.command))
        .unwrap_or_else(|_| Err(Stop::Fault("it panicked, see above".to_owned())));
    let code = outcome.unwrap_or_else(|stop| {
        complain!("error: {stop}");
        stop.exit_code()
    });
    end(code)
}

/// Reads a command line, without the name of the program, and does nothing of what it asks for.
///
/// # Errors
/// What is printed instead, help and the version included, and the exit code.
pub fn parse(arguments: &[String]) -> Result<(), (String, i32)> {
    let program = "splitvote".to_owned();
    Arguments::try_parse_from(std::iter::once(&program).chain(arguments))
        .map(drop)
        .map_err(|error| (error.render().to_string(), error.exit_code()))
}

fn work(command: &Command) -> Outcome {
    match command {
        Command::Run(arguments) => commands::run::run(arguments),
        Command::Replay(arguments) => commands::replay::replay(arguments),
        Command::CaseToTest(arguments) => commands::case_to_test::print(arguments),
        Command::List(arguments) => commands::list::list(arguments),
        Command::Shrink(arguments) => commands::shrink::shrink(arguments),
        Command::Zoo(arguments) => commands::zoo::zoo(arguments),
        Command::Experiment(arguments) => commands::experiment::experiment(arguments),
        Command::CheckDeterminism(arguments) => commands::determinism::check(arguments),
    }
}

/// What cannot be understood is said on standard error; help and the version, on standard output.
fn usage(error: &clap::Error) -> ExitCode {
    let (mut side, is_terminal) = if error.use_stderr() {
        (channel::err(), std::io::stderr().is_terminal())
    } else {
        (channel::out(), std::io::stdout().is_terminal())
    };
    let text = error.render();
    if is_terminal && output::terminal::has_colours() {
        channel::let_colours_pass();
        _ = write!(side, "{}", text.ansi());
    } else {
        _ = write!(side, "{text}");
    }
    end(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// Ends with this code, unless that is 0 and standard output could not take all that was to be said.
fn end(code: u8) -> ExitCode {
    let Some(lost) = channel::close() else { return ExitCode::from(code) };
    complain!("error: standard output cannot be written: {lost}; what was printed is not whole");
    _ = channel::close();
    ExitCode::from(if code == 0 { 2 } else { code })
}
