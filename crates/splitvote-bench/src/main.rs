//! How fast the world is, side by side with the floor: what a bare event loop costs.
//!
//! `cargo run --release -p splitvote-bench` measures all [`rows`] in one process, alternating, writes
//! `reports/bench.md`, and prints the table; `-- --help` says what else it can do.
//!
//! - `options`: the command line. `rows`: what is measured, and what it has to be.
//! - `workloads`: what each row lets run. `table`: medians, ratios, bounds.
//! - `against`: the same rows in turns with another build. `beside`: the ping in turns with other simulators.

mod against;
mod beside;
mod cluster;
mod floor;
mod floor_ping;
mod hour;
mod lab;
mod lab_raft;
mod options;
mod ping;
mod ping_async;
mod recording;
mod replicating;
mod rows;
mod stopwatch;
mod swarm;
mod table;
mod workloads;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use options::{Format, Options};
use rows::ROWS;
use splitvote::ScenarioError;
use splitvote_sim::{ConfigError, Halt};
use table::{Plan, Table};
use workloads::Workloads;

/// Why nothing could be measured.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("{0}")]
    Config(#[from] ConfigError),
    #[error("{0}")]
    Cluster(#[from] splitvote::Failure),
    #[error("{0}")]
    Scenario(#[from] ScenarioError),
    #[error("{0} does not hold, so its time means nothing")]
    Fails(String),
    #[error("no seed of {0} has enough events to be written")]
    Short(String),
    #[error("a run cannot be written: {0}")]
    Writing(std::io::Error),
    #[error("{0}")]
    Halt(#[from] Halt),
    #[error("cannot write {path}: {source}")]
    Report { path: String, source: std::io::Error },
    #[error("cannot run the benchmark again: {0}")]
    Own(std::io::Error),
    #[error("cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
}

fn measure(options: &Options) -> Result<Table, Trouble> {
    let rows: Vec<_> = ROWS.iter().filter(|(plan, _)| options.wants(plan.name)).collect();
    let mut workloads = Workloads::default();
    let mut round = || -> Result<Vec<f64>, Trouble> {
        rows.iter().map(|(_, measure)| measure(&mut workloads)).collect()
    };
    // The first round prepares the workloads and warms up the machine.
    round()?;
    let rounds = (0..options.rounds).map(|_| round()).collect::<Result<Vec<_>, Trouble>>()?;
    let plans: Vec<Plan> = rows.iter().map(|(plan, _)| *plan).collect();
    Ok(Table::new(&plans, &rounds))
}

fn report(options: &Options, table: &Table) -> Result<(), Trouble> {
    let markdown = table.markdown(options.rounds);
    if options.is_report() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports/bench.md");
        // What `--beside` wrote stays.
        let before = std::fs::read_to_string(&path).unwrap_or_default();
        let whole = format!("{markdown}{}", beside::section_of(&before));
        std::fs::write(&path, whole)
            .map_err(|source| Trouble::Report { path: path.display().to_string(), source })?;
    }
    match options.format {
        Format::Markdown => print!("{markdown}"),
        Format::Json => println!("{}", serde_json::to_string(table)?),
    }
    Ok(())
}

/// Whether all bounds that are to be checked are met.
fn work(options: &Options) -> Result<bool, Trouble> {
    if options.hour {
        hour::work()?;
        return Ok(true);
    }
    if let Some(other) = &options.against {
        return against::work(options, other);
    }
    if options.beside {
        return beside::work(options);
    }
    let table = measure(options)?;
    report(options, &table)?;
    Ok(!options.check || table.all_met())
}

fn main() -> ExitCode {
    match work(&Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(trouble) => {
            eprintln!("splitvote-bench: {trouble}");
            ExitCode::from(2)
        }
    }
}
