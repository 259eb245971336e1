//! What each thread is at: which scenario, which seed, and whom its world calls.
//!
//! Whoever watches a thread, or tells of a panic that ends the process, reads it here. No run reads it.

use std::cell::RefCell;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex};

use splitvote_sim::{Called, Pulse, Seed};

/// A run that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UnderWay {
    pub(crate) scenario: String,
    pub(crate) file: String,
    pub(crate) seed: Seed,
}

impl fmt::Display for UnderWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scenario, file, seed } = self;
        write!(f, "seed {} of `{scenario}` ({file})", seed.0)
    }
}

/// The desk of one thread.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    run: Mutex<Option<(UnderWay, Pulse)>>,
}

impl Desk {
    /// The run that is under way, and whom its world called last.
    pub(crate) fn seen(&self) -> Option<(UnderWay, Option<Called>)> {
        let run = self.run.lock().ok()?;
        let (run, pulse) = run.as_ref()?;
        Some((run.clone(), pulse.called()))
    }

    fn put(&self, run: Option<(UnderWay, Pulse)>) {
        if let Ok(mut desk) = self.run.lock() {
            *desk = run;
        }
    }
}

thread_local! {
    static DESK: RefCell<Arc<Desk>> = RefCell::default();
}

/// The desk of this thread.
pub(crate) fn of_this_thread() -> Arc<Desk> {
    DESK.with_borrow(Arc::clone)
}

/// From now on this is the desk of this thread.
pub(crate) fn sit_at(desk: Arc<Desk>) {
    DESK.set(desk);
}

/// The run that this thread is at, if it is at one.
pub(crate) fn run_of_this_thread() -> Option<UnderWay> {
    of_this_thread().seen().map(|(run, _)| run)
}

/// A run begins on this thread; the pulse for its world.
pub(crate) fn begin(scenario: &str, file: &Path, seed: Seed) -> Pulse {
    let pulse = Pulse::default();
    let file = file.display().to_string();
    let run = UnderWay { scenario: scenario.to_owned(), file, seed };
    of_this_thread().put(Some((run, pulse.share())));
    pulse
}

/// The run of this thread has ended.
pub(crate) fn end() {
    of_this_thread().put(None);
}
