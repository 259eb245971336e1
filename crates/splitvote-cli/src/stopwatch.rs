//! Wall-clock time, which is shown and never decides anything.

#![expect(clippy::disallowed_types, reason = "the one place that reads a real clock")]

use std::time::Instant;

/// Measures how long something takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn seconds(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}
