//! Works off a range of inputs, and says on standard output which input it is at: `@ 17` when it begins one, and what
//! came of it: `- 17` if a file was refused, `= 17` if it was read, `+ 17` if it ran, `? 17` if a command line was
//! understood or refused, `$ 17` if a command ended in order, `! 17 text` if something was wrong with that.

use std::io::{self, Write, stdout};

use crate::command_line;
use crate::corpus::Corpus;
use crate::input::Input;
use crate::judge::{Outcome, judge};
use crate::options::Options;

/// Works off the inputs from the first to before the last.
///
/// # Errors
/// If the corpus cannot be read, or nobody listens.
pub(crate) fn work(options: &Options, (from, to): (u64, u64)) -> io::Result<()> {
    let corpus = Corpus::read(&options.corpus)?;
    let mut out = stdout().lock();
    for number in from..to {
        writeln!(out, "@ {number}")?;
        out.flush()?;
        match outcome(options, &corpus, number)? {
            Outcome::Refused => writeln!(out, "- {number}")?,
            Outcome::Read => writeln!(out, "= {number}")?,
            Outcome::Ran => writeln!(out, "+ {number}")?,
            Outcome::Understood => writeln!(out, "? {number}")?,
            Outcome::Ended => writeln!(out, "$ {number}")?,
            Outcome::Wrong(what) => writeln!(out, "! {number} {}", what.replace('\n', " / "))?,
        }
    }
    Ok(())
}

fn outcome(options: &Options, corpus: &Corpus, number: u64) -> io::Result<Outcome> {
    match Input::new(corpus, options.seed, number, options.command.is_some()) {
        Input::File(text, is_run) => Ok(judge(&text, number, is_run)),
        Input::Arguments(arguments) => {
            let wrong = command_line::read(&arguments);
            Ok(wrong.map_or(Outcome::Understood, Outcome::Wrong))
        }
        Input::CommandLine(arguments, text) => {
            let Some(command) = &options.command else { return Ok(Outcome::Ended) };
            let directory = options.out.join(format!("work-{}", std::process::id()));
            let wrong = command_line::run(command, &arguments, &text, &directory)?;
            Ok(wrong.map_or(Outcome::Ended, Outcome::Wrong))
        }
    }
}

/// Prints one input, and what comes of it.
///
/// # Errors
/// If the corpus cannot be read.
pub(crate) fn show(options: &Options, number: u64) -> io::Result<()> {
    let corpus = Corpus::read(&options.corpus)?;
    let input = Input::new(&corpus, options.seed, number, options.command.is_some());
    println!("{}", input.to_text());
    match outcome(options, &corpus, number)? {
        Outcome::Refused => println!("# refused"),
        Outcome::Read => println!("# read"),
        Outcome::Ran => println!("# ran"),
        Outcome::Understood => println!("# a command line that is understood or refused"),
        Outcome::Ended => println!("# a command that ended in order"),
        Outcome::Wrong(what) => println!("# wrong: {what}"),
    }
    Ok(())
}
