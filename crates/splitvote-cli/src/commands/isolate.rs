//! `splitvote run --isolate`: seeds are run by other processes, which are this program once more, so that a peer that
//! ends its process ends one seed and not the sweep.
//!
//! A worker runs a stretch of seeds one after the other and prints what came of each, a line of JSON. If it dies, the
//! seed that it was at is the first whose line is missing. That seed is run once more by a worker that says whom it
//! calls, so that the verdict can name the peer; then another worker goes on behind it.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use splitvote::needs::lacking;
use splitvote::peer::{Peer, PeerId};
use splitvote::sweep::elsewhere::{Gathered, STRETCH, Told};
use splitvote::threads::{end_in_silence, share_out};
use splitvote::{Hang, Scenario, Seed, Seeds, Subject, SweepOptions, SweepReport, Trouble, sweep};
use splitvote_report::{read_told, write_told};
use tracing_subscriber::filter::{LevelFilter, Targets as Filter};
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::arguments::{RunArguments, Worker};
use crate::outcome::{Outcome, Stop};
use crate::output::channel;

/// How many seeds a worker is given.
const SEEDS: u64 = 16 * STRETCH;
/// How much a worker may hold: more than any run that is within its limits, and less than a machine has.
const MEMORY_KIB: u64 = 2 << 20;
/// What a worker exits with whose peer does not return; it has said so.
const HANGS: i32 = 5;
/// How many deaths of a sweep are looked into.
const MOST_EXAMINED: u64 = 20;
/// How much of what a worker said last is told, in characters.
const LONGEST: usize = 300;
const LOOK: Duration = Duration::from_millis(20);

/// The work of a worker: its seeds in order.
pub(crate) fn work<P: Peer>(
    worker: Worker,
    scenario: &Scenario,
    subject: &Subject<P>,
    seeds: &Seeds,
) -> Outcome {
    // Whoever started it tells of its end.
    end_in_silence();
    if worker == Worker::Calls {
        let calls = Filter::new().with_target("splitvote_sim", LevelFilter::DEBUG);
        let printer =
            tracing_subscriber::fmt::layer().with_span_events(FmtSpan::NEW).with_ansi(false);
        let printer = printer.without_time().with_writer(std::io::stderr);
        tracing_subscriber::registry().with(calls).with(printer).init();
    }
    for seed in seeds.iter() {
        let is_compared = worker == Worker::First && seed == seeds.start();
        let told = Told::of(scenario, subject, seed, is_compared);
        let line = write_told(&told).map_err(|error| Stop::Fault(error.to_string()))?;
        let mut out = channel::out();
        writeln!(out, "{line}")?;
        out.flush()?;
    }
    Ok(0)
}

/// The same as [`sweep`], in other processes.
pub(crate) fn sweep_elsewhere<P: Peer>(
    scenario: &Scenario,
    subject: &Subject<P>,
    options: &SweepOptions<'_>,
    arguments: &RunArguments,
) -> Result<SweepReport, Stop> {
    if lacking(scenario, subject).is_some() {
        return Ok(sweep(scenario, subject, options)?);
    }
    let crew = Crew {
        raft: subject.name(),
        arguments,
        scenario,
        options,
        gathered: Mutex::default(),
        workers: Mutex::default(),
        deaths: AtomicU64::new(0),
        has_failed: AtomicBool::new(false),
        is_done: AtomicBool::new(false),
    };
    let count = options.seeds.count().div_ceil(SEEDS);
    let outcomes: Vec<Result<(), Stop>> = std::thread::scope(|scope| {
        scope.spawn(|| crew.end_when_interrupted());
        let outcomes =
            share_out(count, options.jobs, || crew.is_over(), |number| crew.run(subject, number));
        crew.is_done.store(true, Ordering::Relaxed);
        outcomes
    });
    outcomes.into_iter().collect::<Result<(), Stop>>()?;
    let gathered = crew.gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(gathered.report(scenario, subject, options))
}

/// What all who wait for workers share.
struct Crew<'a> {
    raft: &'a str,
    arguments: &'a RunArguments,
    scenario: &'a Scenario,
    options: &'a SweepOptions<'a>,
    gathered: Mutex<Gathered>,
    workers: Mutex<Vec<Arc<Mutex<Child>>>>,
    deaths: AtomicU64,
    has_failed: AtomicBool,
    is_done: AtomicBool,
}

