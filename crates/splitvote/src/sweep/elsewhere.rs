//! A sweep whose runs are made elsewhere, such as in processes of their own: what each came to is gathered here, and
//! adds up to the report that [`sweep`](super::sweep()) would give.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use splitvote_peer::Peer;
use splitvote_sim::Seed;

use super::sum::{Sum, add_up};
use super::{BLOCK, SweepOptions, SweepReport};
use crate::determinism::{Divergence, check_seed};
use crate::hang::Hang;
use crate::needs::undemanded;
use crate::run::{RunReport, run};
use crate::scenario::Scenario;
use crate::subject::Subject;
use crate::verdict::Verdict;

/// What became of one seed of a sweep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Told {
    /// What the run of the seed came to.
    pub run: RunReport,
    /// How another run of the same seed differs, if there was one and it does.
    pub divergence: Option<Divergence>,
}

impl Told {
    /// Runs a seed, and once more if the two are to be compared.
    #[must_use]
    pub fn of<P: Peer>(
        scenario: &Scenario,
        subject: &Subject<P>,
        seed: Seed,
        is_compared: bool,
    ) -> Self {
        let report = run(scenario, subject, seed);
        let differs = is_compared && run(scenario, subject, seed) != report;
        let divergence = differs.then(|| {
            let found = check_seed(scenario, subject, seed).err();
            found.unwrap_or_else(|| Divergence::unknown(seed))
        });
        Self { run: report, divergence }
    }

    /// A seed whose run never came to its end.
    #[must_use]
    pub fn hung(seed: Seed, hang: Hang) -> Self {
        Self { run: RunReport::nothing(seed, Verdict::Hung(hang)), divergence: None }
    }

    /// Whether the run failed.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.run.verdict != Verdict::Held
    }
}

/// How many seeds in a row belong together: those of one such stretch have to be [added](Gathered::add) in their order.
pub const STRETCH: u64 = BLOCK;

/// What the runs of one sweep have come to so far.
#[derive(Default)]
pub struct Gathered(BTreeMap<u64, Sum>);

impl Gathered {
    /// Adds a seed. Stretches may come in any order.
    pub fn add<P: Peer>(&mut self, options: &SweepOptions<'_>, subject: &Subject<P>, told: Told) {
        let place = told.run.seed.0.saturating_sub(options.seeds.start().0) / BLOCK;
        self.0.entry(place).or_default().tell(&told.run, told.divergence, subject.checking());
    }

    /// The report of the sweep.
    #[must_use]
    pub fn report<P: Peer>(
        self,
        scenario: &Scenario,
        subject: &Subject<P>,
        options: &SweepOptions<'_>,
    ) -> SweepReport {
        let mut report = add_up(scenario, options, self.0.into_values());
        report.undemanded = undemanded(scenario, subject);
        report.missing.retain(|happening| !report.undemanded.contains(happening));
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Seeds, reference, sweep};

    #[test]
    fn runs_that_are_made_elsewhere_add_up_to_the_same_sweep() {
        let text = "name = \"mine\"\npeers = 3\nsteps = [{ storm = \"2s\" }, { calm = true }]\n\
                    [must-happen]\nstale-reply = true";
        let (scenario, subject) = (Scenario::parse("mine.toml", text).unwrap(), reference());
        let options = SweepOptions::new(Seeds::between(3, 40));
        let mut gathered = Gathered::default();
        let stretches: Vec<Vec<Seed>> = options
            .seeds
            .iter()
            .collect::<Vec<_>>()
            .chunks(STRETCH as usize)
            .map(<[_]>::to_vec)
            .collect();
        for seed in stretches.into_iter().rev().flatten() {
            let told = Told::of(&scenario, &subject, seed, false);
            gathered.add(&options, &subject, told);
        }
        let here = sweep(&scenario, &subject, &options).unwrap();
        assert_eq!(gathered.report(&scenario, &subject, &options), here);
    }
}
