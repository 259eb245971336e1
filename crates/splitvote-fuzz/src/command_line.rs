//! Mutated command lines, and how a command has to end.
//!
//! They are run in a directory of their own, so that whatever a command writes stays there.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use crate::dice::Dice;

/// Command lines that make sense. `FILE` is a mutated file.
const BASES: &[&str] = &[
    "run FILE --seeds 3",
    "run FILE --seed 1 --raft E1",
    "run FILE --seeds 2 --format json",
    "run FILE --seeds 2 --checker one-vote",
    "run FILE --seeds 5 --stop-at-first --jobs 2",
    "run FILE --seeds 2 --without clocks,loss",
    "replay FILE --seed 1",
    "replay FILE --seed 1 --explain",
    "replay FILE --seed 1 --all --from 1s --to 2s",
    "replay FILE --seed 1 --only votes,faults --peer S0",
    "replay FILE --seed 1 --write-trace out.jsonl",
    "replay FILE",
    "shrink FILE --seed 0 --raft E1",
    "case-to-test FILE",
    "diff FILE FILE --seed 3",
    "diff FILE --seed 1 --raft E1 --with reference --format json",
    "diff FILE --seed 2 --without crashes,loss",
    "check FILE",
    "check FILE FILE --format json",
    "schema",
    "replay FILE --seed 1 --export shiviz --export-to out.log",
    "replay FILE --seed 1 --export chrome-trace",
    "replay FILE --seed 1 --export junit",
    "check-determinism FILE --seeds 2",
    "list",
    "list events",
    "list checkers",
    "zoo FILE --max-seeds 1",
    "--help",
    "run --help",
];

/// Arguments that a mutation puts in.
const ARGUMENTS: &[&str] = &[
    "--seed",
    "--seeds",
    "--raft",
    "--format",
    "--checker",
    "--strict",
    "--lenient",
    "--jobs",
    "--from",
    "--to",
    "--peer",
    "--only",
    "--with",
    "--without",
    "--beside",
    "--html",
    "--explain",
    "--all",
    "--write-case",
    "--write-trace",
    "--out",
    "--nonsense",
    "-",
    "--",
    "",
    " ",
    "0",
    "-1",
    "128",
    "18446744073709551615",
    "18446744073709551616",
    "0..0",
    "5..3",
    "0..",
    "nowhere.toml",
    ".",
    "/dev/null",
    "/dev/full",
    "/proc/self/mem",
    "/proc/self/status",
    "json",
    "E1",
    "reference",
    "nobody",
    "one-vote",
    "one-voote",
    "1ns",
    "-1s",
    "99999999h",
    "S0",
    "S128",
    "\u{1b}[2J",
    "ü🦀",
    "out.toml",
    "FILE",
];

/// How often a command may exit: what held, what did not, and wrong usage. A fault of the harness (70) and a panic
/// (101) are none of these.
const CODES: &[i32] = &[0, 1, 2, 3, 4, 5, 6, 130];

/// The arguments of a mutated command line.
pub(crate) fn mutated(dice: &mut Dice) -> Vec<String> {
    let base = dice.one_of(BASES).copied().unwrap_or_default();
    let mut arguments: Vec<String> = base.split(' ').map(str::to_owned).collect();
    for _ in 0..dice.below(4) {
        let at = dice.below(arguments.len());
        let other = dice.one_of(ARGUMENTS).copied().unwrap_or_default().to_owned();
        match dice.below(4) {
            0 if !arguments.is_empty() => drop(arguments.remove(at)),
            1 => arguments.insert(at, other),
            2 => arguments.push(other),
            _ => {
                if let Some(place) = arguments.get_mut(at) {
                    *place = other;
                }
            }
        }
    }
    if dice.once_in(50) {
        arguments.push("x".repeat(300));
    }
    arguments
}

/// Reads a command line without running anything; what was wrong with what came of it, if anything.
pub(crate) fn read(arguments: &[String]) -> Option<String> {
    let (said, code) = splitvote_cli::parse(arguments).err()?;
    if !CODES.contains(&code) {
        return Some(format!("a command line that is refused would exit with {code}"));
    }
    let has_nothing = said.trim().is_empty();
    has_nothing.then(|| format!("a command line is refused with {code}, and nothing is said"))
}

/// Runs the command with these arguments; what was wrong with how it ended, if anything. It is interrupted after 7
/// s, as many a command line asks for hours of work, and has to end then: on a machine that others load, within 20 s.
///
/// # Errors
/// If the directory cannot be written, or the command cannot be started.
pub(crate) fn run(
    command: &Path,
    arguments: &[String],
    text: &str,
    directory: &Path,
) -> io::Result<Option<String>> {
    std::fs::create_dir_all(directory)?;
    std::fs::write(directory.join("FILE"), text)?;
    // `timeout` interrupts it; what then does not end is killed, and that shows in its status (137).
    let mut child = Command::new("timeout")
        .args(["--signal=INT", "--kill-after=20", "7"])
        .arg(command)
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut said = Vec::new();
    if let Some(stream) = &mut child.stderr {
        stream.read_to_end(&mut said)?;
    }
    Ok(wrong(child.wait()?, &String::from_utf8_lossy(&said)))
}

/// What is wrong with how a command ended and with what it said.
fn wrong(status: ExitStatus, said: &str) -> Option<String> {
    // 124 is `timeout`'s own: it was interrupted, and ended.
    let is_in_order = status.code().is_some_and(|code| CODES.contains(&code) || code == 124);
    if !is_in_order {
        let last: String = said.lines().rev().take(3).collect::<Vec<_>>().join(" / ");
        return Some(format!("ended with {status}: {last}"));
    }
    let is_raw = said.chars().any(|c| c.is_control() && c != '\n' && c != '\t' && c != '\r');
    is_raw.then(|| "wrote a control character to standard error".to_owned())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    #[test]
    fn a_command_line_is_read_without_running_it() {
        let line = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(read(&line("run nowhere.toml --seeds 3")), None);
        assert_eq!(read(&line("run --seeds 5..3")), None, "refused with a reason");
        assert_eq!(read(&line("--help")), None);
        assert_eq!(read(&[]), None);
    }

    #[test]
    fn how_a_command_must_not_end_is_told() {
        let exit = |code: i32| ExitStatus::from_raw(code << 8);
        assert_eq!(wrong(exit(3), "error: x\n"), None);
        assert!(wrong(exit(70), "").is_some_and(|text| text.contains("70")));
        assert!(wrong(exit(101), "a\nb").is_some_and(|text| text.contains("b / a")));
        assert!(wrong(exit(137), "").is_some());
        assert!(wrong(ExitStatus::from_raw(6), "").is_some(), "a signal");
        assert!(wrong(exit(2), "\u{1b}[2J").is_some());
    }
}
