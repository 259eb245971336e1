//! What can be said on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use splitvote::check::Checker;
use splitvote::{FaultClass, Seeds};
use splitvote_report::Topic;

#[cfg(feature = "experiment")]
use crate::commands::experiment_arguments::ExperimentArguments;
use crate::commands::suites::SuiteArguments;
#[cfg(feature = "zoo")]
use crate::commands::zoo_page::ZooPageArguments;
use crate::commands::{
    check::CheckArguments, determinism::DeterminismArguments, diff::DiffArguments,
    export::ExportArguments, new::NewArguments, page::RunPageArguments, report::ReportCommand,
    schema::SchemaArguments,
};
use crate::judging::{Judging, checker};
use crate::numbers::{LAST_SEED, USUAL_SEEDS, duration, whole};

/// A deterministic simulation test harness for Raft.
#[derive(Debug, Parser)]
#[command(
    name = "splitvote",
    version,
    about,
    max_term_width = 100,
    after_help = "\
Exit codes: 0 all held, 1 safety violated, 2 wrong usage or input, or output that cannot be written, 3 liveness \
violated or a sweep that proves nothing, 4 runs of one seed differed, 5 a peer panicked or hangs, 6 a peer broke the contract, 70 fault of the \
harness itself, 130 interrupted by SIGINT or SIGTERM, unless the results so far have a graver code. \
Of `diff`: 0 the runs are the same, 1 they differ.

The first SIGINT (Ctrl-C) or SIGTERM ends a command in order: what is finished is printed. The second ends it at once.

Examples:
  splitvote run                                  every scenario, 1000 seeds each
  splitvote run --raft E1                        the same against a broken Raft of the zoo
  splitvote replay sim-scenarios/paper/split-votes.toml --seed 3 --only votes,roles"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Sweep scenarios over many seeds and judge every event.
    Run(RunArguments),
    /// Run one seed of a scenario again, or a case, and show what happened, in a column a peer.
    Replay(ReplayArguments),
    /// Say where two runs are first different: with another Raft, or without some faults.
    Diff(DiffArguments),
    /// Say what is wrong in files of scenarios, cases and traces, without running anything.
    Check(CheckArguments),
    /// Print the JSON Schema by which editors complete and check scenario files, or that of a trace.
    Schema(SchemaArguments),
    /// Make a failing run small: a case that a person can read.
    Shrink(ShrinkArguments),
    /// Print a case as a test in Rust.
    CaseToTest(CaseArguments),
    /// Write a crate to begin a Raft in, with its tests and the whole command.
    New(NewArguments),
    /// List scenarios, or what can be named in scenarios and on the command line.
    List(ListArguments),
    #[cfg(feature = "zoo")]
    /// Chase every broken Raft of the zoo with the scenarios: the kill matrix.
    Zoo(ZooArguments),
    #[cfg(feature = "experiment")]
    /// Repeat a published experiment and write its report.
    Experiment(ExperimentArguments),
    /// Tie the pages of a directory together.
    Report {
        #[command(subcommand)]
        command: ReportCommand,
    },
    /// Run every seed twice, and once more in a second process, and compare every event.
    CheckDeterminism(DeterminismArguments),
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people.
    Text,
    /// One JSON object on standard output.
    Json,
}

/// How the results of `run` and `zoo` are printed, which come one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RowFormat {
    /// Text for people.
    Text,
    /// One JSON object on standard output, at the end.
    Json,
    /// A line of JSON for each scenario, case or mutant as soon as it is finished, and one at the end.
    Ndjson,
}

