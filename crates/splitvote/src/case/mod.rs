//! Cases: a failing run in a file that anybody can read, change and run again.
//!
//! A case is a [`Plan`] and a seed, for one Raft, and what became of the run when it was written: which
//! checker failed it, by what cause, and what the run looked like before each step. Its file is a
//! scenario whose every step says when, and a table `[case]` behind it:
//!
//! - `write`, `read`, `save`: the file. `compare`: does it still fail, and if not, from which step on is the run
//!   another? `rust_test`: the same as a test in Rust.

mod compare;
mod read;
mod rust_test;
mod save;
mod write;

use std::collections::BTreeSet;
use std::path::PathBuf;

use splitvote_check::Checker;
use splitvote_peer::Peer;
use splitvote_sim::Seed;

use crate::mechanism::Mechanism;
use crate::plan::Plan;
use crate::run::{RunReport, run_keeping_diary};
use crate::scenario::{Place, ScenarioError, alike};
use crate::script::Script;
use crate::shrink::Candidate;
use crate::signature::Signature;
use crate::subject::Subject;

pub use compare::{Comparison, Difference};
pub use read::{find, load, load_all, load_with_scenarios};
pub use rust_test::Demand;
pub use save::replace_file;

/// The name of the Raft that comes with Splitvote.
const REFERENCE: &str = "reference";

/// A run written out, and what became of it.
///
/// ```
/// use splitvote::{Act, Case, Fault, Scenario, Seed, record, reference, testing};
///
/// let text = "name = \"cut\"\npeers = 3\nsteps = [{ run = \"1s\" }, { disconnect = \"leader\" }, { run = \"1s\" }]";
/// let scenario = Scenario::parse("cut.toml", text)?;
/// let plan = record(&scenario, &reference(), Seed(3)).1.ok_or("not written out")?;
/// assert!(matches!(plan.acts[0].act, Act::Fault(Fault::Disconnect(_))), "it says whom, and when");
/// let (case, _) = Case::new("cut", plan, &reference(), Seed(3));
/// testing::must_hold(&case, &reference())?;
/// # Ok::<(), testing::TestFailure>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Case {
    /// Its name: lower-case letters, digits and hyphens.
    pub name: String,
    /// Where it was read from; empty if it was not.
    pub file: PathBuf,
    /// What it shows, in a sentence.
    pub about: String,
    /// Where it comes from.
    pub source: String,
    /// What is done.
    pub plan: Plan,
    /// What all else derives from.
    pub seed: Seed,
    /// The name of the Raft under test, as the command line knows it.
    pub raft: String,
    /// How the run failed; `None` if it held.
    pub fails: Option<Signature>,
    /// How the rule came to be broken, if one was. A case that was written before this was known states none.
    pub mechanism: Option<Mechanism>,
    /// The verdict, as a sentence.
    pub says: String,
    /// Where it was found.
    pub origin: Option<Origin>,
    /// The digest of the run before each of its steps, shortened to 16 bits.
    pub trail: Vec<u16>,
    /// The digest of the run.
    pub digest: u64,
    /// Where its steps stand in its file, the last one too; empty if it was not read from one.
    places: Vec<Place>,
    /// Where its file names the Raft.
    raft_place: Option<Place>,
}

/// Where a case was found: a seed of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The name of the scenario.
    pub scenario: String,
    /// The seed of the run.
    pub seed: Seed,
}

impl Case {
    /// The version of the files that this program writes and reads.
    pub const VERSION: u64 = 1;

    /// Runs a plan and states what became of it, and which departures from practice it passed over: judged strictly,
    /// too, the case passes over them.
    #[must_use]
    pub fn new<P: Peer>(
        name: &str,
        mut plan: Plan,
        subject: &Subject<P>,
        seed: Seed,
    ) -> (Self, RunReport) {
        let (report, diary) = run_keeping_diary(&plan, subject, seed);
        let departs: BTreeSet<Checker> =
            report.departures.iter().map(|departure| departure.kind().0).collect();
        plan.setup.departs = departs.into_iter().collect();
        let mechanism = Mechanism::of_run(&plan, subject, &report);
        let case = Self {
            name: name.to_owned(),
            file: PathBuf::new(),
            about: String::new(),
            source: String::new(),
            plan,
            seed,
            raft: subject.name().to_owned(),
            fails: Signature::of(&report.verdict),
            mechanism,
            says: report.verdict.to_string(),
            origin: None,
            trail: diary.trail.iter().map(|digest| shortened(*digest)).collect(),
            digest: report.digest,
            places: Vec::new(),
            raft_place: None,
        };
        (case, report)
    }

