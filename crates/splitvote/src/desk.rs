//! What each thread is at: which scenario, which seed, and whom its world calls.
//!
//! Whoever watches a thread, or tells of a panic that ends the process, reads it here. No run reads it.

use std::cell::RefCell;
use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};

use splitvote_sim::{Called, Pulse, Seed};

use crate::last_words::{Place, tell_of_exit};

/// A run that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnderWay {
    /// The name of the scenario or of the case; empty for a plan.
    pub scenario: String,
    /// Its file; empty if it was not read from one.
    pub file: String,
    /// The Raft under test.
    pub raft: String,
    /// The seed of the run.
    pub seed: Seed,
    /// The thread on which it is, which is named after a test; may be empty.
    pub thread: String,
}

impl fmt::Display for UnderWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scenario, file, raft, seed, .. } = self;
        match (&**scenario, &**file) {
            ("", _) => write!(f, "seed {seed} of a plan, Raft {raft}"),
            (_, "") => write!(f, "seed {seed} of `{scenario}`, Raft {raft}"),
            _ => write!(f, "seed {seed} of `{scenario}` ({file}), Raft {raft}"),
        }
    }
}

/// The desk of one thread.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    run: Mutex<Option<(UnderWay, Pulse)>>,
    /// Where what is under way is noted, and whether it is noted no more.
    place: Place,
    is_given_up: AtomicBool,
}

impl Desk {
    /// The run that is under way, and whom its world called last.
    pub(crate) fn seen(&self) -> Option<(UnderWay, Option<Called>)> {
        let run = self.run.lock().ok()?;
        let (run, pulse) = run.as_ref()?;
        Some((run.clone(), pulse.called()))
    }

    /// Its thread is left to itself: if the process ends, that is no news.
    pub(crate) fn give_up(&self) {
        self.is_given_up.store(true, Ordering::Relaxed);
        self.place.note(None);
    }

    fn put(&self, run: Option<(UnderWay, Pulse)>) {
        if !self.is_given_up.load(Ordering::Relaxed) {
            self.place.note(run.as_ref().map(|(run, _)| run));
        }
        if let Ok(mut desk) = self.run.lock() {
            *desk = run;
        }
    }
}

/// The desk of a thread, for as long as the thread is there.
struct Seat(Arc<Desk>);

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some((run, Some(called))) = self.0.seen()
            && called.is_inside
            && !self.0.is_given_up.load(Ordering::Relaxed)
        {
            tell_of_exit(&run, called);
        }
    }
}

thread_local! {
    static DESK: RefCell<Seat> = RefCell::new(Seat(registered()));
}

/// The desks of threads that nobody has hired, as far as nobody has asked for them.
static NEW: Mutex<Vec<Weak<Desk>>> = Mutex::new(Vec::new());

fn registered() -> Arc<Desk> {
    let desk = Arc::new(Desk::default());
    if let Ok(mut new) = NEW.lock() {
        new.retain(|other| other.strong_count() > 0);
        new.push(Arc::downgrade(&desk));
    }
    desk
}

/// The desks of threads that nobody has hired and that were not asked for before.
pub(crate) fn new_ones() -> Vec<Arc<Desk>> {
    let new = NEW.lock().map(|mut new| std::mem::take(&mut *new)).unwrap_or_default();
    new.iter().filter_map(Weak::upgrade).collect()
}

/// The desk of this thread.
pub(crate) fn of_this_thread() -> Arc<Desk> {
    DESK.with_borrow(|seat| Arc::clone(&seat.0))
}

/// From now on this is the desk of this thread.
pub(crate) fn sit_at(desk: Arc<Desk>) {
    DESK.set(Seat(desk));
}

/// The run that this thread is at, if it is at one.
pub(crate) fn run_of_this_thread() -> Option<UnderWay> {
    of_this_thread().seen().map(|(run, _)| run)
}

/// A run begins on this thread; the pulse for its world.
pub(crate) fn begin(scenario: &str, file: &Path, raft: &str, seed: Seed) -> Pulse {
    let pulse = Pulse::default();
    let thread = std::thread::current().name().unwrap_or_default().to_owned();
    let (scenario, raft) = (scenario.to_owned(), raft.to_owned());
    let run = UnderWay { scenario, file: file.display().to_string(), raft, seed, thread };
    of_this_thread().put(Some((run, pulse.share())));
    pulse
}

/// The run of this thread has ended.
pub(crate) fn end() {
    of_this_thread().put(None);
}
