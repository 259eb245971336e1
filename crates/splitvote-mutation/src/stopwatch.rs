//! Real clocks. What they show bounds how long a mutant is chased, and decides nothing in a run.

#![expect(clippy::disallowed_types, reason = "the one place that reads a real clock")]

use std::time::Instant;

/// Measures how much time the processor spends on this thread; where that is not told, how long it takes.
#[derive(Clone, Copy, Debug)]
pub struct CpuClock {
    began: Instant,
    cpu: Option<u64>,
}

impl CpuClock {
    /// A stopwatch that begins now.
    #[must_use]
    pub fn start() -> Self {
        Self { began: Instant::now(), cpu: nanos_of_this_thread() }
    }

    /// Seconds since then.
    #[must_use]
    pub fn seconds(self) -> f64 {
        match (self.cpu, nanos_of_this_thread()) {
            (Some(began), Some(now)) => now.saturating_sub(began) as f64 / 1e9,
            _ => self.began.elapsed().as_secs_f64(),
        }
    }
}

/// What Linux says of the thread that asks: the first number is its time on a processor.
fn nanos_of_this_thread() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_ascii_whitespace().next()?.parse().ok()
}
