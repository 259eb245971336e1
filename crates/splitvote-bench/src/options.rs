//! The command line.

use std::fmt::Write;
use std::path::PathBuf;

use clap::{Parser, ValueEnum};

use crate::rows::{ROWS, name_of_row};
use crate::table::Demand;

/// Measures how fast the world is, side by side with the floor: what a bare event loop costs.
///
/// All rows are measured in one process, alternating, so that a ratio compares neighbours in time.
/// The table is printed, and written to reports/bench.md if all rows were measured in at least five
/// rounds.
#[derive(Clone, Debug, Parser)]
#[command(name = "splitvote-bench", after_help = rows(), max_term_width = 100)]
pub(crate) struct Options {
    /// How often each row is measured, after one round that is not counted; the medians count
    #[arg(long, value_name = "N", default_value_t = 9, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rounds: u32,

    /// Measure these rows alone, as in `--only floor,idle-cluster`. A ratio needs both of its rows
    #[arg(long, value_name = "ROWS", value_delimiter = ',', value_parser = name_of_row)]
    pub(crate) only: Vec<&'static str>,

    /// How the table is printed
    #[arg(long, value_enum, default_value_t = Format::Markdown)]
    pub(crate) format: Format,

    /// Measure in turns with this other `splitvote-bench`, say of an older commit, and print how fast
    /// this one is in terms of it: no row may be below 0.95
    #[arg(long, value_name = "PATH")]
    pub(crate) against: Option<PathBuf>,

    /// Measure the ping in turns with the same work on madsim, turmoil and tokio, whose crate is built
    /// first. Writes its part of reports/bench.md, and the table of the README
    #[arg(long, conflicts_with_all = ["against", "only"])]
    pub(crate) beside: bool,

    /// Exit with 1 if a bound is not met
    #[arg(long)]
    pub(crate) check: bool,

    /// Run the hour and print its peak of memory: how the bench calls itself
    #[arg(long, hide = true)]
    pub(crate) hour: bool,
}

/// How the table is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table of Markdown
    Markdown,
    /// One line of JSON
    Json,
}

impl Options {
    /// Whether a row is asked for.
    pub(crate) fn wants(&self, row: &str) -> bool {
        self.only.is_empty() || self.only.contains(&row)
    }

    /// Whether the figures are worth keeping: all rows, and not too few rounds.
    pub(crate) fn is_report(&self) -> bool {
        self.only.is_empty() && self.rounds >= 5
    }
}

/// What each row measures and has to be.
fn rows() -> String {
    let mut text = String::from("Rows, and what each has to be:\n");
    for (plan, _) in &ROWS {
        let demand = match plan.demand {
            Demand::Nothing => String::new(),
            Demand::Ratio(base, bound) => format!("; {bound} of {base}"),
            Demand::Median(bound) => format!("; {bound}"),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {:17} {} [{}{demand}]", plan.name, plan.about, plan.unit);
    }
    text.push_str(
        "\nExit codes: 0 measured, 1 a bound is not met (with --check), 2 usage, or a row fails.\nWall-clock time means something on a machine that does nothing else.",
    );
    text
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(arguments: &[&str]) -> Result<Options, String> {
        let all = ["splitvote-bench"].iter().chain(arguments);
        Options::try_parse_from(all).map_err(|error| error.to_string())
    }

    #[test]
    fn the_help_names_every_row_with_its_bound() {
        Options::command().debug_assert();
        let help = rows();
        assert!(ROWS.iter().all(|(plan, _)| help.contains(plan.name) && help.contains(plan.about)));
        assert!(help.contains("[events/s; at least 0.70 of floor]"), "{help}");
        assert!(help.lines().all(|line| line.len() <= 100), "{help}");
    }

    #[test]
    fn a_row_that_does_not_exist_is_refused_with_those_that_do() {
        let message = parse(&["--only", "floor,flor"]).unwrap_err();
        assert!(message.contains("'flor'") && message.contains("idle-cluster"), "{message}");
    }

    #[test]
    fn no_rounds_are_refused_and_few_make_no_report() {
        assert!(parse(&["--rounds", "0"]).is_err());
        assert!(parse(&["--round", "9"]).unwrap_err().contains("--rounds"));
        let is_report = |arguments: &[&str]| parse(arguments).unwrap().is_report();
        assert!(is_report(&[]) && is_report(&["--rounds", "5"]));
        assert!(!is_report(&["--rounds", "4"]) && !is_report(&["--only", "floor"]));
    }
}