/// How the results of `run` and `zoo` are printed, and where they are kept as they come.
#[derive(Debug, Args)]
pub(crate) struct RowArguments {
    /// How the result is printed.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: RowFormat,
    /// Also append each result to this file as soon as it is finished, as `ndjson` does, whatever the format is.
    #[arg(long, value_name = "FILE")]
    pub(crate) append: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// Scenario files, or directories of them; cases among them are run once, as they are.
    #[arg(default_value = "sim-scenarios")]
    pub(crate) scenarios: Vec<PathBuf>,
    /// How many seeds of each scenario (`1000`), or which (`500..600`).
    #[arg(long, default_value = USUAL_SEEDS, allow_negative_numbers = true, conflicts_with = "seed")]
    pub(crate) seeds: Seeds,
    /// Only this seed.
    #[arg(long, allow_negative_numbers = true, value_parser = whole("seed", 0..=LAST_SEED))]
    pub(crate) seed: Option<u64>,
    /// The Raft under test, by its name (see `list rafts`); the first one of this program by default.
    #[arg(long, value_name = "NAME")]
    pub(crate) raft: Option<String>,
    #[command(flatten)]
    pub(crate) judging: Judging,
    /// Switch classes of faults off, such as `clocks,loss` (see `list faults`); all other draws stay.
    #[arg(long, value_delimiter = ',', value_name = "CLASSES")]
    pub(crate) without: Vec<FaultClass>,
    /// How many threads; all cores by default.
    #[arg(long, allow_negative_numbers = true, value_parser = whole("number of threads", 1..=1024_u16))]
    pub(crate) jobs: Option<u16>,
    /// Stop each scenario at its first failing seed.
    #[arg(long)]
    pub(crate) stop_at_first: bool,
    /// Keep a page of the sweep in this directory (reports/latest if none is named), and a page and a case of each
    /// failing seed: docs/pages.md.
    #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = "reports/latest")]
    pub(crate) report: Option<PathBuf>,
    /// Run seeds in other processes, at most 2 GiB each: a peer that aborts, exits, overflows its stack or fills the
    /// memory fails its seed (`process-died`) and not the sweep.
    #[arg(long)]
    pub(crate) isolate: bool,
    /// For such a process: what it does.
    #[arg(long, hide = true, value_enum, conflicts_with = "isolate")]
    pub(crate) worker: Option<Worker>,
    #[command(flatten)]
    pub(crate) suites: SuiteArguments,
    #[command(flatten)]
    pub(crate) rows: RowArguments,
}

/// What a process does that runs seeds for another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Worker {
    /// It runs its seeds.
    Runs,
    /// The same, and its first seed twice, to compare.
    First,
    /// It runs its seeds and says whom it calls.
    Calls,
}

impl Worker {
    /// How it is named on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Runs => "runs",
            Self::First => "first",
            Self::Calls => "calls",
        }
    }
}

/// Which run of a file `replay` and `shrink` are about.
#[derive(Clone, Debug, Args)]
pub(crate) struct Which {
    /// The seed; that of the case.
    #[arg(long, allow_negative_numbers = true, value_parser = whole("seed", 0..=LAST_SEED))]
    pub(crate) seed: Option<u64>,
    /// The Raft under test (see `list rafts`); by default that of the case, or the first one of this program.
    #[arg(long, value_name = "NAME")]
    pub(crate) raft: Option<String>,
    #[command(flatten)]
    pub(crate) judging: Judging,
    /// Switch classes of faults off, such as `clocks,loss` (see `list faults`); all other draws stay.
    #[arg(long, value_delimiter = ',', value_name = "CLASSES")]
    pub(crate) without: Vec<FaultClass>,
}

#[derive(Debug, Args)]
pub(crate) struct ReplayArguments {
    /// The file of a scenario, or of a case, which knows its seed and its Raft, or of a trace that
    /// `--write-trace` has written, which is shown without running anything.
    pub(crate) scenario: PathBuf,
    #[command(flatten)]
    pub(crate) which: Which,
    /// Also write the run down as a case, as it is, in this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) write_case: Option<PathBuf>,
    /// Also write all that happened in this file, for other tools and for `replay`: docs/trace.md.
    #[arg(long, value_name = "FILE")]
    pub(crate) write_trace: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) page: RunPageArguments,
    #[command(flatten)]
    pub(crate) export: ExportArguments,
    /// Also replace a file that holds something else than what is written to it.
    #[arg(long)]
    pub(crate) force: bool,
    /// Show events from this virtual time on, such as `1500ms`.
    #[arg(long, value_parser = duration)]
    pub(crate) from: Option<std::time::Duration>,
    /// Show events up to this virtual time.
    #[arg(long, value_parser = duration)]
    pub(crate) to: Option<std::time::Duration>,
    /// Show only these peers, such as `S0,S2`.
    #[arg(long, value_delimiter = ',', value_name = "PEERS")]
    pub(crate) peer: Vec<String>,
    /// Show only these topics: votes, roles, faults, messages, steps, disk, clients, timers.
    #[arg(long, value_delimiter = ',', value_name = "TOPICS")]
    pub(crate) only: Vec<Topic>,
    /// Show all rows, what became durable too; by default a failing run shows its last screenful.
    #[arg(long)]
    pub(crate) all: bool,
    /// Instead of the columns, say why the run failed: only what happened before and mattered to it,
    /// as numbered sentences (entries are written index@term).
    #[arg(long, conflicts_with_all = ["from", "to", "peer", "only", "all"])]
    pub(crate) explain: bool,
    /// Colours: on a terminal by default.
    #[arg(long, value_enum, default_value = "auto")]
    pub(crate) colour: Colour,
    /// Print the peers' own tracing output to standard error, with virtual time and peer: a filter
    /// such as `debug` or `splitvote_raft=trace`.
    #[arg(long, value_name = "FILTER", num_args = 0..=1)]
    #[arg(require_equals = true, default_missing_value = "debug")]
    pub(crate) trace: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
