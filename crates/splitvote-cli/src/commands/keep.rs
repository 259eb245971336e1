//! Keeps what fails in a sweep, for `run --report`: a page of each failing seed, and its case.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use splitvote::case::{Case, Origin};
use splitvote::peer::Peer;
use splitvote::{Scenario, Script, Seed, Subject, SweepReport, Verdict, record};
use splitvote_page::Page;

use super::shrink::usual_name;
use crate::outcome::Stop;
use crate::output::channel::complain;
use crate::peers::UnderTest;
use crate::target::{Kind, Targets};

/// What is kept of a failing seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    /// The page that shows the run.
    pub(crate) page: PathBuf,
    /// The run written out; `None` if no plan makes the same run.
    pub(crate) case: Option<PathBuf>,
}

/// Keeps every failure of a scenario that a sweep kept, unless it is interrupted. A peer that hangs or ends its process
/// would do so again: of such a seed nothing is kept.
pub(crate) fn failures(
    directory: &Path,
    scenario: &Scenario,
    report: &SweepReport,
    raft: &dyn UnderTest,
    interrupt: &AtomicBool,
) -> BTreeMap<u64, Kept> {
    let can_be_shown = |verdict: &Verdict| !matches!(verdict, Verdict::Hung(_));
    let shown = report.failures.iter().filter(|failed| can_be_shown(&failed.verdict));
    let shown = shown.take_while(|_| !interrupt.load(Ordering::Relaxed));
    let kept = shown.filter_map(|failed| {
        let name = usual_name(&scenario.name, failed.seed, raft.name(), &failed.verdict);
        let kept = one(&directory.join(name), scenario, failed.seed, raft);
        let told = kept.map_err(|problem| complain!("error: {problem}")).ok();
        told.map(|kept| (failed.seed.0, kept))
    });
    kept.collect()
}

fn one(stem: &Path, scenario: &Scenario, seed: Seed, raft: &dyn UnderTest) -> Result<Kept, Stop> {
    let with = |ending: &str| {
        let mut name = stem.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let (page, case) = (with(".html"), with(".toml"));
    let mut targets = Targets::forced(false);
    targets.add(&page, Kind::Page)?;
    targets.add(&case, Kind::Case)?;
    let (report, trace) = raft.replay(Script::from(scenario), seed);
    let shown = Page { trace: &trace, report: Some(&report), command: "" };
    splitvote_page::save(&page, &shown).map_err(Stop::unwritten(&page))?;
    let written = raft.write_down(scenario, seed);
    let saved = written.map(|written| written.save(&case).map_err(Stop::unwritten(&case)));
    Ok(Kept { page, case: saved.transpose()?.map(|()| case) })
}

/// A seed of a scenario written out, if a plan can do what it does.
pub(crate) fn case_of<P: Peer>(
    scenario: &Scenario,
    subject: &Subject<P>,
    seed: Seed,
) -> Option<Case> {
    let plan = record(scenario, subject, seed).1?;
    let (mut case, _) = Case::new(&scenario.name, plan, subject, seed);
    case.origin = Some(Origin { scenario: scenario.name.clone(), seed });
    Some(case)
}
