//! A progress bar on a terminal, nothing in a pipe.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use splitvote::shrink::ShrinkProgress;

/// Shows how much of some work is done. The work only counts; a thread of its own draws.
pub(crate) struct Progress {
    counter: Arc<AtomicU64>,
    bar: ProgressBar,
    is_over: Arc<AtomicBool>,
    drawer: Option<JoinHandle<()>>,
}

/// How often the bar is drawn.
const REDRAW: Duration = Duration::from_millis(100);

impl Progress {
    #[expect(clippy::disallowed_methods, reason = "this thread draws and runs no world")]
    pub(crate) fn start(total: u64, unit: &str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
        let template = format!("{{bar:30}} {{pos}}/{{len}} {unit}  {{eta}} left  {{msg}}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        let (counter, is_over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let drawer = std::io::stderr().is_terminal().then(|| {
            let (bar, counter, is_over) = (bar.clone(), Arc::clone(&counter), Arc::clone(&is_over));
            std::thread::spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    bar.set_position(counter.load(Ordering::Relaxed));
                    std::thread::park_timeout(REDRAW);
                }
            })
        });
        Self { counter, bar, is_over, drawer }
    }

    /// Where finished work is counted.
    pub(crate) fn counter(&self) -> &AtomicU64 {
        &self.counter
    }

    /// What is being worked on.
    pub(crate) fn say(&self, what: &str) {
        if self.drawer.is_some() {
            self.bar.set_message(what.to_owned());
        }
    }

    /// Takes the bar off the screen.
    pub(crate) fn finish(mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(drawer) = self.drawer.take() {
            drawer.thread().unpark();
            // A thread that only draws has nothing to report.
            _ = drawer.join();
            self.bar.finish_and_clear();
        }
    }
}

/// A line that says what is being done, for work whose end is not known. It is drawn by the work itself,
/// now and then.
pub(crate) struct Spinner(ProgressBar);

impl Spinner {
    pub(crate) fn start(is_shown: bool) -> Self {
        let target = if is_shown {
            ProgressDrawTarget::stderr_with_hz(10)
        } else {
            ProgressDrawTarget::hidden()
        };
        Self(ProgressBar::with_draw_target(None, target))
    }

    /// How far a failure has been shrunk.
    pub(crate) fn say(&self, progress: &ShrinkProgress) {
        if !self.0.is_hidden() {
            let size = super::shrink_text::size(&progress.size);
            self.0.set_message(format!("{size}  ({}, {} runs)", progress.pass, progress.runs));
            self.0.tick();
        }
    }

    /// Takes the line off the screen.
    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
