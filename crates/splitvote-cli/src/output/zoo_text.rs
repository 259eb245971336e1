//! The kill matrix for people: a table on standard output, and as Markdown.

use std::io::{self, Write as _};
use std::path::Path;

use splitvote::case::replace_file;
use splitvote::shrink::CaseSize;
use splitvote_zoo::matrix::Kill;
use splitvote_zoo::{excluded, sections};

use super::channel;
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
    writeln!(channel::out(), "{table}\n\n{}", summary(kills))?;
    for kill in kills {
        if let Some(alone) = &kill.alone {
            let who = if alone.is_empty() { "no checker".to_owned() } else { alone.join(", ") };
            writeln!(channel::out(), "{} {}: caught alone by {who}", kill.id, kill.mutant)?;
        }
    }
    sizes(kills).map_or(Ok(()), |sizes| writeln!(channel::out(), "{sizes}"))
}

/// What follows `splitvote` to see the failing run again.
pub(crate) fn replay(kill: &Kill, without: &str) -> String {
    match (&kill.file, kill.seed) {
        (Some(file), Some(seed)) => {
            format!("replay {} --seed {seed} --raft {}{without}", quoted(file), kill.id)
        }
        _ => String::new(),
    }
}

pub(crate) fn caught_by(kill: &Kill) -> String {
    match kill.checker {
        None if !kill.is_finished => "— (interrupted)".to_owned(),
        Some(checker) => checker.to_owned(),
        None if kill.harm == "budget" => "— (within all budgets)".to_owned(),
        None => "NOT CAUGHT".to_owned(),
    }
}

pub(crate) fn summary(kills: &[Kill]) -> String {
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
    /// The command that writes the report.
    pub(crate) command: &'a str,
}

/// What the Markdown begins with.
pub(crate) const TITLE: &str = "# The kill matrix";

/// Writes the matrix as Markdown.
pub(crate) fn write_markdown(file: &Path, kills: &[Kill], told: Told<'_>) -> io::Result<()> {
    let Told { scenarios, max_seeds, without, command } = told;
    let mut text = Vec::new();
    writeln!(
        text,
        "{TITLE}\n\nEvery mutant meets all {scenarios} scenarios under seed 0, then under seed 1, and \
         so on, until a run fails or {max_seeds} seeds are used up. Written by \
         `{command}`.\n\n{}.",
        summary(kills)
    )?;
    if let Some(sizes) = sizes(kills) {
        writeln!(text, "\n{sizes}")?;
    }
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
    replace_file(file, |unfinished| std::fs::write(unfinished, &text))
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
         | id | mutant | breaks | violates | caught by | seeds | runs | events | CPU s | replay | the verdict's sentence | \
         storms: seeds | CPU s | smallest case | peers, faults, commands, deliveries, virtual ms | CPU s to shrink |\n\
         | --- | --- | --- | --- | --- | ---: | ---: | ---: | ---: | --- | --- | ---: | ---: | --- | --- | ---: |"
    )?;
    for kill in kills {
        writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {:.3} | {} | {} | {} |",
            kill.id,
            kill.mutant,
            kill.harm,
            kill.violates,
            caught_by(kill),
            kill.seeds,
            kill.runs,
            kill.events,
            kill.cpu_s,
            replay(kill, without),
            kill.sentence.as_deref().unwrap_or(""),
            smallest(kill)
        )?;
    }
    Ok(())
}

/// The columns of the storms and of the smallest case.
fn smallest(kill: &Kill) -> String {
    let (seeds, cpu_s) = match &kill.swarm {
        Some(swarm) if swarm.caught => (swarm.seeds.to_string(), format!("{:.3}", swarm.cpu_s)),
        Some(swarm) => (format!("not in {}", swarm.seeds), format!("{:.3}", swarm.cpu_s)),
        None => (String::new(), String::new()),
    };
    let (file, size) = match (&kill.case, kill.case_size) {
        (Some(case), Some(size)) => {
            let CaseSize { peers, faults, commands, deliveries, virtual_ms } = size;
            let name = Path::new(case).file_name().unwrap_or_default().to_string_lossy();
            let link = format!("[{name}](zoo/{name})");
            (link, format!("{peers}, {faults}, {commands}, {deliveries}, {virtual_ms}"))
        }
        _ => (kill.not_shrunk.clone().unwrap_or_default(), String::new()),
    };
    let took = kill.shrink_s.map(|took| format!("{took:.2}")).unwrap_or_default();
    format!("{seeds} | {cpu_s} | {file} | {size} | {took}")
}

/// The medians and the worst of all safety mutants that were shrunk, in a sentence each.
fn sizes(kills: &[Kill]) -> Option<String> {
    let safety: Vec<&Kill> = kills.iter().filter(|kill| kill.harm == "safety").collect();
    let shrunk: Vec<CaseSize> = safety.iter().filter_map(|kill| kill.case_size).collect();
    if shrunk.is_empty() {
        return None;
    }
    let of = |what: fn(&CaseSize) -> u64| {
        let (median, worst) = middle_and_last(shrunk.iter().map(what).collect());
        format!("{median} (worst {worst})")
    };
    let seconds = |of: &dyn Fn(&Kill) -> Option<f64>| {
        let micros = |seconds: f64| (seconds * 1e6) as u64;
        let all = safety.iter().filter_map(|kill| of(kill)).map(micros).collect();
        let (median, worst) = middle_and_last(all);
        format!("{:.3} s (worst {:.3} s)", median as f64 / 1e6, worst as f64 / 1e6)
    };
    let in_storms = |kill: &Kill| Some(kill.swarm.as_ref().filter(|swarm| swarm.caught)?.cpu_s);
    let caught = safety.iter().filter(|kill| in_storms(kill).is_some()).count();
    Some(format!(
        "Safety mutants, median and worst. CPU time to detection: {}; by storms alone, which catch {caught} of \
         {}: {}. Smallest cases of {}: peers {}, faults {}, commands {}, deliveries {}, virtual ms {}. \
         CPU time to shrink: {}.",
        seconds(&|kill| kill.caught.then_some(kill.cpu_s)),
        safety.len(),
        seconds(&in_storms),
        shrunk.len(),
        of(|size| size.peers as u64),
        of(|size| size.faults as u64),
        of(|size| size.commands as u64),
        of(|size| size.deliveries),
        of(|size| size.virtual_ms),
        seconds(&|kill| kill.shrink_s),
    ))
}

fn middle_and_last(mut numbers: Vec<u64>) -> (u64, u64) {
    numbers.sort_unstable();
    let middle = numbers.get(numbers.len() / 2).copied().unwrap_or(0);
    (middle, numbers.last().copied().unwrap_or(0))
}
