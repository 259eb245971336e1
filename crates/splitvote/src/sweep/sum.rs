//! Adding up: runs to blocks of seeds, blocks to a sweep, always in the order of seeds.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use splitvote_check::Happening;
use splitvote_peer::Peer;
use splitvote_sim::{Digest, Seed};

use super::shared::Shared;
use super::{BLOCK, FailedSeed, MAX_KEPT, SweepOptions, SweepReport};
use super::{departures, gravest};
use crate::determinism::{Divergence, check_seed};
use crate::hang::Hang;
use crate::play::Coverage;
use crate::run::{RunReport, run};
use crate::scenario::{Action, Place, Scenario, Step};
use crate::verdict::Verdict;

/// What a block of seeds comes to.
#[derive(Default)]
pub(super) struct Sum {
    report: SweepReport,
    pub(super) failures: Vec<FailedSeed>,
    coverage: Coverage,
}

pub(super) fn run_block<P: Peer>(shared: &Shared<P>, block: u64) -> Sum {
    let mut sum = Sum::default();
    let mut digest = Digest::default();
    let (scenario, subject) = (&shared.scenario, &shared.subject);
    for seed in shared.seeds.part(block * BLOCK, BLOCK) {
        let report = match shared.hang_of(seed) {
            Some(hang) => RunReport::nothing(seed, Verdict::Hung(hang)),
            None => run(scenario, subject, seed),
        };
        let is_first = seed == shared.seeds.start() && shared.hang_of(seed).is_none();
        if is_first && shared.compares_runs && run(scenario, subject, seed) != report {
            let unknown = Divergence { seed: seed.0, event: None, first: None, second: None };
            sum.report.divergence =
                Some(check_seed(scenario, subject, seed).err().unwrap_or(unknown));
        }
        digest.absorb(seed.0, report.digest);
        sum.add(&report);
        departures::add(&mut sum.report.departures, &report, subject.checking());
        shared.note_end(!sum.failures.is_empty());
        if shared.is_interrupted() || (shared.stops_at_first && !sum.failures.is_empty()) {
            break;
        }
    }
    sum.report.digest = digest.value();
    sum
}

/// Adds the seeds that hang and whose blocks were not run again.
pub(super) fn add_hung(total: &mut SweepReport, hung: BTreeMap<u64, Hang>) {
    for (seed, hang) in hung {
        let seed = Seed(seed);
        if total.failures.iter().any(|failed| failed.seed == seed) {
            continue;
        }
        let verdict = Verdict::Hung(hang);
        total.seeds += 1;
        total.gravest = gravest([total.gravest, verdict.exit_code()]);
        keep_gravest(&mut total.failures, vec![FailedSeed { seed, verdict }]);
        total.must_happen_judged = false;
    }
}

impl Sum {
    fn add(&mut self, run: &RunReport) {
        let report = &mut self.report;
        report.seeds += 1;
        report.gravest = gravest([report.gravest, run.verdict.exit_code()]);
        if run.verdict == Verdict::Held {
            report.held += 1;
        } else {
            self.failures.push(FailedSeed { seed: run.seed, verdict: run.verdict.clone() });
        }
        report.elections.merge(&run.elections);
        report.happenings.merge(&run.happenings);
        report.events += run.events;
        report.deliveries += run.deliveries;
        report.virtual_time += run.virtual_time;
        self.coverage.merge(&run.coverage);
    }
}

impl Coverage {
    fn merge(&mut self, other: &Self) {
        let merge = |mine: &mut Vec<bool>, theirs: &[bool]| {
            mine.resize(mine.len().max(theirs.len()), false);
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine |= theirs);
        };
        merge(&mut self.reached, &other.reached);
        merge(&mut self.resolved, &other.resolved);
    }
}

pub(super) fn add_up(
    scenario: &Scenario,
    options: &SweepOptions<'_>,
    sums: impl Iterator<Item = Sum>,
) -> SweepReport {
    let mut total = SweepReport::default();
    let mut coverage = Coverage::default();
    let mut digest = Digest::default();
    for sum in sums {
        let part = sum.report;
        total.seeds += part.seeds;
        total.held += part.held;
        total.divergence = total.divergence.or(part.divergence);
        total.gravest = gravest([total.gravest, part.gravest]);
        total.elections.merge(&part.elections);
        total.happenings.merge(&part.happenings);
        total.events += part.events;
        total.deliveries += part.deliveries;
        total.virtual_time += part.virtual_time;
        digest.absorb(part.seeds, part.digest);
        coverage.merge(&sum.coverage);
        departures::merge(&mut total.departures, part.departures);
        keep_gravest(&mut total.failures, sum.failures);
        if options.stops_at_first && !total.failures.is_empty() {
            break;
        }
    }
    total.digest = digest.value();
    let has_stopped = options.stops_at_first && !total.failures.is_empty();
    total.is_partial = total.seeds < options.seeds.count() && !has_stopped;
    let is_enough = total.seeds >= scenario.seeds && total.failures.is_empty();
    total.must_happen_judged = options.judges_must_happen && is_enough;
    if total.must_happen_judged {
        let has_happened = |happening: &Happening| total.happenings.get(*happening) > 0;
        total.missing = scenario.must_happen.iter().filter(|h| !has_happened(h)).copied().collect();
        unresolved(&scenario.steps, &coverage, &mut total.unresolved);
    }
    total
}

/// Keeps as many failures as are kept, the gravest first, and of those the lowest seeds.
fn keep_gravest(kept: &mut Vec<FailedSeed>, more: Vec<FailedSeed>) {
    if !more.is_empty() {
        kept.extend(more);
        kept.sort_by_key(|failed| Reverse(failed.verdict.gravity()));
        kept.truncate(MAX_KEPT);
    }
}

/// The places of steps that were reached but never found whom they are about.
fn unresolved(steps: &[Step], coverage: &Coverage, places: &mut Vec<Place>) {
    let is = |flags: &[bool], step: &Step| flags.get(step.number).copied().unwrap_or(false);
    for step in steps {
        if is(&coverage.reached, step) && !is(&coverage.resolved, step) {
            places.push(step.place);
        }
        if let Action::Repeat { steps, .. } | Action::Chance { steps, .. } = &step.action {
            unresolved(steps, coverage, places);
        }
    }
}
