//! `splitvote shrink`: from a failing run to the smallest that fails alike, as a case.

use std::cell::RefCell;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use splitvote::case::Case;
use splitvote::peer::Peer;
use splitvote::shrink::{
    Candidate, ShrinkError, ShrinkOptions, ShrinkProgress, case_of, shrink as shrink_seed,
    shrink_plan,
};
use splitvote::{Scenario, Seed, Signature, Subject, Verdict, replay};
use splitvote_report::explain;

use super::named::{Named, Told};
use super::save_or_print;
use crate::arguments::{Format, ShrinkArguments};
use crate::interrupt;
use crate::outcome::{Outcome, Stop};
use crate::output::channel::{self, complain};
use crate::output::progress::Spinner;
use crate::output::results::Smallest;
use crate::output::{json, shrink_text};
use crate::peers::Chosen;
use crate::stopwatch::{CpuClock, Stopwatch};
use crate::target::{Kind, Targets};

/// How long a case that has become smaller may be unsaved, in seconds.
const SAVE_EVERY: f64 = 1.0;

pub(crate) fn shrink(arguments: &ShrinkArguments) -> Outcome {
    let remedy = "`splitvote run` names the seeds that fail";
    let Told { named, seed, chosen, .. } =
        Told::read(&arguments.scenario, &arguments.which, remedy)?;
    named.check_fit(&*chosen)?;
    let verdict = chosen.run(named.script(), seed).verdict;
    let file = arguments.out.clone().unwrap_or_else(|| match &named {
        Named::Case(_) => smaller(&arguments.scenario),
        Named::Scenario(scenario) => usual_file(scenario, seed, &chosen, &verdict),
    });
    Targets::of(&arguments.scenario, arguments.force).add(&file, Kind::Case)?;
    let interrupt = interrupt::watch()?;
    let saved = Arc::new(AtomicBool::new(false));
    let (is_saved, place, code) = (Arc::clone(&saved), file.clone(), verdict.exit_code());
    interrupt::or_else(interrupt::PATIENCE_OF_SHRINKER, move || {
        let place = place.display();
        if is_saved.load(Ordering::Relaxed) {
            complain!("interrupted: the smallest case that was saved so far is {place}");
        } else {
            complain!("interrupted: nothing was saved");
        }
        code
    });
    let spinner = Spinner::start();
    let work = Shrinking {
        named: &named,
        seed,
        tries: arguments.tries,
        file: &file,
        interrupt,
        spinner: &spinner,
        saved: &saved,
    };
    let shrunk = chosen.shrink(&work)?;
    interrupt::has_ended();
    spinner.finish();
    let Some(result) = shrunk else {
        tell_held(arguments.format, named.script().name(), seed)?;
        return Ok(interrupt::exit_code(0));
    };
    match arguments.format {
        Format::Text => shrink_text::print(&result)?,
        Format::Json => json::print(&json::shrunk(&result))?,
    }
    let code = interrupt::exit_code(result.report.verdict.exit_code());
    Ok(if save_or_print(&result.case, &file) { code } else { code.max(2) })
}

/// Two bugs of one seed, as other checkers find them, are two cases.
fn usual_file(scenario: &Scenario, seed: Seed, chosen: &Chosen, verdict: &Verdict) -> PathBuf {
    let name = usual_name(&scenario.name, seed, chosen.name(), verdict);
    Path::new("cases").join(format!("{name}.toml"))
}

/// What the files of a failing seed are called, without their ending.
pub(crate) fn usual_name(scenario: &str, seed: Seed, raft: &str, verdict: &Verdict) -> String {
    format!("{scenario}-{}-{raft}-{}", seed.0, verdict.checker().unwrap_or("held"))
}

/// `CASE-smaller.toml` for `CASE.toml`.
fn smaller(case: &Path) -> PathBuf {
    let stem = case.file_stem().unwrap_or_default().to_string_lossy();
    case.with_file_name(format!("{stem}-smaller.toml"))
}

fn tell_held(format: Format, name: &str, seed: Seed) -> std::io::Result<()> {
    match format {
        Format::Text => {
            writeln!(channel::out(), "seed {} of {name}: {}", seed.0, ShrinkError::Held)
        }
        Format::Json => json::print(&json::held(name, seed)),
    }
}

pub(crate) struct Shrinking<'a> {
    named: &'a Named,
    seed: Seed,
    tries: u64,
    file: &'a PathBuf,
    interrupt: &'a AtomicBool,
    spinner: &'a Spinner,
    /// Whether a case was saved.
    saved: &'a AtomicBool,
}

impl Shrinking<'_> {
    pub(crate) fn with<P: Peer>(&self, subject: &Subject<P>) -> Result<Option<Smallest>, Stop> {
        let clock = CpuClock::start();
        let origin = self.origin();
        let drafts = RefCell::new(Drafts::default());
        let watch = |progress: &ShrinkProgress| {
            self.spinner.say(progress);
            drafts.borrow_mut().keep(progress, |best, signature| {
                self.save(&case_of(best, signature, subject, origin));
            });
        };
        let mut options = ShrinkOptions::default();
        (options.tries, options.interrupt) = (self.tries, Some(self.interrupt));
        options.watch = Some(&watch);
        let outcome = match self.named {
            Named::Case(case) => {
                let candidate = Candidate { plan: case.plan.clone(), seed: self.seed };
                shrink_plan(&candidate, subject, &options)
            }
            Named::Scenario(scenario) => shrink_seed(scenario, subject, self.seed, &options),
        };
        let shrunk = match outcome {
            Ok(shrunk) => shrunk,
            Err(ShrinkError::Held) => return Ok(None),
            Err(error) => return Err(Stop::Input(error.to_string())),
        };
        let cpu_s = clock.seconds();
        let case = shrunk.to_case(subject, origin.0, origin.1);
        let (report, trace) = replay(&case, subject, case.seed);
        let explanation = explain(&trace, &report);
        let file = self.file.clone();
        Ok(Some(Smallest { shrunk, case, report, explanation, file, cpu_s }))
    }

    /// Where the failure was found: a case that is shrunk further keeps its origin.
    fn origin(&self) -> (&str, Seed) {
        let of_case = self.named.case().and_then(|case| case.origin.as_ref());
        let own = (self.named.script().name(), self.seed);
        of_case.map_or(own, |found| (&found.scenario, found.seed))
    }

    /// Saves a draft. One that cannot be saved is left: the next one may be, and the last one is printed if it cannot.
    fn save(&self, case: &Case) {
        if case.save(self.file).is_ok() {
            self.saved.store(true, Ordering::Relaxed);
        }
    }
}

/// Saves what was found from time to time, for whoever has no patience for an orderly end.
struct Drafts {
    stopwatch: Stopwatch,
    saved_at: f64,
}

impl Default for Drafts {
    fn default() -> Self {
        Self { stopwatch: Stopwatch::start(), saved_at: 0.0 }
    }
}

impl Drafts {
    fn keep(&mut self, progress: &ShrinkProgress, save: impl FnOnce(&Candidate, &Signature)) {
        let now = self.stopwatch.seconds();
        if now > self.saved_at + SAVE_EVERY {
            self.saved_at = now;
            save(&progress.best, &progress.signature);
        }
    }
}
