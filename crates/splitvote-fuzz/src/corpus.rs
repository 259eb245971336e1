//! What is mutated: the files of the repository, the words that stand in them, and extreme values.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Values at the edges of what a number, a duration, a share or a name may be, and beyond.
pub(crate) const EXTREMES: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "127",
    "128",
    "129",
    "65536",
    "4294967296",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551616",
    "1e308",
    "nan",
    "inf",
    "0.0000001",
    "true",
    "false",
    "[]",
    "{}",
    "[[]]",
    "\"\"",
    "\"0s\"",
    "\"1ns\"",
    "\"1ns-8760h\"",
    "\"3s-1s\"",
    "\"8760h\"",
    "\"584y\"",
    "\"1s-\"",
    "\"100%\"",
    "\"0%\"",
    "\"101%\"",
    "\"0-18446744073709551615\"",
    "\"S0\"",
    "\"S127\"",
    "\"S128\"",
    "\"$nobody\"",
    "\"leader\"",
    "\"all\"",
    "\"next($x)\"",
    "\"\\u001b[2J\"",
    "\"\\u0000\"",
    "\"../../x\"",
    "\"ü🦀\"",
    "1000000",
    "16777216",
    "67108864",
];

/// The files, and the words of all of them.
pub(crate) struct Corpus {
    /// The texts, in the order of their paths.
    pub(crate) texts: Vec<String>,
    /// Keys, verbs, names, in alphabetical order.
    pub(crate) words: Vec<String>,
}

impl Corpus {
    /// Reads all files below these directories whose names end in `.toml`.
    ///
    /// # Errors
    /// If a directory or a file cannot be read, or if there is none.
    pub(crate) fn read(directories: &[PathBuf]) -> io::Result<Self> {
        let mut files = Vec::new();
        for directory in directories {
            collect(directory, &mut files)?;
        }
        files.sort();
        let texts = files.iter().map(fs::read_to_string).collect::<io::Result<Vec<String>>>()?;
        if texts.is_empty() {
            return Err(io::Error::other("the corpus has no file: see --corpus"));
        }
        let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_' || c == '$';
        let words = texts.iter().flat_map(|text| text.split(move |c| !is_part(c)));
        let words: BTreeSet<String> =
            words.filter(|word| !word.is_empty() && word.len() < 30).map(str::to_owned).collect();
        Ok(Self { texts, words: words.into_iter().collect() })
    }
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let named = |error: io::Error| io::Error::other(format!("{}: {error}", directory.display()));
    for entry in fs::read_dir(directory).map_err(named)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            files.push(path);
        }
    }
    Ok(())
}
