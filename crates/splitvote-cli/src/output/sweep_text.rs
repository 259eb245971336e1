//! The result of `run` for people: a table, then every failure with its replay command.

use std::io::{self, BufWriter, Write};

use splitvote::SweptDeparture;
use splitvote::determinism::WHAT_TO_LOOK_FOR;
use splitvote::testing::vacuity;

use super::channel;
use super::results::{Rerun, Results, Swept};
use super::sweep_table::{LEGEND, table};
use super::terminal::{self, bad, count, good, invocation, many, quoted, seconds, without};

/// How many failing seeds of one scenario are shown; all are counted.
const MAX_SHOWN: usize = 3;

pub(crate) fn print(results: &Results) -> io::Result<()> {
    let mut out = BufWriter::new(channel::out());
    if !results.swept.is_empty() {
        let table = table(results, terminal::width());
        let marked = |line: &str| match line.trim_start().chars().next() {
            Some('✓') => line.replacen('✓', &good("✓"), 1),
            Some('✗') => line.replacen('✗', &bad("✗"), 1),
            _ => line.to_owned(),
        };
        table.lines().try_for_each(|line| writeln!(out, "{}", marked(line)))?;
        if results.swept.iter().any(|swept| swept.report.calms.all() > 0) {
            writeln!(out, "{LEGEND}")?;
        }
        skipped(&mut out, results)?;
        not_judged(&mut out, results)?;
        for swept in &results.swept {
            failures(&mut out, results, swept)?;
        }
        departures(&mut out, results)?;
        summary(&mut out, results)?;
    }
    cases(&mut out, &results.rerun)?;
    out.flush()
}

/// The cases that do not end as they state, and how many do.
fn cases(out: &mut impl Write, rerun: &[Rerun]) -> io::Result<()> {
    for odd in rerun.iter().filter(|rerun| !rerun.is_as_stated()) {
        let file = odd.case.file.display().to_string();
        writeln!(out, "\n{} {file}, Raft: {}", bad("✗"), odd.case.raft)?;
        for line in odd.comparison.to_string().lines() {
            writeln!(out, "  {line}")?;
        }
        writeln!(out, "  replay: {} replay {}", invocation(), quoted(&file))?;
    }
    let stated = rerun.iter().filter(|rerun| rerun.is_as_stated()).count();
    let told = match rerun.len() {
        0 => return Ok(()),
        1 => format!("{stated} of 1 case ends as it states"),
        all => format!("{stated} of {all} cases end as they state"),
    };
    writeln!(out, "{}", if stated == rerun.len() { good(&told) } else { bad(&told) })
}

/// Which scenarios were skipped, and why, and what was left undemanded of others.
pub(super) fn skipped(out: &mut impl Write, results: &Results) -> io::Result<()> {
    for Swept { scenario, report, .. } in &results.swept {
        if let Some(reason) = &report.skipped {
            writeln!(out, "skipped: {} ({reason})", scenario.name)?;
        }
        if !report.undemanded.is_empty() {
            let events: Vec<&str> = report.undemanded.iter().map(|event| event.name()).collect();
            let (name, peer, events) = (&scenario.name, &results.peer, events.join(", "));
            writeln!(out, "not demanded: {name} ({events}: never happens to {peer})")?;
        }
    }
    if results.all_skipped() {
        writeln!(
            out,
            "{} every scenario was skipped: nothing is proven of {}",
            bad("✗"),
            results.peer
        )?;
    }
    Ok(())
}

/// That nothing was said of what never happened, or of how many scenarios too few seeds were run to say what never
/// happened.
fn not_judged(out: &mut impl Write, results: &Results) -> io::Result<()> {
    if !results.without.is_empty() {
        return writeln!(out, "must-happen not judged: classes of faults are switched off");
    }
    let is_short = |swept: &&Swept| {
        swept.report.skipped.is_none() && swept.report.seeds < swept.scenario.seeds
    };
    let has_held = |swept: &&Swept| swept.report.failures.is_empty();
    let short: Vec<&Swept> = results.swept.iter().filter(is_short).filter(has_held).collect();
    let wanted = || short.iter().map(|swept| swept.scenario.seeds);
    let run = short.iter().map(|swept| swept.report.seeds).max();
    let (Some(run), Some(fewest), Some(most)) = (run, wanted().min(), wanted().max()) else {
        return Ok(());
    };
    let of = match (short.len(), results.swept.len()) {
        (1, 1) => String::new(),
        (short, all) => format!(" in {short} of {all} scenarios"),
    };
    let wanted = if fewest == most { fewest.to_string() } else { format!("{fewest} to {most}") };
    writeln!(out, "must-happen not judged{of}: {run} of {wanted} seeds")
}

