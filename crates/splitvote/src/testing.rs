//! The door for `cargo test`: every scenario file is a test of its own.
//!
//! `SPLITVOTE_SEED=n` runs that seed, `SPLITVOTE_SEEDS=n` or `a..b` that many; without them a
//! scenario runs as many seeds as it states.

use std::fmt::{self, Write as _};

use splitvote_peer::Peer;
use splitvote_sim::Seed;

use crate::case::{Case, Comparison};
use crate::determinism::{Divergence, WHAT_TO_LOOK_FOR, check_seed};
use crate::needs::lacking;
use crate::play::check_fit;
use crate::run::RunReport;
use crate::scenario::{Place, Scenario, ScenarioError};
use crate::seeds::Seeds;
use crate::subject::Subject;
use crate::sweep::{FailedSeed, SweepOptions, SweepReport, sweep};
use crate::verdict::Verdict;
use crate::watchdog::{alone, guard};

/// Why a test failed, in a few lines. Its `Debug` reads as its `Display` does, so that a test that
/// returns it reads well.
#[derive(Clone, PartialEq, Eq)]
pub struct TestFailure(String);

impl fmt::Display for TestFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for TestFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for TestFailure {}

macro_rules! from {
    ($($cause:ty),*) => {
        $(impl From<$cause> for TestFailure {
            fn from(cause: $cause) -> Self {
                Self(cause.to_string())
            }
        })*
    };
}

from!(String, &str, std::io::Error, ScenarioError);

/// The seeds that the environment asks for, if it does.
///
/// # Errors
/// If a variable is set to what names no seeds.
pub fn seeds_from_environment() -> Result<Option<Seeds>, String> {
    if let Some(seed) = variable("SPLITVOTE_SEED") {
        let only = seed.trim().parse::<u64>().ok().and_then(|number| Seeds::only(number).ok());
        return only.map(Some).ok_or_else(|| {
            format!("SPLITVOTE_SEED is `{seed}`; set it to the number of one seed, such as 17")
        });
    }
    let seeds = variable("SPLITVOTE_SEEDS").map(|seeds| seeds.parse::<Seeds>());
    seeds.transpose().map_err(|error| format!("SPLITVOTE_SEEDS: {error}"))
}

#[expect(clippy::disallowed_methods, reason = "the one place where a test reads its environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Where whoever runs the tests wants failing runs to be kept.
pub(crate) fn directory_for_reports() -> Option<String> {
    variable("SPLITVOTE_REPORT").filter(|directory| !directory.is_empty())
}

/// Runs a scenario as a test does. One that needs what this Raft has not is skipped: it is printed which
/// and why, the report says so too ([`SweepReport::skipped`]), and no seed is run.
///
/// `replay` makes the command that replays a seed; without it the failure names the test that runs,
/// the environment variable that lets it run that seed alone, and the call that shows its columns.
///
/// ```
/// use splitvote::prelude::*;
///
/// let steps = "{ run = \"1s\" }, { crash = \"leader\" }, { run = \"1s\" }";
/// let text = format!("name = \"mine\"\npeers = 3\nseeds = 5\nsteps = [{steps}]");
/// let report = testing::check(&Scenario::parse("mine.toml", &text)?, &reference(), None)?;
/// assert_eq!((report.seeds, report.held), (5, 5));
/// # Ok::<(), testing::TestFailure>(())
/// ```
///
/// A departure from practice is no failure, unless the subject is judged strictly ([`Subject::strict`]); the report and
/// [`departures`] list them.
///
/// # Errors
/// The verdict, the broken rule, the seed, and how to replay it.
pub fn check<P: Peer>(
    scenario: &Scenario,
    subject: &Subject<P>,
    replay: Option<&dyn Fn(Seed) -> String>,
) -> Result<SweepReport, TestFailure> {
    if let Some(skipped) = lacking(scenario, subject) {
        println!("skipped: {} ({skipped})", scenario.name);
        return Ok(SweepReport::of_skipped(skipped));
    }
    let seeds = seeds_from_environment()?.unwrap_or_else(|| Seeds::first(scenario.seeds));
    // A peer that reads a clock or the order of a `HashMap` makes every other verdict worthless.
    let first = seeds.start();
    let (same, mine) = (scenario.clone(), subject.clone());
    let replay_first =
        || format!("replay: {}", replay.map_or_else(|| again(first), |replay| replay(first)));
    watched(move || check_seed(&same, &mine, first), replay_first)?
        .map_err(|divergence| differs(subject, &divergence))?;
    let options = SweepOptions { jobs: 1, compares_runs: false, ..SweepOptions::new(seeds) };
    let report = sweep(scenario, subject, &options)?;
    for event in &report.undemanded {
        println!("{}: `{event}` never happens to {}", scenario.name, subject.name());
    }
    if report.holds() { Ok(report) } else { Err(explain(scenario, &report, replay).into()) }
}

/// Does a part of a test on a thread of its own, which is abandoned if a peer hangs; `replay` says how to see it.
fn watched<T: Send + 'static>(
    part: impl Fn() -> T + Send + Sync + 'static,
    replay: impl FnOnce() -> String,
) -> Result<T, TestFailure> {
    alone(part).map_err(|hang| {
        // At once, too: the test may not live to its end.
        eprintln!("{hang}");
        TestFailure(format!("{hang}\n{}", replay()))
    })
}

/// From now on ends the process of a test once a peer does not return for 10 s of wall time from a call on a
/// test's own thread, which cannot be stopped: it is said which peer and seed, at what, and how to run that seed.
/// [`under_seeds`](crate::under_seeds()) asks for it.
pub fn exit_if_a_peer_hangs() {
    // Between two calls of peers a test may do what it likes. The code is that of a test program that fails.
    guard(101, u32::MAX, |run| format!("replay: {}", again_in(&run.thread, run.seed)));
}

