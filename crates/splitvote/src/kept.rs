//! What is kept of a run in which a test failed: its case, and a page if the program has what writes one.
//!
//! This crate knows no pages, as all tests of a Raft would compile them; what writes one is handed over
//! ([`keep_pages_with`]). Without it the text says by which command one is made.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use splitvote_peer::Peer;
use splitvote_sim::Seed;

use crate::case::Case;
use crate::plan::Plan;
use crate::record::record;
use crate::run::{RunReport, replay};
use crate::scenario::Scenario;
use crate::script::Script;
use crate::subject::Subject;
use crate::trace::Trace;
use crate::verdict::Verdict;

/// Writes a page of a run to a file.
pub type WritePage = fn(&Path, &Trace, &RunReport) -> io::Result<()>;

static WRITES_PAGES: OnceLock<WritePage> = OnceLock::new();

/// From now on a test that fails writes a page of its run by this function, if `SPLITVOTE_REPORT` names a directory,
/// and names it. `splitvote_page::in_tests` calls it; of several calls in one program the first counts.
pub fn keep_pages_with(write: WritePage) {
    // It is the same function, as a program has one crate of pages.
    _ = WRITES_PAGES.set(write);
}

/// Keeps a failing run of a scenario in this directory: what the failure's text says of it.
pub(crate) fn keep_run<P: Peer>(
    directory: &str,
    scenario: &Scenario,
    subject: &Subject<P>,
    seed: Seed,
) -> String {
    let Some(plan) = record(scenario, subject, seed).1 else {
        let page = page(directory, &scenario.name, scenario.into(), subject, seed, None);
        return format!("\ncase: none: this run cannot be written out{page}");
    };
    let (text, file) = keep_case(directory, &scenario.name, plan, subject, seed);
    text + &page(directory, &scenario.name, scenario.into(), subject, seed, Some(&file))
}

/// Keeps the run of a plan in this directory.
pub(crate) fn keep_plan<P: Peer>(
    directory: &str,
    name: &str,
    plan: &Plan,
    subject: &Subject<P>,
    seed: Seed,
) -> String {
    let (text, file) = keep_case(directory, name, plan.clone(), subject, seed);
    text + &page(directory, name, plan.into(), subject, seed, Some(&file))
}

/// Keeps a page of a case that is no longer as it should be.
pub(crate) fn keep_page_of<P: Peer>(directory: &str, case: &Case, subject: &Subject<P>) -> String {
    page(directory, &case.name, case.into(), subject, case.seed, Some(&case.file))
}

/// Writes the case of a run into this directory: what is said of it, and where it is.
fn keep_case<P: Peer>(
    directory: &str,
    name: &str,
    plan: Plan,
    subject: &Subject<P>,
    seed: Seed,
) -> (String, PathBuf) {
    let (case, report) = Case::new(name, plan, subject, seed);
    let file = Path::new(directory).join(format!("{name}-{seed}.toml"));
    if let Err(error) = case.save(&file) {
        return (format!("\ncase: {} cannot be written: {error}", file.display()), file);
    }
    let came = match report.verdict {
        Verdict::Held => "holds: what was done in between matters".to_owned(),
        found => format!("fails by {}", found.checker().unwrap_or_default()),
    };
    (format!("\ncase: {}, which {came}", file.display()), file)
}

/// Writes the page of a run into this directory: what is said of it.
fn page<P: Peer>(
    directory: &str,
    name: &str,
    script: Script<'_>,
    subject: &Subject<P>,
    seed: Seed,
    case: Option<&Path>,
) -> String {
    let file = Path::new(directory).join(format!("{name}-{seed}.html"));
    let Some(write) = WRITES_PAGES.get() else { return how_to_make(&file, case) };
    let (report, trace) = replay(script, &script.judged(subject), seed);
    said(&file, write(&file, &trace, &report))
}

/// That a page is written, or why not.
fn said(file: &Path, written: io::Result<()>) -> String {
    match written {
        Ok(()) => format!("\npage: {}", file.display()),
        Err(error) => format!("\npage: {} cannot be written: {error}", file.display()),
    }
}

/// The command that makes a page of a case, if that was written.
fn how_to_make(page: &Path, case: Option<&Path>) -> String {
    let Some(case) = case.filter(|case| case.is_file()) else { return String::new() };
    format!(
        "\npage: `splitvote replay {} --html {}` makes it, in a program that has this Raft; the test makes it itself if its \
         subject is `splitvote_page::in_tests(subject)`",
        case.display(),
        page.display()
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::subject::reference;

    #[test]
    fn without_what_writes_pages_the_command_that_makes_one_is_told() {
        let directory = std::env::temp_dir().join(format!("splitvote-kept-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let text =
            "name = \"early\"\npeers = 3\nsteps = [{ run = \"1s\" }, { expect = \"no-leader\" }]";
        let scenario = Scenario::parse("early.toml", text).unwrap();
        let shown = directory.to_str().unwrap();
        let text = keep_run(shown, &scenario, &reference(), Seed(3)).replace(shown, "D");
        fs::remove_dir_all(&directory).unwrap();
        assert!(text.starts_with("\ncase: D/early-3.toml, which "), "{text}");
        let command = "\npage: `splitvote replay D/early-3.toml --html D/early-3.html` makes it";
        assert!(text.contains(command), "{text}");
    }

    #[test]
    fn a_page_that_cannot_be_written_is_said_to_be_missing() {
        let file = Path::new("D/early-3.html");
        assert_eq!(said(file, Ok(())), "\npage: D/early-3.html");
        let full = Err(io::Error::other("the disk is full"));
        assert_eq!(said(file, full), "\npage: D/early-3.html cannot be written: the disk is full");
    }
}
