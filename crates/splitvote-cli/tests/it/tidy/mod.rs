//! Is the repository in order? What a reviewer would otherwise have to look for each time.
//!
//! - `rust`: contracts, columns, lengths of functions and files, doc comments.
//! - `markdown`: links, the length of the README, snippets that compile.
//! - `checkers`: headings, and the mutants that each checker says trip it.
//!
//! Each rule has a test of its own on a text that breaks it, so that it is seen to fail.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod checkers;
mod guide;
mod markdown;
mod rust;

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A file of the repository.
struct File {
    /// Its path below the root, with slashes.
    path: String,
    text: String,
}

impl File {
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The lines, each with its number from 1.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// A finding at a line.
    fn finding(&self, line: usize, what: &str) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

/// All files of the repository with this ending, in the order of their paths.
fn files(ending: &str) -> Vec<File> {
    let mut found = Vec::new();
    collect(Path::new(ROOT), ending, &mut found);
    found.sort();
    assert!(!found.is_empty(), "no file ends in {ending}");
    let read = |path: PathBuf| {
        let below = path.strip_prefix(ROOT).unwrap().to_string_lossy().replace('\\', "/");
        File { path: below, text: fs::read_to_string(&path).unwrap() }
    };
    found.into_iter().map(read).collect()
}

/// What is built or installed, and what belongs to version control or to a user's editor, is nobody's text.
fn collect(directory: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().unwrap();
        let is_ours = name != "target" && name != "node_modules" && !name.starts_with('.');
        if kind.is_dir() && is_ours {
            collect(&entry.path(), ending, found);
        } else if kind.is_file() && name.ends_with(ending) {
            found.push(entry.path());
        }
    }
}

/// Fails with all findings, a line each.
fn expect_none(findings: &[String]) {
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}
