//! One thread as a watch sees it: whom its world calls, and for how many looks that has not changed.
//!
//! How long a call takes is counted in looks and not by a clock: a process that was stopped for a while
//! accuses nobody.

use std::sync::Arc;
use std::time::Duration;

use splitvote_sim::Called;

use crate::desk::{Desk, UnderWay};
use crate::hang::{Hang, Trouble};

/// How often a watch looks.
pub(super) const TICK: Duration = Duration::from_millis(50);
/// So many ticks a call of a peer may take: 10 s.
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

    /// Whether a call has not returned for 10 s, or the code between two calls for so many ticks.
    pub(super) fn hangs(&self, most_between: u32) -> bool {
        self.last.as_ref().is_some_and(|(_, called)| {
            self.ticks >= if called.is_inside { MOST_TICKS } else { most_between }
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
