//! How far the work is: a bar on a terminal, elsewhere a line on standard error now and then.

use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use splitvote::shrink::ShrinkProgress;

use super::channel::complain;
use crate::stopwatch::Stopwatch;

/// Shows how much of some work is done. The work only counts; a thread of its own tells.
pub(crate) struct Progress {
    shared: Arc<Shared>,
    teller: Option<JoinHandle<()>>,
}

struct Shared {
    unit: &'static str,
    total: u64,
    finished: AtomicU64,
    /// What is being worked on.
    at: Mutex<String>,
    is_over: AtomicBool,
    stopwatch: Stopwatch,
}

/// How often the bar is drawn.
const REDRAW: Duration = Duration::from_millis(100);
/// After so many seconds the first line is told where there is no terminal. Each further one takes twice as long, up to
/// a minute: whoever reads a log wants to know that something goes on, and not much more.
const FIRST_LINE_S: f64 = 10.0;
const MOST_BETWEEN_LINES_S: f64 = 60.0;

impl Progress {
    #[expect(clippy::disallowed_methods, reason = "this thread tells and runs no world")]
    pub(crate) fn start(total: u64, unit: &'static str) -> Self {
        let shared = Arc::new(Shared {
            unit,
            total,
            finished: AtomicU64::new(0),
            at: Mutex::new(String::new()),
            is_over: AtomicBool::new(false),
            stopwatch: Stopwatch::start(),
        });
        let own = Arc::clone(&shared);
        let is_terminal = std::io::stderr().is_terminal();
        let teller =
            std::thread::spawn(move || if is_terminal { own.draw() } else { own.tell_lines() });
        Self { shared, teller: Some(teller) }
    }

    /// Where finished work is counted.
    pub(crate) fn counter(&self) -> &AtomicU64 {
        &self.shared.finished
    }

    /// What is being worked on.
    pub(crate) fn say(&self, what: &str) {
        what.clone_into(&mut self.shared.at.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Takes the bar off the screen.
    pub(crate) fn finish(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.shared.is_over.store(true, Ordering::Relaxed);
        if let Some(teller) = self.teller.take() {
            teller.thread().unpark();
            // A thread that only tells has nothing to report.
            _ = teller.join();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}

impl Shared {
    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    fn at(&self) -> String {
        self.at.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn draw(&self) {
        let bar = ProgressBar::with_draw_target(Some(self.total), ProgressDrawTarget::stderr());
        // Of the time that is left nothing is known before something is done.
        let left = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            if state.pos() > 0 && state.elapsed() > Duration::from_secs(1) {
                _ = write!(out, "  {:#} left", HumanDuration(state.eta()));
            }
        };
        let template = format!("{{bar:30}} {{pos}}/{{len}} {}{{left}}  {{msg}}", self.unit);
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style.with_key("left", left));
        }
        while !self.is_over() {
            bar.set_message(self.at());
            bar.set_position(self.finished.load(Ordering::Relaxed));
            std::thread::park_timeout(REDRAW);
        }
        bar.finish_and_clear();
    }

    fn tell_lines(&self) {
        let (mut due, mut pause) = (FIRST_LINE_S, FIRST_LINE_S);
        while !self.is_over() {
            let passed = self.stopwatch.seconds();
            if passed >= due {
                complain!("{}", self.line(passed));
                pause = (pause * 2.0).min(MOST_BETWEEN_LINES_S);
                due = passed + pause;
            }
            std::thread::park_timeout(Duration::from_secs_f64((due - passed).clamp(0.01, 1.0)));
        }
    }

    /// `1200 of 79000 runs after 40.00 s, at swarm-four`.
    fn line(&self, passed: f64) -> String {
        let (finished, at) = (self.finished.load(Ordering::Relaxed), self.at());
        let at = if at.is_empty() { at } else { format!(", at {at}") };
        let (total, unit, passed) = (self.total, self.unit, super::terminal::seconds(passed));
        format!("{finished} of {total} {unit} after {passed}{at}")
    }
}

/// A line that says what is being done, for work whose end is not known. It is told by the work itself, now and then.
pub(crate) struct Spinner {
    bar: ProgressBar,
    /// When the next line is due, and how long after it the one that follows; where there is no terminal.
    lines: Option<Mutex<(f64, f64)>>,
    stopwatch: Stopwatch,
}

impl Spinner {
    pub(crate) fn start() -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let target = if is_terminal {
            ProgressDrawTarget::stderr_with_hz(10)
        } else {
            ProgressDrawTarget::hidden()
        };
        Self {
            bar: ProgressBar::with_draw_target(None, target),
            lines: (!is_terminal).then(|| Mutex::new((FIRST_LINE_S, FIRST_LINE_S))),
            stopwatch: Stopwatch::start(),
        }
    }

    /// How far a failure has been shrunk.
    pub(crate) fn say(&self, progress: &ShrinkProgress) {
        let told = || {
            let size = super::shrink_text::size(&progress.size);
            format!("{size}  ({}, {} runs)", progress.pass, progress.runs)
        };
        let Some(lines) = &self.lines else {
            self.bar.set_message(told());
            self.bar.tick();
            return;
        };
        let passed = self.stopwatch.seconds();
        let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
        if passed >= lines.0 {
            complain!("after {}: {}", super::terminal::seconds(passed), told());
            lines.1 = (lines.1 * 2.0).min(MOST_BETWEEN_LINES_S);
            lines.0 = passed + lines.1;
        }
    }

    /// Takes the line off the screen.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_the_work_is_and_at_what() {
        let progress = Progress::start(79_000, "runs");
        progress.counter().fetch_add(1_200, Ordering::Relaxed);
        assert_eq!(progress.shared.line(40.0), "1200 of 79000 runs after 40.00 s");
        progress.say("swarm-four");
        assert_eq!(progress.shared.line(40.0), "1200 of 79000 runs after 40.00 s, at swarm-four");
        progress.finish();
    }
}
