//! This build in turns with another, say of an older commit: the only comparison of times that means
//! something on a machine whose speed drifts.
//!
//! Row by row, each turn measures the row once in a process of either build, the two following each
//! other; who goes first alternates. A ratio is taken within each turn, and the median of these counts.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::Trouble;
use crate::options::{Format, Options};
use crate::rows::ROWS;
use crate::table::{median, readable};

/// No row may be slower than so much of the other build's.
const LEAST: f64 = 0.95;

/// What is read of what a build prints.
#[derive(Debug, Deserialize)]
struct Printed {
    rows: Vec<Figure>,
}

#[derive(Debug, Deserialize)]
struct Figure {
    median: f64,
}

/// A row of both builds.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Pair {
    row: &'static str,
    unit: &'static str,
    this: f64,
    other: f64,
    /// How fast this build is in terms of the other: twice as fast is 2, whatever the unit.
    ratio: f64,
    least: f64,
    most: f64,
    is_met: bool,
}

impl Pair {
    /// Sums up the turns: what this build and the other measured.
    fn new(row: &'static str, unit: &'static str, turns: &[(f64, f64)]) -> Self {
        let ratios: Vec<f64> = turns.iter().map(|turn| speed(unit, *turn)).collect();
        let (these, others): (Vec<f64>, Vec<f64>) = turns.iter().copied().unzip();
        let ratio = median(&ratios);
        Self {
            row,
            unit,
            this: median(&these),
            other: median(&others),
            ratio,
            least: ratios.iter().copied().fold(f64::INFINITY, f64::min),
            most: ratios.iter().copied().fold(0.0, f64::max),
            is_met: ratio >= LEAST,
        }
    }
}

/// How fast one is in terms of the other. Of what is counted a second, more is faster; of time and
/// memory, less is.
fn speed(unit: &str, (this, other): (f64, f64)) -> f64 {
    if unit.ends_with("/s") { this / other } else { other / this }
}

/// Measures a row once in a process of that build.
pub(crate) fn measure(build: &Path, row: &str) -> Result<f64, Trouble> {
    let arguments = ["--only", row, "--rounds", "1", "--format", "json"];
    let output = Command::new(build).args(arguments).output().map_err(Trouble::Own)?;
    let printed: Option<Printed> = serde_json::from_slice(&output.stdout).ok();
    let figure = printed.and_then(|printed| printed.rows.into_iter().next());
    figure.map(|figure| figure.median).ok_or_else(|| {
        let said = String::from_utf8_lossy(&output.stderr);
        Trouble::Fails(format!("{row} of {} ({})", build.display(), said.trim()))
    })
}

fn take_turns(options: &Options, other: &Path) -> Result<Vec<Pair>, Trouble> {
    let own = std::env::current_exe().map_err(Trouble::Own)?;
    let mut pairs = Vec::new();
    for (plan, _) in ROWS.iter().filter(|(plan, _)| options.wants(plan.name)) {
        let mut turns = Vec::new();
        for turn in 0..options.rounds {
            let first = if turn % 2 == 0 { Some(measure(&own, plan.name)?) } else { None };
            let theirs = measure(other, plan.name)?;
            let ours = first.map_or_else(|| measure(&own, plan.name), Ok)?;
            turns.push((ours, theirs));
        }
        pairs.push(Pair::new(plan.name, plan.unit, &turns));
    }
    Ok(pairs)
}

fn markdown(pairs: &[Pair], rounds: u32) -> String {
    let mut text = format!(
        "In turns with the other build, {rounds} turns a row. A ratio above 1: this build is faster.\n\n\
         | row | unit | this | other | ratio | from | to | at least {LEAST} |\n\
         | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |\n"
    );
    for Pair { row, unit, this, other, ratio, least, most, is_met } in pairs {
        let (this, other) = (readable(*this), readable(*other));
        let met = if *is_met { "yes" } else { "NO" };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| {row} | {unit} | {this} | {other} | {ratio:.2} | {least:.2} | {most:.2} | {met} |"
        );
    }
    text
}

/// Compares with another build, and prints how; whether no row is slower than allowed.
pub(crate) fn work(options: &Options, other: &Path) -> Result<bool, Trouble> {
    let pairs = take_turns(options, other)?;
    match options.format {
        Format::Markdown => print!("{}", markdown(&pairs, options.rounds)),
        Format::Json => println!("{}", serde_json::to_string(&pairs)?),
    }
    Ok(!options.check || pairs.iter().all(|pair| pair.is_met))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faster_is_more_a_second_and_less_time_or_memory() {
        let turns = [(10.0, 20.0)];
        for unit in ["events/s", "M events/s", "RPC/s", "seeds/s"] {
            assert_eq!(Pair::new("row", unit, &turns).ratio, 0.5, "{unit}");
        }
        for unit in ["ns/event", "s", "ms", "MiB"] {
            assert_eq!(Pair::new("row", unit, &turns).ratio, 2.0, "{unit}");
        }
        let known = ["events/s", "M events/s", "RPC/s", "seeds/s", "ns/event", "s", "ms", "MiB"];
        assert!(ROWS.iter().all(|(plan, _)| known.contains(&plan.unit)));
    }

    #[test]
    fn ratios_are_taken_within_a_turn_and_a_slow_row_is_said_to_be() {
        // The machine is half as fast in the second turn.
        let pair = Pair::new("row", "events/s", &[(9.0, 10.0), (4.5, 5.0), (20.0, 10.0)]);
        assert_eq!((pair.ratio, pair.least, pair.most), (0.9, 0.9, 2.0));
        assert!(!pair.is_met && markdown(&[pair], 3).contains("| 0.90 | 0.90 | 2.00 | NO |"));
        assert!(Pair::new("row", "events/s", &[(9.6, 10.0)]).is_met);
    }

    #[test]
    fn a_build_that_measures_nothing_is_named() {
        let trouble = measure(Path::new("/bin/false"), "floor").unwrap_err().to_string();
        assert!(trouble.contains("floor of /bin/false"), "{trouble}");
    }
}
