//! The result of an experiment for people.

use std::io::{self, Write as _};
use std::path::PathBuf;

use splitvote_experiment::Experiment;

use super::channel;
use super::table::Table;
use super::terminal::seconds;

pub(crate) fn print(experiment: &Experiment, written: &[PathBuf], wall_s: f64) -> io::Result<()> {
    let mut out = channel::out();
    let mut table = Table::new(&[
        "timeout", "trials", "mean", "median", "p99", "worst", "split", "lost", "starved",
    ]);
    table.align_right_from(1);
    for curve in &experiment.curves {
        let [shortest, longest] = curve.timeout_ms;
        let ms = |value: f64| seconds(value / 1_000.0);
        // Trials that were given up at the cap bound these from below.
        let bound = |is_bound: bool, value: f64| {
            if is_bound { format!("> {}", ms(value)) } else { ms(value) }
        };
        let is_capped = curve.above_cap > 0;
        table.row([
            format!("{shortest}-{longest} ms"),
            curve.trials.to_string(),
            bound(is_capped, curve.mean_ms),
            ms(curve.median_ms),
            bound(curve.percentile_ms(99).is_none(), curve.p99_ms),
            bound(is_capped, curve.worst_ms),
            curve.split.to_string(),
            curve.lost.to_string(),
            curve.starved.to_string(),
        ]);
    }
    writeln!(out, "{table}\n")?;
    for failed in &experiment.failures {
        writeln!(out, "✗ {:?} ms, seed {}: {}", failed.timeout_ms, failed.seed, failed.why)?;
    }
    if experiment.is_partial {
        writeln!(out, "interrupted: nothing was written")?;
    }
    for file in written {
        writeln!(out, "wrote {}", file.display())?;
    }
    writeln!(out, "done in {}", seconds(wall_s))
}
