//! Holds several latency models against the published values, and the reported one under many
//! seeds; writes `reports/paper-elections/models.md`. Takes about half a minute.

use std::fmt::Write;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Duration;

use splitvote::sim::{Latency, Tail};
use splitvote_experiment::files::MODELS;
use splitvote_experiment::setup::TRIALS;
use splitvote_experiment::table::time;
use splitvote_experiment::write::write_whole;
use splitvote_experiment::{Comparison, Setup, compare, parameters, run_setup};

const SEEDS: u64 = 20;
const HEAD: &str = "# Latency models that were tried

Each value is ours, and in brackets ours by the published one; seed 0. Written by
`cargo run --release -p splitvote-experiment --example latency_models`.

";

fn main() -> io::Result<()> {
    let mut text = HEAD.to_owned();
    models(&mut text);
    seeds(&mut text);
    print!("{text}");
    write_whole(Path::new("reports/paper-elections"), MODELS, &text)?;
    Ok(())
}

fn measure(setup: &Setup, seed: u64) -> Vec<Comparison> {
    let (progress, interrupt) = (AtomicU64::new(0), AtomicBool::new(false));
    let jobs = splitvote::sweep::cores();
    compare(&run_setup(setup, TRIALS, seed, jobs, &progress, &interrupt))
}

fn models(text: &mut String) {
    let reported = Setup::default();
    let with =
        |one_way_delay, sync_latency| Setup { one_way_delay, sync_latency, ..Setup::default() };
    let setups = [
        with(uniform(200, 800), uniform(11_000, 15_000)),
        with(uniform(500, 1_000), exponential(6_000, 3_500)),
        with(uniform(1_000, 1_900), exponential(4_000, 4_000)),
        with(uniform(1_500, 2_500), exponential(4_000, 3_500)),
        with(uniform(2_000, 3_000), exponential(3_000, 3_500)),
        reported.clone(),
        with(uniform(2_500, 3_500), uniform(3_000, 10_000)),
        with(uniform(3_000, 4_000), exponential(2_000, 3_000)),
        with(uniform(3_500, 4_500), exponential(2_000, 2_500)),
        with(uniform(5_000, 6_000), exponential(1_000, 1_500)),
        with(uniform(7_000, 8_000), Latency::NONE),
        Setup { clock_drift_ppm: 0, ..reported.clone() },
        Setup { clock_drift_ppm: 100, ..reported.clone() },
    ];
    for (row, setup) in setups.iter().enumerate() {
        let comparisons = measure(setup, 0);
        if row == 0 {
            heading(text, "one-way delay | disk sync | drift | broadcast", &comparisons);
        }
        let broadcast = setup.broadcast_time().as_secs_f64() * 1_000.0;
        let (delay, sync) = (setup.one_way_delay, setup.sync_latency);
        let _ = write!(
            text,
            "| {}{} | {} | {} ppm | {broadcast:.1} ms |",
            if *setup == reported { "**reported:** " } else { "" },
            parameters::latency(delay),
            parameters::latency(sync),
            setup.clock_drift_ppm,
        );
        for comparison in comparisons {
            let ours = time(comparison.measured_ms);
            let _ = write!(text, " {ours} ({:.2}) |", comparison.ratio());
        }
        text.push('\n');
    }
}

fn seeds(text: &mut String) {
    let runs: Vec<_> = (0..SEEDS).map(|seed| measure(&Setup::default(), seed)).collect();
    let _ = writeln!(text, "\n# The reported model, seeds 0 to {}\n", SEEDS - 1);
    heading(text, "", &runs[0]);
    for (name, place) in [("least", 0), ("median", runs.len() / 2), ("most", runs.len() - 1)] {
        let _ = write!(text, "| {name} |");
        for column in 0..runs[0].len() {
            let mut values: Vec<f64> = runs.iter().map(|run| run[column].measured_ms).collect();
            values.sort_by(f64::total_cmp);
            let ratio = values[place] / runs[0][column].published_ms;
            let _ = write!(text, " {} ({ratio:.2}) |", time(values[place]));
        }
        text.push('\n');
    }
}

fn heading(text: &mut String, first: &str, comparisons: &[Comparison]) {
    let _ = write!(text, "| {first} |");
    for Comparison { timeouts, measure, published_ms, .. } in comparisons {
        let _ = write!(text, " {timeouts} ms {measure}, published {} |", time(*published_ms));
    }
    let columns = first.split('|').count() + comparisons.len();
    let _ = writeln!(text, "\n|{}", " --- |".repeat(columns));
}

fn uniform(min: u64, max: u64) -> Latency {
    Latency::Uniform { min: Duration::from_micros(min), max: Duration::from_micros(max) }
}

fn exponential(min: u64, mean: u64) -> Latency {
    let (min, mean) = (Duration::from_micros(min), Duration::from_micros(mean));
    Latency::Exponential { min, mean, tail: Tail::default() }
}
