//! The lab suite, every checker on: part 3A over 1000 seeds, all 28 tests with one seed on one core,
//! and all 28 over 1000 seeds on all cores.

use std::path::Path;

use splitvote::Verdict;
use splitvote::peer::Peer;
use splitvote::run::run;
use splitvote::{Scenario, Seed, Seeds, Subject, SweepOptions, reference, scenario, sweep};

use crate::{Trouble, stopwatch};

/// The seeds of a sweep.
const SEEDS: u64 = 1_000;
/// The tests of part 3A.
const PART_3A: [&str; 3] = ["initial-election", "re-election", "many-elections"];
/// How many tests the lab has for Raft.
const TESTS: usize = 28;

/// The lab's tests, to be measured.
pub(crate) struct Lab {
    scenarios: Vec<Scenario>,
    /// The seed of the next run of the suite.
    next_seed: u64,
}

impl Lab {
    pub(crate) fn load() -> Result<Self, Trouble> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sim-scenarios/lab");
        let scenarios = scenario::load_all(&folder)?;
        if scenarios.len() != TESTS {
            return Err(Trouble::Fails(format!("a suite of {} tests", scenarios.len())));
        }
        Ok(Self { scenarios, next_seed: 0 })
    }

    /// How many seconds all seeds of part 3A take.
    pub(crate) fn part_3a_seconds(&self) -> Result<f64, Trouble> {
        self.sweep_seconds(|scenario| PART_3A.contains(&scenario.name.as_str()))
    }

    /// How many seconds all seeds of all tests take.
    pub(crate) fn suite_seconds(&self) -> Result<f64, Trouble> {
        self.sweep_seconds(|_| true)
    }

    fn sweep_seconds(&self, is_asked: impl Fn(&Scenario) -> bool) -> Result<f64, Trouble> {
        let (elapsed, outcome) = stopwatch::time(|| {
            self.scenarios.iter().filter(|scenario| is_asked(scenario)).try_for_each(|scenario| {
                let options = SweepOptions::new(Seeds::first(SEEDS));
                let report = sweep(scenario, &reference(), &options)?;
                if report.holds() { Ok(()) } else { Err(Trouble::Fails(scenario.name.clone())) }
            })
        });
        outcome.map(|()| elapsed.as_secs_f64())
    }

    /// How many milliseconds all tests of a Raft take on one core, with one seed; another one each time.
    pub(crate) fn one_seed_milliseconds<P: Peer>(
        &mut self,
        subject: &Subject<P>,
    ) -> Result<f64, Trouble> {
        let seed = Seed(self.next_seed);
        self.next_seed += 1;
        let (elapsed, outcome) = stopwatch::time(|| {
            self.scenarios.iter().try_for_each(|scenario| {
                match run(scenario, subject, seed).verdict {
                    Verdict::Held => Ok(()),
                    _ => Err(Trouble::Fails(scenario.name.clone())),
                }
            })
        });
        outcome.map(|()| 1e3 * elapsed.as_secs_f64())
    }
}
