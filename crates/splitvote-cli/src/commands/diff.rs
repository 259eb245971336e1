//! `splitvote diff`: where two runs are first different, and what each did from there.

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};
use splitvote::{FaultClass, RunReport, SimTime, Trace, Verdict, case};
use splitvote_report::{Difference, compare, trace_file, write_difference};

use super::named::Told;
use super::page::PageArguments;
use crate::arguments::{Colour, Format, Which};
use crate::judging::Judging;
use crate::numbers::{LAST_SEED, whole};
use crate::outcome::{Outcome, Stop};
use crate::output::{channel, json, terminal};
use crate::target::Targets;

#[derive(Debug, Args)]
#[command(after_help = "\
A and B are whatever `replay` shows: a scenario with --seed, a case, which knows its seed and its Raft, or a trace. \
Without B, the other run is A once more, with what --with and --without change; its seed is the same.

Events are compared one by one. `≠` says in one sentence what the first difference comes to; below it stand the steps \
that only one of the runs has, and how each run ended.

Exit codes: 0 the runs have the same events, 1 they differ, 2 wrong usage or input.

Examples:
  splitvote diff reports/zoo/e1.toml --with reference       what does the bug do that the reference does not?
  splitvote diff sim-scenarios/swarm/five.toml --seed 7 --without crashes   is it the crashes?
  splitvote diff before.trace after.trace                   two runs that were written down
  splitvote diff reports/zoo/e1.toml --with reference --html e1.html --open   the same in the browser")]
pub(crate) struct DiffArguments {
    /// Run A: a scenario, a case or a trace.
    a: PathBuf,
    /// Run B: another one; by default A once more.
    b: Option<PathBuf>,
    /// The Raft of B (see `list rafts`); by default that of A, or of the case B.
    #[arg(long, value_name = "NAME")]
    with: Option<String>,
    /// Switch classes of faults off in B, such as `crashes,loss` (see `list faults`); all other draws stay.
    #[arg(long, value_delimiter = ',', value_name = "CLASSES")]
    without: Vec<FaultClass>,
    /// The seed of both; that of the case.
    #[arg(long, allow_negative_numbers = true, value_parser = whole("seed", 0..=LAST_SEED))]
    seed: Option<u64>,
    /// The Raft of A; by default that of the case, or the first one of this program.
    #[arg(long, value_name = "NAME")]
    raft: Option<String>,
    #[command(flatten)]
    judging: Judging,
    #[command(flatten)]
    page: PageArguments,
    /// Also replace a file that holds something else than what is written to it.
    #[arg(long)]
    force: bool,
    /// How the result is printed.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Colours: on a terminal by default.
    #[arg(long, value_enum, default_value = "auto")]
    colour: Colour,
}

/// One of the two runs.
pub(super) struct Run {
    /// How it was made, as the reader sees it.
    pub(super) label: String,
    pub(super) trace: Trace,
    /// `None` if it is a trace that is cut off.
    pub(super) report: Option<RunReport>,
}

pub(crate) fn diff(arguments: &DiffArguments) -> Outcome {
    let DiffArguments { a, b, with, without, .. } = arguments;
    if b.is_none() && with.is_none() && without.is_empty() {
        return Err(Stop::Input(format!(
            "{}: with what is it to be compared? Name a second file, another Raft (--with reference), or a class of \
             faults to switch off (--without crashes)",
            a.display()
        )));
    }
    let mut targets = Targets::of(a, arguments.force);
    arguments.page.check(&mut targets)?;
    let first = read(a, &arguments.which(None), "A")?;
    let seed = first.trace.head.seed.0;
    let raft = with.clone().or_else(|| b.is_none().then(|| first.trace.head.raft.clone()));
    let second = read(b.as_ref().unwrap_or(a), &arguments.which(Some((raft, seed))), "B")?;
    let difference = compare(&first.trace, &second.trace);
    let runs = [&first, &second];
    let is_written = arguments.page.write_beside(runs, difference.as_ref());
    match arguments.format {
        Format::Json => json::print(&object(runs, difference.as_ref()))?,
        Format::Text => {
            let mut out = BufWriter::new(channel::out());
            let options = terminal::text_options(terminal::is_coloured(arguments.colour));
            let pair = runs.map(|run| (&run.trace, run.report.as_ref()));
            let labels = runs.map(|run| run.label.as_str());
            write_difference(&mut out, pair, labels, difference.as_ref(), options)?;
            out.flush()?;
        }
    }
    Ok(if is_written { u8::from(difference.is_some()) } else { 2 })
}