fn failures(out: &mut impl Write, results: &Results, swept: &Swept) -> io::Result<()> {
    let Swept { scenario, report, .. } = swept;
    if let Some(divergence) = &report.divergence {
        writeln!(out, "\n{} {}: {} is not deterministic", bad("✗"), scenario.name, results.peer)?;
        writeln!(out, "  {divergence}\n  {WHAT_TO_LOOK_FOR}")?;
    }
    for failed in report.failures.iter().take(MAX_SHOWN) {
        let checker = failed.verdict.checker().unwrap_or_default();
        writeln!(out, "\n{} {}, seed {}: {checker}", bad("✗"), scenario.name, failed.seed.0)?;
        writeln!(out, "  {}", failed.verdict)?;
        if let Some(rule) = failed.verdict.broken_rule() {
            writeln!(out, "  {rule}")?;
        }
        writeln!(out, "  replay: {}", command("replay", results, swept, failed.seed.0))?;
        writeln!(out, "  shrink: {}", command("shrink", results, swept, failed.seed.0))?;
        if let Some(kept) = swept.kept.get(&failed.seed.0) {
            writeln!(out, "  page:   {}", kept.page.display())?;
        }
    }
    let failed = report.seeds - report.held;
    if failed > MAX_SHOWN as u64 {
        let more = failed - MAX_SHOWN as u64;
        writeln!(out, "  and {more} more of {} seeds of {}", report.seeds, scenario.name)?;
    }
    let vacuity = vacuity(scenario, report);
    if vacuity.is_empty() { Ok(()) } else { writeln!(out, "\n{} {vacuity}", bad("✗")) }
}

/// The command that replays or shrinks a seed, as it can be pasted into a shell.
pub(crate) fn command(verb: &str, results: &Results, swept: &Swept, seed: u64) -> String {
    command_judged(verb, results, swept, seed, &results.judging.options())
}

/// The same, with other options of how it is judged.
pub(crate) fn command_judged(
    verb: &str,
    results: &Results,
    swept: &Swept,
    seed: u64,
    judging: &str,
) -> String {
    format!("{} {}", invocation(), words(verb, results, swept, seed, judging))
}

/// What stands in such a command after the program.
pub(crate) fn words(
    verb: &str,
    results: &Results,
    swept: &Swept,
    seed: u64,
    judging: &str,
) -> String {
    let file = quoted(&swept.scenario.file.display().to_string());
    let mut command = format!("{verb} {file} --seed {seed}");
    if results.peer != "reference" {
        command.push_str(&format!(" --raft {}", results.peer));
    }
    command.push_str(judging);
    command.push_str(&without(&results.without));
    command
}

/// The ways in which the Raft departed from practice, each once, with the command that shows the first time as
/// a failure.
fn departures(out: &mut impl Write, results: &Results) -> io::Result<()> {
    let found = departed(results);
    if !found.is_empty() {
        writeln!(out, "\ndepartures from practice (no failures):")?;
    }
    for Departed { swept, departure, runs, times } in found {
        let (checker, cause) = departure.kind();
        let (times, runs) = (many(times, "time", "times"), many(runs, "run", "runs"));
        writeln!(out, "\n· {checker} ({cause}): {times} in {runs}")?;
        writeln!(out, "  {}, seed {}: {}", swept.scenario.name, departure.seed, departure.first)?;
        if let Some(reason) = &departure.reason {
            writeln!(out, "  known: {reason}")?;
        }
        let seed = departure.seed.0;
        let judging = results.judging.options_about(checker);
        writeln!(out, "  replay: {}", command_judged("replay", results, swept, seed, &judging))?;
    }
    Ok(())
}

/// A kind of departure over all scenarios.
struct Departed<'a> {
    /// The first scenario in which it was seen.
    swept: &'a Swept,
    departure: &'a SweptDeparture,
    runs: u64,
    times: u64,
}

fn departed(results: &Results) -> Vec<Departed<'_>> {
    let mut found: Vec<Departed<'_>> = Vec::new();
    for swept in &results.swept {
        for departure in &swept.report.departures {
            let SweptDeparture { runs, times, .. } = *departure;
            match found.iter_mut().find(|known| known.departure.kind() == departure.kind()) {
                Some(known) => {
                    known.runs += runs;
                    known.times += times;
                }
                None => found.push(Departed { swept, departure, runs, times }),
            }
        }
    }
    found
}

fn summary(out: &mut impl Write, results: &Results) -> io::Result<()> {
    let sum = |part: &dyn Fn(&Swept) -> u64| results.swept.iter().map(part).sum::<u64>();
    let runs = sum(&|swept| swept.report.seeds);
    let held = sum(&|swept| swept.report.held);
    let events = sum(&|swept| swept.report.events);
    let wall_s: f64 = results.swept.iter().map(|swept| swept.wall_s).sum();
    let virtual_s: f64 = results.swept.iter().map(|s| s.report.virtual_time.as_secs_f64()).sum();
    if results.is_interrupted() {
        writeln!(out, "\ninterrupted: what follows is of the seeds that were finished")?;
    }
    let outcome = format!("{held} of {} held", many(runs, "run", "runs"));
    writeln!(
        out,
        "\n{} ({}, Raft: {}): {} events, {} virtual in {}",
        if results.exit_code() == 0 { good(&outcome) } else { bad(&outcome) },
        results.seeds,
        results.peer,
        count(events),
        seconds(virtual_s),
        seconds(wall_s)
    )
}
