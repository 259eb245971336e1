//! Many seeds of one scenario, on all cores.
//!
//! The result is the same whatever the number of threads: seeds are handed out in blocks, each
//! block is summed up in the order of its seeds, and the blocks in theirs.

mod departures;
pub mod elsewhere;
mod shared;
mod sum;
mod vacuity;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Duration;

use splitvote_check::{ElectionCounts, Happening, Happenings};
use splitvote_peer::Peer;
use splitvote_sim::Seed;

use crate::calm::Calms;
use crate::checking::Checking;
use crate::determinism::Divergence;
use crate::figures::Figures;
use crate::needs::{Skipped, lacking, undemanded};
use crate::play::check_fit;
use crate::scenario::{Place, Scenario, ScenarioError};
use crate::seeds::Seeds;
use crate::subject::Subject;
use crate::verdict::Verdict;
use crate::watchdog::watch;
pub use departures::SweptDeparture;
use shared::Shared;
use sum::{add_hung, add_up, run_block};
pub use vacuity::vacuity;

/// How many seeds are handed out at once.
const BLOCK: u64 = 8;
/// How many failing seeds of a sweep are kept in full; all are counted.
pub const MAX_KEPT: usize = 100;

/// How a sweep is run. Made by [`SweepOptions::new`], and changed field by field.
///
/// ```
/// use splitvote::prelude::*;
///
/// let scenario = Scenario::parse("mine.toml", "name = \"mine\"\npeers = 3\nsteps = [{ run = \"1s\" }]")?;
/// let mut options = SweepOptions::new(Seeds::first(10));
/// options.stops_at_first = true;
/// let report = sweep(&scenario, &reference(), &options)?;
/// assert_eq!((report.seeds, report.exit_code()), (10, 0));
/// # Ok::<(), splitvote::ScenarioError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SweepOptions<'a> {
    /// The seeds to run.
    pub seeds: Seeds,
    /// How many threads.
    pub jobs: usize,
    /// Stop at the first failing seed: no later seed is part of the report.
    pub stops_at_first: bool,
    /// Whether to say what never happened and has to: not if some of the scenario was switched off.
    pub judges_must_happen: bool,
    /// Which checkers judge, and how strictly; added to what the subject says.
    pub checking: Checking,
    /// Whether the first seed is run twice, to see whether this Raft does the same both times.
    pub compares_runs: bool,
    /// How many bytes the process may hold before the sweep ends and names whoever is at work; `None` means
    /// nearly all that there is. Looked at on Linux alone.
    pub memory: Option<u64>,
    /// Counts finished seeds, for a progress bar.
    pub finished: Option<&'a AtomicU64>,
    /// When it becomes true, the sweep ends with what it has. Runs that are begun are finished, unless they take longer
    /// than two seconds: their threads are left to themselves then.
    pub interrupt: Option<&'a AtomicBool>,
}

impl SweepOptions<'_> {
    /// These seeds on as many threads as there are cores.
    #[must_use]
    pub fn new(seeds: Seeds) -> Self {
        Self {
            seeds,
            jobs: cores(),
            stops_at_first: false,
            judges_must_happen: true,
            checking: Checking::default(),
            compares_runs: true,
            memory: None,
            finished: None,
            interrupt: None,
        }
    }
}

/// How many threads this machine runs at once.
#[must_use]
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}

/// A seed that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FailedSeed {
    /// The seed of the run.
    pub seed: Seed,
    /// What became of it.
    pub verdict: Verdict,
}

/// A step of a scenario, and what became of it in the runs of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SweptStep {
    /// Where it stands in the file.
    pub place: Place,
    /// Whether any run came to it.
    pub is_reached: bool,
    /// Whether its targets ever matched a peer.
    pub is_resolved: bool,
}

