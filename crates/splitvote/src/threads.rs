//! Many tasks on many threads. No thread reaches into a run: a task is a whole run, or many.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::last_words;
use crate::watchdog::{MOST_TICKS_BETWEEN, guard};

pub use crate::desk::UnderWay;

/// From now on ends the process with this code once a peer has not returned for 10 s of wall time (or as many as
/// `SPLITVOTE_STEP_SECONDS` says), or the code between two calls of peers for 60 s, or the memory is full. It says
/// on standard error which peer of which run that is, at what, and what `remedy` says of that run.
///
/// For a program that runs seeds on its own threads, by [`run`](crate::run()), [`replay`](crate::replay), a case or
/// [`shrink`](crate::shrink): none of them can go on. A [`sweep`](crate::sweep()) goes on, and has a report.
/// If the process ends in the midst of a run, by whatever it was, the same is said of the runs under way.
pub fn exit_if_a_peer_hangs(
    exit_code: u8,
    remedy: impl Fn(&UnderWay) -> String + Send + Sync + 'static,
) {
    let remedy = Arc::new(remedy);
    let same = Arc::clone(&remedy);
    last_words::say_how_to_replay(move |run| same(run));
    guard(exit_code.into(), MOST_TICKS_BETWEEN, move |run| remedy(run));
}

/// For whoever ends the process and has told what there is to tell: the runs that are under way are not told of when
/// it is gone.
pub fn end_in_silence() {
    last_words::forget_all();
}

/// Does the tasks `0..count` on so many threads, this one among them. What came of them is in the order of
/// their numbers, however many threads there are.
///
/// Tasks are begun in order, and none any more once `is_over`; those that were begun are finished, so that
/// what is missing then are the last ones.
pub fn share_out<T: Send>(
    count: u64,
    jobs: usize,
    is_over: impl Fn() -> bool + Sync,
    task: impl Fn(u64) -> T + Sync,
) -> Vec<T> {
    let (next, finished) = (AtomicU64::new(0), Mutex::new(Vec::new()));
    let work = || {
        while !is_over() {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                break;
            }
            let outcome = task(number);
            if let Ok(mut finished) = finished.lock() {
                finished.push((number, outcome));
            }
        }
    };
    std::thread::scope(|scope| {
        // More threads than tasks would have nothing to do.
        for _ in 1..(jobs as u64).min(count) {
            scope.spawn(work);
        }
        work();
    });
    let mut finished = finished.into_inner().unwrap_or_default();
    finished.sort_unstable_by_key(|(number, _)| *number);
    finished.into_iter().map(|(_, outcome)| outcome).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_is_done_once_and_in_order() {
        for jobs in [0, 1, 3, 100] {
            assert_eq!(share_out(5, jobs, || false, |number| number * 2), [0, 2, 4, 6, 8]);
        }
        assert!(share_out(0, 2, || false, |number| number).is_empty());
    }

    #[test]
    fn what_was_begun_is_finished_and_nothing_is_left_out_in_between() {
        let done = AtomicU64::new(0);
        let is_over = || done.load(Ordering::Relaxed) >= 10;
        let outcomes = share_out(1_000, 3, is_over, |number| {
            done.fetch_add(1, Ordering::Relaxed);
            number
        });
        assert!((10..=12).contains(&outcomes.len()), "{outcomes:?}");
        assert!(outcomes.iter().copied().eq(0..outcomes.len() as u64));
    }
}
