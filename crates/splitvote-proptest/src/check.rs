//! Runs a schedule; if it fails, writes the run as a case and says where that is.

use std::path::{Path, PathBuf};

use proptest::test_runner::{TestCaseError, TestCaseResult};
use splitvote::peer::Peer;
use splitvote::{Case, RunReport, Seed, Setup, Subject, Verdict, check_fit, testing};

use crate::schedule::Schedule;

/// Runs a schedule on the usual cluster: a realistic network, disks without delay. A failing run is written as
/// a case to `target/splitvote-cases/`, named after the test; while proptest shrinks, each smaller one replaces the one
/// before.
///
/// # Errors
/// What failed, and where its case is.
pub fn check<P: Peer>(subject: &Subject<P>, schedule: &Schedule, seed: Seed) -> TestCaseResult {
    Check::new(subject).run(schedule, seed)
}

/// How a schedule is run, and where the case goes.
#[derive(Clone, Debug)]
pub struct Check<'a, P: Peer> {
    subject: &'a Subject<P>,
    setup: Option<Setup>,
    directory: PathBuf,
    name: String,
}

impl<'a, P: Peer> Check<'a, P> {
    /// As [`check`] does it.
    #[must_use]
    pub fn new(subject: &'a Subject<P>) -> Self {
        let directory = target().join("splitvote-cases");
        Self { subject, setup: None, directory, name: test_name() }
    }

    /// On a cluster that is built from this setup, as a scenario has one; its number of peers does not count.
    #[must_use]
    pub fn on(self, setup: Setup) -> Self {
        Self { setup: Some(setup), ..self }
    }

    /// Writes cases to this directory.
    #[must_use]
    pub fn cases_in(self, directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into(), ..self }
    }

    /// Names the case; the test is its name otherwise. All but letters and digits become hyphens.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        Self { name: kebab(name), ..self }
    }

    /// Where the case goes.
    #[must_use]
    pub fn case_file(&self) -> PathBuf {
        self.directory.join(format!("{}.toml", self.name))
    }

    /// Runs a schedule.
    ///
    /// # Errors
    /// What failed, and where its case is. If a peer hangs, the process ends ([`testing::exit_if_a_peer_hangs`]).
    pub fn run(&self, schedule: &Schedule, seed: Seed) -> TestCaseResult {
        let setup = self.setup.clone().unwrap_or_else(|| Setup::of(schedule.peers));
        let plan = schedule.plan(setup);
        check_fit(&plan, self.subject).map_err(|error| TestCaseError::fail(error.to_string()))?;
        testing::exit_if_a_peer_hangs();
        let report = splitvote::run(&plan, self.subject, seed);
        if report.verdict == Verdict::Held {
            return Ok(());
        }
        let (case, report) = Case::new(&self.name, plan, self.subject, seed);
        Err(TestCaseError::fail(self.told(&case, &report)))
    }

    /// What failed, the file of the case, and how to see it again. The command knows only some Rafts.
    fn told(&self, case: &Case, report: &RunReport) -> String {
        let file = self.case_file();
        let mut text = match &case.fails {
            Some(signature) => format!("{signature}: {}", report.verdict),
            None => report.verdict.to_string(),
        };
        if let Some(rule) = report.verdict.broken_rule() {
            text.push_str(&format!("\n{rule}"));
        }
        let told = match (case.save(&file), file.display()) {
            (Ok(()), file) => format!("\ncase: {file}\n{}", case.how_to_replay(&file.to_string())),
            (Err(error), file) => format!("\nno case, {file}: {error}"),
        };
        text.push_str(&told);
        text
    }
}

/// The target directory that the test was built in, or `target` here if it does not stand in one.
fn target() -> PathBuf {
    let executable = std::env::current_exe().unwrap_or_default();
    // target/debug/deps/test, target/debug/examples/example, target/x86_64-unknown-linux-gnu/debug/deps/test
    let is_target = |path: &&Path| path.join("CACHEDIR.TAG").is_file();
    executable.ancestors().find(is_target).map_or_else(|| "target".into(), Path::to_owned)
}

/// The harness of Rust names the thread of a test after it.
fn test_name() -> String {
    let thread = std::thread::current();
    kebab(thread.name().filter(|name| *name != "main").unwrap_or("proptest"))
}

/// A name as scenarios have them: lower-case letters, digits and single hyphens.
fn kebab(name: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric();
    let words = name.split(|c| !is_word(c)).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    if name.is_empty() { "proptest".to_owned() } else { name }
}
