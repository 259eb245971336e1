//! `splitvote zoo`: the kill matrix.

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use splitvote::check::Checker;
use splitvote::scenario::alike;
use splitvote::sweep::cores;
use splitvote::threads::share_out;
use splitvote::{Scenario, reference};
use splitvote_zoo::matrix::{Chase, Detection, Kill, alone, chase};
use splitvote_zoo::{Mutant, find, mutants};

use super::zoo_page::Chased;
use super::zoo_smallest::{Smallest, UNWRITTEN, smallest_files};
use super::{NOTHING_PROVEN, leave_out, load, switch_off};
use crate::arguments::{RowFormat, ZooArguments};
use crate::interrupt;
use crate::outcome::{Outcome, Stop};
use crate::output::channel;
use crate::output::channel::complain;
use crate::output::progress::Progress;
use crate::output::rows::Rows;
use crate::output::terminal::{many, without};
use crate::output::{json, zoo_text};
use crate::peers::ids_within;
use crate::stopwatch::{CpuClock, Stopwatch};
use crate::target::{Kind, Targets};

pub(crate) fn zoo(arguments: &ZooArguments) -> Outcome {
    let chosen = choose(&arguments.mutants)?;
    let mut scenarios = load(&arguments.scenarios)?;
    scenarios.iter_mut().for_each(|scenario| switch_off(&mut scenario.setup, &arguments.without));
    // What they have, mutants have from the reference.
    let skipped = leave_out(&mut scenarios, &reference())?;
    let without = without(&arguments.without);
    check_targets(arguments, &chosen)?;
    let format = arguments.rows.format;
    let rows = Rows::open(format == RowFormat::Ndjson, arguments.rows.append.as_deref())?;
    if format == RowFormat::Text {
        let (mutants, scenarios) = (chosen.len() as u64, scenarios.len() as u64);
        writeln!(
            channel::out(),
            "{} against {}, up to {} each",
            many(mutants, "mutant", "mutants"),
            many(scenarios, "scenario", "scenarios"),
            many(arguments.max_seeds, "seed", "seeds")
        )?;
    }
    // On standard error, where JSON is asked for, too.
    skipped.iter().for_each(|line| complain!("{line}"));
    if scenarios.is_empty() {
        complain!("{NOTHING_PROVEN}");
        return Ok(3);
    }
    let interrupt = interrupt::watch()?;
    let progress = Progress::start(chosen.len() as u64, "mutants");
    let jobs = arguments.jobs.map_or_else(cores, usize::from);
    let told = Arc::new(Told {
        rows,
        kills: Mutex::default(),
        format,
        without: without.clone(),
        asks_few: !arguments.checker.is_empty(),
    });
    let last_words = Arc::clone(&told);
    let of_all = chosen.clone();
    interrupt::or_else(interrupt::PATIENCE, move || last_words.end(&of_all).0);
    let hunt = Hunt {
        scenarios: &scenarios,
        shrink: arguments.shrink.as_deref().map(|directory| Smallest::new(&scenarios, directory)),
        max_seeds: arguments.max_seeds,
        only: &arguments.checker,
        asks_each: arguments.all_checkers,
        interrupt,
        progress: &progress,
        told: &told,
    };
    hunt.all(&chosen, jobs)?;
    interrupt::has_ended();
    progress.finish();
    let (code, kills) = told.end(&chosen);
    let is_whole = kills.iter().all(|kill| kill.is_finished);
    let mut is_written = !kills.iter().any(|kill| kill.not_shrunk.as_deref() == Some(UNWRITTEN));
    let chased = Chased {
        scenarios: &scenarios,
        mutants: &chosen,
        kills: &kills,
        without: &without,
        command: &report_command(arguments, &without),
        jobs,
        interrupt,
    };
    is_written &= write_reports(arguments, &chased, is_whole)?;
    Ok(if code == 0 && !is_written { 2 } else { code })
}

/// Writes the matrix as Markdown and as a page, if they are asked for; false if one cannot be written. An interrupted
/// chase is shown, but it does not replace a whole matrix.
fn write_reports(
    arguments: &ZooArguments,
    chased: &Chased<'_>,
    is_whole: bool,
) -> Result<bool, Stop> {
    if !is_whole {
        for file in arguments.report.iter().chain(arguments.page.file()) {
            complain!("interrupted: {} is left as it was", file.display());
        }
        return Ok(true);
    }
    let mut is_written = arguments.page.write(chased)?;
    if let Some(file) = &arguments.report {
        let told = zoo_text::Told {
            scenarios: chased.scenarios.len(),
            max_seeds: arguments.max_seeds,
            without: chased.without,
            command: chased.command,
        };
        if let Err(error) = zoo_text::write_markdown(file, chased.kills, told) {
            complain!("error: {}: cannot be written: {error}", file.display());
            is_written = false;
        }
    }
    Ok(is_written)
}

