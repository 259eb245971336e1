//! The lab suite's part 3A: its three tests over 1000 seeds each, on all cores, every checker on.

use std::path::Path;

use splitvote::{Scenario, Seeds, SweepOptions, reference, scenario, sweep};

use crate::{Trouble, stopwatch};

/// The seeds of each test.
const SEEDS: u64 = 1_000;

/// The three tests.
pub(crate) struct Lab {
    scenarios: Vec<Scenario>,
}

impl Lab {
    pub(crate) fn load() -> Result<Self, Trouble> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sim-scenarios/lab");
        let tests = ["initial-election", "re-election", "many-elections"];
        let load = |test: &&str| scenario::load(&root.join(format!("{test}.toml")));
        Ok(Self { scenarios: tests.iter().map(load).collect::<Result<_, _>>()? })
    }

    /// How many seconds all seeds of all tests take.
    pub(crate) fn seconds(&self) -> Result<f64, Trouble> {
        let (elapsed, outcome) = stopwatch::time(|| {
            self.scenarios.iter().try_for_each(|scenario| {
                let options = SweepOptions::new(Seeds::first(SEEDS));
                let report = sweep(scenario, &reference(), &options)?;
                if report.holds() { Ok(()) } else { Err(Trouble::Fails(scenario.name.clone())) }
            })
        });
        outcome.map(|()| elapsed.as_secs_f64())
    }
}
