//! What tasks of one peer share: channels, a lock, and waiting for the first of several things.
//!
//! Whoever waits is served in the order in which it began to wait.

pub mod mpsc;
mod mutex;
pub mod oneshot;
mod select;
mod waiting;
pub mod watch;

pub use mutex::{Mutex, MutexGuard};
pub use select::{Either, race, select_all};

use std::fmt;

/// The other end of a channel is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the other end of the channel is gone")
    }
}

impl std::error::Error for Closed {}
