//! A worker: a process that is told numbers of mutants and answers with their fates, a line each.
//!
//! A mutant may fill the memory, or call itself without end. Then its process dies, and the pool starts another;
//! the other mutants do not notice. A second thread of the worker sees to it that this does not take long.

use std::io::{BufRead, Write, stdin, stdout};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use splitvote::Scenario;

use crate::MUTANTS;
use crate::hunt::{Bounds, Hunter};

/// A recursion without end is to reach the bound of decisions before it reaches the end of the stack.
const STACK_BYTES: usize = 1 << 30;
/// How long the watch sleeps, and how many naps one mutant may take without a change.
const NAP: Duration = Duration::from_millis(100);
/// The most memory that a worker may hold, in pages of 4 KiB.
const MOST_PAGES: u64 = (1 << 30) / 4096;

/// Chases the mutants that standard input names until it ends.
///
/// # Errors
/// If the thread cannot be started, or standard output is closed.
pub fn work(scenarios: Vec<Scenario>, bounds: Bounds) -> std::io::Result<()> {
    let begun = AtomicU64::new(0);
    let is_over = AtomicU64::new(0);
    std::thread::scope(|scope| {
        let hunter = std::thread::Builder::new().stack_size(STACK_BYTES);
        let hunt = hunter.spawn_scoped(scope, || {
            let outcome = chase_all(scenarios, bounds, &begun);
            is_over.store(1, Ordering::Relaxed);
            outcome
        })?;
        watch(bounds, &begun, &is_over);
        hunt.join().unwrap_or_else(|_| Err(std::io::Error::other("the worker panicked")))
    })
}

fn chase_all(scenarios: Vec<Scenario>, bounds: Bounds, begun: &AtomicU64) -> std::io::Result<()> {
    let mut hunter = Hunter::new(scenarios);
    for line in stdin().lock().lines() {
        let number: usize = line?.trim().parse().map_err(std::io::Error::other)?;
        let Some(mutant) = MUTANTS.get(number.wrapping_sub(1)) else { continue };
        begun.fetch_add(1, Ordering::Relaxed);
        let fate = hunter.chase(mutant, bounds);
        let line = serde_json::to_string(&fate)?;
        let mut out = stdout().lock();
        writeln!(out, "{line}")?;
        out.flush()?;
    }
    Ok(())
}

/// Ends the process if one mutant takes far longer than its budget, or too much memory.
#[expect(clippy::disallowed_methods, reason = "the watch is no part of a run")]
fn watch(bounds: Bounds, begun: &AtomicU64, is_over: &AtomicU64) {
    // Another process may be at work on the same core; what the reference does is found out meanwhile, too.
    let patience = ((bounds.cpu_s * 10.0 + 120.0) / NAP.as_secs_f64()) as u64;
    let (mut known, mut naps) = (0, 0);
    while is_over.load(Ordering::Relaxed) == 0 {
        std::thread::sleep(NAP);
        let now = begun.load(Ordering::Relaxed);
        naps = if now == known && now > 0 { naps + 1 } else { 0 };
        known = now;
        if pages() > MOST_PAGES {
            eprintln!("a mutant fills the memory");
            std::process::exit(9);
        }
        // A worker that waits for its next mutant is ended by the end of its input.
        if naps > patience {
            eprintln!("a mutant does not come to an end");
            std::process::exit(9);
        }
    }
}

fn pages() -> u64 {
    let told = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    told.split_ascii_whitespace().nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0)
}
