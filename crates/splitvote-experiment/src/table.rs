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
    comparisons(text, &compare(experiment))?;
    writeln!(text, "\n## Time without a leader\n")?;
    downtimes(text, &experiment.curves)?;
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

fn comparisons(text: &mut String, comparisons: &[Comparison]) -> fmt::Result {
    writeln!(text, "| election timeout | statistic | published | ours | ours / published |")?;
    writeln!(text, "| --- | --- | ---: | ---: | ---: |")?;
    for comparison in comparisons {
        let Comparison { timeouts, measure, published_ms, measured_ms } = *comparison;
        let above = if measure == Measure::Least { "above " } else { "" };
        writeln!(
            text,
            "| {timeouts} ms | {measure} | {above}{} | {} | {:.2} |",
            time(published_ms),
            time(measured_ms),
            comparison.ratio(),
        )?;
    }
    writeln!(
        text,
        "\nFor 150-150 ms the paper gives a bound: any ratio above 1 agrees. A worst of 1000 trials \
         moves with the seed; [{MODELS}]({MODELS}) has the range over many seeds."
    )
}

fn downtimes(text: &mut String, curves: &[Curve]) -> fmt::Result {
    writeln!(
        text,
        "| election timeout | graph | trials | least | mean | median | p99 | worst | not within cap |"
    )?;
    writeln!(text, "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")?;
    for curve in curves {
        let bound =
            |is_bound: bool, ms: f64| format!("{}{}", if is_bound { "> " } else { "" }, time(ms));
        let percentile = |percent, ms| bound(curve.percentile_ms(percent).is_none(), ms);
        let is_capped = curve.above_cap > 0;
        writeln!(
            text,
            "| {} ms | {} | {} | {} | {} | {} | {} | {} | {} |",
            curve.timeouts(),
            graph(curve.timeouts()),
            curve.trials,
            time(curve.least_ms),
            bound(is_capped, curve.mean_ms),
            percentile(50, curve.median_ms),
            percentile(99, curve.p99_ms),
            bound(is_capped, curve.worst_ms),
            curve.above_cap,
        )?;
    }
    Ok(())
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
