//! The kill matrix for people: a table on standard output, and as Markdown.

use std::io::{self, Write as _, stdout};
use std::path::Path;

use splitvote_zoo::matrix::Kill;
use splitvote_zoo::{excluded, sections};

use super::table::Table;
use super::terminal::{count, quoted, seconds};

/// `without` is what the command said of classes of faults, as it follows a replay command.
pub(crate) fn print(kills: &[Kill], without: &str) -> io::Result<()> {
    let mut table = Table::new(&[
        "id",
        "mutant",
        "breaks",
        "caught by",
        "seeds",
        "runs",
        "events",
        "wall",
        "scenario",
    ]);
    for kill in kills {
        table.row([
            kill.id.to_owned(),
            kill.mutant.to_owned(),
            kill.harm.to_owned(),
            caught_by(kill),
            kill.seeds.to_string(),
            kill.runs.to_string(),
            count(kill.events),
            seconds(kill.wall_s),
            replay(kill, without),
        ]);
    }
    writeln!(stdout(), "{table}\n\n{}", summary(kills))
}

/// What follows `splitvote` to see the failing run again.
fn replay(kill: &Kill, without: &str) -> String {
    match (&kill.file, kill.seed) {
        (Some(file), Some(seed)) => {
            format!("replay {} --seed {seed} --raft {}{without}", quoted(file), kill.id)
        }
        _ => String::new(),
    }
}

fn caught_by(kill: &Kill) -> String {
    match kill.checker {
        None if !kill.is_finished => "— (interrupted)".to_owned(),
        Some(checker) => checker.to_owned(),
        None if kill.harm == "budget" => "— (within all budgets)".to_owned(),
        None => "NOT CAUGHT".to_owned(),
    }
}

fn summary(kills: &[Kill]) -> String {
    let of = |harm: &str| {
        let all: Vec<&Kill> =
            kills.iter().filter(|kill| kill.harm == harm && kill.is_finished).collect();
        (all.iter().filter(|kill| kill.caught).count(), all.len())
    };
    let ((safe, safety), (live, liveness)) = (of("safety"), of("liveness"));
    let (cheap, budget) = of("budget");
    let is_whole = kills.iter().all(|kill| kill.is_finished);
    let over = kills.iter().filter(|kill| kill.is_finished).count();
    let interrupted = match over {
        _ if is_whole => String::new(),
        over => format!("interrupted, {over} of {} mutants were finished: ", kills.len()),
    };
    format!(
        "{interrupted}{safe} of {safety} safety mutants caught; {live} of {liveness} liveness mutants \
         caught; {cheap} of {budget} budget mutants caught"
    )
}

/// What the command was told.
#[derive(Clone, Copy)]
pub(crate) struct Told<'a> {
    pub(crate) scenarios: usize,
    pub(crate) max_seeds: u64,
    /// As for [`print`].
    pub(crate) without: &'a str,
}

/// Writes the matrix as Markdown.
pub(crate) fn write_markdown(file: &Path, kills: &[Kill], told: Told<'_>) -> io::Result<()> {
    let Told { scenarios, max_seeds, without } = told;
    let mut text = Vec::new();
    writeln!(
        text,
        "# The kill matrix\n\nEvery mutant meets all {scenarios} scenarios under seed 0, then under seed 1, and \
         so on, until a run fails or {max_seeds} seeds are used up. Written by \
         `cargo run --release -- zoo --max-seeds {max_seeds}{without} --report {}`.\n\n{}.",
        file.display(),
        summary(kills)
    )?;
    for section in sections() {
        let is_here = |kill: &&Kill| section.mutants.iter().any(|mutant| mutant.id == kill.id);
        let kills: Vec<&Kill> = kills.iter().filter(is_here).collect();
        if !kills.is_empty() {
            write_section(&mut text, section.title, &kills, without)?;
        }
    }
    writeln!(text, "\n## Known bugs without a mutant\n")?;
    for excluded in excluded() {
        writeln!(text, "- {}: {} Not here: {}.", excluded.id, excluded.bug, excluded.reason)?;
    }
    write_atomically(file, &text)
}

fn write_section(
    text: &mut Vec<u8>,
    title: &str,
    kills: &[&Kill],
    without: &str,
) -> io::Result<()> {
    writeln!(
        text,
        "\n## {title}\n\n\
         | id | mutant | breaks | violates | caught by | seeds | runs | events | seconds | replay | the verdict's sentence |\n\
         | --- | --- | --- | --- | --- | ---: | ---: | ---: | ---: | --- | --- |"
    )?;
    for kill in kills {
        writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {:.3} | {} | {} |",
            kill.id,
            kill.mutant,
            kill.harm,
            kill.violates,
            caught_by(kill),
            kill.seeds,
            kill.runs,
            kill.events,
            kill.wall_s,
            replay(kill, without),
            kill.sentence.as_deref().unwrap_or("")
        )?;
    }
    Ok(())
}

/// Writes a file whole or not at all.
fn write_atomically(file: &Path, text: &[u8]) -> io::Result<()> {
    if let Some(directory) = file.parent() {
        std::fs::create_dir_all(directory)?;
    }
    let draft = file.with_extension("tmp");
    std::fs::write(&draft, text)?;
    std::fs::rename(&draft, file)
}
