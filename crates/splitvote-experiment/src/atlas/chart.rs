//! All trials of all graphs of a size, on as many threads as are wanted, and a verdict for each graph:
//! the worst of all places for the leader and all seeds, and how many trials ended so.
//!
//! The result does not depend on the number of threads: graphs are put in order at the end, and a
//! trial's seed is its number.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use splitvote::Seed;
use splitvote::threads::share_out;

use super::graph::{Digraph, connected};
use super::trial::{Options, Outcome, run_trial};

/// How many seeds each place of the leader is tried under.
pub const SEEDS: u64 = 3;

/// What becomes of a graph under one choice of options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The worst outcome.
    pub worst: Outcome,
    /// How many trials ended so.
    pub trials: u64,
    /// Of how many.
    pub of: u64,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { worst, trials, of } = self;
        f.pad(&match worst {
            Outcome::Steady => "steady".to_owned(),
            Outcome::Livelock => format!("livelock {trials}/{of}"),
            Outcome::Stuck => format!("stuck {trials}/{of}"),
        })
    }
}

/// A trial that broke a rule, or did not come to its end. With the reference Raft there are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The graph of links.
    pub graph: Digraph,
    /// Where the leader stood.
    pub place: usize,
    /// The options that the curve has.
    pub options: &'static str,
    /// The seed of the run.
    pub seed: Seed,
    /// The reason, as a sentence.
    pub why: String,
}

/// All graphs of a size.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// How many peers.
    pub peers: usize,
    /// The graphs with their verdicts, in the order of [`Options::ALL`]; `None` for a graph that
    /// allows no progress, whatever a Raft does.
    pub rows: Vec<(Digraph, Option<[Verdict; 4]>)>,
    /// Trials that failed.
    pub failures: Vec<Failed>,
    /// Whether it was interrupted: some graphs are missing.
    pub is_partial: bool,
}

/// How many graphs of up to so many peers [`chart`] looks at: where `progress` ends.
#[must_use]
pub fn trials_in_all(peers: usize) -> u64 {
    (1..=peers).map(|peers| connected(peers).len() as u64).sum()
}

/// Looks at all graphs of so many peers. `progress` counts those that are done; once `interrupt` is
/// true, no new one is begun.
#[must_use]
pub fn chart(peers: usize, jobs: usize, progress: &AtomicU64, interrupt: &AtomicBool) -> Chart {
    let graphs = connected(peers);
    let is_over = || interrupt.load(Ordering::Relaxed);
    let judged = share_out(graphs.len() as u64, jobs, is_over, |number| {
        let judged = graphs.get(number as usize).map(|graph| judge(*graph));
        progress.fetch_add(1, Ordering::Relaxed);
        judged
    });
    let is_partial = judged.len() < graphs.len();
    let mut chart = Chart { peers, is_partial, ..Chart::default() };
    for (graph, (verdicts, failures)) in graphs.into_iter().zip(judged.into_iter().flatten()) {
        chart.rows.push((graph, verdicts));
        chart.failures.extend(failures);
    }
    chart
}

/// All trials of one graph.
fn judge(graph: Digraph) -> (Option<[Verdict; 4]>, Vec<Failed>) {
    let mut failures = Vec::new();
    if !graph.allows_progress() {
        return (None, failures);
    }
    let verdicts = Options::ALL.map(|options| {
        let mut verdict = Verdict { worst: Outcome::Steady, trials: 0, of: 0 };
        for place in graph.places() {
            for seed in (0..SEEDS).map(Seed) {
                match run_trial(graph, place, options, seed) {
                    Ok(outcome) => verdict.add(outcome),
                    Err(failure) => failures.push(Failed {
                        graph,
                        place,
                        options: options.name(),
                        seed,
                        why: failure.to_string(),
                    }),
                }
            }
        }
        verdict
    });
    (Some(verdicts), failures)
}

impl Verdict {
    fn add(&mut self, outcome: Outcome) {
        self.of += 1;
        if outcome > self.worst {
            (self.worst, self.trials) = (outcome, 0);
        }
        self.trials += u64::from(outcome == self.worst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_counts_and_how_often() {
        let mut verdict = Verdict { worst: Outcome::Steady, trials: 0, of: 0 };
        [Outcome::Steady, Outcome::Stuck, Outcome::Livelock, Outcome::Stuck]
            .into_iter()
            .for_each(|outcome| verdict.add(outcome));
        assert_eq!(verdict.to_string(), "stuck 2/4");
    }

    #[test]
    fn one_thread_or_three_come_to_the_same() {
        let chart = |jobs| chart(2, jobs, &AtomicU64::new(0), &AtomicBool::new(false)).rows;
        assert_eq!(chart(1), chart(3));
    }

    #[test]
    fn an_interrupted_chart_says_so() {
        let chart = chart(3, 1, &AtomicU64::new(0), &AtomicBool::new(true));
        assert!(chart.is_partial && chart.rows.is_empty());
    }
}