    /// The same case, and where it was found.
    #[must_use]
    pub fn found_in(self, scenario: &str, seed: Seed) -> Self {
        Self { origin: Some(Origin { scenario: scenario.to_owned(), seed }), ..self }
    }

    /// The complaint that nobody knows its Raft, with the names that are like it; `remedy` says where all are.
    #[must_use]
    pub fn unknown_raft<'a>(
        &self,
        known: impl IntoIterator<Item = &'a str>,
        remedy: &str,
    ) -> ScenarioError {
        let (raft, near) = (&self.raft, alike(&self.raft, known));
        ScenarioError {
            file: self.file.clone(),
            place: self.raft_place,
            problem: format!("no Raft is called `{raft}`"),
            remedy: if near.is_empty() { remedy.to_owned() } else { format!("{near} {remedy}") },
        }
    }

    /// Runs it again, [judged](Self::judged) so that it ends as it states if it can, and compares.
    #[must_use]
    pub fn replay<P: Peer>(&self, subject: &Subject<P>) -> (RunReport, Comparison) {
        self.replay_as_judged(&self.judged(subject))
    }

    /// The same Raft, judged as the case was: it may have failed when the Raft was judged more strictly, or less. If
    /// it does not fail as it states, that is tried.
    #[must_use]
    pub fn judged<P: Peer>(&self, subject: &Subject<P>) -> Subject<P> {
        let checker = self.fails.as_ref().and_then(|stated| Checker::find(&stated.checker));
        let strictly = checker.map(|checker| subject.clone().strict_about(&[checker]));
        let lenient = self.fails.as_ref().map(|_| subject.clone().lenient());
        let mut all = [Some(subject.clone()), strictly, lenient].into_iter().flatten();
        let is_it = |subject: &Subject<P>| self.replay_as_judged(subject).1.is_as_stated();
        all.find(is_it).unwrap_or_else(|| subject.clone())
    }

    /// Runs it again and compares, judged as the subject says and not otherwise.
    #[must_use]
    pub fn replay_as_judged<P: Peer>(&self, subject: &Subject<P>) -> (RunReport, Comparison) {
        let (report, diary) = run_keeping_diary(self, subject, self.seed);
        let trail: Vec<u16> = diary.trail.iter().map(|digest| shortened(*digest)).collect();
        let mut comparison = self.compare(&report, &trail);
        if let Some(stated) = &self.mechanism
            && comparison.is_as_stated()
            && comparison.difference.is_some()
            && let Some(found) = Mechanism::of_run(self, subject, &report)
            && found != *stated
        {
            comparison.other_mechanism = Some((stated.clone(), found));
        }
        (report, comparison)
    }

    /// How to see a case again that stands in this file, as a line. The command knows only the reference and
    /// the zoo; a Raft of the user's own is seen by code.
    #[must_use]
    pub fn how_to_replay(&self, file: &str) -> String {
        if self.raft == REFERENCE {
            return format!("replay: splitvote replay {file}");
        }
        format!(
            "columns: let case = splitvote::case::load({file:?}.as_ref())?;\n         \
             splitvote_report::print_replay(&case, &subject, case.seed.0)?;\n         (or \
             `splitvote replay {file}`, if `splitvote list rafts` has {})",
            self.raft
        )
    }

    /// A step in a few words, and when; the last one is the end of the plan. Counted from 0.
    fn step(&self, number: usize) -> String {
        let Some(timed) = self.plan.acts.get(number) else {
            let what = if self.plan.demand.is_some() { "what is demanded" } else { "the end" };
            return format!("{what} at {}", self.plan.until);
        };
        format!("{} at {}", timed.act, timed.at)
    }
}

impl From<&Case> for Candidate {
    fn from(case: &Case) -> Self {
        Self { plan: case.plan.clone(), seed: case.seed }
    }
}

impl<'a> From<&'a Case> for Script<'a> {
    fn from(case: &'a Case) -> Self {
        let Case { name, about, file, plan, places, .. } = case;
        Self::Plan { plan, places, name, about, file, case: Some(case) }
    }
}

fn shortened(digest: u64) -> u16 {
    digest as u16
}
