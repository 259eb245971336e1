//! What the tests of [`crate::scenario_tests!`] call: a file that was compiled in, and the full name of its test.

use std::path::Path;

use splitvote_peer::Peer;
use splitvote_sim::Seed;

use crate::case::Case;
use crate::scenario::{Scenario, files};
use crate::subject::Subject;
use crate::testing::{TestFailure, check, exact_command, must_hold};

/// A scenario as a test. `test` is the path of its function, the program's name included.
///
/// # Errors
/// If the text is no scenario, or the Raft fails: the verdict, the broken rule, the seed, and how to replay it.
#[doc(hidden)]
pub fn scenario_holds<P: Peer>(
    file: &str,
    text: &str,
    subject: &Subject<P>,
    test: &str,
) -> Result<(), TestFailure> {
    let scenario = Scenario::parse(file, text)?;
    check(&scenario, subject, Some(&|seed| replay(test, seed))).map(drop)
}

/// A case as a test: it has to hold. One of another Raft is skipped, which is printed.
///
/// # Errors
/// If the text is no case, or it does not hold.
#[doc(hidden)]
pub fn case_holds<P: Peer>(
    file: &str,
    text: &str,
    subject: &Subject<P>,
    _test: &str,
) -> Result<(), TestFailure> {
    let case = Case::parse(file, text)?;
    if case.raft != subject.name() {
        let (name, raft) = (&case.name, &case.raft);
        let told = format!("skipped: {name} (a case of {raft}, and this is {})\n", subject.name());
        // Past the harness of Rust, which keeps back what a test prints that does not fail.
        _ = std::io::Write::write_all(&mut std::io::stderr(), told.as_bytes());
        return Ok(());
    }
    must_hold(&case, subject)
}

/// Whether all files of a directory were there when the program was compiled.
///
/// # Errors
/// If the directory cannot be read, or has a file that was added since.
#[doc(hidden)]
pub fn has_tests_for_all(directory: &str, compiled: &[&str]) -> Result<(), TestFailure> {
    for file in files(Path::new(directory))? {
        if !compiled.iter().any(|known| Path::new(known) == file) {
            let file = file.display();
            return Err(format!(
                "{file} was added after this program was compiled, and has no test; compile it again: \
                 change or `touch` the file that has `scenario_tests!`"
            )
            .into());
        }
    }
    Ok(())
}

/// How to run that seed of a test alone: its path without the program's name, which `cargo test` does not want.
fn replay(test: &str, seed: Seed) -> String {
    let name = test.split_once("::").map_or(test, |(_, name)| name);
    exact_command(name, seed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subject::reference;

    #[test]
    fn a_failure_names_its_test_in_full() {
        let text = "name = \"nobody\"\npeers = 3\nseeds = 2\nsteps = [{ crash = \"all\" }, { expect = \"one-leader\" }]";
        let said = scenario_holds("a/nobody.toml", text, &reference(), "program::lab::nobody");
        let said = said.map_err(|failure| failure.to_string()).err().unwrap_or_default();
        assert!(said.starts_with("nobody, seed 0: "), "{said}");
        assert!(said.contains("replay: SPLITVOTE_SEED=0 cargo test"), "{said}");
        assert!(said.contains(" lab::nobody -- --exact"), "{said}");
    }

    #[test]
    fn what_is_wrong_within_a_file_is_said_with_its_place() {
        let said = scenario_holds(
            "a/slip.toml",
            "name = \"slip\"\npeers = 3\nsteps = [{ crush = 1 }]",
            &reference(),
            "a::b",
        );
        let said = said.map_err(|failure| failure.to_string()).err().unwrap_or_default();
        assert!(said.contains("a/slip.toml:") && said.contains("`crush`"), "{said}");
    }

    #[test]
    fn a_file_that_was_added_is_noticed() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sim-scenarios/canary");
        let said = has_tests_for_all(directory, &["elsewhere.toml"]);
        let said = said.map_err(|failure| failure.to_string()).err().unwrap_or_default();
        assert!(said.contains("was added after this program was compiled"), "{said}");
    }
}
