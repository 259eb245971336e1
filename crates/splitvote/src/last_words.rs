//! What is told of a process that ends in the midst of a run: which seeds were under way, and how to run each alone.
//!
//! A peer that calls `abort`, overflows its stack or fills the memory until the system kills the process cannot be
//! stopped from inside of it, and nothing of it can speak afterwards. So what each thread is at is noted in a file
//! before it begins, and a helper, a shell that does nothing but wait for the end of this process, prints what the
//! file still holds then. Without a shell (not on Unix) nothing is noted.
//!
//! A peer that calls `exit` in a step is heard by the destructors of its thread, where the C library runs them
//! (glibc does): the process says so and ends as one that failed, whatever code the peer stated.

use std::fs::{File, OpenOptions, remove_file};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};

use splitvote_sim::Called;

use crate::desk::UnderWay;
use crate::panic::during;

/// How long a note is, its end of line included.
const LENGTH: usize = 768;
/// What the helper does: it waits, and tells what is noted. A signal to the whole group, as Ctrl-C sends it, is not
/// for it.
const SCRIPT: &str = "trap '' HUP INT TERM
cat >/dev/null
words=$(tr -d '\\000' <\"$0\" | sed -e 's/ *$//' -e '/^$/d')
rm -f \"$0\"
[ -z \"$words\" ] || printf '%s\\n%s\\n' \"$1\" \"$words\" >&2";
const HEADLINE: &str = "the process ended in the midst of a run: it was ended from outside, or a peer aborted it, overflowed its stack \
    or filled the memory. Under way were:";

/// Where notes are written, for as long as the helper waits.
struct Notes {
    file: File,
    _helper: Child,
}

type Remedy = Box<dyn Fn(&UnderWay) -> String + Send + Sync>;

static NOTES: OnceLock<Option<Notes>> = OnceLock::new();
/// Whether nothing is noted any more.
static IS_OVER: AtomicBool = AtomicBool::new(false);
static REMEDY: OnceLock<Remedy> = OnceLock::new();
/// The places in the file that nobody writes to any more, and the first one that nobody ever wrote to.
static PLACES: Mutex<(Vec<u64>, u64)> = Mutex::new((Vec::new(), 0));

/// From now on the runs of this process are noted.
pub(crate) fn keep() {
    NOTES.get_or_init(begin);
}

/// From now on this says how to run a seed alone. Only the first one counts.
pub(crate) fn say_how_to_replay(remedy: impl Fn(&UnderWay) -> String + Send + Sync + 'static) {
    REMEDY.get_or_init(|| Box::new(remedy));
}

fn begin() -> Option<Notes> {
    if !cfg!(unix) {
        return None;
    }
    let path = std::env::temp_dir().join(format!("splitvote-{}.under-way", std::process::id()));
    let (file, helper) = (create(&path)?, helper(&path));
    if helper.is_none() {
        drop(remove_file(&path));
    }
    Some(Notes { file, _helper: helper? })
}

/// A file of its own. One of this name belonged to a process that is no more.
fn create(path: &PathBuf) -> Option<File> {
    drop(remove_file(path));
    OpenOptions::new().write(true).create_new(true).open(path).ok()
}

fn helper(path: &PathBuf) -> Option<Child> {
    let mut shell = Command::new("sh");
    shell.args(["-c", SCRIPT]).arg(path).arg(HEADLINE);
    shell.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().ok()
}

/// The place of a thread's notes. It is given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Place(u64);

impl Default for Place {
    fn default() -> Self {
        let Ok(mut places) = PLACES.lock() else { return Self(0) };
        let (free, next) = &mut *places;
        Self(free.pop().unwrap_or_else(|| {
            *next += 1;
            *next - 1
        }))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Ok(mut places) = PLACES.lock() {
            places.0.push(self.0);
        }
    }
}

impl Place {
    /// Notes that this run is under way on the thread of this place, or that none is.
    pub(crate) fn note(&self, run: Option<&UnderWay>) {
        let Some(Some(notes)) = NOTES.get().filter(|_| !IS_OVER.load(Ordering::Relaxed)) else {
            return;
        };
        let mut line =
            run.map(|run| format!("  {run}; {}", how_to_replay(run))).unwrap_or_default();
        line = line.replace(['\n', '\r'], "; ");
        let mut bytes = line.into_bytes();
        bytes.resize(LENGTH - 1, b' ');
        bytes.push(b'\n');
        write_at(&notes.file, &bytes, self.0 * LENGTH as u64);
    }
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) {
    // What cannot be noted is not told.
    _ = std::os::unix::fs::FileExt::write_all_at(file, bytes, at);
}

#[cfg(not(unix))]
fn write_at(_file: &File, _bytes: &[u8], _at: u64) {}

/// Whoever ends the process now has told what there is to tell.
pub(crate) fn forget_all() {
    IS_OVER.store(true, Ordering::Relaxed);
    if let Some(Some(notes)) = NOTES.get() {
        _ = notes.file.set_len(0);
    }
}

fn how_to_replay(run: &UnderWay) -> String {
    REMEDY
        .get()
        .map_or_else(|| format!("replay: {}", crate::testing::again_in(run)), |remedy| remedy(run))
}

/// A peer has called `exit`: this thread ends in the midst of a call. Says so, and ends the process as one that failed.
pub(crate) fn tell_of_exit(run: &UnderWay, called: Called) -> ! {
    forget_all();
    let (peer, during, how) = (called.peer, during(called.task), how_to_replay(run));
    _ = writeln!(
        std::io::stderr(),
        "{run}: {peer} ended the process while {during}: a peer returns from its calls, and `Context::stop` stops it\n{how}"
    );
    std::process::abort()
}
