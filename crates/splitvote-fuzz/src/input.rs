//! The n-th input of a seed.

use crate::command_line;
use crate::corpus::Corpus;
use crate::dice::Dice;
use crate::mutate::mutated;

/// One input in so many is a command line.
const COMMAND_LINES: usize = 5;
/// One command line in so many is run in a process of its own, if there is a command; the others are only read.
const PROCESSES: usize = 1_000;
/// One file in so many is run if it is not refused, as nine of ten are; the others are only read.
const RUNS: usize = 5;

/// What Splitvote is given.
pub(crate) enum Input {
    /// A scenario file or a case file, and whether what it says is run.
    File(String, bool),
    /// A command line.
    Arguments(Vec<String>),
    /// A command line that is run, and the file that it may name.
    CommandLine(Vec<String>, String),
}

impl Input {
    /// The input of this number.
    pub(crate) fn new(corpus: &Corpus, seed: u64, number: u64, has_command: bool) -> Self {
        let mut dice = Dice::new(seed, number);
        if !dice.once_in(COMMAND_LINES) {
            let is_run = dice.once_in(RUNS);
            return Self::File(mutated(corpus, &mut dice), is_run);
        }
        let is_run = dice.once_in(PROCESSES) && has_command;
        let arguments = command_line::mutated(&mut dice);
        if is_run {
            Self::CommandLine(arguments, mutated(corpus, &mut dice))
        } else {
            Self::Arguments(arguments)
        }
    }

    /// As a file that can be looked at; a command line is its first line.
    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::File(text, _) => text.clone(),
            Self::Arguments(arguments) => format!("# splitvote {arguments:?}\n"),
            Self::CommandLine(arguments, text) => format!("# splitvote {arguments:?}\n{text}"),
        }
    }
}