What it does: it switches classes of faults off, leaves peers out, deletes single faults and \
commands, writes down which packets are lost or late, and shortens times, as long as the run still \
fails by the same checker and for the same cause. The result is a case: a file that says all that \
happens, with its Raft and its seed. The sentences below it say why it fails.

Ctrl-C ends it in order: the smallest case so far is written.

It exits with the code of what the case fails by, interrupted or not (1 for safety, 3 for liveness, \
5 for a panic, 6 for a breach of the contract); with 0 if the run holds, so that there is nothing to shrink.

Examples:
  splitvote run --raft E10 sim-scenarios/swarm                     which seeds fail?
  splitvote shrink sim-scenarios/swarm/four.toml --seed 3 --raft E10 --out e10.toml
  splitvote replay e10.toml
  splitvote case-to-test e10.toml")]
pub(crate) struct ShrinkArguments {
    /// The file of the scenario, or of a case that is to become smaller.
    pub(crate) scenario: PathBuf,
    #[command(flatten)]
    pub(crate) which: Which,
    /// Where the case goes: `cases/SCENARIO-SEED-RAFT-CHECKER.toml`; a smaller one of the case `CASE.toml` goes to
    /// `CASE-smaller.toml` beside it.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Also replace a file that holds something else than a case, or the case that is shrunk.
    #[arg(long)]
    pub(crate) force: bool,
    /// Look among so many other seeds for a smaller failure of the same kind to start from.
    #[arg(long, default_value = "100", allow_negative_numbers = true, value_parser = whole("number of seeds", 0..=999_999_u64))]
    pub(crate) tries: u64,
    /// How the result is printed.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct CaseArguments {
    /// The file of the case.
    pub(crate) case: PathBuf,
}

/// When output is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// It happens always.
    Always,
    /// Never, by default.
    Never,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// What to list.
    #[arg(value_enum, default_value = "scenarios")]
    pub(crate) what: Listed,
    /// Scenario files, or directories of them; `sim-scenarios` by default.
    pub(crate) scenarios: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Listed {
    /// The scenario files.
    Scenarios,
    /// The Rafts under test: the reference and the zoo.
    Rafts,
    /// What is checked, with the section of the paper.
    Checkers,
    /// The events that `must-happen` and `run-until` may name.
    Events,
    /// The classes of faults, each of which can be switched off, and the parts of the nemesis.
    Faults,
}

#[derive(Debug, Args)]
pub(crate) struct ZooArguments {
    /// Scenario files, or directories of them.
    #[arg(default_value = "sim-scenarios")]
    pub(crate) scenarios: Vec<PathBuf>,
    /// Give a mutant up after so many seeds of every scenario.
    #[arg(long, default_value = "200", allow_negative_numbers = true, value_parser = whole("number of seeds", 1..=u64::MAX))]
    pub(crate) max_seeds: u64,
    /// Only these mutants, by name or id.
    #[arg(long, value_delimiter = ',')]
    pub(crate) mutants: Vec<String>,
    /// Switch classes of faults off, such as `clocks,loss` (see `list faults`); all other draws stay.
    #[arg(long, value_delimiter = ',', value_name = "CLASSES")]
    pub(crate) without: Vec<FaultClass>,
    /// How many threads; all cores by default.
    #[arg(long, allow_negative_numbers = true, value_parser = whole("number of threads", 1..=1024_u16))]
    pub(crate) jobs: Option<u16>,
    /// Ask only these checkers (see `list checkers`), and pass over what they do not find.
    #[arg(long, value_name = "CHECKERS", value_delimiter = ',', value_parser = checker)]
    pub(crate) checker: Vec<Checker>,
    /// Also ask each checker alone, and say which of them catch a mutant. Takes some thirty times as long.
    #[arg(long, conflicts_with = "checker")]
    pub(crate) all_checkers: bool,
    /// Also chase every mutant with the storms alone, shrink its failures, and write the smallest case and
    /// its explanation to this directory.
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) shrink: Option<PathBuf>,
    /// Also write the matrix to this Markdown file.
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    #[cfg(feature = "zoo")]
    #[command(flatten)]
    pub(crate) page: ZooPageArguments,
    /// Also replace a file that holds something else than what is written to it.
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) rows: RowArguments,
}
