//! Shrinking: from a run that fails to the smallest one that fails alike.
//!
//! A person reads a failure if it is short. [`shrink()`] writes a failing run out as a plan and takes away from
//! it whatever it fails without: classes of faults, peers, single faults, the network's noise, time,
//! commands. **Every candidate is run, and counts only if its [`Signature`] and its [`Mechanism`] are the same**: a
//! run that fails for another reason, or in another way, is another finding.
//!
//! - `candidate`: a plan and its seed. `size`: how large one is, and which of two is smaller.
//! - `search`: the best candidate so far, how another is tried, and when to stop. `laboratory`: where it runs.
//!   `refused`: what need not be tried again.
//! - `kept`: shrinking from a test, which is told how far it is and keeps the best so far in a file.
//! - `starts`: other seeds and smaller clusters from which to begin. `orders`: how the budget is shared among them, and
//!   in which order passes are gone through.
//! - One pass a file, each a function that offers candidates to the search: `stillness`, `classes`, `peers`,
//!   `acts`, `noise`, `silence`, `timers`, `times`, `demands`, `settings`, `anywhen`, `pairs`; `deletion` is the delta
//!   debugging that they share, `moments` are the instants of a run, and `elections` directs who stands when.
//!
//! Which candidate comes next depends on the results of those before alone, and what bounds the search
//! counts runs and events: the same failure gives the same case, bit for bit, unless [`ShrinkOptions::within`] is
//! given.

mod acts;
mod anywhen;
mod candidate;
mod classes;
mod deletion;
mod demands;
mod elections;
mod kept;
mod laboratory;
mod moments;
mod noise;
mod orders;
mod pairs;
mod peers;
mod refused;
mod search;
mod settings;
mod silence;
mod size;
mod starts;
mod stillness;
#[cfg(test)]
mod testing;
mod timers;
mod times;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use splitvote_peer::Peer;
use splitvote_sim::Seed;

use crate::case::Case;
use crate::mechanism::Mechanism;
use crate::run::{RunReport, run};
use crate::scenario::Scenario;
use crate::signature::Signature;
use crate::subject::Subject;
pub use candidate::Candidate;
use candidate::end_of_case;
pub use kept::{shrink_into, shrink_plan_into};
use laboratory::Laboratory;
use orders::{Ended, Shrinking};
use search::{Bug, Spent};
pub use size::CaseSize;
use starts::Starts;

/// How far a failure is shrunk, and who watches. Made by [`ShrinkOptions::default`], and changed field by field.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct ShrinkOptions<'a> {
    /// How many seeds of the scenario are looked at for a smaller failure of the same signature.
    pub tries: u64,
    /// How many runs it may take.
    pub max_runs: u64,
    /// How many events all those runs may have together.
    pub max_events: u64,
    /// How long it may take by the clock on the wall. It alone makes a case depend on the machine; without it, the same
    /// failure gives the same case everywhere.
    pub within: Option<Duration>,
    /// When it becomes true, the smallest candidate so far is the result.
    pub interrupt: Option<&'a AtomicBool>,
    /// Is told of every pass that begins, and of every smaller candidate.
    pub watch: Option<&'a dyn Fn(&ShrinkProgress)>,
    /// When the time is over.
    until: Option<Instant>,
}

impl Default for ShrinkOptions<'_> {
    /// 100 seeds; at most 200,000 runs and sixty million events, which is some twenty seconds and seldom needed.
    fn default() -> Self {
        Self {
            tries: 100,
            max_runs: 200_000,
            max_events: 60_000_000,
            within: None,
            interrupt: None,
            watch: None,
            until: None,
        }
    }
}

impl ShrinkOptions<'_> {
    fn is_interrupted(&self) -> bool {
        self.interrupt.is_some_and(|interrupt| interrupt.load(Ordering::Relaxed))
            || self.until.is_some_and(|until| now() >= until)
    }

    /// The same, and its time begins.
    fn begun(self) -> Self {
        let until = self.within.and_then(|within| now().checked_add(within));
        Self { until, ..self }
    }
}

#[expect(
    clippy::disallowed_types,
    reason = "asked for by whoever bounds the time, and seen by no run"
)]
type Instant = std::time::Instant;

fn now() -> Instant {
    Instant::now()
}

/// How far the shrinking of a failure is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ShrinkProgress {
    /// The pass that is at work.
    pub pass: &'static str,
    /// How it fails.
    pub signature: Signature,
    /// The smallest candidate so far.
    pub best: Candidate,
    /// The size of the case.
    pub size: CaseSize,
    /// The runs so far.
    pub runs: u64,
}

/// A failure that was shrunk.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Shrunk {
    /// The smallest run that fails alike.
    pub case: Candidate,
    /// How it fails, and how the run did with which it began.
    pub signature: Signature,
    /// How the rule came to be broken, if one was.
    pub mechanism: Option<Mechanism>,
    /// How it was broken in the run with which it began, if no plan was found that breaks it alike: then the case may
    /// show another bug.
    pub mechanism_before: Option<Mechanism>,
    /// What became of it.
    pub report: RunReport,
    /// The size of the case.
    pub size: CaseSize,
    /// The size of the run with which it began.
    pub before: CaseSize,
    /// How many runs it took.
    pub runs: u64,
    /// How many events those had.
    pub events: u64,
    /// Whether, from every starting point and in both orders of passes, none of them found anything smaller
    /// at last; else a bound or an interruption ended it.
    pub is_finished: bool,
}

