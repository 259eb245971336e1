//! One thread as a watch sees it: whom its world calls, and for how many looks that has not changed.
//!
//! How long a call takes is counted in looks and not by a clock: a process that was stopped for a while
//! accuses nobody.

use std::io::Write as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use splitvote_sim::Called;

use crate::desk::{Desk, UnderWay};
use crate::hang::{Hang, Trouble};

/// How often a watch looks.
pub(super) const TICK: Duration = Duration::from_millis(50);
/// So many ticks a call of a peer may take, unless `SPLITVOTE_STEP_SECONDS` says otherwise: 10 s.
const MOST_TICKS: u32 = 200;
/// A call that takes longer than so many ticks is what fills the memory, if anything does.
const LONG_TICKS: u32 = 2;

/// What was seen of a thread.
pub(super) struct Looked {
    pub(super) desk: Arc<Desk>,
    last: Option<(UnderWay, Called)>,
    /// For how many ticks that has not changed.
    ticks: u32,
}

impl Looked {
    pub(super) fn at(desk: Arc<Desk>) -> Self {
        Self { desk, last: None, ticks: 0 }
    }

    /// Looks once more, a tick later.
    pub(super) fn again(&mut self) {
        let seen = self.desk.seen().and_then(|(run, called)| Some((run, called?)));
        if seen.is_some() && seen == self.last {
            self.ticks += 1;
        } else {
            (self.last, self.ticks) = (seen, 0);
        }
    }

    /// Whether a call has not returned for as long as one may take, or the code between two calls for so many ticks.
    pub(super) fn hangs(&self, most_between: u32) -> bool {
        self.last.as_ref().is_some_and(|(_, called)| {
            self.ticks >= if called.is_inside { most_ticks() } else { most_between }
        })
    }

    pub(super) fn silence(&self) -> Trouble {
        Trouble::Silence { seconds: u64::from(self.ticks) * TICK.as_millis() as u64 / 1_000 }
    }

    /// What it is at, as a hang.
    pub(super) fn hang(&self, trouble: Trouble) -> Option<(UnderWay, Hang)> {
        let (run, called) = self.last.clone()?;
        Some((run, Hang::new(called, trouble)))
    }
}

/// How many ticks a call of a peer may take, in this process.
fn most_ticks() -> u32 {
    static MOST: OnceLock<u32> = OnceLock::new();
    *MOST.get_or_init(|| {
        #[expect(
            clippy::disallowed_methods,
            reason = "how long a watch waits, and nothing that a run could see"
        )]
        let stated = std::env::var("SPLITVOTE_STEP_SECONDS").ok();
        stated.and_then(|stated| ticks_of(&stated)).unwrap_or(MOST_TICKS)
    })
}

/// So many seconds, in ticks. What is no such number is said, and has no effect: a watch ends no run for it.
fn ticks_of(stated: &str) -> Option<u32> {
    let seconds =
        stated.trim().parse::<u32>().ok().filter(|seconds| (1..=86_400).contains(seconds));
    if seconds.is_none() {
        _ = writeln!(
            std::io::stderr(),
            "warning: SPLITVOTE_STEP_SECONDS is `{stated}`; set it to a whole number of seconds from 1 to 86400, such as 60"
        );
    }
    seconds.map(|seconds| seconds * (1_000 / TICK.as_millis() as u32))
}

/// If the process holds more than `limit`, who may have filled it: the calls that take long, or else all.
pub(super) fn who_fills_the_memory<'a>(
    threads: impl Iterator<Item = &'a Looked> + Clone,
    limit: Option<u64>,
) -> Option<Vec<(UnderWay, Hang)>> {
    let bytes = crate::memory::held().filter(|held| limit.is_some_and(|limit| *held > limit))?;
    let is_long = |looked: &&Looked| looked.ticks >= LONG_TICKS;
    let is_any_long = threads.clone().any(|looked| is_long(&looked));
    let blamed = threads.filter(|looked| !is_any_long || is_long(looked));
    Some(blamed.filter_map(|looked| looked.hang(Trouble::Memory { bytes })).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_seconds_is_taken_and_nothing_else() {
        assert_eq!((ticks_of("10"), ticks_of(" 1 ")), (Some(MOST_TICKS), Some(20)));
        for nonsense in ["", "0", "-1", "2s", "1.5", "86401", "99999999999"] {
            assert_eq!(ticks_of(nonsense), None, "{nonsense}");
        }
    }
}
