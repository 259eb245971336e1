//! Files that a command is to write. They are tried before any work is done for them, and nobody's file is lost.
//!
//! A file may be replaced if it is of the kind that is written: a case by a case, a report by the same report. Any
//! other one only with `--force`, and the file that a command reads from not even then, unless it is a case and
//! becomes one.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use splitvote::scenario::is_case;
use splitvote_export::Format;

use crate::outcome::Stop;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A case to replay.
    Case,
    /// A trace to show.
    Trace,
    /// A page that shows a run.
    Page,
    /// The report of a sweep.
    Report,
    /// A run for another tool.
    Export(Format),
    /// The explanation of a case.
    Explanation,
    /// A text that begins with this.
    Text(&'static str),
}

impl Kind {
    /// With its article.
    fn name(self) -> &'static str {
        match self {
            Self::Case => "a case",
            Self::Trace => "a trace",
            Self::Page => "a page of Splitvote",
            Self::Report => "the report of a sweep",
            Self::Export(Format::ShiViz) => "a log for ShiViz",
            Self::Export(Format::ChromeTrace) => "trace events of Splitvote",
            Self::Export(Format::Ndjson) => "a trace",
            Self::Export(Format::JUnit) => "test suites of Splitvote",
            Self::Explanation => "an explanation",
            Self::Text(_) => "a report",
        }
    }

    /// Whether a file that begins with this is of this kind, or empty.
    fn is_of(self, start: &str) -> bool {
        start.trim().is_empty()
            || match self {
                Self::Case => is_case(start),
                Self::Trace => start.trim_start().starts_with('{'),
                Self::Export(format) => format.is_of(start),
                Self::Page => splitvote_page::is_page(start),
                Self::Report => start.starts_with("{\"splitvote-report\":"),
                // The first of its numbered sentences, however wide the column of instants is.
                Self::Explanation => start.lines().any(|line| line.trim_start().starts_with("1. ")),
                Self::Text(title) => start.starts_with(title),
            }
    }
}

/// The files that a command reads and those that it is to write.
#[derive(Debug, Default)]
pub(crate) struct Targets {
    read: Vec<PathBuf>,
    written: Vec<PathBuf>,
    force: bool,
}

impl Targets {
    /// A command that reads this file. `force` is whether it may replace files of another kind.
    pub(crate) fn of(read: &Path, force: bool) -> Self {
        Self { read: vec![read.to_owned()], written: Vec::new(), force }
    }

    /// A command that reads these files.
    pub(crate) fn of_all(read: &[PathBuf], force: bool) -> Self {
        Self { read: read.to_owned(), written: Vec::new(), force }
    }

    /// A command that may replace files of another kind if it is forced to.
    pub(crate) fn forced(force: bool) -> Self {
        Self { force, ..Self::default() }
    }

    /// Whether this file can be written and may be.
    pub(crate) fn add(&mut self, file: &Path, kind: Kind) -> Result<(), Stop> {
        let shown = file.display();
        let named = |problem: &str| Err(Stop::Input(format!("{shown}: {problem}")));
        if self.read.iter().any(|other| is_same(other, file)) {
            let shrinks_further = self.force && kind == Kind::Case && holds(file, Kind::Case);
            if !shrinks_further {
                return named(
                    "is what is read here, and would be lost; name another file to write",
                );
            }
        }
        if self.written.iter().any(|other| is_same(other, file)) {
            return named("is to be written twice; name another file for one of the two");
        }
        match fs::metadata(file) {
            Ok(found) if found.is_dir() => return named("is a directory; name a file in it"),
            Ok(found) if found.is_file() && !self.force && !holds(file, kind) => {
                let kind = kind.name();
                return named(&format!(
                    "exists and holds something else than {kind}, which would be lost; name another file, or \
                     replace it with --force"
                ));
            }
            // Such as /dev/stdout: it is not replaced, and nothing is lost.
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Stop::unwritten(file)(error)),
        }
        try_to_write_beside(file).map_err(Stop::unwritten(file))?;
        self.written.push(file.to_owned());
        Ok(())
    }
}

/// Whether two paths lead to one file, which need not exist yet.
fn is_same(one: &Path, other: &Path) -> bool {
    let true_path = |path: &Path| {
        fs::canonicalize(path).or_else(|_| {
            let (above, name) = (path.parent(), path.file_name().unwrap_or_default());
            let above = above.filter(|above| !above.as_os_str().is_empty());
            fs::canonicalize(above.unwrap_or(Path::new("."))).map(|above| above.join(name))
        })
    };
    one == other
        || matches!((true_path(one), true_path(other)), (Ok(one), Ok(other)) if one == other)
}