/// Whether all files can be written, before hours are spent on what goes into them.
fn check_targets(arguments: &ZooArguments, mutants: &[&'static Mutant]) -> Result<(), Stop> {
    let mut targets = Targets::forced(arguments.force);
    if let Some(file) = &arguments.report {
        targets.add(file, Kind::Text(zoo_text::TITLE))?;
    }
    arguments.page.check(&mut targets)?;
    let Some(directory) = &arguments.shrink else { return Ok(()) };
    for mutant in mutants {
        let [case, text] = smallest_files(directory, mutant);
        targets.add(&case, Kind::Case)?;
        targets.add(&text, Kind::Explanation)?;
    }
    Ok(())
}

/// The mutants that are finished. They are told whatever ends the chase.
struct Told {
    rows: Rows,
    kills: Mutex<Vec<Kill>>,
    format: RowFormat,
    without: String,
    /// Whether only some checkers are asked.
    asks_few: bool,
}

impl Told {
    fn add(&self, kill: Kill) {
        if kill.is_finished {
            self.rows.add("mutant", &json::kill(&kill));
        }
        self.kills.lock().unwrap_or_else(PoisonError::into_inner).push(kill);
    }

    /// Prints all that is known of these mutants, in their order; the exit code.
    fn end(&self, mutants: &[&'static Mutant]) -> (u8, Vec<Kill>) {
        let known = self.kills.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let of = |mutant: &&'static Mutant| {
            let is_it = |kill: &&Kill| kill.id == mutant.id;
            known.iter().find(is_it).cloned().unwrap_or_else(|| Kill::unknown(mutant))
        };
        let kills: Vec<Kill> = mutants.iter().map(of).collect();
        _ = match self.format {
            RowFormat::Text => zoo_text::print(&kills, &self.without),
            RowFormat::Json => json::print(&json::zoo(&kills)),
            RowFormat::Ndjson => Ok(()),
        };
        // Of a few checkers alone nobody expects that they catch everything.
        let has_escaped = !self.asks_few
            && kills.iter().any(|kill| kill.is_finished && !kill.caught && kill.harm == "safety");
        let is_whole = kills.iter().all(|kill| kill.is_finished);
        let code = interrupt::exit_code(u8::from(has_escaped));
        (self.rows.end(code, !is_whole), kills)
    }
}

/// The command that writes the report.
fn report_command(arguments: &ZooArguments, without: &str) -> String {
    let max_seeds = arguments.max_seeds;
    let mut command = format!("cargo run --release -- zoo --max-seeds {max_seeds}{without}");
    if !arguments.checker.is_empty() {
        let names: Vec<_> = arguments.checker.iter().map(|checker| checker.name()).collect();
        command.push_str(&format!(" --checker {}", names.join(",")));
    }
    for (option, path) in [("shrink", &arguments.shrink), ("report", &arguments.report)] {
        if let Some(path) = path {
            command.push_str(&format!(" --{option} {}", path.display()));
        }
    }
    command + &arguments.page.in_command()
}

fn choose(names: &[String]) -> Result<Vec<&'static Mutant>, Stop> {
    if names.is_empty() {
        return Ok(mutants().to_vec());
    }
    let unknown = |name: &String| {
        let near = alike(name, mutants().iter().map(|mutant| mutant.name).chain(ids_within(name)));
        let near = if near.is_empty() { near } else { format!("{near} ") };
        Stop::Input(format!(
            "no mutant is called `{name}`; {near}`splitvote list rafts` shows them"
        ))
    };
    names.iter().map(|name| find(name).ok_or_else(|| unknown(name))).collect()
}

struct Hunt<'a> {
    scenarios: &'a [Scenario],
    /// Whether and how failures are shrunk.
    shrink: Option<Smallest<'a>>,
    max_seeds: u64,
    /// The only checkers that are asked, if any are named.
    only: &'a [Checker],
    /// Whether each checker is asked alone besides.
    asks_each: bool,
    interrupt: &'a AtomicBool,
    progress: &'a Progress,
    told: &'a Told,
}

impl Hunt<'_> {
    /// Chases all mutants, several at once. Interrupted, those that are left are told as unfinished.
    fn all(&self, mutants: &[&'static Mutant], jobs: usize) -> Result<(), Stop> {
        let outcomes = share_out(
            mutants.len() as u64,
            jobs,
            || false,
            |number| mutants.get(number as usize).map_or(Ok(()), |mutant| self.one(mutant)),
        );
        outcomes.into_iter().collect()
    }

    fn one(&self, mutant: &'static Mutant) -> Result<(), Stop> {
        let (stopwatch, clock) = (Stopwatch::start(), CpuClock::start());
        let mut kill = self.chase(mutant, self.scenarios)?;
        (kill.wall_s, kill.cpu_s) = (stopwatch.seconds(), clock.seconds());
        if self.asks_each {
            kill.alone = Some(alone(mutant, self.scenarios, &self.how(&AtomicU64::new(0)))?);
        }
        if let Some(smallest) = &self.shrink {
            let clock = CpuClock::start();
            let swarm = self.chase(mutant, &smallest.storms)?;
            kill.swarm = Some(Detection::of(&swarm, clock.seconds()));
            smallest.find(mutant, &mut kill, &swarm, self.interrupt);
        }
        self.told.add(kill);
        self.progress.counter().fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn chase(&self, mutant: &'static Mutant, scenarios: &[Scenario]) -> Result<Kill, Stop> {
        let runs = AtomicU64::new(0);
        Ok(chase(mutant, scenarios, &self.how(&runs))?)
    }

    fn how<'a>(&'a self, runs: &'a AtomicU64) -> Chase<'a> {
        let Self { max_seeds, only, interrupt, .. } = *self;
        Chase { max_seeds, only, finished: runs, interrupt }
    }
}
