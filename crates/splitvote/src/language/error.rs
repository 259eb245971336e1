//! What is wrong with a scenario file, where, and what would be right.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What reading a file answers with.
pub(crate) type Result<T = ()> = std::result::Result<T, ScenarioError>;

/// A scenario that cannot be run. Prints as `file:line:column: problem; remedy`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    /// The file, or the directory in which none was found.
    pub file: PathBuf,
    /// Line and column, counted from 1, if the problem has a place.
    pub place: Option<Place>,
    /// What is wrong.
    pub problem: String,
    /// What would be right.
    pub remedy: String,
}

/// A place in a text, counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

impl ScenarioError {
    /// A problem of a whole file.
    pub(crate) fn of_file(
        file: &Path,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { file: file.to_owned(), place: None, problem: problem.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(place) = self.place {
            write!(f, ":{}:{}", place.line, place.column)?;
        }
        write!(f, ": {}", harmless(&self.problem))?;
        if !self.remedy.is_empty() {
            write!(f, "; {}", harmless(&self.remedy))?;
        }
        Ok(())
    }
}

/// A text that may hold a key or a name of a file, without what a terminal would obey.
fn harmless(text: &str) -> String {
    let mut told = String::new();
    for character in text.chars() {
        match character {
            '\n' => told.push('\n'),
            control if control.is_control() => told.extend(control.escape_unicode()),
            other => told.push(other),
        }
    }
    told
}

impl std::error::Error for ScenarioError {}

/// The text of a scenario file, by which byte offsets become places.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) file: &'a Path,
    pub(crate) text: &'a str,
}

impl Source<'_> {
    pub(crate) fn place(&self, offset: usize) -> Place {
        let before = &self.text[..self.text.floor_char_boundary(offset)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Place {
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    pub(crate) fn error(
        &self,
        span: &Range<usize>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> ScenarioError {
        ScenarioError {
            file: self.file.to_owned(),
            place: Some(self.place(span.start)),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }
}

/// "did you mean `x` or `y`?", with up to three of the known words that are much like this one, the nearest
/// first; empty if none is. For words that are too many to be listed.
#[must_use]
pub fn alike<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let slips = (word.chars().count() / 4).max(1);
    let distance = |known: &'a str| (strsim::damerau_levenshtein(word, known), known);
    let mut near: Vec<(usize, &str)> = known.into_iter().map(distance).collect();
    near.retain(|(distance, _)| *distance <= slips);
    near.sort_unstable();
    let names: Vec<String> = near.iter().take(3).map(|(_, name)| format!("`{name}`")).collect();
    if names.is_empty() { String::new() } else { format!("did you mean {}?", names.join(" or ")) }
}

/// "did you mean `x`?" if one of the known words is close, else where all are: they are too many to be read.
pub(crate) fn nearest_or<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
    all: &str,
) -> String {
    let near = nearest(word, known);
    if near.starts_with("known are: ") { all.to_owned() } else { near }
}

/// "did you mean `x`?" if one of the known words is close, else the list of them.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let closest = known.iter().min_by_key(|candidate| strsim::damerau_levenshtein(word, candidate));
    match closest {
        Some(closest) if strsim::damerau_levenshtein(word, closest) <= 2 => {
            format!("did you mean `{closest}`?")
        }
        _ => format!("known are: {}", known.join(", ")),
    }
}
