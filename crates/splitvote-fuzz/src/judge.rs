//! What a file must not do, whatever stands in it.

use splitvote::scenario::is_case;
use splitvote::{Case, Failure, Scenario, ScenarioError, Seed, Verdict, reference, run};

/// The name that the file is read under.
const NAME: &str = "fuzz.toml";
/// The longest error, in characters. It is read by a person.
const LONGEST: usize = 2_000;

/// What became of a file.
pub(crate) enum Outcome {
    /// It was refused, as it should be.
    Refused,
    /// It ran, and ended in order.
    Ran,
    /// Something was wrong with that.
    Wrong(String),
}

/// Reads a file, and runs a seed of what it says by the reference Raft.
pub(crate) fn judge(text: &str, seed: u64) -> Outcome {
    let verdict = if is_case(text) {
        Case::parse(NAME, text).map(|case| case.replay(&reference()).0.verdict)
    } else {
        Scenario::parse(NAME, text).map(|scenario| run(&scenario, &reference(), Seed(seed)).verdict)
    };
    match verdict {
        Err(error) => of_error(&error).map_or(Outcome::Refused, Outcome::Wrong),
        Ok(verdict) => of_verdict(&verdict).map_or(Outcome::Ran, Outcome::Wrong),
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
/// What a disk that lies, or loses what was synced, brings about is no accusation.
fn of_verdict(verdict: &Verdict) -> Option<String> {
    match verdict {
        Verdict::Held => None,
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
        assert!(matches!(judge("peers = 3", 0), Outcome::Refused));
        let runs = "name = \"a\"\npeers = 3\nsteps = [{ run = \"1s\" }]";
        assert!(matches!(judge(runs, 0), Outcome::Ran));
        assert!(of_verdict(&Verdict::Fault("x".to_owned())).is_some());
        assert!(of_verdict(&Verdict::Held).is_none());
    }
}
