//! The tasks of one peer, and the order in which they run.
//!
//! A peer is many tasks on one thread, in virtual time. They run only while the peer takes a step: an input wakes
//! some, and then they run until all wait. A task that is woken stands at the end of a queue, once, so the order is
//! first in, first out. A scenario can have it drawn from the seed instead, which is how races between a peer's own
//! tasks are found (`docs/labrpc.md`).
//!
//! A crash drops the peer, and with it all of its tasks, each in the midst of what it waited for.

mod alone;
mod current;
mod executor;
mod handles;
mod join;
mod timers;
mod waker;
mod work;

pub use alone::block_on;
pub(crate) use alone::drive;
pub(crate) use current::{current, is_running, with_current};
pub(crate) use executor::{Executor, Order};
pub(crate) use handles::Waiter;
pub use join::{JoinHandle, spawn, yield_now};
pub use timers::{Elapsed, Sleep, sleep, sleep_until, timeout};

/// What this peer's clock shows.
///
/// # Panics
/// If it is called outside of a peer's tasks.
#[must_use]
pub fn now() -> splitvote_peer::LocalTime {
    current("now()").now()
}

/// A number below `bound` from the peer's own chance; 0 for a bound of 0.
///
/// # Panics
/// If it is called outside of a peer's tasks.
#[must_use]
pub fn random(bound: u64) -> u64 {
    current("random()").random(bound)
}
