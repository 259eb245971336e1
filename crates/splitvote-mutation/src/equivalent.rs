//! Mutants that are no other Raft: what they change makes no difference, for a stated reason.
//!
//! `equivalent.toml` names them by what is written and not by lines, which move.

use serde::Deserialize;

use crate::{MUTANTS, Mutant, Stop};

/// The list, as it is checked in.
const LIST: &str = include_str!("../equivalent.toml");

/// Some mutants of one place, and why they make no difference.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equivalent {
    /// The file, below `crates/splitvote-raft/src`.
    pub file: String,
    /// The function.
    pub function: String,
    /// What stands there.
    pub original: String,
    /// What stands there instead: each of these makes no difference.
    pub mutated: Vec<String>,
    /// Why.
    pub why: String,
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
    let list: List =
        toml::from_str(LIST).map_err(|error| Stop(format!("equivalent.toml: {error}")))?;
    for entry in &list.equivalent {
        let Equivalent { file, function, original, .. } = entry;
        for mutated in &entry.mutated {
            let only = Equivalent { mutated: vec![mutated.clone()], ..entry.clone() };
            if !MUTANTS.iter().any(|mutant| only.is_of(mutant)) {
                let problem = format!(
                    "equivalent.toml: no mutant of {file}, {function}, makes `{mutated}` of `{original}`: the Raft \
                     has changed, so look at the mutant again and mend or delete the entry"
                );
                return Err(Stop(problem));
            }
        }
    }
    Ok(list.equivalent)
}
