//! Starts workers, and knows the input whenever one of them dies, hangs or fills the memory: a new worker goes on
//! behind it.

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use crate::corpus::Corpus;
use crate::figures::Figures;
use crate::input::Input;
use crate::options::Options;
use crate::processor::seconds_of;

/// How much processor time an input may take, in seconds.
const LONGEST_S: f64 = 10.0;
/// How long an input may take, however little of the processor it gets: a command line is interrupted after 7 s, and
/// killed 20 s later.
const MOST_NAPS: u32 = 600;
/// How long nothing has to be heard of a worker until it is looked at.
const NAP: Duration = Duration::from_secs(1);
/// How much memory a worker may take: 1 GiB, and what the program itself maps.
const MEMORY_KIB: u64 = (1 << 20) + (256 << 10);
/// How many inputs a worker takes at a time.
const BLOCK: u64 = 5_000;

/// What was done so far, and what was wrong, a line each.
#[derive(Default)]
struct Sum {
    figures: Figures,
    wrong: Vec<String>,
}

/// What the threads of the crew share.
fn locked<T>(shared: &Mutex<T>) -> io::Result<MutexGuard<'_, T>> {
    shared.lock().map_err(|_| io::Error::other("a thread of the crew panicked"))
}

/// Works off all inputs; true if nothing was found.
///
/// # Errors
/// If the corpus cannot be read, a worker cannot be started, or a finding cannot be kept.
pub(crate) fn fuzz(options: &Options) -> io::Result<bool> {
    let corpus = Corpus::read(&options.corpus)?;
    std::fs::create_dir_all(&options.out)?;
    let end = options.first.saturating_add(options.inputs);
    let next = Mutex::new(options.first);
    let sum = Mutex::new(Sum::default());
    let results = std::thread::scope(|scope| {
        let begin = || scope.spawn(|| work_off(options, &corpus, &next, end, &sum));
        let crew: Vec<_> = (0..options.jobs).map(|_| begin()).collect();
        let gone = || io::Error::other("a thread of the crew panicked");
        crew.into_iter().map(|member| member.join().unwrap_or_else(|_| Err(gone()))).collect()
    });
    let results: Vec<io::Result<()>> = results;
    results.into_iter().collect::<io::Result<()>>()?;
    let sum = sum.into_inner().unwrap_or_default();
    println!("{}", sum.figures.summary(options.seed));
    if let Some(path) = &options.report {
        sum.figures.write(path, options, &sum.wrong)?;
    }
    Ok(sum.figures.findings == 0)
}

/// Takes blocks of inputs until there are none.
fn work_off(
    options: &Options,
    corpus: &Corpus,
    next: &Mutex<u64>,
    end: u64,
    sum: &Mutex<Sum>,
) -> io::Result<()> {
    loop {
        let from = {
            let mut next = locked(next)?;
            let from = *next;
            *next = end.min(from.saturating_add(BLOCK));
            from
        };
        if from >= end {
            return Ok(());
        }
        let to = end.min(from + BLOCK);
        let mut at = from;
        while at < to {
            let (reached, died) = watch(options, corpus, (at, to), sum)?;
            if let Some(what) = died {
                keep(options, corpus, reached, &what, sum)?;
            }
            at = reached + 1;
        }
        let figures = &mut locked(sum)?.figures;
        figures.done += to - from;
        eprintln!("{} of {} inputs, {} findings", figures.done, options.inputs, figures.findings);
    }
}

