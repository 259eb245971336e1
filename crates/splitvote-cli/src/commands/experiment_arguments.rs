//! What `splitvote experiment` is told.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::arguments::Format;
use crate::numbers::whole;

/// How many trials a curve the paper has.
pub(crate) const USUAL_TRIALS: u64 = 1_000;

/// Up to how many peers the atlas of this repository goes.
pub(crate) const USUAL_PEERS: u8 = 4;

#[derive(Debug, Args)]
pub(crate) struct ExperimentArguments {
    /// The name of the experiment.
    #[arg(value_enum)]
    pub(crate) name: ExperimentName,
    /// How many trials a curve (paper-elections).
    #[arg(long, default_value_t = USUAL_TRIALS, allow_negative_numbers = true)]
    #[arg(value_parser = whole("number of trials", 1..=1_000_000_u64))]
    pub(crate) trials: u64,
    /// What all chance derives from (paper-elections).
    #[arg(long, default_value = "0", allow_negative_numbers = true, value_parser = whole("seed", 0..=u64::MAX))]
    pub(crate) seed: u64,
    /// Up to how many peers (atlas): five take 9364 graphs more, and two minutes on two cores.
    #[arg(long, default_value_t = USUAL_PEERS, allow_negative_numbers = true)]
    #[arg(value_parser = whole("number of peers", 1..=5_u8))]
    pub(crate) peers: u8,
    /// How many threads; all cores by default.
    #[arg(long, allow_negative_numbers = true, value_parser = whole("number of threads", 1..=1024_u16))]
    pub(crate) jobs: Option<u16>,
    /// Also write both graphs and the published values beside ours as a page (paper-elections).
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Where the report goes: the experiment's directory under reports/ for the usual number of
    /// trials or peers, else nowhere.
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) out: Option<PathBuf>,
    /// Also replace a file that holds something else than what is written to it.
    #[arg(long)]
    pub(crate) force: bool,
    /// How the result is printed.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExperimentName {
    /// Figure 16 of the extended Raft paper: how long a cluster is without a leader.
    PaperElections,
    /// The connectivity atlas: every graph of links between a few peers, with and without PreVote and
    /// CheckQuorum.
    Atlas,
}
