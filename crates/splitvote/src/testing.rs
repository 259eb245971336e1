//! The door for `cargo test`: every scenario file is a test of its own.
//!
//! `SPLITVOTE_SEED=n` runs that seed, `SPLITVOTE_SEEDS=n` or `a..b` that many; without them a
//! scenario runs as many seeds as it states.

use std::fmt::{self, Write as _};
use std::path::Path;

use splitvote_peer::Peer;
use splitvote_sim::Seed;

use crate::case::{Case, Comparison};
use crate::desk::UnderWay;
use crate::determinism::{Divergence, WHAT_TO_LOOK_FOR, check_seed};
#[doc(hidden)]
pub use crate::file_tests::{case_holds, has_tests_for_all, scenario_holds};
pub use crate::kept::{WritePage, keep_pages_with};
use crate::kept::{keep_page_of, keep_run};
use crate::needs::lacking;
use crate::play::check_fit;
use crate::run::RunReport;
use crate::scenario::{Scenario, ScenarioError};
use crate::seeds::Seeds;
use crate::slow_builds;
use crate::subject::Subject;
pub use crate::sweep::vacuity;
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

/// The directory in which whoever runs the tests wants failing runs to be kept: `SPLITVOTE_REPORT`, if it is set.
#[must_use]
pub fn directory_for_reports() -> Option<String> {
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
        // Past the harness of Rust, which keeps back what a test prints that does not fail.
        let told = format!("skipped: {} ({skipped})\n", scenario.name);
        _ = std::io::Write::write_all(&mut std::io::stderr(), told.as_bytes());
        return Ok(SweepReport::of_skipped(skipped));
    }
    for warning in scenario.warnings() {
        // Past the harness of Rust, too: a test that holds for no good reason shows nothing else.
        let told =
            format!("warning: {}: {warning}; or state `timers-meant = true`\n", scenario.name);
        _ = std::io::Write::write_all(&mut std::io::stderr(), told.as_bytes());
    }
    let seeds = seeds_from_environment()?.unwrap_or_else(|| Seeds::first(scenario.seeds));
    // A peer that reads a clock or the order of a `HashMap` makes every other verdict worthless.
    let first = seeds.start();
    let (same, mine) = (scenario.clone(), subject.clone());
    let name = scenario.name.clone();
    let replay_first = || {
        format!("replay: {}", replay.map_or_else(|| again(&name, first), |replay| replay(first)))
    };
    watched(move || check_seed(&same, &mine, first), replay_first)?
        .map_err(|divergence| differs(subject, &divergence))?;
    let options = SweepOptions { jobs: 1, compares_runs: false, ..SweepOptions::new(seeds) };
    let watch = slow_builds::Watch::begin();
    let report = sweep(scenario, subject, &options)?;
    watch.end();
    for event in &report.undemanded {
        println!("{}: `{event}` never happens to {}", scenario.name, subject.name());
    }
    if report.holds() {
        return Ok(report);
    }
    let mut text = explain(scenario, &report, replay);
    let first = report.failures.first().map(|failed| failed.seed);
    text.push_str(&first.and_then(|seed| kept(scenario, subject, seed)).unwrap_or_default());
    Err(text.into())
}

