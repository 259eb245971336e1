//! Mutants that break nothing, for a stated reason: they are no other Raft, or another correct one.
//!
//! `equivalent.toml` names them by what is written and not by lines, which move.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::{MUTANTS, Mutant, Stop};

/// The list, as it is checked in.
pub const LIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/equivalent.toml");

/// Some mutants of one place, and why they break nothing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equivalent {
    /// The file, below `crates/splitvote-raft/src`.
    pub file: String,
    /// The function that it stands in.
    pub function: String,
    /// What stands there.
    pub original: String,
    /// What stands there instead: each of these breaks nothing.
    pub mutated: Vec<String>,
    /// Whether it is the same Raft or another correct one.
    pub kind: Kind,
    /// Why it makes no difference.
    pub why: String,
}

/// In which way a mutant breaks nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// It does the same in every run that can be.
    Same,
    /// It does something else, which Raft allows: it sends, waits, or keeps more or less.
    Correct,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(default)]
    equivalent: Vec<Equivalent>,
}

impl Equivalent {
    /// Whether it speaks of this mutant.
    #[must_use]
    pub fn is_of(&self, mutant: &Mutant) -> bool {
        self.file == mutant.file
            && self.function == mutant.function
            && self.original == mutant.original
            && self.mutated.iter().any(|mutated| mutated == mutant.mutated)
    }
}

/// All that is listed.
///
/// # Errors
/// If the list cannot be read, or names a mutant that does not exist.
pub fn list() -> Result<Vec<Equivalent>, Stop> {
    let path = Path::new(LIST);
    let text = fs::read_to_string(path).map_err(|error| Stop::at(path, &error))?;
    let list: List =
        toml::from_str(&text).map_err(|error| Stop(format!("{}: {error}", path.display())))?;
    for entry in &list.equivalent {
        for mutated in &entry.mutated {
            let only = Equivalent { mutated: vec![mutated.clone()], ..entry.clone() };
            if !MUTANTS.iter().any(|mutant| only.is_of(mutant)) {
                return Err(stale(entry, mutated));
            }
        }
    }
    Ok(list.equivalent)
}

fn stale(entry: &Equivalent, mutated: &str) -> Stop {
    let Equivalent { file, function, original, .. } = entry;
    Stop(format!(
        "{LIST}: no mutant of {file}, {function}, makes `{mutated}` of `{original}`: the Raft has changed, so \
         look at the mutant again and mend or delete the entry"
    ))
}
