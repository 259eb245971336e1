//! The ping beside the same work on other simulators: `splitvote-bench --beside`.
//!
//! madsim, turmoil and tokio are dependencies of a crate of its own, `beside/`, which no other command builds, as
//! madsim has to be compiled with a flag of its own. Each round measures every row once, in a process of its own and
//! one after the other; each process warms up first. A ratio is taken within each round, and the median of these
//! counts.

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Trouble;
use crate::against::measure;
use crate::options::{Format, Options};
use crate::table::{median, readable};

/// Where the crate of the others is.
const CRATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/beside");
/// What the section of the report begins with.
const HEADING: &str = "\n## Beside other simulators\n";
/// The row that the others are compared with.
const BASE: &str = "madsim";
/// The row that has to be so many times as fast.
const OURS: &str = "ping-async";
const BOUND: f64 = 8.0;

/// Who measures a row.
#[derive(Clone, Copy, Debug, PartialEq)]
enum By {
    /// This program, under the name of the row.
    Us,
    /// The crate of the others, so many virtual seconds: about half a second of wall time each.
    Them(u64),
}

/// The rows: what is measured, and what it is called in the README.
const ROWS: [(&str, By, &str, &str); 6] = [
    ("floor-ping", By::Us, "bare loop", "callbacks on std's heap: what the work itself costs"),
    ("ping", By::Us, "Splitvote", "a state machine as a peer of the world"),
    (OURS, By::Us, "Splitvote, async", "tasks and calls, through the labs' door"),
    (
        "tokio-paused",
        By::Them(400),
        "tokio, paused",
        "tokio 1.54, one thread, its clock paused: channels, a task a packet",
    ),
    (
        "madsim",
        By::Them(200),
        "madsim",
        "madsim 0.2.34: an endpoint and a handler a node, a task a call",
    ),
    (
        "turmoil",
        By::Them(30),
        "turmoil",
        "turmoil 0.7.2: a UDP socket a node, ticks of 1 ms; calls are not matched",
    ),
];

/// A process of the crate of the others, in its directory, whose configuration has the flag. Flags of the environment
/// would take its place.
fn cargo(command: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args([command, "--release", "--quiet", "--locked"]).current_dir(CRATE);
    for flags in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS"] {
        cargo.env_remove(flags);
    }
    cargo
}

/// Builds the crate of the others.
fn build() -> Result<(), Trouble> {
    eprintln!("building {CRATE}, which takes a minute the first time");
    let built = cargo("build").status().map_err(Trouble::Own)?;
    if built.success() { Ok(()) } else { Err(Trouble::Fails(format!("the build of {CRATE}"))) }
}

/// RPCs a second of another simulator.
fn theirs(name: &str, seconds: u64) -> Result<f64, Trouble> {
    let run =
        cargo("run").args(["--", name, &seconds.to_string()]).stderr(Stdio::inherit()).output();
    let printed = run.map_err(Trouble::Own)?.stdout;
    rate(&String::from_utf8_lossy(&printed)).ok_or_else(|| Trouble::Fails(name.to_owned()))
}

/// What `splitvote-beside` prints: calls that were answered, and nanoseconds.
fn rate(printed: &str) -> Option<f64> {
    let (answered, nanos) = printed.trim().split_once(' ')?;
    Some(answered.parse::<f64>().ok()? * 1e9 / nanos.parse::<f64>().ok()?)
}

/// Each round, what each row measured.
fn rounds(count: u32) -> Result<Vec<Vec<f64>>, Trouble> {
    let own = std::env::current_exe().map_err(Trouble::Own)?;
    let row = |(name, by, ..): &(&str, By, &str, &str)| match by {
        By::Us => measure(&own, name),
        By::Them(seconds) => theirs(name, *seconds),
    };
    let round = |number: u32| {
        eprintln!("round {} of {count}", number + 1);
        ROWS.iter().map(row).collect()
    };
    (0..count).map(round).collect()
}

/// How many times as fast as [`BASE`] this row is: the median of the ratios within the rounds.
fn times(rounds: &[Vec<f64>], row: &str) -> f64 {
    let place = |row| ROWS.iter().position(|(name, ..)| *name == row).unwrap_or_default();
    let ratio = |round: &Vec<f64>| round[place(row)] / round[place(BASE)];
    median(&rounds.iter().map(ratio).collect::<Vec<_>>())
}

/// Whether the bound is met.
fn is_met(rounds: &[Vec<f64>]) -> bool {
    times(rounds, OURS) >= BOUND
}

/// Two digits that count, or a decimal less than ten.
fn shown(ratio: f64) -> String {
    if ratio >= 10.0 { format!("{ratio:.0}") } else { format!("{ratio:.1}") }
}

