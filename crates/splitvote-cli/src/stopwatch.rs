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

/// Measures how much time the processor spends on this thread; where that is not told, how long it takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CpuClock {
    stopwatch: Stopwatch,
    began: Option<u64>,
}

impl CpuClock {
    pub(crate) fn start() -> Self {
        Self { stopwatch: Stopwatch::start(), began: nanos_of_this_thread() }
    }

    pub(crate) fn seconds(self) -> f64 {
        match (self.began, nanos_of_this_thread()) {
            (Some(began), Some(now)) => now.saturating_sub(began) as f64 / 1e9,
            _ => self.stopwatch.seconds(),
        }
    }
}

/// What Linux says of the thread that asks: the first number is its time on a processor.
fn nanos_of_this_thread() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_ascii_whitespace().next()?.parse().ok()
}
