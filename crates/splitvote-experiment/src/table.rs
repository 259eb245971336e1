//! The report in Markdown: the published values beside ours, all curves, and every parameter.

use std::fmt::{self, Write};

use crate::comparison::{Comparison, Measure, compare};
use crate::curve::Curve;
use crate::experiment::Experiment;
use crate::files::{LOWER_SVG, MODELS, UPPER_SVG};
use crate::parameters::{Parameter, chosen, published};
use crate::setup::{LOWER, Timeouts, UPPER};

/// The whole report.
#[must_use]
pub fn markdown(experiment: &Experiment) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = report(&mut text, experiment);
    text
}

fn report(text: &mut String, experiment: &Experiment) -> fmt::Result {
    writeln!(text, "# Elections as in the paper's Figure 16\n")?;
    writeln!(
        text,
        "The extended Raft paper, section 9.3: a leader of five crashes; how long is the cluster \
         without one? Repeated with the reference Raft in virtual time, under one latency model for \
         all curves. Written by `splitvote experiment paper-elections` (seed {}){}.\n",
        experiment.seed,
        if experiment.is_partial { "; **interrupted, some trials are missing**" } else { "" },
    )?;
    failures(text, experiment)?;
    writeln!(text, "## Published value beside ours\n")?;
    comparisons(text, experiment)?;
    writeln!(text, "\n## Time without a leader\n")?;
    lines(text, &DOWNTIME_HEAD, &downtime_rows(&experiment.curves))?;
    graphs(text)?;
    writeln!(text, "\n## Elections per trial\n")?;
    elections(text, &experiment.curves)?;
    writeln!(text, "\n## The scenario\n\nWhat the paper states:\n")?;
    parameters(text, &published())?;
    writeln!(text, "\nWhat the paper leaves open, one value for all curves:\n")?;
    parameters(text, &chosen(&experiment.setup))?;
    writeln!(text, "\n{}", include_str!("deviations.md").replace("MODELS", MODELS))
}

fn failures(text: &mut String, experiment: &Experiment) -> fmt::Result {
    for failed in &experiment.failures {
        let [min, max] = failed.timeout_ms;
        writeln!(text, "**Failed**: {min}-{max} ms, seed {}: {}\n", failed.seed, failed.why)?;
    }
    Ok(())
}

fn comparisons(text: &mut String, experiment: &Experiment) -> fmt::Result {
    lines(text, &COMPARISON_HEAD, &comparison_rows(experiment))?;
    writeln!(
        text,
        "\n{BOUND} A worst of 1000 trials moves with the seed; [{MODELS}]({MODELS}) has the range over many seeds."
    )
}

/// The heads of [`comparison_rows`]; one that begins with `#` is of numbers.
pub const COMPARISON_HEAD: [&str; 5] =
    ["election timeout", "statistic", "#published", "#ours", "#ours / published"];

/// What is to be known of the published values.
pub const BOUND: &str = "For 150-150 ms the paper gives a bound: any ratio above 1 agrees.";

/// Every published value beside ours, a row each.
#[must_use]
pub fn comparison_rows(experiment: &Experiment) -> Vec<Vec<String>> {
    let row = |comparison: Comparison| {
        let Comparison { timeouts, measure, published_ms, measured_ms } = comparison;
        let above = if measure == Measure::Least { "above " } else { "" };
        vec![
            format!("{timeouts} ms"),
            measure.to_string(),
            format!("{above}{}", time(published_ms)),
            time(measured_ms),
            format!("{:.2}", comparison.ratio()),
        ]
    };
    compare(experiment).into_iter().map(row).collect()
}

/// The heads of [`downtime_rows`]; one that begins with `#` is of numbers.
pub const DOWNTIME_HEAD: [&str; 9] = [
    "election timeout",
    "graph",
    "#trials",
    "#least",
    "#mean",
    "#median",
    "#p99",
    "#worst",
    "#not within cap",
];

/// How long the cluster was without a leader, a row for each curve.
#[must_use]
pub fn downtime_rows(curves: &[Curve]) -> Vec<Vec<String>> {
    let row = |curve: &Curve| {
        let bound =
            |is_bound: bool, ms: f64| format!("{}{}", if is_bound { "> " } else { "" }, time(ms));
        let percentile = |percent, ms| bound(curve.percentile_ms(percent).is_none(), ms);
        let is_capped = curve.above_cap > 0;
        vec![
            format!("{} ms", curve.timeouts()),
            graph(curve.timeouts()).to_owned(),
            curve.trials.to_string(),
            time(curve.least_ms),
            bound(is_capped, curve.mean_ms),
            percentile(50, curve.median_ms),
            percentile(99, curve.p99_ms),
            bound(is_capped, curve.worst_ms),
            curve.above_cap.to_string(),
        ]
    };
    curves.iter().map(row).collect()
}

/// A table in Markdown. A head that begins with `#` is that of numbers.
fn lines(text: &mut String, head: &[&str], rows: &[Vec<String>]) -> fmt::Result {
    let names: Vec<&str> = head.iter().map(|name| name.trim_start_matches('#')).collect();
    let align = |name: &&str| if name.starts_with('#') { "---:" } else { "---" };
    let aligned: Vec<&str> = head.iter().map(align).collect();
    writeln!(text, "| {} |\n| {} |", names.join(" | "), aligned.join(" | "))?;
    rows.iter().try_for_each(|row| writeln!(text, "| {} |", row.join(" | ")))
}

fn graph(timeouts: Timeouts) -> &'static str {
    match (UPPER.contains(&timeouts), LOWER.contains(&timeouts)) {
        (true, true) => "both",
        (true, false) => "upper",
        _ => "lower",
    }
}

fn graphs(text: &mut String) -> fmt::Result {
    writeln!(text, "\n![Upper graph: more randomness, fewer split votes]({UPPER_SVG})\n")?;
    writeln!(text, "![Lower graph: shorter timeouts, shorter downtime]({LOWER_SVG})")
}

fn elections(text: &mut String, curves: &[Curve]) -> fmt::Result {
    writeln!(
        text,
        "Counted from the crash up to the election that was won. Split: two or more stood and none \
         was granted a majority. Lost: one was, and never led. Starved: one stood alone with too \
         few votes.\n"
    )?;
    writeln!(text, "| election timeout | elections | split | lost | starved |")?;
    writeln!(text, "| --- | ---: | ---: | ---: | ---: |")?;
    for curve in curves {
        let each = |count: u64| count as f64 / curve.trials as f64;
        let (all, split) = (each(curve.elections), each(curve.split));
        let (lost, starved) = (each(curve.lost), each(curve.starved));
        writeln!(
            text,
            "| {} ms | {all:.2} | {split:.3} | {lost:.3} | {starved:.3} |",
            curve.timeouts(),
        )?;
    }
    Ok(())
}

fn parameters(text: &mut String, parameters: &[Parameter]) -> fmt::Result {
    writeln!(text, "| parameter | value | why |")?;
    writeln!(text, "| --- | --- | --- |")?;
    for Parameter { name, value, reason } in parameters {
        writeln!(text, "| {name} | {value} | {reason} |")?;
    }
    Ok(())
}

/// A time as short as it can be said.
#[must_use]
pub fn time(ms: f64) -> String {
    match ms {
        ms if ms >= 10_000.0 => format!("{:.1} s", ms / 1_000.0),
        ms if ms >= 1_000.0 => format!("{:.2} s", ms / 1_000.0),
        ms if ms >= 200.0 || ms.fract() == 0.0 => format!("{ms:.0} ms"),
        ms => format!("{ms:.1} ms"),
    }
}
