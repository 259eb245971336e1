//! The pool: some workers, each with one mutant at a time, and a file to which every fate is added at once.
//!
//! Whatever ends the process, the fates that are in the file are kept: the next call goes on from there, as long
//! as the mutants are the same ([`fingerprint`]).

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use crate::hunt::Fate;
use crate::{MUTANTS, Stop};

/// What identifies the table of mutants: fates of another one are of no use.
#[must_use]
pub fn fingerprint() -> String {
    let fold = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    let texts = MUTANTS.iter().flat_map(|mutant| [mutant.file, mutant.original, mutant.mutated]);
    let sum = texts.flat_map(str::bytes).fold(0xcbf2_9ce4_8422_2325, fold);
    format!("{{\"mutants\":{},\"of\":\"{sum:016x}\"}}", MUTANTS.len())
}

/// The fates that a file holds, the latest of each mutant; none if it is of other mutants. A line that was cut off
/// by the end of a process is left out.
///
/// # Errors
/// If the file is there and cannot be read.
pub fn read(path: &Path) -> Result<Vec<Fate>, Stop> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(path).map_err(|error| Stop::at(path, &error))?;
    let mut lines = text.lines();
    if lines.next() != Some(fingerprint().as_str()) {
        return Ok(Vec::new());
    }
    let mut fates = std::collections::BTreeMap::new();
    for fate in lines.filter_map(|line| serde_json::from_str::<Fate>(line).ok()) {
        fates.insert(fate.number, fate);
    }
    Ok(fates.into_values().collect())
}

/// The file, ready for more fates.
///
/// # Errors
/// If it cannot be written.
pub fn open(path: &Path, goes_on: bool) -> Result<File, Stop> {
    let at = |error: std::io::Error| Stop::at(path, &error);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(at)?;
    }
    if !goes_on {
        fs::write(path, fingerprint() + "\n").map_err(at)?;
    }
    OpenOptions::new().append(true).open(path).map_err(at)
}

/// How a worker is started.
#[derive(Clone, Debug)]
pub struct Program {
    /// The file of the program.
    pub path: PathBuf,
    /// What a worker is started with, `--worker` and the scenarios among it.
    pub arguments: Vec<String>,
}

/// Chases these mutants with so many workers.
///
/// A worker that dies may have died of something else than its mutant: of the memory that others hold, or of a
/// signal. So its mutant is chased once more when all others are done, with no other worker beside it. Only a mutant
/// whose process dies then, too, counts as killed.
///
/// # Errors
/// If a worker cannot be started, or the file cannot be written.
pub fn chase(
    numbers: &[u32],
    jobs: usize,
    program: &Program,
    file: &File,
    tell: &(dyn Fn(&Fate) + Sync),
) -> Result<(), Stop> {
    let waiting = Mutex::new(numbers.iter().copied());
    let died = Mutex::new(Vec::new());
    let file = Mutex::new(file);
    let finish = |fate: &Fate| add(&file, fate).map(|()| tell(fate));
    let next = || waiting.lock().ok().and_then(|mut waiting| waiting.next());
    std::thread::scope(|scope| {
        let hand = || scope.spawn(|| work_off(program, &next, &died, &finish));
        let hands: Vec<_> = (0..jobs.max(1)).map(|_| hand()).collect();
        let gone = || Stop("a thread of the pool panicked".to_owned());
        hands.into_iter().try_for_each(|hand| hand.join().unwrap_or_else(|_| Err(gone())))
    })?;
    let mut died = died.into_inner().unwrap_or_default();
    died.sort_unstable();
    died.into_iter().try_for_each(|(number, first)| finish(&alone(program, number, &first)?))
}

/// Chases what is next until nothing is, and keeps the mutants whose workers died, each with how.
fn work_off(
    program: &Program,
    next: &impl Fn() -> Option<u32>,
    died: &Mutex<Vec<(u32, String)>>,
    finish: &impl Fn(&Fate) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut worker = Worker::start(program)?;
    while let Some(number) = next() {
        if let Some(fate) = worker.chase(number) {
            finish(&fate)?;
            continue;
        }
        let how = worker.end();
        worker = Worker::start(program)?;
        let gone = |_| Stop("a thread of the pool panicked".to_owned());
        died.lock().map_err(gone)?.push((number, how));
    }
    Ok(())
}

/// The fate of a mutant in a process that has nothing else to do and nobody beside it.
fn alone(program: &Program, number: u32, first: &str) -> Result<Fate, Stop> {
    let mut worker = Worker::start(program)?;
    Ok(worker.chase(number).unwrap_or_else(|| {
        let second = worker.end();
        Fate::lost(number, &format!("{first}, and alone: {second}"))
    }))
}

fn add(file: &Mutex<&File>, fate: &Fate) -> Result<(), Stop> {
    let line = serde_json::to_string(fate).map_err(|error| Stop(error.to_string()))? + "\n";
    let Ok(mut file) = file.lock() else { return Ok(()) };
    file.write_all(line.as_bytes()).map_err(|error| Stop(format!("a fate is lost: {error}")))
}

struct Worker {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Worker {
    fn start(program: &Program) -> Result<Self, Stop> {
        let failed = |error: std::io::Error| Stop(format!("a worker cannot be started: {error}"));
        let mut child = Command::new(&program.path)
            .args(&program.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(questions), Some(answers)) => {
                Ok(Self { child, questions, answers: BufReader::new(answers) })
            }
            _ => Err(Stop("a worker has no input or output".to_owned())),
        }
    }

    /// The fate of a mutant; `None` if the worker did not live to tell of it.
    fn chase(&mut self, number: u32) -> Option<Fate> {
        writeln!(self.questions, "{number}").ok()?;
        self.questions.flush().ok()?;
        let mut line = String::new();
        self.answers.read_line(&mut line).ok()?;
        serde_json::from_str(&line).ok()
    }

    fn end(&mut self) -> String {
        match self.child.wait() {
            Ok(status) => format!("its process ended with {status}"),
            Err(error) => format!("its process is gone: {error}"),
        }
    }
}
