//! Everything that applies to a Raft, as tests with names.
//!
//! A test program without the harness of Rust:
//!
//! ```toml
//! [[test]]
//! name = "conformance"
//! harness = false
//! ```
//!
//! ```no_run
//! // tests/conformance.rs
//! fn main() -> std::process::ExitCode {
//!     let mine = splitvote::reference(); // the `Subject` of your Raft
//!     splitvote_conformance::of(mine).replayed_by("cargo run --release --").main()
//! }
//! ```
//!
//! Each scenario file of the project is a test, `lab/re-election` and so on, and each case of this Raft in `cases/`.
//! What needs a feature that the Raft does not state in [`splitvote::peer::Peer::FEATURES`] is ignored, with the
//! reason. It is run by `cargo test` and by `cargo nextest run`; `cargo test --test conformance lab/` runs some.
//!
//! The environment: `SPLITVOTE_SEED`, `SPLITVOTE_SEEDS` and `SPLITVOTE_REPORT` as in [`splitvote::testing`]; where the
//! last one says, a page of a failing seed is kept beside its case;
//! `SPLITVOTE_JOBS` is how many tests run at once.

use std::cell::Cell;
use std::path::PathBuf;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use splitvote::peer::Peer;
use splitvote::{Scenario, Seed, Subject, case, needs, replay, scenario, testing};
use splitvote_report::{TextOptions, explain};

/// All that applies to this Raft.
pub fn of<P: Peer>(subject: Subject<P>) -> Conformance<P> {
    let scenarios = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../sim-scenarios"));
    // Without the way there and back: it is in each replay that is printed.
    let scenarios = scenarios.canonicalize().unwrap_or(scenarios);
    Conformance { subject, scenarios: vec![scenarios], cases: "cases".into(), program: None }
}

/// What is run of a Raft.
#[must_use = "no test runs until `main` is called"]
pub struct Conformance<P: Peer> {
    subject: Subject<P>,
    scenarios: Vec<PathBuf>,
    cases: PathBuf,
    program: Option<&'static str>,
}

impl<P: Peer> Conformance<P> {
    /// Adds scenarios of your own: a file or a directory.
    pub fn scenarios(mut self, path: impl Into<PathBuf>) -> Self {
        self.scenarios.push(path.into());
        self
    }

    /// Where cases are that must hold; `cases` otherwise.
    pub fn cases(mut self, directory: impl Into<PathBuf>) -> Self {
        self.cases = directory.into();
        self
    }

    /// The program that replays a seed of this Raft (`splitvote_cli::Program`), as it is called.
    pub fn replayed_by(mut self, program: &'static str) -> Self {
        self.program = Some(program);
        self
    }

    /// Runs the tests that the command line asks for. The exit code is that of `cargo test`; 2 if a scenario cannot
    /// be read.
    pub fn main(self) -> ExitCode {
        let mut arguments = Arguments::from_args();
        arguments.test_threads = arguments.test_threads.or_else(jobs);
        match self.trials() {
            Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
            Err(error) => {
                eprintln!("{error}");
                ExitCode::from(2)
            }
        }
    }

    fn trials(self) -> Result<Vec<Trial>, splitvote::ScenarioError> {
        let Self { subject, scenarios, cases, program } = self;
        let mut trials = Vec::new();
        for path in &scenarios {
            for scenario in scenario::load_all(path)? {
                let (name, subject) = (name(&scenario), subject.clone());
                let test = move || hold(&scenario, &subject, program);
                trials.push(Trial::ignorable_test(name, test));
            }
        }
        let kept = if cases.exists() { case::load_all(&cases)? } else { Vec::new() };
        for case in kept.into_iter().filter(|case| case.raft == subject.name()) {
            let subject = subject.clone();
            let name = format!("case/{}", case.name);
            let test = move || Ok(testing::must_hold(&case, &subject)?);
            trials.push(Trial::test(name, test));
        }
        Ok(trials)
    }
}

/// The directory of the file and the name of the scenario.
fn name(scenario: &Scenario) -> String {
    let theme = scenario.file.parent().and_then(|directory| directory.file_name());
    match theme {
        Some(theme) => format!("{}/{}", theme.to_string_lossy(), scenario.name),
        None => scenario.name.clone(),
    }
}

/// A scenario as a test. If it fails, the failure is told with its seed, and explained.
fn hold<P: Peer>(
    scenario: &Scenario,
    subject: &Subject<P>,
    program: Option<&'static str>,
) -> Result<Completion, Failed> {
    if let Some(lacks) = needs::lacking(scenario, subject) {
        return Ok(Completion::ignored_with(lacks));
    }
    let failing = Cell::new(None);
    let by_environment = || format!("cargo test --test conformance {}", name(scenario));
    let command = |seed: Seed| {
        failing.set(Some(seed));
        match program {
            Some(program) => {
                let (file, raft) = (scenario.file.display(), subject.name());
                format!("{program} replay {file} --seed {seed} --raft {raft}")
            }
            None => format!("SPLITVOTE_SEED={seed} {}", by_environment()),
        }
    };
    let subject = &splitvote_page::in_tests(subject.clone());
    match testing::check(scenario, subject, Some(&command)) {
        Ok(_) => Ok(Completion::Completed),
        Err(failure) => {
            let story = failing.get().map(|seed| story(scenario, subject, seed));
            Err(Failed::from(format!("{failure}\n{}", story.unwrap_or_default())))
        }
    }
}

/// Why a seed fails, in sentences; nothing if it does not, as when the sweep as a whole proves nothing.
fn story<P: Peer>(scenario: &Scenario, subject: &Subject<P>, seed: Seed) -> String {
    let (report, trace) = replay(scenario, subject, seed);
    if report.verdict == splitvote::Verdict::Held {
        return String::new();
    }
    let mut story = Vec::new();
    let options = TextOptions { colour: false, width: None };
    // Writing to a vector does not fail.
    _ = explain(&trace, &report).write(&mut story, options);
    String::from_utf8_lossy(&story).into_owned()
}

/// How many tests run at once, if the environment says so.
#[expect(clippy::disallowed_methods, reason = "a test program may read its environment")]
fn jobs() -> Option<usize> {
    std::env::var("SPLITVOTE_JOBS").ok()?.parse().ok()
}
