//! All trials of all curves, on as many threads as are wanted.
//!
//! The result is the same whatever the number of threads: a trial's seed depends on the seed of the
//! experiment, the curve and the number of the trial alone, and trials are put in order before
//! anything is summed up.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde::Serialize;
use splitvote::Failure;
use splitvote::sim::Seed;
use splitvote::threads::share_out;
use xxhash_rust::xxh3::xxh3_64;

use crate::curve::Curve;
use crate::setup::{Setup, Timeouts, curves};
use crate::trial::{Trial, run_trial};

/// What the experiment came to.
#[derive(Clone, Debug, Serialize)]
pub struct Experiment {
    /// The seed that everything derives from.
    pub seed: Seed,
    /// Whether it was interrupted: some trials are missing.
    pub is_partial: bool,
    /// Trials that did not come to their end. With the reference Raft there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<FailedTrial>,
    /// The curves of both graphs; the one that they share once.
    pub curves: Vec<Curve>,
    /// The scenario that is run.
    #[serde(skip)]
    pub setup: Setup,
}

/// A trial in which a rule was broken, or that did not end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailedTrial {
    /// Shortest and longest election timeout.
    pub timeout_ms: [u64; 2],
    /// The trial's own seed.
    pub seed: Seed,
    /// The reason, as a sentence.
    pub why: String,
}

/// How many trials [`run`] makes in all: where `progress` ends.
#[must_use]
pub fn trials_in_all(trials: usize) -> u64 {
    curves().map(|timeouts| timeouts.trials(trials) as u64).sum()
}

/// Runs the experiment with so many trials a curve (for fixed timeouts a tenth). `progress` counts
/// finished trials; once `interrupt` is true, no new trial begins.
#[must_use]
pub fn run(
    trials: usize,
    seed: impl Into<Seed>,
    jobs: usize,
    progress: &AtomicU64,
    interrupt: &AtomicBool,
) -> Experiment {
    run_setup(&Setup::default(), trials, seed, jobs, progress, interrupt)
}

/// As [`run`], with other values for what the paper leaves open.
#[must_use]
pub fn run_setup(
    setup: &Setup,
    trials: usize,
    seed: impl Into<Seed>,
    jobs: usize,
    progress: &AtomicU64,
    interrupt: &AtomicBool,
) -> Experiment {
    let seed = seed.into();
    let tasks = tasks(trials, seed);
    let is_over = || interrupt.load(Ordering::Relaxed);
    let finished = share_out(tasks.len() as u64, jobs, is_over, |number| {
        let trial = tasks
            .get(number as usize)
            .map(|Task { timeouts, seed }| run_trial(setup, *timeouts, *seed));
        progress.fetch_add(1, Ordering::Relaxed);
        trial
    });
    sum_up(setup, seed, &tasks, finished.into_iter().flatten())
}

/// One trial to make.
struct Task {
    timeouts: Timeouts,
    seed: Seed,
}

fn tasks(trials: usize, seed: Seed) -> Vec<Task> {
    let of_curve = |timeouts: Timeouts| {
        (0..timeouts.trials(trials) as u64)
            .map(move |trial| Task { timeouts, seed: trial_seed(seed, timeouts, trial) })
    };
    curves().flat_map(of_curve).collect()
}

/// The seed of one trial.
#[must_use]
pub fn trial_seed(seed: Seed, timeouts: Timeouts, trial: u64) -> Seed {
    let words = [seed.0, timeouts.min_ms, timeouts.max_ms, trial];
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    Seed(xxh3_64(&bytes))
}

fn sum_up(
    setup: &Setup,
    seed: Seed,
    tasks: &[Task],
    finished: impl Iterator<Item = Result<Trial, Failure>>,
) -> Experiment {
    let (mut done, mut failures) = (Vec::new(), Vec::new());
    for (Task { timeouts, seed }, outcome) in tasks.iter().zip(finished) {
        match outcome {
            Ok(trial) => done.push((*timeouts, trial)),
            Err(failure) => failures.push(FailedTrial {
                timeout_ms: [timeouts.min_ms, timeouts.max_ms],
                seed: *seed,
                why: failure.to_string(),
            }),
        }
    }
    let is_partial = done.len() + failures.len() < tasks.len();
    let curve = |timeouts: Timeouts| {
        let of_curve = done.iter().filter(|(whose, _)| *whose == timeouts);
        let trials: Vec<Trial> = of_curve.map(|(_, trial)| *trial).collect();
        Curve::of(timeouts, &trials, setup.cap)
    };
    let curves = curves().filter_map(curve).collect();
    Experiment { seed, is_partial, failures, curves, setup: setup.clone() }
}

impl Experiment {
    /// The curve with these timeouts.
    #[must_use]
    pub fn curve(&self, timeouts: Timeouts) -> Option<&Curve> {
        self.curves.iter().find(|curve| curve.timeouts() == timeouts)
    }
}