/// Whether an existing file is of a kind.
fn holds(file: &Path, kind: Kind) -> bool {
    let mut start = Vec::new();
    let read = fs::File::open(file).and_then(|file| file.take(1 << 20).read_to_end(&mut start));
    read.is_ok() && kind.is_of(&String::from_utf8_lossy(&start))
}

/// Writes and removes a file beside this one. Directories that had to be made for it are taken away again.
fn try_to_write_beside(file: &Path) -> io::Result<()> {
    let above = file.parent().filter(|above| !above.as_os_str().is_empty());
    let directory = above.unwrap_or(Path::new("."));
    let missing: Vec<&Path> = directory.ancestors().take_while(|above| !above.exists()).collect();
    fs::create_dir_all(directory)?;
    let tried = directory.join(format!(".splitvote.{}.unfinished", std::process::id()));
    let outcome = fs::File::create(&tried).and_then(|mut file| file.write_all(&[b' '; 1 << 16]));
    // As far as there is something to take away.
    _ = fs::remove_file(&tried);
    missing.into_iter().for_each(|made| _ = fs::remove_dir(made));
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(targets: &mut Targets, file: &Path, kind: Kind) -> String {
        targets.add(file, kind).err().map(|stop| stop.to_string()).unwrap_or_default()
    }

    /// Whoever makes the smallest cases anew replaces all of them, whatever the first sentence is.
    #[test]
    fn every_explanation_of_the_repository_is_known_as_one() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../reports/zoo");
        let mut known = 0;
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let is_text = path.extension().is_some_and(|ending| ending == "txt");
            let kind = if is_text { Kind::Explanation } else { Kind::Case };
            assert!(holds(&path, kind), "{}", path.display());
            known += usize::from(is_text);
        }
        assert!(known > 80, "{known}");
        assert!(!Kind::Explanation.is_of("a diary\n\n- 1 apple\n"));
    }

    #[test]
    fn only_what_is_of_the_kind_is_replaced() {
        let directory =
            std::env::temp_dir().join(format!("splitvote-target-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let file = |name: &str, text: &str| {
            let file = directory.join(name);
            fs::write(&file, text).unwrap();
            file
        };
        let scenario = file("mine.toml", "name = \"mine\"\npeers = 3\n");
        let case = file("case.toml", "# A case of Splitvote\n");
        let mut targets = Targets::of(&case, false);
        assert!(
            complaint(&mut targets, &scenario, Kind::Case).contains("something else than a case")
        );
        assert!(complaint(&mut targets, &case, Kind::Case).contains("is what is read here"));
        let dotted = directory.join(".").join("case.toml");
        assert!(complaint(&mut targets, &dotted, Kind::Case).contains("is what is read here"));
        assert_eq!(complaint(&mut targets, &directory.join("new/deep/one.toml"), Kind::Case), "");
        assert!(!directory.join("new").exists(), "nothing is left of the attempt");
        let twice = directory.join("new/deep/../deep/one.toml");
        targets.add(&directory.join("two"), Kind::Trace).unwrap();
        assert!(complaint(&mut targets, &directory.join("./two"), Kind::Case).contains("twice"));
        assert!(
            complaint(&mut targets, &twice, Kind::Case).is_empty(),
            "it is not known yet to be one"
        );
        assert!(complaint(&mut targets, &directory, Kind::Case).contains("is a directory"));
        let below = scenario.join("below.toml");
        assert!(complaint(&mut targets, &below, Kind::Case).contains("cannot be written"));
        let long = directory.join("x".repeat(300));
        assert!(complaint(&mut targets, &long, Kind::Case).contains("cannot be written"));
        let mut forced = Targets::of(&case, true);
        assert_eq!(complaint(&mut forced, &scenario, Kind::Case), "");
        assert_eq!(complaint(&mut forced, &case, Kind::Case), "", "a case shrinks further");
        assert!(complaint(&mut forced, &case, Kind::Trace).contains("is what is read here"));
        let left: Vec<_> = fs::read_dir(&directory).unwrap().collect();
        assert_eq!(left.len(), 2, "{left:?}");
        fs::remove_dir_all(&directory).unwrap();
    }
}
