//! How fast the world is, side by side with the floor: what a bare event loop costs.
//!
//! `cargo run --release -p splitvote-bench [-- --format json] [--check] [--rounds N]` measures all
//! rows in one process, alternating, writes `reports/bench.md`, and prints the table. With
//! `--check` it exits 1 if a bound of [`PLANS`] is not met.

mod cluster;
mod floor;
mod floor_ping;
mod hour;
mod lab;
mod ping;
mod replicating;
mod stopwatch;
mod table;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use cluster::IdleCluster;
use lab::Lab;
use replicating::{Replicating, Unchecked};
use splitvote::ScenarioError;
use splitvote_sim::{ConfigError, Halt};
use table::Bound::{AtLeast, AtMost};
use table::Demand::{self, Ratio};
use table::{Plan, Table};

/// The rows, in the order in which a round measures them, and the bounds on their ratios.
const PLANS: [Plan; 13] = [
    Plan { name: "floor", unit: "events/s", demand: Demand::Nothing },
    Plan { name: "idle-cluster", unit: "events/s", demand: Ratio("floor", AtLeast(0.7)) },
    Plan { name: "floor-ping", unit: "RPC/s", demand: Demand::Nothing },
    Plan { name: "ping", unit: "RPC/s", demand: Ratio("floor-ping", AtLeast(0.6)) },
    Plan { name: "idle-cluster-3", unit: "ns/event", demand: Demand::Nothing },
    Plan {
        name: "idle-cluster-101",
        unit: "ns/event",
        demand: Ratio("idle-cluster-3", AtMost(3.0)),
    },
    Plan { name: "lab-3a", unit: "s", demand: Demand::Median(AtMost(2.0)) },
    Plan { name: "unchecked", unit: "events/s", demand: Demand::Nothing },
    Plan { name: "checked", unit: "events/s", demand: Ratio("unchecked", AtLeast(0.7)) },
    Plan { name: "replicating", unit: "M events/s", demand: Demand::Median(AtLeast(3.0)) },
    Plan { name: "lab-suite", unit: "ms", demand: Demand::Median(AtMost(40.0)) },
    // These two are measured once.
    Plan { name: "lab-suite-1000", unit: "s", demand: Demand::Median(AtMost(25.0)) },
    Plan { name: "hour", unit: "MiB", demand: Demand::Median(AtMost(64.0)) },
];

/// The work of one measurement: about a tenth of a second each.
const EVENTS: u64 = 1_000_000;
const PING_SECONDS: u64 = 1_000;
const REPLICATING: Duration = Duration::from_secs(100);
const ROUNDS: usize = 9;

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
    #[error("{0}")]
    Halt(#[from] Halt),
    #[error("cannot write {path}: {source}")]
    Report { path: String, source: std::io::Error },
    #[error("cannot run the benchmark again: {0}")]
    Own(std::io::Error),
    #[error("cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("unknown argument `{0}`: use --format json, --check, --rounds N")]
    Usage(String),
}

struct Options {
    is_json: bool,
    is_check: bool,
    rounds: usize,
}

impl Options {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, Trouble> {
        let mut options = Self { is_json: false, is_check: false, rounds: ROUNDS };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--check" => options.is_check = true,
                "--format" if arguments.next().as_deref() == Some("json") => {
                    options.is_json = true;
                }
                "--rounds" => {
                    let rounds = arguments.next().and_then(|rounds| rounds.parse().ok());
                    options.rounds = rounds.ok_or(Trouble::Usage(argument))?;
                }
                _ => return Err(Trouble::Usage(argument)),
            }
        }
        options.rounds = options.rounds.max(5);
        Ok(options)
    }
}

/// Units of work a second.
fn rate(work: impl FnOnce() -> Result<u64, Trouble>) -> Result<f64, Trouble> {
    let (elapsed, done) = stopwatch::time(work);
    Ok(done? as f64 / elapsed.as_secs_f64())
}

/// All that is measured.
struct Bench {
    idle: [IdleCluster; 3],
    unchecked: Unchecked,
    replicating: Replicating,
    lab: Lab,
    /// What is measured once: the last rows.
    once: [f64; 2],
}

/// One round over [`PLANS`], in their order.
fn round(bench: &mut Bench) -> Result<Vec<f64>, Trouble> {
    let [five, three, many] = &mut bench.idle;
    let figures = vec![
        rate(|| Ok(floor::run(EVENTS)))?,
        rate(|| five.run(EVENTS))?,
        rate(|| Ok(floor_ping::run(PING_SECONDS)))?,
        rate(|| ping::run(PING_SECONDS))?,
        1e9 / rate(|| three.run(EVENTS))?,
        1e9 / rate(|| many.run(EVENTS))?,
        bench.lab.part_3a_seconds()?,
    ];
    let unchecked = rate(|| bench.unchecked.run(REPLICATING))?;
    let checked = rate(|| bench.replicating.run(REPLICATING))?;
    let suite = bench.lab.one_seed_milliseconds()?;
    let replicating = [unchecked, checked, checked / 1e6, suite];
    Ok(figures.into_iter().chain(replicating).chain(bench.once).collect())
}

fn measure(options: &Options) -> Result<Table, Trouble> {
    let lab = Lab::load()?;
    let once = [lab.suite_seconds()?, hour::mebibytes()?];
    let mut bench = Bench {
        idle: [IdleCluster::settled(5)?, IdleCluster::settled(3)?, IdleCluster::settled(101)?],
        unchecked: Unchecked::settled()?,
        replicating: Replicating::settled()?,
        lab,
        once,
    };
    round(&mut bench)?;
    let rounds =
        (0..options.rounds).map(|_| round(&mut bench)).collect::<Result<Vec<_>, Trouble>>()?;
    let table = Table::new(&PLANS, &rounds);
    let markdown = table.markdown(options.rounds);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports/bench.md");
    std::fs::write(&path, &markdown)
        .map_err(|source| Trouble::Report { path: path.display().to_string(), source })?;
    if options.is_json {
        println!("{}", serde_json::to_string(&table)?);
    } else {
        print!("{markdown}");
    }
    Ok(table)
}

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(hour::ARGUMENT) {
        return match hour::work() {
            Ok(()) => ExitCode::SUCCESS,
            Err(trouble) => {
                eprintln!("splitvote-bench: {trouble}");
                ExitCode::from(2)
            }
        };
    }
    let measured =
        Options::parse(std::env::args().skip(1)).and_then(|o| Ok((measure(&o)?, o.is_check)));
    match measured {
        Ok((table, is_check)) if is_check && !table.all_met() => ExitCode::from(1),
        Ok(_) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("splitvote-bench: {trouble}");
            ExitCode::from(2)
        }
    }
}
