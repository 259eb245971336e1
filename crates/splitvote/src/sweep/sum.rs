//! Adding up: runs to blocks of seeds, blocks to a sweep, always in the order of seeds.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::PoisonError;

use splitvote_check::Happening;
use splitvote_peer::Peer;
use splitvote_sim::{Digest, Seed};

use super::elsewhere::Told;
use super::shared::Shared;
use super::{BLOCK, FailedSeed, MAX_KEPT, SweepOptions, SweepReport, SweptStep};
use super::{departures, gravest};
use crate::checking::Checking;
use crate::determinism::Divergence;
use crate::hang::Hang;
use crate::play::Coverage;
use crate::run::RunReport;
use crate::scenario::{Scenario, Step};
use crate::verdict::Verdict;

/// Over so many seeds a calm has settled once, wherever one can: fewer say nothing.
const FEW_SEEDS: u64 = 10;

/// What a block of seeds comes to.
#[derive(Clone, Default)]
pub(super) struct Sum {
    report: SweepReport,
    coverage: Coverage,
    digest: Digest,
}

/// Runs a block of seeds. What it comes to is kept seed by seed: a run that takes for ever must not take those
/// before it with it.
pub(super) fn run_block<P: Peer>(shared: &Shared<P>, block: u64) {
    let draft = shared.begin(block);
    let (scenario, subject) = (&shared.scenario, &shared.subject);
    for seed in shared.seeds.part(block * BLOCK, BLOCK) {
        let is_compared = seed == shared.seeds.start() && shared.compares_runs;
        let told = match shared.hang_of(seed) {
            Some(hang) => Told::hung(seed, hang),
            None => Told::of(scenario, subject, seed, is_compared),
        };
        let has_failed = told.has_failed();
        let mut sum = draft.lock().unwrap_or_else(PoisonError::into_inner);
        sum.tell(&told.run, told.divergence, subject.checking());
        drop(sum);
        shared.note_end(has_failed);
        if shared.is_interrupted() || (shared.stops_at_first && has_failed) {
            break;
        }
    }
}

impl Sum {
    /// Adds the next seed, and how another run of it differs.
    pub(super) fn tell(
        &mut self,
        run: &RunReport,
        divergence: Option<Divergence>,
        checking: &Checking,
    ) {
        self.report.divergence = self.report.divergence.take().or(divergence);
        self.digest.absorb(run.seed.0, run.digest);
        self.coverage.merge(&run.coverage);
        self.report.merge(SweepReport::of(run, checking));
    }
}

/// Adds the seeds that hang and whose blocks were not run again.
pub(super) fn add_hung(total: &mut SweepReport, hung: BTreeMap<u64, Hang>) {
    for (seed, hang) in hung {
        let seed = Seed(seed);
        if total.failures.iter().any(|failed| failed.seed == seed) {
            continue;
        }
        let report = RunReport::nothing(seed, Verdict::Hung(hang));
        total.merge(SweepReport::of(&report, &Checking::default()));
        total.must_happen_judged = false;
    }
}

impl SweepReport {
    /// What one run comes to.
    fn of(run: &RunReport, checking: &Checking) -> Self {
        let failed = FailedSeed { seed: run.seed, verdict: run.verdict.clone() };
        let failures = if run.verdict == Verdict::Held { Vec::new() } else { vec![failed] };
        let mut digest = Digest::default();
        digest.absorb(run.seed.0, run.digest);
        Self {
            seeds: 1,
            held: u64::from(failures.is_empty()),
            failures,
            failed_by: run.verdict.checker().map(|checker| (checker, 1)).into_iter().collect(),
            departures: departures::of(run, checking),
            elections: run.elections,
            happenings: run.happenings.clone(),
            calms: run.calms.clone(),
            first_stuck: run.calms.why.as_ref().map(|_| run.seed),
            figures: run.figures.clone(),
            events: run.events,
            deliveries: run.deliveries,
            virtual_time: run.virtual_time,
            digests: digest.value(),
            gravest: run.verdict.exit_code(),
            ..Self::default()
        }
    }

    /// Adds what later seeds come to, but for the digest.
    fn merge(&mut self, more: Self) {
        self.seeds += more.seeds;
        self.held += more.held;
        self.elections.merge(&more.elections);
        self.happenings.merge(&more.happenings);
        self.calms.merge(more.calms);
        self.first_stuck = self.first_stuck.or(more.first_stuck);
        self.figures.merge(&more.figures);
        self.digests = self.digests.wrapping_add(more.digests);
        for (checker, count) in more.failed_by {
            *self.failed_by.entry(checker).or_default() += count;
        }
        self.events += more.events;
        self.deliveries += more.deliveries;
        self.virtual_time += more.virtual_time;
        self.gravest = gravest([self.gravest, more.gravest]);
        if self.divergence.is_none() {
            self.divergence = more.divergence;
        }
        departures::merge(&mut self.departures, more.departures);
        if !more.failures.is_empty() {
            // The gravest first, and of those the lowest seeds.
            self.failures.extend(more.failures);
            self.failures.sort_by_key(|failed| (Reverse(failed.verdict.gravity()), failed.seed));
            self.failures.truncate(MAX_KEPT);
        }
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
        digest.absorb(sum.report.seeds, sum.digest.value());
        coverage.merge(&sum.coverage);
        total.merge(sum.report);
        if options.stops_at_first && !total.failures.is_empty() {
            break;
        }
    }
    total.digest = digest.value();
    let has_stopped = options.stops_at_first && !total.failures.is_empty();
    total.is_partial = total.seeds < options.seeds.count() && !has_stopped;
    let is_enough = total.seeds >= scenario.seeds && total.failures.is_empty();
    let is_meant = scenario.must_happen.contains(&Happening::AllowedToBeStuck);
    let is_told = total.seeds >= scenario.seeds.min(FEW_SEEDS) && total.failures.is_empty();
    total.never_settled = is_told && total.calms.settled == 0 && total.calms.all() > 0 && !is_meant;
    covered(&mut scenario.steps.iter(), &coverage, &mut total.steps);
    total.must_happen_judged = options.judges_must_happen && is_enough;
    if total.must_happen_judged {
        let has_happened = |happening: &Happening| total.happenings.get(*happening) > 0;
        total.missing = scenario.must_happen.iter().filter(|h| !has_happened(h)).copied().collect();
        let steps = total.steps.iter().filter(|step| step.is_reached && !step.is_resolved);
        total.unresolved = steps.map(|step| step.place).collect();
    }
    total
}

/// What became of steps, each before those within it.
/// `Action::nested` knows every nesting, and does not compile before it knows a new one.
fn covered(
    steps: &mut dyn Iterator<Item = &Step>,
    coverage: &Coverage,
    covered_steps: &mut Vec<SweptStep>,
) {
    let is = |flags: &[bool], step: &Step| flags.get(step.number).copied().unwrap_or(false);
    for step in steps {
        covered_steps.push(SweptStep {
            place: step.place,
            is_reached: is(&coverage.reached, step),
            is_resolved: is(&coverage.resolved, step),
        });
        covered(&mut step.action.nested(), coverage, covered_steps);
    }
}
