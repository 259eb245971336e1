//! What a file must not do, whatever stands in it.

use splitvote::scenario::is_case;
use splitvote::{Case, Failure, Scenario, ScenarioError, Seed, Verdict, reference, run};

/// The name that the file is read under.
const NAME: &str = "fuzz.toml";
/// The longest error, in characters. It is read by a person.
const LONGEST: usize = 2_000;

/// What became of an input.
pub(crate) enum Outcome {
    /// A file was refused, as it should be.
    Refused,
    /// A file was read, and that was all.
    Read,
    /// A file was read and ran, and the run ended in order.
    Ran,
    /// A command line was understood or refused.
    Understood,
    /// A command ended in order.
    Ended,
    /// Something was wrong with that.
    Wrong(String),
}

/// Reads a file and, if it is to be run, runs a seed of what it says by the reference Raft.
///
/// The reference is judged leniently: a file may well ask for timers with which a correct Raft departs from practice,
/// such as a heartbeat of a year, and a run that ended there would not come to a broken guarantee.
pub(crate) fn judge(text: &str, seed: u64, is_run: bool) -> Outcome {
    let subject = reference().lenient();
    let verdict = if is_case(text) {
        let case = Case::parse(NAME, text);
        case.map(|case| is_run.then(|| case.replay_as_judged(&subject).0.verdict))
    } else {
        let scenario = Scenario::parse(NAME, text);
        scenario.map(|scenario| is_run.then(|| run(&scenario, &subject, Seed(seed)).verdict))
    };
    match verdict {
        Err(error) => of_error(&error).map_or(Outcome::Refused, Outcome::Wrong),
        Ok(None) => Outcome::Read,
        Ok(Some(verdict)) => of_verdict(&verdict).map_or(Outcome::Ran, Outcome::Wrong),
    }
}

/// What is wrong with an error: it says where, it is short, and no terminal obeys it.
fn of_error(error: &ScenarioError) -> Option<String> {
    let text = error.to_string();
    let is_raw = text.chars().any(|c| c.is_control() && c != '\n');
    if !text.contains(NAME) {
        Some(format!("an error names no file: {text}"))
    } else if text.chars().count() > LONGEST {
        Some(format!("an error has {} characters", text.chars().count()))
    } else {
        is_raw.then(|| format!("an error has control characters: {text:?}"))
    }
}

/// What is wrong with a verdict on the reference Raft: that the harness failed, that a peer did, or that it is accused.
/// What a disk that lies, or loses what was synced, brings about is no accusation, and a departure from practice none
/// that counts.
fn of_verdict(verdict: &Verdict) -> Option<String> {
    match verdict {
        Verdict::Held => None,
        Verdict::Failed(failure) if failure.is_departure() => None,
        Verdict::Failed(Failure::Violation(violation)) => {
            violation.disk.is_none().then(|| format!("accused: {verdict}"))
        }
        Verdict::Failed(Failure::Breach(_)) => Some(format!("accused: {verdict}")),
        Verdict::Failed(_) => None,
        Verdict::Panicked(_) | Verdict::Hung(_) | Verdict::Fault(_) => Some(verdict.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told_from_what_is_in_order() {
        assert!(matches!(judge("peers = 3", 0, true), Outcome::Refused));
        let runs = "name = \"a\"\npeers = 3\nsteps = [{ run = \"1s\" }]";
        assert!(matches!(judge(runs, 0, true), Outcome::Ran));
        assert!(matches!(judge(runs, 0, false), Outcome::Read));
        assert!(of_verdict(&Verdict::Fault("x".to_owned())).is_some());
        assert!(of_verdict(&Verdict::Held).is_none());
    }

    /// A heartbeat of a year: with CheckQuorum a leader stays in office longer than a strict checker allows.
    #[test]
    fn a_departure_that_the_file_asks_for_is_not_held_against_the_reference() {
        let text = include_str!("../tests/year-of-heartbeat.toml");
        let scenario = Scenario::parse(NAME, text).unwrap();
        let strict = run(&scenario, &reference(), Seed(1963)).verdict;
        assert!(matches!(&strict, Verdict::Failed(failure) if failure.is_departure()), "{strict}");
        assert!(matches!(judge(text, 1963, true), Outcome::Ran));
    }

    /// Runs whose cost once grew with the square of their length: each file says what took so long.
    #[test]
    #[cfg(target_os = "linux")]
    fn runs_that_took_too_long_are_quick() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/inputs");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let before = crate::processor::seconds_of(std::process::id());
            assert!(matches!(judge(&text, 0, true), Outcome::Ran), "{}", path.display());
            let spent = crate::processor::seconds_of(std::process::id()) - before;
            assert!(spent < 10.0, "{}: {spent} s", path.display());
        }
    }
}
