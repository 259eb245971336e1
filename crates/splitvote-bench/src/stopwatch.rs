//! Wall-clock time: the one place of the workspace that reads it.

use std::time::{Duration, Instant};

/// How long `work` took, and what it gave.
pub(crate) fn time<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed(), result)
}
