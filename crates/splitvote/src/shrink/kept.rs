//! Shrinking from a test: it says how far it is, ends in time, and keeps the smallest case so far.
//!
//! A test program may be ended from outside at any moment, and its harness shows nothing before the end. So progress
//! goes to standard error past that harness, and whatever case is the smallest is in its file within a second, whole.

use std::cell::RefCell;
use std::io::{IsTerminal as _, Write};
use std::path::Path;
use std::time::Duration;

use splitvote_peer::Peer;
use splitvote_sim::Seed;

use super::{
    Candidate, Instant, ShrinkError, ShrinkOptions, ShrinkProgress, Shrunk, case_of, now, shrink,
    shrink_plan,
};
use crate::case::Case;
use crate::scenario::Scenario;
use crate::subject::Subject;
use crate::testing::TestFailure;

/// How long it may take unless the options say otherwise.
const WITHIN: Duration = Duration::from_secs(60);
/// How long a case that has become smaller may be unsaved.
const SAVE_EVERY: Duration = Duration::from_secs(1);
/// How often it is told how far the work is: on a terminal, and elsewhere.
const TELL_EVERY: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];

/// Shrinks the failure of a seed as a test does, and keeps the smallest case in a file: the case.
///
/// It takes a minute at most unless [`ShrinkOptions::within`] says otherwise, tells on standard error how far it is,
/// and replaces the file as a whole whenever the case has become smaller, so that whoever ends the test has the best so
/// far.
///
/// ```no_run
/// use std::path::Path;
/// use splitvote::prelude::*;
/// use splitvote::shrink::{ShrinkOptions, shrink_into};
///
/// # fn mine() -> Subject<splitvote::raft::Raft<splitvote::raft::Paper>> { reference() }
/// let scenario = splitvote::scenario::load(Path::new("scenarios/mine.toml"))?;
/// let file = Path::new("cases/mine-17.toml");
/// let case = shrink_into(file, &scenario, &mine(), Seed(17), &ShrinkOptions::default())?;
/// println!("{}", case.about);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the run holds or cannot be written out, or if the file cannot be written; that is tried before the work.
pub fn shrink_into<P: Peer>(
    file: &Path,
    scenario: &Scenario,
    subject: &Subject<P>,
    seed: Seed,
    options: &ShrinkOptions<'_>,
) -> Result<Case, TestFailure> {
    let origin = (scenario.name.as_str(), seed);
    kept(file, subject, origin, options, |options| shrink(scenario, subject, seed, options))
}

/// The same for a plan that fails, such as the one of a cluster ([`Cluster::plan`](crate::Cluster::plan)); `name` is
/// that of the test.
///
/// # Errors
/// If the plan holds, or if the file cannot be written; that is tried before the work.
pub fn shrink_plan_into<P: Peer>(
    file: &Path,
    name: &str,
    plan: &Candidate,
    subject: &Subject<P>,
    options: &ShrinkOptions<'_>,
) -> Result<Case, TestFailure> {
    kept(file, subject, (name, plan.seed), options, |options| shrink_plan(plan, subject, options))
}

fn kept<P: Peer>(
    file: &Path,
    subject: &Subject<P>,
    origin: (&str, Seed),
    options: &ShrinkOptions<'_>,
    work: impl FnOnce(&ShrinkOptions<'_>) -> Result<Shrunk, ShrinkError>,
) -> Result<Case, TestFailure> {
    try_to_write(file)?;
    let mut error = std::io::stderr();
    let every = TELL_EVERY[usize::from(!error.is_terminal())];
    let teller = RefCell::new(Teller { out: &mut error, every, began: now(), told: None });
    let saved = RefCell::new(None::<Instant>);
    let watch = |progress: &ShrinkProgress| {
        if saved.borrow().is_none_or(|saved| now() >= saved + SAVE_EVERY) {
            // One that cannot be saved is left: the last one is complained about.
            _ = case_of(&progress.best, &progress.signature, subject, origin).save(file);
            *saved.borrow_mut() = Some(now());
        }
        teller.borrow_mut().tell(progress, now());
        if let Some(watch) = options.watch {
            watch(progress);
        }
    };
    let within = options.within.or(Some(WITHIN));
    let shrunk = work(&ShrinkOptions { within, watch: Some(&watch), ..*options })
        .map_err(|error| TestFailure::from(error.to_string()))?;
    let mut case = shrunk.to_case(subject, origin.0, origin.1);
    case.save(file).map_err(|error| unwritable(file, &error))?;
    file.clone_into(&mut case.file);
    Ok(case)
}

/// Whether the file can be written, before minutes are spent on what goes into it. What it holds stays.
fn try_to_write(file: &Path) -> Result<(), TestFailure> {
    let above = file.parent().filter(|above| !above.as_os_str().is_empty());
    let tried = above.map_or(Ok(()), std::fs::create_dir_all).and_then(|()| {
        let is_there = file.exists();
        std::fs::OpenOptions::new().append(true).create(true).open(file)?;
        if is_there { Ok(()) } else { std::fs::remove_file(file) }
    });
    tried.map_err(|error| unwritable(file, &error))
}

fn unwritable(file: &Path, error: &std::io::Error) -> TestFailure {
    format!("{}: the case cannot be written: {error}; name another file", file.display()).into()
}

/// Says from time to time how far the work is.
struct Teller<'a> {
    out: &'a mut dyn Write,
    every: Duration,
    began: Instant,
    told: Option<Instant>,
}

impl Teller<'_> {
    fn tell(&mut self, progress: &ShrinkProgress, at: Instant) {
        if at < self.told.unwrap_or(self.began) + self.every {
            return;
        }
        self.told = Some(at);
        let ShrinkProgress { pass, signature, size, runs, .. } = progress;
        // Who cannot be told is not.
        _ = writeln!(
            self.out,
            "shrinking for {} s ({signature}): {runs} runs, {} peers, {} faults, {} deliveries; now {pass}",
            at.duration_since(self.began).as_secs(),
            size.peers,
            size.faults,
            size.deliveries,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::size::CaseSize;
    use super::super::testing::{crash, plan, signature};
    use super::*;

    #[test]
    fn it_is_told_every_few_seconds_and_not_more_often() {
        let best = plan(vec![crash(1)]);
        let size = CaseSize::new(&best.plan, 7, Duration::from_secs(1));
        let progress =
            ShrinkProgress { pass: "acts", signature: signature(), best, size, runs: 40 };
        let (mut out, began) = (Vec::new(), now());
        let every = TELL_EVERY[1];
        let mut teller = Teller { out: &mut out, every, began, told: None };
        for at in [0, 4, 5, 6, 9, 11] {
            teller.tell(&progress, began + Duration::from_secs(at));
        }
        let told = String::from_utf8(out).unwrap_or_default();
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines.len(), 2, "{told}");
        assert!(lines[0].starts_with("shrinking for 5 s (made-up"), "{told}");
        assert!(lines[0].ends_with("40 runs, 5 peers, 1 faults, 7 deliveries; now acts"), "{told}");
        assert!(lines[1].starts_with("shrinking for 11 s"), "{told}");
    }

    #[test]
    fn what_cannot_be_written_is_told_before_the_work() {
        let below_a_file = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml/case.toml"));
        let told = try_to_write(below_a_file).unwrap_err().to_string();
        assert!(
            told.contains("the case cannot be written: ") && told.ends_with("name another file"),
            "{told}"
        );
    }
}
