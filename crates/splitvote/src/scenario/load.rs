//! Finds and reads scenario files.

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::{Place, Scenario, ScenarioError};

/// The largest scenario file that is read.
const MAX_BYTES: u64 = 1024 * 1024;

/// Reads all scenarios of a file, or of a directory with all its directories, ordered by path. Cases
/// among the files of a directory are passed over: each is one run of one Raft.
///
/// # Errors
/// If a file cannot be read or is not a scenario, if there is none, or if two have one name.
pub fn load_all(path: &Path) -> Result<Vec<Scenario>, ScenarioError> {
    let mut scenarios: Vec<Scenario> = Vec::new();
    let mut has_cases = false;
    for file in files(path)? {
        let text = read(&file)?;
        if file != path && is_case(&text) {
            has_cases = true;
            continue;
        }
        let scenario = Scenario::parse(file, &text)?;
        if let Some(twin) = scenarios.iter().find(|other| other.name == scenario.name) {
            let problem =
                format!("the name `{}` is taken by {}", scenario.name, twin.file.display());
            return Err(ScenarioError::of_file(&scenario.file, problem, "give it another `name`"));
        }
        scenarios.push(scenario);
    }
    if scenarios.is_empty() {
        let remedy = if has_cases {
            "there are cases, which `splitvote replay` runs one by one"
        } else {
            "a scenario is a file whose name ends in .toml"
        };
        return Err(ScenarioError::of_file(path, "no scenario in this directory", remedy));
    }
    Ok(scenarios)
}

/// Reads one scenario file.
///
/// # Errors
/// If it cannot be read or is not a scenario.
pub fn load(file: &Path) -> Result<Scenario, ScenarioError> {
    Scenario::parse(file, &read(file)?)
}

/// The text of a scenario or a case.
pub(crate) fn read(file: &Path) -> Result<String, ScenarioError> {
    let unreadable = |error: std::io::Error| {
        ScenarioError::of_file(file, format!("cannot be read: {error}"), "name a scenario file")
    };
    let found = fs::metadata(file).map_err(unreadable)?;
    if found.is_dir() {
        return Err(ScenarioError::of_file(file, "is a directory", "name a file in it"));
    }
    if !found.is_file() {
        return Err(ScenarioError::of_file(file, "is no regular file", "name a scenario file"));
    }
    // Not by the size that the file system states: that of a special file means nothing.
    let mut bytes = Vec::new();
    let opened = fs::File::open(file).map_err(unreadable)?;
    opened.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(ScenarioError::of_file(file, "too large", "a scenario has at most 1 MiB"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let before = String::from_utf8_lossy(valid).into_owned();
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        ScenarioError {
            place: Some(Place { line, column }),
            ..ScenarioError::of_file(file, "not UTF-8 from here on", "save the file as UTF-8")
        }
    })
}

/// What the first line of every case says, by which one that was cut off is still known for one.
pub(crate) const CASE_TITLE: &str = "# A case of Splitvote";

/// Whether a text is meant as a case: it begins as one, or has the table `[case]`.
#[must_use]
pub fn is_case(text: &str) -> bool {
    text.starts_with(CASE_TITLE) || text.lines().any(|line| line.trim() == "[case]")
}

/// A file, or all files of a directory and its directories that may be scenarios, ordered by path.
///
/// # Errors
/// If a directory cannot be read, or has no end.
pub fn files(path: &Path) -> Result<Vec<PathBuf>, ScenarioError> {
    let unreadable = |error: std::io::Error| {
        let remedy = "name a scenario file or a directory of them; without one it is sim-scenarios";
        ScenarioError::of_file(path, format!("cannot be read: {error}"), remedy)
    };
    if !fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    let mut seen = BTreeSet::from([fs::canonicalize(path).map_err(unreadable)?]);
    // Those that are near come first, each once, whichever links lead to it.
    let mut waiting = VecDeque::from([path.to_owned()]);
    while let Some(directory) = waiting.pop_front() {
        for entry in entries(&directory)? {
            let true_path = || fs::canonicalize(&entry).ok();
            if entry.is_dir() {
                if true_path().is_some_and(|true_path| seen.insert(true_path)) {
                    waiting.push_back(entry);
                }
            } else if entry.extension().is_some_and(|extension| extension == "toml") {
                files.push(entry);
            }
        }
        if seen.len() > MOST_DIRECTORIES || files.len() > MOST_FILES {
            let problem = format!(
                "no directory of scenarios: there are more than {MOST_DIRECTORIES} directories or {MOST_FILES} \
                 .toml files below it"
            );
            let remedy = "name the directory that holds the scenarios";
            return Err(ScenarioError::of_file(path, problem, remedy));
        }
    }
    files.sort();
    Ok(files)
}

/// So many directories are looked into, and so many files read, for scenarios: `/` and `/proc` have no end.
const MOST_DIRECTORIES: usize = 2_000;
const MOST_FILES: usize = 20_000;

fn entries(directory: &Path) -> Result<Vec<PathBuf>, ScenarioError> {
    let unreadable = |error: std::io::Error| {
        let remedy = "make it readable, or name the directory that holds the scenarios";
        ScenarioError::of_file(directory, format!("cannot be read: {error}"), remedy)
    };
    let listed = fs::read_dir(directory).map_err(unreadable)?;
    listed.map(|entry| Ok(entry.map_err(unreadable)?.path())).collect()
}
