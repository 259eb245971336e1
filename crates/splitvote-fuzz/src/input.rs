//! The n-th input of a seed.

use crate::command_line;
use crate::corpus::Corpus;
use crate::dice::Dice;
use crate::mutate::mutated;

/// One input in so many is a command line, if there is a command: it takes a process of its own.
const COMMAND_LINES: usize = 100;

/// What Splitvote is given.
pub(crate) enum Input {
    /// A scenario file or a case file.
    File(String),
    /// A command line, and the file that it may name.
    CommandLine(Vec<String>, String),
}

impl Input {
    /// The input of this number.
    pub(crate) fn new(corpus: &Corpus, seed: u64, number: u64, has_command: bool) -> Self {
        let mut dice = Dice::new(seed, number);
        let is_command_line = dice.once_in(COMMAND_LINES);
        let text = mutated(corpus, &mut dice);
        if is_command_line && has_command {
            Self::CommandLine(command_line::mutated(&mut dice), text)
        } else {
            Self::File(text)
        }
    }

    /// As a file that can be looked at; a command line is its first line.
    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::File(text) => text.clone(),
            Self::CommandLine(arguments, text) => format!("# splitvote {arguments:?}\n{text}"),
        }
    }
}
