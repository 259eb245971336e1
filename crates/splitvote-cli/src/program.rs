//! A program with the whole command: its name, its Rafts, and how it ends.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser as _};
use splitvote::Subject;
use splitvote::peer::Peer;

use crate::arguments::{Arguments, Command};
use crate::outcome::{Outcome, Stop};
use crate::output::channel::{self, complain};
use crate::peers::Registry;
use crate::{commands, output};

/// A program with the whole `splitvote` command, about Rafts of one's own.
#[must_use = "a program does nothing until `main` is called"]
pub struct Program {
    name: &'static str,
    rafts: Registry,
}

impl Program {
    /// A program of this name, without a Raft.
    pub fn new(name: &'static str) -> Self {
        Self { name, rafts: Registry::of(name) }
    }

    /// Adds a Raft under its name. The first one is under test unless another is named.
    pub fn raft<P: Peer>(mut self, subject: Subject<P>) -> Self {
        self.rafts.add(subject);
        self
    }

    /// Adds the reference Raft.
    #[cfg(feature = "zoo")]
    pub fn reference(self) -> Self {
        self.raft(splitvote_zoo::reference())
    }

    /// Adds the broken Rafts of the zoo.
    #[cfg(feature = "zoo")]
    pub fn zoo(mut self) -> Self {
        self.rafts.add_zoo();
        self
    }

    /// Does what the command line asks for.
    ///
    /// The exit code is 0 if all held; all of them are in `--help`.
    pub fn main(self) -> ExitCode {
        let Self { name, rafts } = self;
        rafts.install();
        let command = Arguments::command().name(name).bin_name(name);
        let arguments =
            command.try_get_matches().and_then(|matches| Arguments::from_arg_matches(&matches));
        let arguments = match arguments {
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
}

fn work(command: &Command) -> Outcome {
    match command {
        Command::Run(arguments) => commands::run::run(arguments),
        Command::Replay(arguments) => commands::replay::replay(arguments),
        Command::CaseToTest(arguments) => commands::case_to_test::print(arguments),
        Command::New(arguments) => commands::new::new(arguments),
        Command::List(arguments) => commands::list::list(arguments),
        Command::Check(arguments) => commands::check::check(arguments),
        Command::Schema(arguments) => commands::schema::schema(arguments),
        Command::Diff(arguments) => commands::diff::diff(arguments),
        Command::Shrink(arguments) => commands::shrink::shrink(arguments),
        #[cfg(feature = "zoo")]
        Command::Zoo(arguments) => commands::zoo::zoo(arguments),
        #[cfg(feature = "experiment")]
        Command::Experiment(arguments) => commands::experiment::experiment(arguments),
        Command::Report { command } => commands::report::report(command),
        Command::CheckDeterminism(arguments) => commands::determinism::check(arguments),
    }
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
