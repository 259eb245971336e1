//! A watch over the runs on the caller's own threads. Such a thread cannot be replaced, and what it is at
//! cannot go on: the process says which peer hangs and ends.

use std::io::Write as _;
use std::sync::{Arc, Once};
use std::thread::Builder;

use super::looked::{Looked, TICK, who_fills_the_memory};
use crate::desk::{self, UnderWay};
use crate::last_words;

/// Begins the watch, once for the process. Code between two calls of peers may take so many ticks;
/// `remedy` says how to look at a run.
pub(crate) fn guard(
    exit_code: i32,
    most_between: u32,
    remedy: impl Fn(&UnderWay) -> String + Send + Sync + 'static,
) {
    last_words::keep();
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| {
        // Without a thread nothing is watched, and all else goes on.
        drop(Builder::new().spawn(move || look_on(exit_code, most_between, remedy)));
    });
}

fn look_on(exit_code: i32, most_between: u32, remedy: impl Fn(&UnderWay) -> String) {
    let limit = crate::memory::limit();
    let mut threads: Vec<Looked> = Vec::new();
    loop {
        std::thread::park_timeout(TICK);
        threads.retain(|looked| Arc::strong_count(&looked.desk) > 1);
        threads.extend(desk::new_ones().into_iter().map(Looked::at));
        threads.iter_mut().for_each(Looked::again);
        let silent = threads.iter().filter(|looked| looked.hangs(most_between));
        let mut found: Vec<_> = silent.filter_map(|looked| looked.hang(looked.silence())).collect();
        if found.is_empty() {
            found = who_fills_the_memory(threads.iter(), limit).unwrap_or_default();
        }
        for (run, hang) in &found {
            // What a test prints is kept back until it ends, which this one does not.
            _ = writeln!(std::io::stderr(), "{run}: {hang}\n{}", remedy(run));
        }
        if !found.is_empty() {
            last_words::forget_all();
            std::process::exit(exit_code);
        }
    }
}