/// Starts a worker and follows it to its end: the last input it began, and what ended it before its time.
fn watch(
    options: &Options,
    corpus: &Corpus,
    (from, to): (u64, u64),
    sum: &Mutex<Sum>,
) -> io::Result<(u64, Option<String>)> {
    let complaints = options.out.join(format!("stderr-{from}.txt"));
    let mut worker = start(options, (from, to), &complaints)?;
    let lines = listen(&mut worker)?;
    let (mut at, mut patience) = (from, Patience::default());
    let ended = loop {
        match lines.recv_timeout(NAP) {
            Ok(line) => {
                let (kind, rest) = line.split_at(line.len().min(2));
                let (number, text) = rest.split_once(' ').unwrap_or((rest, ""));
                let number = number.parse().unwrap_or(at);
                patience = Patience::default();
                if kind == "@ " {
                    at = number;
                } else if !locked(sum)?.figures.count(kind) {
                    keep(options, corpus, number, text, sum)?;
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                if let Some(what) = patience.is_at_its_end(seconds_of(worker.id())) {
                    worker.kill()?;
                    break Some(what);
                }
            }
            Err(RecvTimeoutError::Disconnected) => break None,
        }
    };
    let status = worker.wait()?;
    let said = std::fs::read_to_string(&complaints).unwrap_or_default();
    std::fs::remove_file(&complaints)?;
    if status.success() {
        return Ok((to, None));
    }
    let last = said.lines().rev().take(3).collect::<Vec<_>>().join(" / ");
    Ok((at, Some(ended.unwrap_or_else(|| format!("ended the process with {status}: {last}")))))
}

/// How long a worker has been at one input.
#[derive(Default)]
struct Patience {
    naps: u32,
    /// What it had spent when it was first looked at.
    before: Option<f64>,
}

impl Patience {
    /// Another nap has passed, and the worker has spent so many seconds of processor time in all. What is wrong, if it
    /// took too long.
    fn is_at_its_end(&mut self, spent: f64) -> Option<String> {
        self.naps += 1;
        let spent = spent - *self.before.get_or_insert(spent);
        if spent > LONGEST_S {
            return Some(format!("takes more than {LONGEST_S} s of processor time"));
        }
        (self.naps > MOST_NAPS)
            .then(|| format!("has not ended after {} s", NAP.as_secs() * u64::from(self.naps)))
    }
}

/// A worker with a bound on its memory, where a shell can set one.
fn start(options: &Options, (from, to): (u64, u64), complaints: &Path) -> io::Result<Child> {
    let program = std::env::current_exe()?;
    let mut command = Command::new("sh");
    let limit = format!("ulimit -v {MEMORY_KIB} 2>/dev/null; exec \"$0\" \"$@\"");
    command.args(["-c", &limit]).arg(program).arg("--worker").arg(format!("{from}..{to}"));
    command.arg("--seed").arg(options.seed.to_string()).arg("--out").arg(&options.out);
    command.arg("--corpus").args(&options.corpus);
    if let Some(path) = &options.command {
        command.arg("--command").arg(std::path::absolute(path)?);
    }
    let complaints = std::fs::File::create(complaints)?;
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(complaints).spawn()
}

/// The lines of a worker, as they come.
#[expect(clippy::disallowed_methods, reason = "no run depends on it: it reads a pipe")]
fn listen(worker: &mut Child) -> io::Result<Receiver<String>> {
    let stream = worker.stdout.take().ok_or_else(|| io::Error::other("a worker without a pipe"))?;
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    Ok(lines)
}

/// Prints a finding, and keeps its input as a file.
fn keep(
    options: &Options,
    corpus: &Corpus,
    number: u64,
    what: &str,
    sum: &Mutex<Sum>,
) -> io::Result<()> {
    let input = Input::new(corpus, options.seed, number, options.command.is_some());
    let path: PathBuf = options.out.join(format!("seed-{}-input-{number}.toml", options.seed));
    let mut file = std::fs::File::create(&path)?;
    write!(file, "# {what}\n{}", input.to_text())?;
    println!("input {number}: {what}\n  kept in {}", path.display());
    let mut sum = locked(sum)?;
    sum.figures.findings += 1;
    let what = what.chars().take(300).collect::<String>().replace('|', "\\|");
    sum.wrong.push(format!("input {number}: {what}"));
    Ok(())
}
