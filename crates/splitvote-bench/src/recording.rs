//! What it costs to see a run: with the recorder on, as a page, and in the formats of other tools.
//!
//! The runs are those of the swarm. What is written is 10,000 events of one of them, to memory: how fast a disk is does
//! not count.

use std::path::Path;

use splitvote::{RunReport, Scenario, Seed, Trace, Verdict, reference, replay, run, scenario};
use splitvote_export::{Export, Format};
use splitvote_page::Page;

use crate::{Trouble, stopwatch};

/// The seeds of a measurement.
const SEEDS: u64 = 50;
/// How many events are written.
const EVENTS: usize = 10_000;

/// The scenario that is run, and the events that are written.
pub(crate) struct Recording {
    scenario: Scenario,
    trace: Trace,
    report: RunReport,
}

impl Recording {
    /// With the first seed that has so many events.
    pub(crate) fn load() -> Result<Self, Trouble> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sim-scenarios/swarm");
        let scenario = scenario::load(&folder.join("five.toml"))?;
        let runs = (0..SEEDS).map(|seed| replay(&scenario, &reference(), Seed(seed)));
        let mut long = runs.filter(|(_, trace)| trace.events.len() >= EVENTS);
        let Some((report, mut trace)) = long.next() else {
            return Err(Trouble::Short(scenario.name));
        };
        trace.events.truncate(EVENTS);
        Ok(Self { scenario, trace, report })
    }

    /// How many milliseconds the runs take.
    pub(crate) fn plain_milliseconds(&self) -> Result<f64, Trouble> {
        self.milliseconds(|seed| run(&self.scenario, &reference(), seed))
    }

    /// The same with the recorder on. The trace is thrown away, which counts.
    pub(crate) fn recorded_milliseconds(&self) -> Result<f64, Trouble> {
        self.milliseconds(|seed| replay(&self.scenario, &reference(), seed).0)
    }

    fn milliseconds(&self, run: impl Fn(Seed) -> RunReport) -> Result<f64, Trouble> {
        let (elapsed, held) = stopwatch::time(|| {
            (0..SEEDS).map(|seed| run(Seed(seed))).all(|report| report.verdict == Verdict::Held)
        });
        if !held {
            return Err(Trouble::Fails(self.scenario.name.clone()));
        }
        Ok(elapsed.as_secs_f64() * 1e3)
    }

    fn page(&self) -> Page<'_> {
        Page { trace: &self.trace, report: Some(&self.report), command: "" }
    }

    /// How many seconds the page takes.
    pub(crate) fn page_seconds(&self) -> Result<f64, Trouble> {
        let (elapsed, page) = stopwatch::time(|| self.page().to_html());
        page.map_err(Trouble::Writing)?;
        Ok(elapsed.as_secs_f64())
    }

    /// How large it is.
    pub(crate) fn page_megabytes(&self) -> Result<f64, Trouble> {
        Ok(self.page().to_html().map_err(Trouble::Writing)?.len() as f64 / 1e6)
    }

    /// How many seconds an export takes.
    pub(crate) fn export_seconds(&self, format: Format) -> Result<f64, Trouble> {
        let export = Export { trace: &self.trace, report: Some(&self.report), command: "" };
        let mut out = Vec::new();
        let (elapsed, written) =
            stopwatch::time(|| splitvote_export::write(&mut out, format, &export));
        written.map_err(Trouble::Writing)?;
        Ok(elapsed.as_secs_f64())
    }
}
