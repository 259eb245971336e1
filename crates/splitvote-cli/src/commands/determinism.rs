//! `splitvote check-determinism`: every seed twice, and once more in a second process.

use std::io::{BufRead as _, BufReader, BufWriter, Lines, Write as _, stdout};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use clap::Args;
use splitvote::determinism::{Divergence, compare, hash, lines};
use splitvote::{FaultClass, Scenario, Seed, Seeds};

use super::{NOTHING_PROVEN, leave_out, load, switch_off};
use crate::interrupt;
use crate::outcome::{Outcome, Stop};
use crate::output::channel;
use crate::output::terminal::{many, without};
use crate::peers::{Chosen, UnderTest};

#[derive(Debug, Args)]
pub(crate) struct DeterminismArguments {
    /// Scenario files, or directories of them.
    #[arg(default_value = "sim-scenarios")]
    pub(crate) scenarios: Vec<PathBuf>,
    /// How many seeds of each scenario, or which.
    #[arg(long, default_value = "20", allow_negative_numbers = true)]
    pub(crate) seeds: Seeds,
    /// The Raft under test.
    #[arg(long, value_name = "NAME")]
    pub(crate) raft: Option<String>,
    /// Switch classes of faults off, such as `clocks,loss` (see `list faults`); all other draws stay.
    #[arg(long, value_delimiter = ',', value_name = "CLASSES")]
    pub(crate) without: Vec<FaultClass>,
    /// For the second process: print the digests alone.
    #[arg(long, hide = true)]
    pub(crate) digests: bool,
    /// For the second process: print the events of the first seed of the only scenario.
    #[arg(long, hide = true)]
    pub(crate) events: bool,
}

pub(crate) fn check(arguments: &DeterminismArguments) -> Outcome {
    let chosen = Chosen::asked_for(arguments.raft.as_deref(), None)?;
    let mut scenarios = load(&arguments.scenarios)?;
    scenarios.iter_mut().for_each(|scenario| switch_off(&mut scenario.setup, &arguments.without));
    let skipped = leave_out(&mut scenarios, &*chosen)?;
    if arguments.digests || arguments.events {
        return print_for_first_process(arguments, &*chosen, &scenarios);
    }
    let (seeds, count) = (&arguments.seeds, scenarios.len());
    let mut out = channel::out();
    writeln!(
        out,
        "{seeds} of {}, Raft {}, each three times, in two processes",
        many(count as u64, "scenario", "scenarios"),
        chosen.name()
    )?;
    skipped.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    if scenarios.is_empty() {
        writeln!(out, "{NOTHING_PROVEN}")?;
        return Ok(3);
    }
    let interrupt = interrupt::watch()?;
    let finished = Arc::new(AtomicU64::new(0));
    let so_far = Arc::clone(&finished);
    interrupt::or_else(interrupt::PATIENCE, move || {
        tell_interrupted(so_far.load(Ordering::Relaxed));
        0
    });
    check_all(arguments, &*chosen, &scenarios, interrupt, &finished)
}

fn check_all(
    arguments: &DeterminismArguments,
    chosen: &dyn UnderTest,
    scenarios: &[Scenario],
    interrupt: &AtomicBool,
    finished: &AtomicU64,
) -> Outcome {
    let (seeds, count) = (&arguments.seeds, scenarios.len());
    let mut other = SecondProcess::start(
        arguments,
        chosen.name(),
        &arguments.scenarios,
        &seeds_argument(arguments),
        "--digests",
    )?;
    for scenario in scenarios {
        for seed in seeds.iter() {
            if interrupt.load(Ordering::Relaxed) {
                return interrupted(finished);
            }
            let ours = match chosen.check_seed(scenario, seed) {
                Ok(digest) => format!("{digest:016x}"),
                Err(divergence) => return differ(scenario, &divergence),
            };
            let theirs = other.next_line()?;
            // Ctrl-C ends the second process too.
            if theirs.is_none() && interrupt.load(Ordering::Relaxed) {
                return interrupted(finished);
            }
            if theirs.as_ref() != Some(&ours) {
                other.must_have_ended_well(theirs.is_none())?;
                let divergence = across_processes(arguments, chosen, scenario, seed)?;
                return differ(scenario, &divergence);
            }
            finished.fetch_add(1, Ordering::Relaxed);
        }
    }
    interrupt::has_ended();
    let runs = seeds.count().saturating_mul(count as u64);
    let runs = many(runs, "seed", "seeds");
    writeln!(channel::out(), "{runs}, and every run of a seed was the same, event by event")?;
    Ok(0)
}

