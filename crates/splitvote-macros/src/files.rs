//! The scenario files of a directory and its directories.

use std::fs;
use std::path::{Path, PathBuf};

/// A directory with scenario files in it, or in its directories.
#[derive(Debug)]
pub(crate) struct Folder {
    /// Its last part.
    pub(crate) name: String,
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Its directories that have scenario files, by name.
    pub(crate) folders: Vec<Folder>,
    /// Its files, by name.
    pub(crate) files: Vec<File>,
}

/// A scenario or a case.
#[derive(Debug)]
pub(crate) struct File {
    /// Its name without the ending.
    pub(crate) stem: String,
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Whether it is a case: one run of one Raft.
    pub(crate) is_case: bool,
}

/// How deep directories may lie in each other, and how many tests one call writes.
const DEEPEST: usize = 8;
const MOST_FILES: usize = 2_000;
/// The largest scenario file, as the harness has it.
const MOST_BYTES: usize = 1024 * 1024;

/// Lists what lies in a directory, given from the directory of the package.
pub(crate) fn find(package: &Path, directory: &str) -> Result<Folder, String> {
    let path = package.join(directory);
    let shown = path.display();
    let listed = path.canonicalize().map_err(|error| error.to_string()).and_then(|whole| {
        if whole.is_dir() { Ok(whole) } else { Err("it is not a directory".to_owned()) }
    });
    let whole = listed.map_err(|error| {
        format!(
            "{shown}: {error}; name the directory that holds the scenarios, as seen from {}",
            package.display()
        )
    })?;
    let folder = list(&whole, DEEPEST)?;
    match folder.count() {
        0 => Err(format!(
            "{shown}: there is no scenario in this directory; a scenario is a file whose name ends in .toml \
             (sim-scenarios/README.md of Splitvote)"
        )),
        1..=MOST_FILES => Ok(folder),
        count => Err(format!(
            "{shown}: {count} files are more than {MOST_FILES} tests; name a directory below it"
        )),
    }
}

impl Folder {
    /// How many files there are, those of its directories included.
    pub(crate) fn count(&self) -> usize {
        self.files.len() + self.folders.iter().map(Self::count).sum::<usize>()
    }
}

fn list(path: &Path, deepest: usize) -> Result<Folder, String> {
    let unreadable =
        |error: std::io::Error| format!("{}: {error}; make it readable", path.display());
    let mut entries = fs::read_dir(path)
        .and_then(|entries| {
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()
        })
        .map_err(unreadable)?;
    entries.sort();
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut folder = Folder { name, path: path.to_owned(), folders: Vec::new(), files: Vec::new() };
    for entry in entries {
        if entry.is_dir() {
            if deepest == 0 {
                let problem =
                    "directories lie in each other more than 8 deep; name a directory below it";
                return Err(format!("{}: {problem}", path.display()));
            }
            folder.folders.push(list(&entry, deepest - 1)?);
        } else if entry.extension().is_some_and(|ending| ending == "toml") {
            folder.files.push(read(entry)?);
        }
    }
    folder.folders.retain(|inner| inner.count() > 0);
    Ok(folder)
}

/// Looks at a file: the harness reads it when its test runs, but what is no text cannot be compiled in.
fn read(path: PathBuf) -> Result<File, String> {
    let shown = path.display();
    let bytes = fs::read(&path)
        .map_err(|error| format!("{shown}: {error}; make it readable, or remove it"))?;
    if bytes.len() > MOST_BYTES {
        return Err(format!("{shown}: too large; a scenario has at most 1 MiB"));
    }
    let Ok(text) = String::from_utf8(bytes) else {
        return Err(format!("{shown}: not UTF-8; save the file as UTF-8, or remove it"));
    };
    let is_case = text.starts_with("# A case of Splitvote")
        || text.lines().any(|line| line.trim() == "[case]");
    let has_key = |key: &str| {
        let values = text.lines().filter_map(|line| line.trim_start().strip_prefix(key));
        values.into_iter().any(|rest| rest.trim_start().starts_with('='))
    };
    let is_scenario = has_key("name") && has_key("steps");
    if !is_case && !is_scenario {
        return Err(format!(
            "{shown}: is no scenario: it has no `name = …` or no `steps = …`; write them, or move the file away"
        ));
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(File { stem, path, is_case })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCENARIO: &str = "name = \"a\"\nsteps = []\n";

    /// A directory of its own for a test.
    fn place(name: &str) -> PathBuf {
        let place =
            std::env::temp_dir().join(format!("splitvote-macros-{}-{name}", std::process::id()));
        _ = fs::remove_dir_all(&place);
        fs::create_dir_all(place.join("of/deep")).unwrap();
        place
    }

    #[test]
    fn files_are_listed_by_name_and_empty_directories_left_out() {
        let place = place("listed");
        fs::write(place.join("of/b.toml"), SCENARIO).unwrap();
        fs::write(place.join("of/a.toml"), "# A case of Splitvote\n").unwrap();
        fs::write(place.join("of/notes.md"), "nothing").unwrap();
        let folder = find(&place, "of").unwrap();
        let stems: Vec<_> = folder.files.iter().map(|file| (&*file.stem, file.is_case)).collect();
        assert_eq!(stems, [("a", true), ("b", false)]);
        assert_eq!((folder.folders.len(), folder.count(), &*folder.name), (0, 2, "of"));
        fs::remove_dir_all(place).unwrap();
    }

    #[test]
    fn what_is_wrong_is_said_with_the_place_and_a_remedy() {
        let place = place("wrong");
        let said = |directory: &str| find(&place, directory).unwrap_err();
        assert!(
            said("nowhere").contains("nowhere: No such file or directory"),
            "{}",
            said("nowhere")
        );
        assert!(
            said("nowhere").contains("name the directory that holds the scenarios, as seen from")
        );
        assert!(
            said("of").contains("of: there is no scenario in this directory; a scenario is a file")
        );
        fs::write(place.join("of/deep/a.toml"), "steps = []").unwrap();
        assert!(
            said("of").contains("deep/a.toml: is no scenario: it has no `name = …`"),
            "{}",
            said("of")
        );
        assert!(said("of/deep/a.toml").contains("a.toml: it is not a directory"));
        fs::write(place.join("of/deep/a.toml"), [0xff]).unwrap();
        assert!(said("of").contains("a.toml: not UTF-8; save the file as UTF-8"));
        fs::remove_dir_all(place).unwrap();
    }
}