/// Keeps a failing run of a scenario, if the environment names a directory for it: where its case and its page are.
fn kept<P: Peer>(scenario: &Scenario, subject: &Subject<P>, seed: Seed) -> Option<String> {
    let directory = directory_for_reports()?;
    let (scenario, subject) = (scenario.clone(), subject.clone());
    // A peer that hangs would do so again.
    alone(move || keep_run(&directory, &scenario, &subject, seed)).ok()
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

/// From now on ends the process of a test once a peer does not return for 10 s of wall time (or
/// `SPLITVOTE_STEP_SECONDS`) from a call on a test's own thread, which cannot be stopped: it is said which peer and
/// seed, at what, and how to run that seed. [`under_seeds`](crate::under_seeds()) asks for it.
pub fn exit_if_a_peer_hangs() {
    // Between two calls of peers a test may do what it likes. The code is that of a test program that fails.
    guard(101, u32::MAX, |run| format!("replay: {}", again_in(run)));
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
    let page = directory_for_reports().and_then(|directory| {
        let (case, subject) = (case.clone(), subject.clone());
        alone(move || keep_page_of(&directory, &case, &subject)).ok()
    });
    let page = page.unwrap_or_default();
    TestFailure(format!("{file}, Raft: {}: {what}\n{replay}{page}", subject.name()))
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
        let command = replay.map_or_else(|| again(&scenario.name, *seed), |replay| replay(*seed));
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

/// How to run that seed of a test of this scenario alone, and how to see it.
fn again(scenario: &str, seed: Seed) -> String {
    let columns = format!("splitvote_report::print_replay(&scenario, &subject, {seed})");
    format!("{}\ncolumns: {columns}", command(scenario, seed))
}

/// The command that runs that seed of a test of this name alone.
pub(crate) fn command(name: &str, seed: Seed) -> String {
    how_to_run(std::thread::current().name().unwrap_or_default(), name, seed)
}

/// The same for a run that is under way.
pub(crate) fn again_in(run: &UnderWay) -> String {
    how_to_run(&run.thread, &run.scenario, run.seed)
}

fn how_to_run(thread: &str, scenario: &str, seed: Seed) -> String {
    let test = test_command(std::env::current_exe().ok().as_deref(), variable("CARGO_PKG_NAME"));
    // The harness of Rust names the thread of a test after it. Others do not: there a test of a scenario is
    // called after the scenario, or has its name in its own.
    let filter = match thread {
        "" | "main" | "splitvote" => quoted(scenario),
        thread => format!(" {thread}"),
    };
    format!("SPLITVOTE_SEED={seed} {test}{filter}")
}

/// The name of a scenario as a filter for tests: in quotes if a shell would take it apart.
fn quoted(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
    match name {
        "" => String::new(),
        name if name.chars().all(is_plain) => format!(" {name}"),
        name => format!(" '{}'", name.replace('\'', "'\\''")),
    }
}

/// The command that runs that seed of the test of this full name, and of no other.
pub(crate) fn exact_command(test: &str, seed: Seed) -> String {
    let program = test_command(std::env::current_exe().ok().as_deref(), variable("CARGO_PKG_NAME"));
    format!("SPLITVOTE_SEED={seed} {program} {test} -- --exact")
}

/// `cargo test` for this program alone, as far as its name and its package tell: cargo names a test program
/// after its target, with a hash behind it.
fn test_command(program: Option<&Path>, package: Option<String>) -> String {
    let stem = program.and_then(Path::file_stem).unwrap_or_default().to_string_lossy();
    let package_flag = package.as_ref().map(|name| format!(" -p {name}")).unwrap_or_default();
    let target = match stem.rsplit_once('-') {
        Some((target, hash)) if hash.len() == 16 && hash.chars().all(|c| c.is_ascii_hexdigit()) => {
            target
        }
        _ => return format!("cargo test{package_flag}"),
    };
    if program.and_then(Path::parent).is_some_and(|folder| folder.ends_with("examples")) {
        return format!("cargo test{package_flag} --example {target}");
    }
    // Unit tests are in a program that is called after the library.
    match package {
        Some(name) if name.replace('-', "_") == target => format!("cargo test{package_flag} --lib"),
        _ => format!("cargo test{package_flag} --test {target}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_of_a_test_names_its_package_and_its_program() {
        let of = |program: &str, package: Option<&str>| {
            test_command(Some(Path::new(program)), package.map(str::to_owned))
        };
        let mine = Some("my-raft");
        assert_eq!(
            of("/t/debug/deps/scenarios-0123456789abcdef", mine),
            "cargo test -p my-raft --test scenarios"
        );
        assert_eq!(
            of("/t/debug/deps/my_raft-0123456789abcdef", mine),
            "cargo test -p my-raft --lib"
        );
        assert_eq!(
            of("/t/debug/examples/red_test-0123456789abcdef", mine),
            "cargo test -p my-raft --example red_test"
        );
        assert_eq!(of("/t/debug/deps/it-0123456789abcdef", None), "cargo test --test it");
        assert_eq!(of("/usr/bin/other-program", mine), "cargo test -p my-raft");
        assert_eq!(test_command(None, None), "cargo test");
    }

    #[test]
    fn a_test_without_a_name_of_its_own_is_found_by_that_of_its_scenario() {
        let filter = |thread, scenario| how_to_run(thread, scenario, Seed(11));
        assert!(filter("splitvote", "re-election").ends_with(" re-election"));
        assert!(filter("main", "it's one").ends_with(" 'it'\\''s one'"));
        assert!(filter("a::test", "re-election").ends_with(" a::test"));
        assert!(filter("", "").starts_with("SPLITVOTE_SEED=11 cargo test"));
    }
}