impl Crew<'_> {
    fn is_interrupted(&self) -> bool {
        self.options.interrupt.is_some_and(|flag| flag.load(Ordering::Relaxed))
    }

    fn is_over(&self) -> bool {
        let has_failed = self.has_failed.load(Ordering::Relaxed);
        self.is_interrupted() || self.options.stops_at_first && has_failed
    }

    /// Workers do not wait for the end of a long run once the command is interrupted.
    fn end_when_interrupted(&self) {
        while !self.is_done.load(Ordering::Relaxed) {
            std::thread::park_timeout(LOOK);
            if self.is_interrupted() {
                let workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
                for worker in workers.iter() {
                    // One that has ended meanwhile need not be killed.
                    _ = worker.lock().unwrap_or_else(PoisonError::into_inner).kill();
                }
            }
        }
    }

    /// Runs a stretch of seeds, with as many workers as that takes.
    fn run<P: Peer>(&self, subject: &Subject<P>, number: u64) -> Result<(), Stop> {
        let seeds = &self.options.seeds;
        let (Seed(start), end) = (seeds.start(), seeds.start().0 + seeds.count());
        let mut next = start + number * SEEDS;
        let end = end.min(next + SEEDS);
        while next < end && !self.is_interrupted() {
            let is_first = next == start && self.options.compares_runs;
            let worker = if is_first { Worker::First } else { Worker::Runs };
            let ended = self.watch(worker, next..end, |told| {
                next = told.run.seed.0 + 1;
                self.add(subject, told)
            })?;
            let has_failed = self.has_failed.load(Ordering::Relaxed);
            if next >= end
                || ended.is_interrupted(self)
                || (has_failed && self.options.stops_at_first)
            {
                break;
            }
            self.add(subject, Told::hung(Seed(next), self.death(Seed(next), &ended)?));
            next += 1;
        }
        Ok(())
    }

    /// Takes in what came of a seed; whether to go on.
    fn add<P: Peer>(&self, subject: &Subject<P>, told: Told) -> bool {
        let has_failed = told.has_failed();
        let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        gathered.add(self.options, subject, told);
        if let Some(finished) = self.options.finished {
            finished.fetch_add(1, Ordering::Relaxed);
        }
        if has_failed {
            self.has_failed.store(true, Ordering::Relaxed);
        }
        !(has_failed && self.options.stops_at_first)
    }

    /// Starts a worker and takes in what it says until it ends.
    fn watch(
        &self,
        worker: Worker,
        seeds: std::ops::Range<u64>,
        mut take: impl FnMut(Told) -> bool,
    ) -> Result<Ended, Stop> {
        let mut child = self.command(worker, &seeds)?.spawn()?;
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let child = Arc::new(Mutex::new(child));
        let mut workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        workers.push(Arc::clone(&child));
        drop(workers);
        let said = std::thread::scope(|scope| {
            let listener = scope.spawn(|| err.map(last_words).unwrap_or_default());
            let lines = out.into_iter().flat_map(|out| BufReader::new(out).lines());
            let mut told = lines.map_while(Result::ok).map_while(|line| read_told(&line).ok());
            let goes_on = told.all(&mut take);
            if !goes_on {
                _ = child.lock().unwrap_or_else(PoisonError::into_inner).kill();
            }
            listener.join().unwrap_or_default()
        });
        let mut workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        workers.retain(|other| !Arc::ptr_eq(other, &child));
        drop(workers);
        let status = child.lock().unwrap_or_else(PoisonError::into_inner).wait()?;
        Ok(Ended { status, said })
    }

    /// This program once more, with a bound on its memory where a shell can set one.
    fn command(&self, worker: Worker, seeds: &std::ops::Range<u64>) -> Result<Command, Stop> {
        let program = std::env::current_exe()?;
        let mut command = Command::new("sh");
        let limited = format!("ulimit -v {MEMORY_KIB} 2>/dev/null; exec \"$0\" \"$@\"");
        command.args(["-c", &limited]).arg(program).arg("run").arg(&self.scenario.file);
        command.args(["--worker", worker.name(), "--raft", self.raft]);
        command.arg("--seeds").arg(format!("{}..{}", seeds.start, seeds.end));
        command.args(self.arguments.judging.options().split_whitespace());
        for class in &self.arguments.without {
            command.args(["--without", class.name()]);
        }
        // What it says last is told in a line.
        command.env("RUST_BACKTRACE", "0");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Ok(command)
    }

    /// What is told of a seed whose worker died: the seed is run once more, to see whom it called last.
    fn death(&self, seed: Seed, ended: &Ended) -> Result<Hang, Stop> {
        let status = ended.status;
        let trouble = match status.code() {
            Some(HANGS) => Trouble::Silence { seconds: 10 },
            _ => Trouble::Death { signal: status.signal(), status: status.code() },
        };
        let is_examined = self.deaths.fetch_add(1, Ordering::Relaxed) < MOST_EXAMINED;
        let mut called = None;
        if is_examined {
            let mut is_told = false;
            let again = self.watch(Worker::Calls, seed.0..seed.0 + 1, |_| {
                is_told = true;
                true
            })?;
            called = again.said.called.filter(|_| !is_told);
        }
        Ok(Hang::of_process(called, trouble, ended.said.words.clone()))
    }
}

/// How a worker ended.
struct Ended {
    status: ExitStatus,
    said: Said,
}

impl Ended {
    /// Whether it was ended from outside, with this command.
    fn is_interrupted(&self, crew: &Crew<'_>) -> bool {
        crew.is_interrupted() || matches!(self.status.signal(), Some(2 | 15))
    }
}

/// What a worker said last on standard error, and whom it called last, if it told of its calls.
#[derive(Default)]
struct Said {
    words: String,
    called: Option<(PeerId, String)>,
}

fn last_words(stream: impl Read) -> Said {
    let (mut said, mut last) = (Said::default(), Vec::new());
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        if let Some(called) = call(&line) {
            said.called = Some(called);
        } else if !line.trim().is_empty() && !line.starts_with("what its peers trace") {
            last.push(line.trim().to_owned());
            last.drain(..last.len().saturating_sub(2));
        }
    }
    said.words = last.join(" / ").chars().take(LONGEST).collect();
    said
}

/// Whom a line tells of: `DEBUG peer{at=0.120000 s id=S1}: splitvote_sim::world::step: new`.
fn call(line: &str) -> Option<(PeerId, String)> {
    let (at, rest) = line.split_once("peer{at=")?.1.split_once(" id=S")?;
    let peer = rest.split('}').next()?.parse().ok()?;
    Some((PeerId(peer), at.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_call_and_the_last_words_are_told() {
        let text = "DEBUG peer{at=0.100000 s id=S0}: splitvote_sim::world::step: new\nfirst\n\n\
                    DEBUG peer{at=0.120000 s id=S1}: splitvote_sim::world::step: new\nsecond\nthird\n";
        let said = last_words(text.as_bytes());
        assert_eq!(said.called, Some((PeerId(1), "0.120000 s".to_owned())));
        assert_eq!(said.words, "second / third");
    }
}
