//! The default swarm: five peers under a random subset of all faults, on two threads.

use std::path::Path;

use splitvote::{Scenario, Seeds, SweepOptions, reference, scenario, sweep};

use crate::{Trouble, stopwatch};

/// The seeds of a sweep.
const SEEDS: u64 = 1_000;
const THREADS: usize = 2;

/// The scenario that is run.
pub(crate) struct Swarm {
    scenario: Scenario,
}

impl Swarm {
    pub(crate) fn load() -> Result<Self, Trouble> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sim-scenarios/swarm");
        Ok(Self { scenario: scenario::load(&folder.join("five.toml"))? })
    }

    /// How many seeds of a sweep are run to their verdict in a second.
    pub(crate) fn seeds_a_second(&self) -> Result<f64, Trouble> {
        let mut options = SweepOptions::new(Seeds::first(SEEDS));
        options.jobs = THREADS;
        let (elapsed, report) = stopwatch::time(|| sweep(&self.scenario, &reference(), &options));
        if !report?.holds() {
            return Err(Trouble::Fails(self.scenario.name.clone()));
        }
        Ok(SEEDS as f64 / elapsed.as_secs_f64())
    }
}
