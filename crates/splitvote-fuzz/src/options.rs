//! The command line.

use std::path::PathBuf;

use clap::Parser;

/// Feeds mutated scenario files, case files and command lines to Splitvote.
///
/// Ends with 1 if an input panics, ends as a fault of the harness, takes more than 10 s of processor time or 1 GiB, or
/// brings a safety checker to accuse the reference Raft. The same seed gives the same inputs.
#[derive(Clone, Debug, Parser)]
#[command(name = "splitvote-fuzz", max_term_width = 100)]
pub(crate) struct Options {
    /// How many inputs
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    pub(crate) inputs: u64,

    /// The number of the first input
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) first: u64,

    /// The seed of all inputs
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,

    /// How many processes work at once
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=64))]
    pub(crate) jobs: u64,

    /// Where findings are kept, an input each
    #[arg(long, value_name = "DIR", default_value = "target/fuzz")]
    pub(crate) out: PathBuf,

    /// The files that are mutated
    #[arg(long, value_name = "DIR", num_args = 1.., default_values = ["sim-scenarios", "reports/zoo"])]
    pub(crate) corpus: Vec<PathBuf>,

    /// The command that a few of the mutated command lines are given to; without it they are only read
    #[arg(long, value_name = "PATH")]
    pub(crate) command: Option<PathBuf>,

    /// Where the figures are written, as Markdown
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,

    /// Print this input and what comes of it, and do nothing else
    #[arg(long, value_name = "N")]
    pub(crate) show: Option<u64>,

    /// Work off this range of inputs: how the program calls itself
    #[arg(long, hide = true, value_parser = range)]
    pub(crate) worker: Option<(u64, u64)>,
}

fn range(text: &str) -> Result<(u64, u64), String> {
    let (from, to) = text.split_once("..").ok_or("a range is `FROM..TO`")?;
    let number = |text: &str| text.parse::<u64>().map_err(|error| error.to_string());
    Ok((number(from)?, number(to)?))
}