impl Shrunk {
    /// The case of it, for a file: it says that it was found under a seed of a scenario.
    #[must_use]
    pub fn to_case<P: Peer>(&self, subject: &Subject<P>, scenario: &str, seed: Seed) -> Case {
        let mut case = case_of(&self.case, &self.signature, subject, (scenario, seed));
        if let Some(before) = &self.mechanism_before {
            case.about.push_str(&format!(
                " It may be another bug: the run broke the rule otherwise, {before}."
            ));
        }
        case
    }
}

/// The case of a candidate that was shrunk, or is being so.
#[must_use]
pub fn case_of<P: Peer>(
    candidate: &Candidate,
    signature: &Signature,
    subject: &Subject<P>,
    (scenario, seed): (&str, Seed),
) -> Case {
    let Candidate { mut plan, seed: of_case } = candidate.clone();
    if plan.demand.is_none() {
        plan.until = end_of_case(plan.until);
    }
    let (mut case, _) = Case::new(scenario, plan, subject, of_case);
    case.about = format!("Fails by {signature}. Shrunk from seed {} of {scenario}.", seed.0);
    case.found_in(scenario, seed)
}

/// Why nothing was shrunk. Its `Debug` reads as its `Display` does, so that a test that returns it reads well.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShrinkError {
    /// The run holds.
    #[error("there is nothing to shrink: all properties held")]
    Held,
    /// The run cannot be written out as a plan.
    #[error("the run cannot be written out as a plan: it {0}")]
    Unwritable(&'static str),
    /// Written out as a plan, the run does not fail, or fails in another way.
    #[error(
        "written out as a plan, the run {found} instead of failing by {expected}; no other of the \
         first {tries} seeds fails that way as a plan"
    )]
    Elusive {
        /// How the run fails.
        expected: Signature,
        /// How its plan ends.
        found: String,
        /// How many seeds were looked at.
        tries: u64,
    },
}

impl fmt::Debug for ShrinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Shrinks the failure of a seed of a scenario.
///
/// ```
/// use splitvote::prelude::*;
/// use splitvote::raft::{Config, Raft, Rules};
/// use splitvote::shrink::{ShrinkOptions, shrink};
///
/// #[derive(Clone, Debug)]
/// struct OneIsEnough;
///
/// impl Rules for OneIsEnough {
///     fn votes_needed(&self, _: usize) -> usize { 1 }
/// }
///
/// let broken = Subject::<Raft<OneIsEnough>>::new("broken", |settings| Config {
///     settings: settings.clone(),
///     rules: OneIsEnough,
/// });
/// let text = "name = 'stormy'\npeers = 5\nsteps = [{ storm = '5s' }]";
/// let scenario = Scenario::parse("stormy.toml", text)?;
/// let shrunk = shrink(&scenario, &broken, Seed(0), &ShrinkOptions::default())?;
/// assert_eq!(shrunk.signature.checker, "real-majority");
/// assert_eq!((shrunk.size.peers, shrunk.size.faults), (2, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the run holds, or if it cannot be written out.
pub fn shrink<P: Peer>(
    scenario: &Scenario,
    subject: &Subject<P>,
    seed: Seed,
    options: &ShrinkOptions<'_>,
) -> Result<Shrunk, ShrinkError> {
    let options = &options.begun();
    in_laboratory(subject, options, |cell| starts::find(scenario, subject, seed, cell, options))
}

/// Shrinks a plan that fails further, such as that of a [`Case`]: `shrink_plan(&Candidate::from(&case), …)`.
///
/// # Errors
/// If it holds.
pub fn shrink_plan<P: Peer>(
    case: &Candidate,
    subject: &Subject<P>,
    options: &ShrinkOptions<'_>,
) -> Result<Shrunk, ShrinkError> {
    in_laboratory(subject, &options.begun(), |cell| starts::of_plan(case, cell))
}

/// Shrinks each of the starting points and keeps the smallest result.
fn in_laboratory<P: Peer>(
    subject: &Subject<P>,
    options: &ShrinkOptions<'_>,
    find: impl Fn(&mut Laboratory<'_, P>) -> Result<Starts, ShrinkError>,
) -> Result<Shrunk, ShrinkError> {
    let mut cell = Laboratory::new(subject);
    let mut starts = find(&mut cell);
    if matches!(starts, Err(ShrinkError::Elusive { .. } | ShrinkError::Held)) {
        // It may have come to nothing only because the paper's Raft fails in the same plan.
        cell = Laboratory::taking_all(subject);
        starts = find(&mut cell);
    }
    let Starts { bug, mechanism_before, before, first, others, mut spent } = starts?;
    let cell = &mut cell;
    let mut shrinking = Shrinking { cell, bug: &bug, spent: &mut spent, options };
    let Ended { found, is_finished } = shrinking.in_both_orders((first, others));
    let case = found.candidate;
    let report = run(&case.plan, subject, case.seed);
    let size = CaseSize::of(&case.plan, &report);
    let Spent { runs, events } = spent;
    let Bug { signature, mechanism } = bug;
    Ok(Shrunk {
        case,
        signature,
        mechanism,
        mechanism_before,
        report,
        size,
        before,
        runs,
        events,
        is_finished,
    })
}