/// The section of the report.
fn section(rounds: &[Vec<f64>]) -> String {
    let met = if is_met(rounds) { "met" } else { "NOT met" };
    let mut text = format!(
        "{HEADING}\nWritten by `cargo run --release -p splitvote-bench -- --beside`: {} rounds, one core, each row in a \
         process of its own, in turns. The work of all: five nodes, and every 50 ms of virtual time each calls the four \
         others and awaits the replies; a packet takes 1 to 10 ms, and none is lost. A ratio says how many times as \
         fast as {BASE} a row is: the median of the ratios within each round. {OURS} must be at least {BOUND} times as \
         fast ({met}).\n\n\
         | row | what | RPC/s, median | min | max | times {BASE} |\n\
         | --- | --- | ---: | ---: | ---: | ---: |\n",
        rounds.len(),
    );
    for (place, (name, _, _, about)) in ROWS.iter().enumerate() {
        let values: Vec<f64> = rounds.iter().map(|round| round[place]).collect();
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(0.0, f64::max);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| {name} | {about} | {} | {} | {} | {} |",
            readable(median(&values)),
            readable(least),
            readable(most),
            shown(times(rounds, name)),
        );
    }
    text
}

/// The table of the README, a column a row: how many times as fast as madsim each is.
fn short_table(rounds: &[Vec<f64>]) -> String {
    let columns: Vec<&str> = ROWS.iter().map(|(_, _, title, _)| *title).collect();
    let figures: Vec<String> = ROWS.iter().map(|(name, ..)| shown(times(rounds, name))).collect();
    format!("|{}|\n|{}\n|{}|\n", columns.join("|"), "--:|".repeat(ROWS.len()), figures.join("|"))
}

/// What is between the marks of the README is this table.
fn replace_table(readme: &str, table: &str) -> Option<String> {
    let (begin, end) = ("<!-- beside -->\n", "<!-- /beside -->");
    let (before, rest) = readme.split_once(begin)?;
    let (_, after) = rest.split_once(end)?;
    Some(format!("{before}{begin}\n{table}\n{end}{after}"))
}

/// The report without this section.
pub(crate) fn without_section(report: &str) -> &str {
    report.find(HEADING).map_or(report, |start| &report[..start])
}

/// The section of a report that has one.
pub(crate) fn section_of(report: &str) -> &str {
    &report[without_section(report).len()..]
}

/// Reads a file, and writes what becomes of it.
fn rewrite(name: &str, change: impl FnOnce(&str) -> Option<String>) -> Result<(), Trouble> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name);
    let trouble = |source| Trouble::Report { path: path.display().to_string(), source };
    let text = std::fs::read_to_string(&path).map_err(trouble)?;
    let changed = change(&text)
        .ok_or_else(|| trouble(std::io::Error::other("it has no place for the table")))?;
    std::fs::write(&path, changed).map_err(trouble)
}

/// Measures all rows, prints and writes the tables; whether the bound is met.
pub(crate) fn work(options: &Options) -> Result<bool, Trouble> {
    build()?;
    let rounds = rounds(options.rounds)?;
    let section = section(&rounds);
    if options.rounds >= 5 {
        rewrite("reports/bench.md", |text| Some(format!("{}{section}", without_section(text))))?;
        rewrite("README.md", |text| replace_table(text, &short_table(&rounds)))?;
    }
    match options.format {
        Format::Markdown => print!("{}", section.trim_start()),
        Format::Json => println!("{}", serde_json::to_string(&rounds)?),
    }
    Ok(!options.check || is_met(&rounds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_taken_within_a_round_and_the_bound_is_on_their_median() {
        // The machine is half as fast in the second round.
        let rounds = [vec![20.0, 15.0, 8.0, 2.0, 0.8, 0.1], vec![10.0, 7.5, 4.0, 1.0, 0.4, 0.05]];
        assert_eq!((times(&rounds, OURS), times(&rounds, "floor-ping")), (10.0, 25.0));
        assert!(is_met(&rounds) && section(&rounds).contains("at least 8 times as fast (met)"));
        let slow = [vec![20.0, 15.0, 8.0, 2.0, 1.1, 0.1]];
        assert!(!is_met(&slow) && section(&slow).contains("(NOT met)"));
        assert!(section(&rounds).contains("| 10 |\n") && section(&rounds).contains("| 0.1 |\n"));
    }

    #[test]
    fn what_is_not_a_figure_is_no_rate() {
        assert_eq!(rate("400 2000000000\n"), Some(200.0));
        assert_eq!(rate("usage: splitvote-beside"), None);
        assert_eq!(rate(""), None);
    }

    #[test]
    fn a_table_takes_the_place_of_the_one_before() {
        let readme = "before\n<!-- beside -->\n\n|old|\n\n<!-- /beside -->\nafter\n";
        let table = short_table(&[vec![2e7, 1e7, 1e6, 1e6, 1e5, 3e4]]);
        let replaced = replace_table(readme, &table).unwrap();
        assert_eq!(replaced.matches("|madsim|").count(), 1);
        assert!(replaced.contains("|200|100|10|10|1.0|0.3|\n\n<!-- /beside -->\nafter\n"));
        assert_eq!(replace_table(&replaced, &table).unwrap(), replaced);
        assert_eq!(replace_table("no place", &table), None);
        let report = format!("rows\n{HEADING}ratios\n");
        assert_eq!((without_section(&report), section_of("rows\n")), ("rows\n", ""));
        assert!(section_of(&report).ends_with("ratios\n"));
    }
}
