//! `splitvote zoo`: the kill matrix.

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use splitvote::sweep::cores;
use splitvote::threads::share_out;
use splitvote::{Scenario, reference};
use splitvote_zoo::matrix::{Chase, Detection, Kill, chase};
use splitvote_zoo::{Mutant, find, mutants};

use super::zoo_smallest::Smallest;
use super::{NOTHING_PROVEN, leave_out, load, switch_off};
use crate::arguments::{Format, ZooArguments};
use crate::interrupt;
use crate::outcome::{Outcome, Stop};
use crate::output::channel;
use crate::output::channel::complain;
use crate::output::progress::Progress;
use crate::output::terminal::without;
use crate::output::{json, zoo_text};
use crate::stopwatch::{CpuClock, Stopwatch};

pub(crate) fn zoo(arguments: &ZooArguments) -> Outcome {
    let chosen = choose(&arguments.mutants)?;
    let mut scenarios = load(&arguments.scenarios)?;
    scenarios.iter_mut().for_each(|scenario| switch_off(&mut scenario.setup, &arguments.without));
    // What they have, mutants have from the reference.
    let skipped = leave_out(&mut scenarios, &reference())?;
    let without = without(&arguments.without);
    if arguments.format == Format::Text {
        let (mutants, scenarios) = (chosen.len(), scenarios.len());
        let max_seeds = arguments.max_seeds;
        writeln!(
            channel::out(),
            "{mutants} mutants against {scenarios} scenarios, up to {max_seeds} seeds each"
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
    let hunt = Hunt {
        scenarios: &scenarios,
        shrink: arguments.shrink.as_deref().map(|directory| Smallest::new(&scenarios, directory)),
        max_seeds: arguments.max_seeds,
        interrupt,
        progress: &progress,
    };
    let kills = hunt.all(&chosen, jobs)?;
    progress.finish();
    match arguments.format {
        Format::Text => zoo_text::print(&kills, &without)?,
        Format::Json => json::print(&json::zoo(&kills))?,
    }
    let is_whole = kills.iter().all(|kill| kill.is_finished);
    // An interrupted chase is shown, but it does not replace a whole matrix.
    match &arguments.report {
        Some(file) if is_whole => {
            let told = zoo_text::Told {
                scenarios: scenarios.len(),
                max_seeds: arguments.max_seeds,
                without: &without,
                command: &report_command(arguments, &without),
            };
            zoo_text::write_markdown(file, &kills, told)?;
        }
        Some(file) => complain!("interrupted: {} is left as it was", file.display()),
        None => {}
    }
    let has_escaped =
        kills.iter().any(|kill| kill.is_finished && !kill.caught && kill.harm == "safety");
    Ok(interrupt::exit_code(u8::from(has_escaped)))
}

/// The command that writes the report.
fn report_command(arguments: &ZooArguments, without: &str) -> String {
    let max_seeds = arguments.max_seeds;
    let mut command = format!("cargo run --release -- zoo --max-seeds {max_seeds}{without}");
    for (option, path) in [("shrink", &arguments.shrink), ("report", &arguments.report)] {
        if let Some(path) = path {
            command.push_str(&format!(" --{option} {}", path.display()));
        }
    }
    command
}

fn choose(names: &[String]) -> Result<Vec<&'static Mutant>, Stop> {
    if names.is_empty() {
        return Ok(mutants().to_vec());
    }
    let unknown = |name: &String| {
        Stop::Input(format!("no mutant is called `{name}`; `splitvote list rafts` shows them"))
    };
    names.iter().map(|name| find(name).ok_or_else(|| unknown(name))).collect()
}

struct Hunt<'a> {
    scenarios: &'a [Scenario],
    /// Whether and how failures are shrunk.
    shrink: Option<Smallest<'a>>,
    max_seeds: u64,
    interrupt: &'a AtomicBool,
    progress: &'a Progress,
}

impl Hunt<'_> {
    /// Chases all mutants, several at once; the result is in their order.
    fn all(&self, mutants: &[&'static Mutant], jobs: usize) -> Result<Vec<Kill>, Stop> {
        // Interrupted, those that are left are told as unfinished.
        let kills = share_out(
            mutants.len() as u64,
            jobs,
            || false,
            |number| mutants.get(number as usize).map(|mutant| self.one(mutant)),
        );
        kills.into_iter().flatten().collect()
    }

    fn one(&self, mutant: &'static Mutant) -> Result<Kill, Stop> {
        let (stopwatch, clock) = (Stopwatch::start(), CpuClock::start());
        let mut kill = self.chase(mutant, self.scenarios)?;
        (kill.wall_s, kill.cpu_s) = (stopwatch.seconds(), clock.seconds());
        if let Some(smallest) = &self.shrink {
            let clock = CpuClock::start();
            let swarm = self.chase(mutant, &smallest.storms)?;
            kill.swarm = Some(Detection::of(&swarm, clock.seconds()));
            smallest.find(mutant, &mut kill, &swarm, self.interrupt)?;
        }
        self.progress.counter().fetch_add(1, Ordering::Relaxed);
        Ok(kill)
    }

    fn chase(&self, mutant: &'static Mutant, scenarios: &[Scenario]) -> Result<Kill, Stop> {
        let runs = AtomicU64::new(0);
        let options =
            Chase { max_seeds: self.max_seeds, finished: &runs, interrupt: self.interrupt };
        Ok(chase(mutant, scenarios, &options)?)
    }
}