fn interrupted(finished: &AtomicU64) -> Outcome {
    interrupt::has_ended();
    tell_interrupted(finished.load(Ordering::Relaxed));
    Ok(interrupt::exit_code(0))
}

fn tell_interrupted(finished: u64) {
    let finished = many(finished, "seed was finished", "seeds were finished");
    // Writing to a channel does not fail.
    _ = writeln!(channel::out(), "interrupted: {finished}, and every run of a seed was the same");
}

fn differ(scenario: &Scenario, divergence: &Divergence) -> Outcome {
    interrupt::has_ended();
    writeln!(channel::out(), "✗ {}: {divergence}", scenario.name)?;
    Ok(4)
}

fn seeds_argument(arguments: &DeterminismArguments) -> String {
    let Seed(start) = arguments.seeds.start();
    format!("{start}..{}", start.saturating_add(arguments.seeds.count()))
}

/// This command in a second process, whose lines are read as they come.
struct SecondProcess {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl SecondProcess {
    fn start(
        arguments: &DeterminismArguments,
        raft: &str,
        scenarios: &[PathBuf],
        seeds: &str,
        mode: &str,
    ) -> Result<Self, Stop> {
        let program = std::env::current_exe()?;
        let mut child = Command::new(program)
            .args(["check-determinism", mode, "--seeds", seeds, "--raft", raft])
            .args(without(&arguments.without).split_whitespace())
            .args(scenarios)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()?;
        let out = child.stdout.take();
        let out = out.ok_or_else(|| Stop::Fault("the second process has no output".to_owned()))?;
        Ok(Self { child, lines: BufReader::new(out).lines() })
    }

    fn next_line(&mut self) -> Result<Option<String>, Stop> {
        Ok(self.lines.next().transpose()?)
    }

    /// If it has ended, it must not be for a fault of its own.
    fn must_have_ended_well(&mut self, has_ended: bool) -> Result<(), Stop> {
        if has_ended {
            let status = self.child.wait()?;
            if !status.success() {
                return Err(Stop::Fault(format!("the second process ended with {status}")));
            }
        }
        Ok(())
    }
}

impl Drop for SecondProcess {
    fn drop(&mut self) {
        // It may have ended by itself.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// Both processes ran the seed and their digests differ: which event differs first?
fn across_processes(
    arguments: &DeterminismArguments,
    chosen: &dyn UnderTest,
    scenario: &Scenario,
    seed: Seed,
) -> Result<Divergence, Stop> {
    let only = format!("{}..{}", seed.0, seed.0 + 1);
    let file = std::slice::from_ref(&scenario.file);
    let mut other = SecondProcess::start(arguments, chosen.name(), file, &only, "--events")?;
    let mut theirs = Vec::new();
    while let Some(line) = other.next_line()? {
        theirs.push(line);
    }
    other.must_have_ended_well(true)?;
    let (_, ours) = chosen.replay(scenario.into(), seed);
    Ok(compare(seed, lines(&ours), theirs))
}

/// The second process: prints digests or events, and nothing else. It ends when the first process does, which is who
/// reads.
fn print_for_first_process(
    arguments: &DeterminismArguments,
    chosen: &dyn UnderTest,
    scenarios: &[Scenario],
) -> Outcome {
    let mut out = BufWriter::new(stdout().lock());
    for scenario in scenarios {
        for seed in arguments.seeds.iter() {
            let (report, trace) = chosen.replay(scenario.into(), seed);
            let written = if arguments.digests {
                writeln!(out, "{:016x}", hash(&report, &trace))
            } else {
                lines(&trace).try_for_each(|line| writeln!(out, "{line}"))
            };
            if written.and_then(|()| out.flush()).is_err() {
                return Ok(0);
            }
        }
    }
    Ok(0)
}
