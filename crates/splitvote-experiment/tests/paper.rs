//! The experiment as a whole: the same whatever the number of threads, and shaped as the paper's.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use splitvote_experiment::plot::{Graph, svg};
use splitvote_experiment::setup::{LOWER, UPPER, curves};
use splitvote_experiment::table::{markdown, time};
use splitvote_experiment::{Experiment, Timeouts, compare, run, trials_in_all};

fn experiment(trials: usize, jobs: usize) -> Experiment {
    run(trials, 1, jobs, &AtomicU64::new(0), &AtomicBool::new(false))
}

#[test]
fn the_result_does_not_depend_on_the_number_of_threads() {
    let alone = experiment(20, 1);
    assert!(alone.failures.is_empty() && !alone.is_partial);
    for jobs in [2, 5] {
        assert_eq!(alone.curves, experiment(20, jobs).curves, "{jobs} jobs");
    }
}

#[test]
fn a_trial_does_not_depend_on_how_many_there_are() {
    let (few, many) = (experiment(5, 2), experiment(20, 2));
    for (few, many) in few.curves.iter().zip(&many.curves) {
        assert!(few.downtimes.iter().all(|downtime| many.downtimes.contains(downtime)));
    }
}

#[test]
fn the_curves_are_ordered_as_published() {
    let experiment = experiment(100, 2);
    let curve = |timeouts: Timeouts| experiment.curve(timeouts).expect("every curve is there");
    let fixed = curve(Timeouts::ms(150, 150));
    assert!(fixed.least_ms > 10_000.0, "split vote after split vote: {}", fixed.least_ms);
    let [one, five, fifty] = [151, 155, 200].map(|max| curve(Timeouts::ms(150, max)));
    assert!(fixed.median_ms > one.median_ms && one.median_ms > five.median_ms);
    assert!(one.worst_ms > five.worst_ms && five.worst_ms > fifty.worst_ms);
    let means = LOWER.map(|timeouts| curve(timeouts).mean_ms);
    assert!(means.is_sorted(), "shorter timeouts, shorter downtime: {means:?}");
    let splits: Vec<u64> = UPPER[1..].iter().map(|timeouts| curve(*timeouts).split).collect();
    assert!(splits.is_sorted_by(|less, more| less > more), "more randomness: {splits:?}");
}

#[test]
fn no_downtime_is_shorter_than_half_of_the_shortest_timeout() {
    for curve in experiment(50, 2).curves {
        assert!(curve.least_ms >= curve.timeout_ms[0] as f64 / 2.0, "{:?}", curve.timeout_ms);
        let settled = curve.trials as u64 - curve.above_cap as u64;
        assert!(curve.elections >= settled + curve.split + curve.lost + curve.starved);
    }
}

#[test]
fn the_table_has_every_published_value() {
    let experiment = experiment(20, 2);
    let (table, comparisons) = (markdown(&experiment), compare(&experiment));
    let published: Vec<f64> = comparisons.iter().map(|one| one.published_ms).collect();
    assert_eq!(published, [10_000.0, 287.0, 513.0, 35.0, 152.0]);
    for comparison in comparisons {
        let row = table.lines().find(|line| {
            line.contains(&format!("| {} ms | {} |", comparison.timeouts, comparison.measure))
        });
        let row = row.expect("a row for every published value");
        assert!(row.contains(&time(comparison.published_ms)), "{row}");
        assert!(row.contains(&time(comparison.measured_ms)), "{row}");
    }
    for timeouts in curves() {
        assert!(table.matches(&format!("| {timeouts} ms |")).count() >= 2, "{timeouts}");
    }
}

#[test]
fn each_graph_shows_its_curves() {
    let experiment = experiment(20, 2);
    for (graph, curves) in [(Graph::Upper, &UPPER[..]), (Graph::Lower, &LOWER[..])] {
        let picture = svg(&experiment, graph).expect("it can be drawn");
        for timeouts in curves {
            assert!(picture.contains(&format!("{timeouts} ms")), "{graph:?} {timeouts}");
        }
    }
}

#[test]
fn the_report_is_written_whole() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("paper-elections");
    let files = experiment(5, 2).write(&directory).expect("it can be written");
    assert_eq!(files.len(), 5);
    let found = std::fs::read_dir(&directory).expect("it is there").count();
    assert_eq!(found, 5, "nothing is left beside the report");
    let results = std::fs::read_to_string(directory.join("results.json")).expect("it is there");
    let json: serde_json::Value = serde_json::from_str(&results).expect("it is JSON");
    assert_eq!(json["curves"][2]["published"]["median_ms"], 287.0);
    assert_eq!(json["curves"][2]["timeout_ms"], serde_json::json!([150, 155]));
}

#[test]
fn progress_counts_to_the_end_and_an_interrupt_ends_it_before() {
    let progress = AtomicU64::new(0);
    assert!(!run(3, 1, 2, &progress, &AtomicBool::new(false)).is_partial);
    assert_eq!(progress.load(Ordering::Relaxed), trials_in_all(3));
    let interrupted = run(3, 1, 2, &AtomicU64::new(0), &AtomicBool::new(true));
    assert!(interrupted.is_partial && interrupted.curves.is_empty());
    assert!(markdown(&interrupted).contains("interrupted"));
}
