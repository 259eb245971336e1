//! `splitvote new`: a crate to begin a Raft in, with its tests and the whole command.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::outcome::{Outcome, Stop};
use crate::output::channel;
use crate::output::terminal::quoted;

/// Where the crates of the project are: beside this one.
const CRATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// What is written: where, and from what.
type Files = [(&'static str, &'static str); 4];

/// A Raft of tasks and calls.
const OF_TASKS: Files = [
    ("Cargo.toml", include_str!("../../template/Cargo.toml.in")),
    ("src/lib.rs", include_str!("../../../splitvote-labrpc/examples/skeleton/raft.rs")),
    ("src/main.rs", include_str!("../../template/main.rs.in")),
    ("tests/conformance.rs", include_str!("../../template/conformance.rs.in")),
];

/// What stands for the subject, and for what it takes, in the templates: of tasks, and of a state machine.
const SUBJECTS: [(&str, &str); 3] = [
    ("use splitvote_labrpc::{Lab, as_usual};\n", ""),
    (
        "Subject::<Lab<Raft>>::new(\"mine\", as_usual)",
        "Subject::<Raft>::new(\"mine\", |settings| settings.timing.clone())",
    ),
    ("splitvote-labrpc = { path = \"@crates@/splitvote-labrpc\" }\n", ""),
];

/// The files of a state machine: the same, with another Raft and without tasks.
fn of_a_state_machine() -> [(&'static str, String); 4] {
    OF_TASKS.map(|(file, template)| {
        let template = match file {
            "src/lib.rs" => include_str!("../../template/state_machine.rs"),
            _ => template,
        };
        let replaced = |text: String, (from, to): &(&str, &str)| text.replace(from, to);
        (file, SUBJECTS.iter().fold(template.to_owned(), replaced))
    })
}

#[derive(Debug, Args)]
pub(crate) struct NewArguments {
    /// Where to write it; its last part is the name of the crate.
    #[arg(value_name = "NAME")]
    directory: PathBuf,

    /// Write a Raft that is a state machine, and not one of tasks and calls.
    #[arg(long)]
    state_machine: bool,
}

pub(crate) fn new(arguments: &NewArguments) -> Outcome {
    let directory = &arguments.directory;
    let name = directory.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    check(name)?;
    let crates = Path::new(CRATES).canonicalize().map_err(|error| {
        Stop::Input(format!(
            "{CRATES}: {error}; this program was built from a clone that is no longer there"
        ))
    })?;
    fs::create_dir(directory).map_err(|error| {
        let remedy = match error.kind() {
            // Nobody is told to remove a directory that may hold a Raft.
            ErrorKind::AlreadyExists => "choose another name",
            _ => "its parent has to exist and be writable",
        };
        Stop::Input(format!("{}: {error}; {remedy}", directory.display()))
    })?;
    let files = match arguments.state_machine {
        true => of_a_state_machine(),
        false => OF_TASKS.map(|(file, template)| (file, template.to_owned())),
    };
    for (file, template) in files {
        let text = template
            .replace("@name@", name)
            .replace("@crate@", &name.replace('-', "_"))
            .replace("@crates@", &crates.to_string_lossy());
        let file = directory.join(file);
        let written = fs::create_dir_all(file.parent().unwrap_or(directory))
            .and_then(|()| fs::write(&file, text));
        written.map_err(|error| Stop::Input(format!("{}: {error}", file.display())))?;
    }
    let shown = quoted(&directory.to_string_lossy());
    let (what, guide) = match arguments.state_machine {
        true => ("as a state machine", "your-own-raft"),
        false => ("in tasks and calls", "labrpc"),
    };
    writeln!(
        channel::out(),
        "{shown} is a Raft to be written, {what}: src/lib.rs\n\
         its tests, red until somebody stands for election:   cd {shown} && cargo test lab/\n\
         the whole command about it:                          cd {shown} && cargo run -- list rafts\n\
         what to write is told in docs/{guide}.md of the project"
    )?;
    Ok(0)
}

/// Whether this can be the name of a crate.
fn check(name: &str) -> Result<(), Stop> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(is_plain) {
        return Ok(());
    }
    Err(Stop::Input(format!(
        "`{name}` is no name for a crate: small letters, digits, `-` and `_`, such as my-raft"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_read_at_a_glance() {
        let of_tasks = OF_TASKS.map(|(file, text)| (file, text.to_owned()));
        for files in [of_tasks, of_a_state_machine()] {
            let lines = files.iter().filter(|(file, _)| *file != "src/lib.rs");
            assert!(lines.map(|(_, text)| text.lines().count()).sum::<usize>() < 64);
            let code = files[1].1.lines().filter(|line| {
                let line = line.trim_start();
                !line.is_empty() && !line.starts_with("//")
            });
            assert!(code.count() < 100, "without comments and empty lines");
        }
    }

    #[test]
    fn a_state_machine_has_nothing_of_tasks() {
        for (file, text) in of_a_state_machine() {
            assert!(!text.contains("labrpc") && !text.contains("Lab<"), "{file}: {text}");
        }
        assert!(of_a_state_machine()[2].1.contains("Subject::<Raft>::new"));
    }

    #[test]
    fn names_that_are_no_crate_are_refused() {
        assert!(check("my-raft2").is_ok());
        for name in ["", "My", "2raft", "my raft", "..", "raft.rs"] {
            assert!(check(name).is_err(), "{name}");
        }
    }
}