/// What a sweep answers with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SweepReport {
    /// How many seeds were run to their verdict.
    pub seeds: u64,
    /// How many of them held.
    pub held: u64,
    /// The failing seeds, the gravest failures first, and of those the lowest seeds.
    pub failures: Vec<FailedSeed>,
    /// How many seeds failed by each checker, those that are not kept included.
    pub failed_by: BTreeMap<&'static str, u64>,
    /// The ways in which the Raft departed from practice without failing, each kind once.
    pub departures: Vec<SweptDeparture>,
    /// How the elections of all seeds ended.
    pub elections: ElectionCounts,
    /// What happened over all seeds.
    pub happenings: Happenings,
    /// How the calms of all seeds ended, but for those that failed.
    pub calms: Calms,
    /// The first seed with a calm that did not settle and did not have to: `calms.why` is of this one.
    pub first_stuck: Option<Seed>,
    /// What else is known of all seeds, in numbers that judge nothing.
    pub figures: Figures,
    /// Events of all seeds.
    pub events: u64,
    /// Deliveries of all seeds.
    pub deliveries: u64,
    /// Virtual time of all seeds.
    pub virtual_time: Duration,
    /// The digest over all runs in the order of their seeds.
    pub digest: u64,
    /// The sum over all runs of the digest of their seeds and of what they did: unlike [`digest`](Self::digest), it is
    /// the sum of those of any parts of the sweep.
    pub digests: u64,
    /// Whether the sweep was interrupted.
    pub is_partial: bool,
    /// Whether the sweep was long enough to say what never happened, and no seed failed.
    pub must_happen_judged: bool,
    /// Events that had to happen and never did, if the sweep was long enough to say so.
    pub missing: Vec<Happening>,
    /// Events that the scenario demands and that never happen to a Raft with other habits: they were not asked for.
    pub undemanded: Vec<Happening>,
    /// What became of each step of the scenario over all seeds, in the order of the file.
    pub steps: Vec<SweptStep>,
    /// Where the steps stand whose targets never resolved, if the sweep was long enough to say so.
    pub unresolved: Vec<Place>,
    /// Whether calms were asked for and none ever settled, so that nothing is said about liveness; if the sweep was
    /// long enough to say so. A scenario that demands `allowed-to-be-stuck` means it.
    pub never_settled: bool,
    /// How two runs of the first seed differ, if they do: then no other verdict is worth anything.
    pub divergence: Option<Divergence>,
    /// Why no seed was run, if the Raft has not what the scenario needs.
    pub skipped: Option<Skipped>,
    /// The gravest exit code of all seeds, kept in full or not.
    gravest: u8,
}

impl SweepReport {
    /// The report of a scenario that was skipped.
    pub(crate) fn of_skipped(skipped: Skipped) -> Self {
        Self { skipped: Some(skipped), ..Self::default() }
    }

    /// Whether every seed held, everything that had to happen did, and two runs of one seed agreed. True of a
    /// scenario that was [skipped](Self::skipped), which proves nothing.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.failures.is_empty() && !self.is_vacuous() && self.divergence.is_none()
    }

    /// Whether the sweep proves nothing, since it never came to what it is about.
    #[must_use]
    pub fn is_vacuous(&self) -> bool {
        !self.missing.is_empty() || !self.unresolved.is_empty() || self.never_settled
    }

    /// The exit code of a command that ends with this sweep. The gravest counts: runs that differ (4), a panic or a
    /// hang (5), a breach of the contract (6), a safety violation (1), a liveness violation or a vacuous sweep (3).
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        let differs = if self.divergence.is_some() { 4 } else { 0 };
        gravest([self.gravest, differs, if self.is_vacuous() { 3 } else { 0 }])
    }
}

/// The gravest of some exit codes: a fault of the harness, runs of one seed that
/// differ, a panic or a hang, a breach of the contract, safety, liveness.
#[must_use]
pub fn gravest(codes: impl IntoIterator<Item = u8>) -> u8 {
    const ORDER: [u8; 7] = [0, 3, 1, 6, 5, 4, 70];
    let gravity = |code: &u8| ORDER.iter().position(|known| known == code);
    codes.into_iter().max_by_key(gravity).unwrap_or(0)
}

/// Runs many seeds of a scenario; none if it needs what this Raft has not ([`SweepReport::skipped`]).
///
/// A peer that does not return from a step within 10 s of wall time (`SPLITVOTE_STEP_SECONDS` says otherwise) fails
/// its seed alone: its thread is left to itself, and the other seeds go on. After four such seeds no more are begun.
///
/// # Errors
/// If the scenario asks for something that this Raft does not have.
pub fn sweep<P: Peer>(
    scenario: &Scenario,
    subject: &Subject<P>,
    options: &SweepOptions<'_>,
) -> Result<SweepReport, ScenarioError> {
    if let Some(skipped) = lacking(scenario, subject) {
        return Ok(SweepReport::of_skipped(skipped));
    }
    check_fit(scenario, subject)?;
    let subject = &subject.clone().checked(&options.checking);
    let blocks = options.seeds.count().div_ceil(BLOCK);
    let shared = Arc::new(Shared::new(scenario, subject, options));
    let work = Arc::clone(&shared);
    watch(
        blocks,
        options.jobs,
        options.memory,
        move |block| run_block(&work, block),
        || shared.is_over(options),
        || shared.is_interrupted(),
        |run, hang| shared.note_hang(run, hang),
    );
    // The last of the progress.
    shared.is_over(options);
    let mut report = add_up(scenario, options, shared.sums().into_iter());
    add_hung(&mut report, shared.hung());
    report.undemanded = undemanded(scenario, subject);
    report.missing.retain(|happening| !report.undemanded.contains(happening));
    Ok(report)
}
