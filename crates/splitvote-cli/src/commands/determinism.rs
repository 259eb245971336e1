//! `splitvote check-determinism`: every seed twice, and once more in a second process.

use std::io::{BufWriter, Write as _, stdout};
use std::process::{Command, Stdio};

use splitvote::determinism::{Divergence, check_seed, compare, hash, lines};
use splitvote::peer::Peer;
use splitvote::{Scenario, ScenarioError, Seed, Subject, check_fit, replay};

use super::load;
use crate::arguments::DeterminismArguments;
use crate::peers::{Chosen, Work};
use crate::{Outcome, Stop};

pub(crate) fn check(arguments: &DeterminismArguments) -> Outcome {
    let chosen = Chosen::find(&arguments.raft)?;
    let scenarios = load(&arguments.scenarios)?;
    scenarios.iter().try_for_each(|scenario| chosen.run(Fits { scenario }))?;
    if arguments.digests || arguments.events {
        return print_for_first_process(arguments, &chosen, &scenarios);
    }
    let (seeds, count) = (&arguments.seeds, scenarios.len());
    println!(
        "{seeds} of {count} scenarios, Raft {}, each three times, in two processes",
        chosen.name()
    );
    let other =
        second_process(arguments, &arguments.scenarios, &seeds_argument(arguments), "--digests")?;
    let mut digests = other.lines();
    for scenario in &scenarios {
        for seed in seeds.0.clone() {
            let seed = Seed(seed);
            let ours = match chosen.run(Twice { scenario, seed }) {
                Ok(digest) => format!("{digest:016x}"),
                Err(divergence) => return differ(scenario, &divergence),
            };
            if digests.next() != Some(ours.as_str()) {
                let divergence = across_processes(arguments, &chosen, scenario, seed)?;
                return differ(scenario, &divergence);
            }
        }
    }
    let runs = seeds.count() * count as u64;
    writeln!(stdout(), "{runs} seeds, and every run of a seed was the same, event by event")?;
    Ok(0)
}

fn differ(scenario: &Scenario, divergence: &Divergence) -> Outcome {
    writeln!(stdout(), "✗ {}: {divergence}", scenario.name)?;
    Ok(4)
}

fn seeds_argument(arguments: &DeterminismArguments) -> String {
    format!("{}..{}", arguments.seeds.0.start, arguments.seeds.0.end)
}

/// Runs this command in a second process and reads what it prints.
fn second_process(
    arguments: &DeterminismArguments,
    scenarios: &[std::path::PathBuf],
    seeds: &str,
    mode: &str,
) -> Result<String, Stop> {
    let program = std::env::current_exe()?;
    let output = Command::new(program)
        .args(["check-determinism", mode, "--seeds", seeds, "--raft", &arguments.raft])
        .args(scenarios)
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(Stop::Fault(format!("the second process ended with {}", output.status)));
    }
    String::from_utf8(output.stdout).map_err(|error| Stop::Fault(error.to_string()))
}

/// Both processes ran the seed and their digests differ: which event differs first?
fn across_processes(
    arguments: &DeterminismArguments,
    chosen: &Chosen,
    scenario: &Scenario,
    seed: Seed,
) -> Result<Divergence, Stop> {
    let only = format!("{}..{}", seed.0, seed.0 + 1);
    let theirs =
        second_process(arguments, std::slice::from_ref(&scenario.file), &only, "--events")?;
    let ours = chosen.run(Events { scenario, seed });
    Ok(compare(seed, ours, theirs.lines().map(str::to_owned)))
}

/// The second process: prints digests or events, and nothing else.
fn print_for_first_process(
    arguments: &DeterminismArguments,
    chosen: &Chosen,
    scenarios: &[Scenario],
) -> Outcome {
    let mut out = BufWriter::new(stdout().lock());
    for scenario in scenarios {
        for seed in arguments.seeds.0.clone() {
            let seed = Seed(seed);
            if arguments.digests {
                writeln!(out, "{:016x}", chosen.run(Once { scenario, seed }))?;
            } else {
                for line in chosen.run(Events { scenario, seed }) {
                    writeln!(out, "{line}")?;
                }
            }
        }
    }
    out.flush()?;
    Ok(0)
}

struct Twice<'a> {
    scenario: &'a Scenario,
    seed: Seed,
}

impl Work for Twice<'_> {
    type Output = Result<u64, Divergence>;
    fn with<P: Peer>(self, subject: &Subject<P>) -> Self::Output {
        check_seed(self.scenario, subject, self.seed)
    }
}

struct Once<'a> {
    scenario: &'a Scenario,
    seed: Seed,
}

impl Work for Once<'_> {
    type Output = u64;
    fn with<P: Peer>(self, subject: &Subject<P>) -> u64 {
        let (report, trace) = replay(self.scenario, subject, self.seed);
        hash(&report, &trace)
    }
}

struct Events<'a> {
    scenario: &'a Scenario,
    seed: Seed,
}

impl Work for Events<'_> {
    type Output = Vec<String>;
    fn with<P: Peer>(self, subject: &Subject<P>) -> Vec<String> {
        lines(&replay(self.scenario, subject, self.seed).1).collect()
    }
}

struct Fits<'a> {
    scenario: &'a Scenario,
}

impl Work for Fits<'_> {
    type Output = Result<(), ScenarioError>;
    fn with<P: Peer>(self, subject: &Subject<P>) -> Self::Output {
        check_fit(self.scenario, subject)
    }
}