fn differs<P: Peer>(subject: &Subject<P>, divergence: &Divergence) -> TestFailure {
    let name = subject.name();
    TestFailure(format!("{name} is not deterministic: {divergence}\n{WHAT_TO_LOOK_FOR}"))
}

/// Runs a case of a bug that was mended: it has to hold. So does a case that states that it holds.
///
/// # Errors
/// If it fails, as it states or otherwise.
pub fn must_hold<P: Peer>(case: &Case, subject: &Subject<P>) -> Result<(), TestFailure> {
    let (report, comparison) = replay_case(case, subject)?;
    match report.verdict {
        Verdict::Held => Ok(()),
        failed => Err(told(case, subject, &format!("{failed}\n{comparison}"))),
    }
}

/// Runs a case of a Raft that is broken on purpose: it has to fail as it states.
///
/// # Errors
/// If it holds, or fails by another checker or cause; the step from which on the run differs.
pub fn must_still_fail<P: Peer>(case: &Case, subject: &Subject<P>) -> Result<(), TestFailure> {
    let (_, comparison) = replay_case(case, subject)?;
    if comparison.found.is_some() && comparison.is_as_stated() {
        return Ok(());
    }
    Err(told(case, subject, &comparison.to_string()))
}

fn replay_case<P: Peer>(
    case: &Case,
    subject: &Subject<P>,
) -> Result<(RunReport, Comparison), TestFailure> {
    check_fit(case, subject)?;
    let (same, mine) = (case.clone(), subject.clone());
    watched(move || same.replay(&mine), || case.how_to_replay(&case.file.display().to_string()))
}

fn told<P: Peer>(case: &Case, subject: &Subject<P>, what: &str) -> TestFailure {
    let file = case.file.display();
    let replay = case.how_to_replay(&file.to_string());
    TestFailure(format!("{file}, Raft: {}: {what}\n{replay}", subject.name()))
}

/// The verdict of a seed and the rule that was broken, a line each.
pub(crate) fn told_of(name: &str, seed: Seed, verdict: &Verdict) -> String {
    let checker = verdict.checker().unwrap_or_default();
    let rule = verdict.broken_rule().map(|rule| format!("{rule}\n")).unwrap_or_default();
    format!("{name}, seed {seed}: {checker}: {verdict}\n{rule}")
}

fn explain(
    scenario: &Scenario,
    report: &SweepReport,
    replay: Option<&dyn Fn(Seed) -> String>,
) -> String {
    let mut text = String::new();
    if let Some(FailedSeed { seed, verdict }) = report.failures.first() {
        text = told_of(&scenario.name, *seed, verdict);
        let failed = report.seeds - report.held;
        _ = writeln!(text, "{failed} of {} seeds failed", report.seeds);
        let command = replay.map_or_else(|| again(*seed), |replay| replay(*seed));
        _ = write!(text, "replay: {command}");
    }
    text.push_str(&vacuity(scenario, report));
    let departures = departures(scenario, report);
    if !departures.is_empty() {
        _ = write!(text, "\n{departures}");
    }
    text
}

/// In which ways the Raft departed from practice without failing, a line each; empty if it did in none.
/// [`Subject::departs`] states those that are known, [`Subject::strict`] makes failures of the others.
#[must_use]
pub fn departures(scenario: &Scenario, report: &SweepReport) -> String {
    let mut text = String::new();
    if !report.departures.is_empty() {
        _ = write!(text, "departures from practice (no failures):");
    }
    for departure in &report.departures {
        _ = write!(text, "\n  {}: {departure}", scenario.name);
    }
    text
}

/// How to run that seed of this test alone, and how to see it.
pub(crate) fn again(seed: Seed) -> String {
    again_in(std::thread::current().name().unwrap_or_default(), seed)
}

fn again_in(thread: &str, seed: Seed) -> String {
    // The harness of Rust names the thread of a test after it; a test that runs on the main thread
    // has no name that could be known.
    let test = match thread {
        "" | "main" => String::new(),
        test => format!(" {test}"),
    };
    let columns = format!("splitvote_report::print_replay(&scenario, &subject, {seed})");
    format!("SPLITVOTE_SEED={seed} cargo test{test}\ncolumns: {columns}")
}

/// What a vacuous sweep never came to, as a sentence; empty if it is not vacuous.
#[must_use]
pub fn vacuity(scenario: &Scenario, report: &SweepReport) -> String {
    let mut text = String::new();
    if !report.missing.is_empty() {
        let names: Vec<&str> = report.missing.iter().map(|happening| happening.name()).collect();
        let names = names.join(", ");
        _ = write!(
            text,
            "{} proves nothing: in {} seeds these events, which must happen, never did: {names}",
            scenario.name, report.seeds
        );
    }
    if report.never_settled {
        let gap = if text.is_empty() { "" } else { "\n" };
        let (all, why) = (report.calms.all(), report.calms.why.as_deref().unwrap_or_default());
        _ = write!(
            text,
            "{gap}{} proves nothing about liveness: in {} seeds none of {all} calms settled ({}), the first one because {why}; \
             mend that, or demand it with `[must-happen] allowed-to-be-stuck = true` if it is meant",
            scenario.name, report.seeds, report.calms
        );
    }
    for Place { line, column } in &report.unresolved {
        _ = write!(
            text,
            "{}{}:{line}:{column}: in {} seeds the targets of this step never matched a peer",
            if text.is_empty() { "" } else { "\n" },
            scenario.file.display(),
            report.seeds
        );
    }
    text
}
