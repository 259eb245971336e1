//! Starts workers, and knows the input whenever one of them dies, hangs or fills the memory: a new worker goes on
//! behind it.

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use crate::corpus::Corpus;
use crate::input::Input;
use crate::options::Options;

/// How long an input may take: a command line is interrupted after 7 s and has 2 s to end.
const LONGEST: Duration = Duration::from_secs(10);
/// How much memory a worker may take: 1 GiB, and what the program itself maps.
const MEMORY_KIB: u64 = (1 << 20) + (256 << 10);
/// How many inputs a worker takes at a time.
const BLOCK: u64 = 5_000;

/// What was done so far.
#[derive(Default)]
struct Sum {
    done: u64,
    refused: u64,
    ran: u64,
    findings: u64,
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
    println!(
        "{} inputs (seed {}): {} refused, {} ran, {} findings",
        sum.done, options.seed, sum.refused, sum.ran, sum.findings
    );
    Ok(sum.findings == 0)
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
        let mut sum = locked(sum)?;
        sum.done += to - from;
        eprintln!("{} of {} inputs, {} findings", sum.done, options.inputs, sum.findings);
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
    let mut at = from;
    let ended = loop {
        match lines.recv_timeout(LONGEST) {
            Ok(line) => {
                let (kind, rest) = line.split_at(line.len().min(2));
                let (number, text) = rest.split_once(' ').unwrap_or((rest, ""));
                let number = number.parse().unwrap_or(at);
                match kind {
                    "@ " => at = number,
                    "- " => locked(sum)?.refused += 1,
                    "+ " => locked(sum)?.ran += 1,
                    _ => keep(options, corpus, number, text, sum)?,
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                worker.kill()?;
                break Some(format!("takes longer than {} s", LONGEST.as_secs()));
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
    locked(sum)?.findings += 1;
    Ok(())
}