impl DiffArguments {
    /// How a run is made: A, or B with its Raft and the seed of A.
    fn which(&self, second: Option<(Option<String>, u64)>) -> Which {
        let judging = self.judging.clone();
        let Some((raft, seed)) = second else {
            let raft = self.raft.clone();
            return Which { seed: self.seed, raft, judging, without: Vec::new() };
        };
        // A case has a seed of its own.
        let is_case = |file: &PathBuf| matches!(case::find(file), Ok(Some(_)));
        let seed = if self.b.as_ref().is_some_and(is_case) { self.seed } else { Some(seed) };
        Which { seed, raft, judging, without: self.without.clone() }
    }
}

/// Reads a trace, or makes the run that a file and these options say.
fn read(file: &Path, which: &Which, name: &str) -> Result<Run, Stop> {
    if !trace_file::is_trace(file) {
        return make(&Told::read(file, which, "only a case knows its seed")?, file, which);
    }
    if which.raft.is_some() || !which.without.is_empty() || !which.judging.is_usual() {
        return Err(Stop::Input(format!(
            "{}: {name} is a trace, which is compared as it was recorded: another Raft, other faults or another judgement \
             would need the scenario; name that, or leave the option out",
            file.display()
        )));
    }
    let read = trace_file::load(file).map_err(|error| Stop::Input(error.to_string()))?;
    let label = label(file, &read.trace, which);
    Ok(Run { label, trace: read.trace, report: read.report })
}

/// Makes a run with another Raft, or without some faults.
fn make(told: &Told, file: &Path, which: &Which) -> Result<Run, Stop> {
    let Told { named, seed, chosen, .. } = told;
    named.check_fit(&**chosen)?;
    let script = named.script();
    let (report, trace) = if which.judging.is_usual() {
        chosen.replay_as_stated(script, *seed)
    } else {
        chosen.replay(script, *seed)
    };
    Ok(Run { label: label(file, &trace, which), trace, report: Some(report) })
}

/// The same run with another Raft, judged in the same way.
pub(super) fn beside(file: &Path, which: &Which, raft: &str) -> Result<Run, Stop> {
    read(file, &Which { raft: Some(raft.to_owned()), ..which.clone() }, "this")
}

/// `e1.toml, seed 48, Raft: reference, without crashes`.
pub(super) fn label(file: &Path, trace: &Trace, which: &Which) -> String {
    let head = &trace.head;
    let names: Vec<&str> = which.without.iter().map(|class| class.name()).collect();
    let without =
        if names.is_empty() { String::new() } else { format!(", without {}", names.join(", ")) };
    let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy();
    format!("{name}, seed {}, Raft: {}{without}", head.seed, head.raft)
}

fn seconds(at: SimTime) -> f64 {
    at.since(SimTime::ZERO).as_secs_f64()
}

/// The result as one object.
fn object(runs: [&Run; 2], difference: Option<&Difference>) -> Value {
    let [a, b] = [0, 1].map(|place| {
        let Some(Run { label, trace, report }) = runs.get(place) else { return Value::Null };
        let verdict = report.as_ref().map(|report| &report.verdict);
        let side = difference.and_then(|difference| difference.sides.get(place));
        let steps = side.map(|side| {
            let steps = side.steps.iter();
            let told = |at, sentence| json!({ "at_s": seconds(at), "sentence": sentence });
            steps.map(|step| told(step.at, &step.sentence)).collect::<Vec<_>>()
        });
        json!({
            "label": label,
            "scenario": trace.head.scenario,
            "seed": trace.head.seed.0,
            "raft": trace.head.raft,
            "events": trace.events.len(),
            "held": verdict.map(|verdict| *verdict == Verdict::Held),
            "checker": verdict.and_then(Verdict::checker),
            "sentence": verdict.map(ToString::to_string),
            "ended_s": report.as_ref().map(|report| report.virtual_time.as_secs_f64()),
            "steps": steps.unwrap_or_default(),
            "more": side.map_or(0, |side| side.more),
        })
    });
    json!({
        "schema": 1,
        "same": difference.is_none(),
        "event": difference.map(|difference| difference.event),
        "at_s": difference.map(|difference| seconds(difference.at)),
        "meaning": difference.map(|difference| difference.meaning.as_str()),
        "a": a,
        "b": b,
    })
}
