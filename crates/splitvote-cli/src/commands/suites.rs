//! A sweep as test suites, for CI: `run --export junit`.
//!
//! A suite a scenario: a case for all its seeds, which tells what the sweep as a whole lacks, and a case for each
//! failing seed, with the commands that replay and shrink it. The cases of Splitvote that were run once more are a
//! suite of their own.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use splitvote_export::Format;
use splitvote_export::junit::{Suite, TestCase, TestResult, Trouble};
use splitvote_export::save_suites;

use crate::outcome::Stop;
use crate::output::channel::complain;
use crate::output::results::{Rerun, Results, Swept};
use crate::output::sweep_text::command;
use crate::output::terminal::{invocation, many, quoted};
use crate::target::{Kind, Targets};

/// Where a sweep is written for CI.
#[derive(Debug, Args)]
pub(crate) struct SuiteArguments {
    /// Also write the sweep for another tool, to the file that `--export-to` names: docs/exports.md.
    #[arg(long, value_enum, value_name = "FORMAT", requires = "export_to")]
    export: Option<SweepFormat>,
    /// The file for the export.
    #[arg(long, requires = "export", value_name = "FILE")]
    export_to: Option<PathBuf>,
    /// Also replace a file that holds something else than such an export.
    #[arg(long, requires = "export_to")]
    force: bool,
}

/// The formats of other tools for a whole sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SweepFormat {
    /// JUnit XML for CI: a suite a scenario, and a test for each failing seed.
    #[value(name = "junit")]
    JUnit,
}

impl SuiteArguments {
    /// Whether the export can be written and may be.
    pub(super) fn check(&self, read: &[PathBuf]) -> Result<(), Stop> {
        let mut targets = Targets::of_all(read, self.force);
        let kind = Kind::Export(Format::JUnit);
        self.export_to.iter().try_for_each(|file| targets.add(file, kind))
    }

    /// Writes the export, if one is asked for; false if it cannot be written.
    pub(super) fn write(&self, results: &Results) -> bool {
        let Some(file) = &self.export_to else { return true };
        let saved = save_suites(file, &suites(results));
        match &saved {
            Ok(()) => complain!("written to {}", file.display()),
            Err(error) => complain!("error: {}: cannot be written: {error}", file.display()),
        }
        saved.is_ok()
    }
}

fn suites(results: &Results) -> Vec<Suite> {
    let mut suites: Vec<Suite> = results.swept.iter().map(|swept| suite(results, swept)).collect();
    if results.all_skipped() {
        // CI systems show skipped tests as if all were well.
        let message = format!("every scenario was skipped: nothing is proven of {}", results.peer);
        let trouble = Trouble { kind: "sweep".to_owned(), message, text: String::new() };
        let (name, result) = ("anything was run".to_owned(), TestResult::Failed(trouble));
        let cases = vec![TestCase { name, millis: 0, result }];
        suites.push(Suite { name: "all scenarios".to_owned(), cases, ..Suite::default() });
    }
    if !results.rerun.is_empty() {
        let cases = results.rerun.iter().map(rerun).collect();
        suites.push(Suite { name: "cases".to_owned(), cases, ..Suite::default() });
    }
    suites
}

fn suite(results: &Results, swept: &Swept) -> Suite {
    let Swept { scenario, report, wall_s, .. } = swept;
    let millis = (wall_s.max(0.0) * 1e3) as u64;
    let whole = match (&report.skipped, lacks(swept)) {
        (Some(reason), _) => TestResult::Skipped(reason.to_string()),
        (None, lacks) if lacks.is_empty() => TestResult::Passed,
        (None, lacks) => {
            let kind = if report.divergence.is_some() { "differs" } else { "sweep" };
            let (message, text) = (lacks.join("; "), String::new());
            TestResult::Failed(Trouble { kind: kind.to_owned(), message, text })
        }
    };
    let name = format!("the sweep as a whole, {}", results.seeds);
    let mut cases = vec![TestCase { name, millis, result: whole }];
    cases.extend(report.failures.iter().map(|failed| {
        let seed = failed.seed.0;
        let of = |verb| command(verb, results, swept, seed);
        let text = format!("replay: {}\nshrink: {}", of("replay"), of("shrink"));
        let result = TestResult::of(&failed.verdict, text);
        TestCase { name: format!("seed {seed}"), millis: 0, result }
    }));
    let properties = vec![
        ("raft", results.peer.clone()),
        ("seeds", report.seeds.to_string()),
        ("held", report.held.to_string()),
        ("digest", format!("{:016x}", report.digest)),
    ];
    let file = scenario.file.display().to_string();
    Suite { name: scenario.name.clone(), file, millis, properties, cases }
}

/// What is wrong with a sweep that is wrong with none of the failing seeds that are told.
fn lacks(swept: &Swept) -> Vec<String> {
    let report = &swept.report;
    let mut lacks = Vec::new();
    lacks.extend(report.divergence.as_ref().map(|it| format!("two runs of one seed differ: {it}")));
    lacks.extend(report.missing.iter().map(|event| format!("{} never happened", event.name())));
    lacks.extend(report.unresolved.iter().map(|place| {
        format!("the step at {}:{} never found its target", place.line, place.column)
    }));
    if report.never_settled {
        lacks.push("no calm ever settled: the sweep says nothing of liveness".to_owned());
    }
    let told = report.failures.len() as u64;
    let failed = report.seeds.saturating_sub(report.held);
    if failed > told {
        lacks.push(format!(
            "{} failed and are not told",
            many(failed - told, "more seed", "more seeds")
        ));
    }
    if report.is_partial {
        lacks.push("it was interrupted: of the other seeds nothing is known".to_owned());
    }
    lacks
}

/// A case fails its test if it is no longer as it states.
fn rerun(rerun: &Rerun) -> TestCase {
    let case = &rerun.case;
    let file = quoted(&case.file.display().to_string());
    let result = if rerun.is_as_stated() {
        TestResult::Passed
    } else {
        let text = format!("replay: {} replay {file}", invocation());
        let message = rerun.comparison.to_string();
        TestResult::Failed(Trouble { kind: "case".to_owned(), message, text })
    };
    TestCase { name: case.name.clone(), millis: 0, result }
}

#[cfg(test)]
mod tests {
    use splitvote::peer::Feature;
    use splitvote::reference;

    use super::*;
    use crate::output::results::tests::{results, swept};

    #[test]
    fn a_suite_of_a_sweep_in_which_all_is_skipped_does_not_pass() {
        let bare = reference().without_feature(Feature::Log).without_feature(Feature::Refusals);
        let mut results = results(swept("{ agree = 2 }", &bare));
        let failed = |suites: &[Suite]| {
            let cases = suites.iter().flat_map(|suite| &suite.cases);
            cases.filter(|case| matches!(case.result, TestResult::Failed(_))).count()
        };
        assert_eq!((results.exit_code(), failed(&suites(&results))), (3, 1));
        results.swept.push(swept("{ run = \"1s\" }", &bare));
        assert_eq!(
            (results.exit_code(), failed(&suites(&results))),
            (0, 0),
            "one was run, and held"
        );
    }
}
