//! The Rafts under test, by name: those that a program has registered.

use std::sync::OnceLock;

use splitvote::case::{Case, Comparison};
use splitvote::determinism::{Divergence, check_seed};
use splitvote::needs::{Skipped, lacking};
use splitvote::peer::Peer;
use splitvote::scenario::alike;
use splitvote::{
    Checking, RunReport, Scenario, ScenarioError, Script, Seed, Seeds, Subject, SweepOptions,
    SweepReport, Trace, check_fit, replay, run, sweep,
};

use crate::arguments::{RunArguments, Worker};
use crate::commands::isolate;
use crate::commands::keep;
use crate::commands::replay::{Shown, show_seed};
use crate::commands::shrink::Shrinking;
use crate::judging::Judging;
use crate::outcome::{Outcome, Stop};
use crate::output::results::Smallest;
#[cfg(feature = "zoo")]
use crate::taking_down;

/// Where all names are.
fn all_rafts() -> String {
    let program = RAFTS.get().map_or("splitvote", |registry| registry.program);
    format!("`{program} list rafts` shows those that there are")
}

/// All that the commands do with a Raft under test, whatever its type.
pub(crate) trait UnderTest: Send + Sync {
    fn name(&self) -> &str;
    /// The same Raft, judged like this.
    fn checked(&self, checking: &Checking) -> Box<dyn UnderTest>;
    fn lacking(&self, scenario: &Scenario) -> Option<Skipped>;
    fn check_fit(&self, script: Script<'_>) -> Result<(), ScenarioError>;
    fn run(&self, script: Script<'_>, seed: Seed) -> RunReport;
    fn replay(&self, script: Script<'_>, seed: Seed) -> (RunReport, Trace);
    /// The same, and a case is judged so that it ends as it states.
    fn replay_as_stated(&self, script: Script<'_>, seed: Seed) -> (RunReport, Trace);
    fn replay_case(&self, case: &Case) -> (RunReport, Comparison);
    fn check_seed(&self, scenario: &Scenario, seed: Seed) -> Result<u64, Divergence>;
    fn sweep(
        &self,
        scenario: &Scenario,
        options: &SweepOptions<'_>,
    ) -> Result<SweepReport, ScenarioError>;
    /// The same as `sweep`, in other processes.
    fn sweep_elsewhere(
        &self,
        scenario: &Scenario,
        options: &SweepOptions<'_>,
        arguments: &RunArguments,
    ) -> Result<SweepReport, Stop>;
    /// What such a process does.
    fn work(&self, worker: Worker, scenario: &Scenario, seeds: &Seeds) -> Outcome;
    /// A seed written out as a case.
    fn write_down(&self, scenario: &Scenario, seed: Seed) -> Option<Case>;
    fn shrink(&self, work: &Shrinking<'_>) -> Result<Option<Smallest>, Stop>;
    fn show(&self, shown: &Shown<'_>) -> Outcome;
}

impl<P: Peer> UnderTest for Subject<P> {
    fn name(&self) -> &str {
        self.name()
    }
    fn checked(&self, checking: &Checking) -> Box<dyn UnderTest> {
        Box::new(self.clone().checked(checking))
    }
    fn lacking(&self, scenario: &Scenario) -> Option<Skipped> {
        lacking(scenario, self)
    }
    fn check_fit(&self, script: Script<'_>) -> Result<(), ScenarioError> {
        check_fit(script, self)
    }
    fn run(&self, script: Script<'_>, seed: Seed) -> RunReport {
        run(script, self, seed)
    }
    fn replay(&self, script: Script<'_>, seed: Seed) -> (RunReport, Trace) {
        replay(script, self, seed)
    }
    fn replay_as_stated(&self, script: Script<'_>, seed: Seed) -> (RunReport, Trace) {
        replay(script, &script.judged(self), seed)
    }
    fn replay_case(&self, case: &Case) -> (RunReport, Comparison) {
        case.replay(self)
    }
    fn check_seed(&self, scenario: &Scenario, seed: Seed) -> Result<u64, Divergence> {
        check_seed(scenario, self, seed)
    }
    fn sweep(
        &self,
        scenario: &Scenario,
        options: &SweepOptions<'_>,
    ) -> Result<SweepReport, ScenarioError> {
        sweep(scenario, self, options)
    }
    fn sweep_elsewhere(
        &self,
        scenario: &Scenario,
        options: &SweepOptions<'_>,
        arguments: &RunArguments,
    ) -> Result<SweepReport, Stop> {
        isolate::sweep_elsewhere(scenario, self, options, arguments)
    }
    fn work(&self, worker: Worker, scenario: &Scenario, seeds: &Seeds) -> Outcome {
        isolate::work(worker, scenario, self, seeds)
    }
    fn write_down(&self, scenario: &Scenario, seed: Seed) -> Option<Case> {
        keep::case_of(scenario, self, seed)
    }
    fn shrink(&self, work: &Shrinking<'_>) -> Result<Option<Smallest>, Stop> {
        work.with(self)
    }
    fn show(&self, shown: &Shown<'_>) -> Outcome {
        show_seed(shown, self)
    }
}

/// The Rafts of a program, in the order in which they were added.
#[derive(Default)]
pub(crate) struct Registry {
    program: &'static str,
    rafts: Vec<Box<dyn UnderTest>>,
    has_zoo: bool,
}

static RAFTS: OnceLock<Registry> = OnceLock::new();

impl Registry {
    /// No Raft yet, for a program of this name.
    pub(crate) fn of(program: &'static str) -> Self {
        Self { program, ..Self::default() }
    }

    pub(crate) fn add<P: Peer>(&mut self, subject: Subject<P>) {
        self.rafts.push(Box::new(subject));
    }

    #[cfg(feature = "zoo")]
    pub(crate) fn add_zoo(&mut self) {
        self.has_zoo = true;
    }

    /// From here on these are the Rafts of the program. A process is one program.
    pub(crate) fn install(self) {
        // A second program in one process would find the Rafts of the first.
        _ = RAFTS.set(self);
    }

    fn all() -> &'static [Box<dyn UnderTest>] {
        RAFTS.get().map_or(&[], |registry| &registry.rafts)
    }

    fn find(name: &str) -> Option<Chosen> {
        let own = Self::all().iter().find(|raft| raft.name() == name);
        let own = own.map(|raft| raft.checked(&Checking::default()));
        own.map(|raft| Chosen { raft, is_of_zoo: false })
            .or_else(|| of_zoo(name).map(|raft| Chosen { raft, is_of_zoo: true }))
    }
}

/// Whether the program has the broken Rafts.
pub(crate) fn has_zoo() -> bool {
    RAFTS.get().is_some_and(|registry| registry.has_zoo)
}

#[cfg(feature = "zoo")]
fn of_zoo(name: &str) -> Option<Box<dyn UnderTest>> {
    if !has_zoo() {
        return None;
    }
    match splitvote_zoo::find(name.trim_start_matches("zoo:")) {
        Some(mutant) => Some(Box::new(splitvote_zoo::subject(mutant))),
        None => taking_down::find(name).map(|subject| Box::new(subject) as Box<dyn UnderTest>),
    }
}

#[cfg(not(feature = "zoo"))]
fn of_zoo(_: &str) -> Option<Box<dyn UnderTest>> {
    None
}

/// The ids of mutants that a name begins with: of two letters or three, one slip makes a dozen others.
#[cfg(feature = "zoo")]
pub(crate) fn ids_within(name: &str) -> impl Iterator<Item = &'static str> {
    let ids = splitvote_zoo::mutants().iter().map(|mutant| mutant.id).filter(|_| has_zoo());
    ids.filter(move |id| name.starts_with(id))
}

#[cfg(not(feature = "zoo"))]
fn ids_within(_: &str) -> impl Iterator<Item = &'static str> {
    std::iter::empty()
}

#[cfg(feature = "zoo")]
fn zoo_names() -> impl Iterator<Item = &'static str> {
    splitvote_zoo::mutants().iter().map(|mutant| mutant.name).filter(|_| has_zoo())
}

#[cfg(not(feature = "zoo"))]
fn zoo_names() -> impl Iterator<Item = &'static str> {
    std::iter::empty()
}

fn names() -> impl Iterator<Item = &'static str> {
    zoo_names().chain(own_names())
}

/// The names of the Rafts that the program has itself.
pub(crate) fn own_names() -> impl Iterator<Item = &'static str> {
    Registry::all().iter().map(|raft| raft.name())
}

/// The Raft under test unless another is named.
pub(crate) fn default_raft() -> Result<&'static str, Stop> {
    own_names().next().ok_or_else(|| {
        Stop::Input("this program has no Raft: add one by `Program::raft`".to_owned())
    })
}

/// A Raft under test.
pub(crate) struct Chosen {
    raft: Box<dyn UnderTest>,
    is_of_zoo: bool,
}

impl std::ops::Deref for Chosen {
    type Target = dyn UnderTest;

    fn deref(&self) -> &Self::Target {
        &*self.raft
    }
}

impl Chosen {
    /// The Raft of this name.
    pub(crate) fn find(name: &str) -> Result<Self, Stop> {
        Registry::find(name).ok_or_else(|| {
            let near = alike(name, names().chain(ids_within(name)));
            let near = if near.is_empty() { near } else { format!("{near} ") };
            Stop::Input(format!("no Raft is called `{name}`; {near}{}", all_rafts()))
        })
    }

    /// Whether it is one of the broken Rafts of the zoo.
    pub(crate) fn is_of_zoo(&self) -> bool {
        self.is_of_zoo
    }

    /// Whether a name is like that of a Raft, or is one.
    pub(crate) fn is_like_one(name: &str) -> bool {
        !alike(name, names()).is_empty()
    }

    /// The Raft that was asked for, or else that of the case, or else the program's first.
    pub(crate) fn asked_for(name: Option<&str>, case: Option<&Case>) -> Result<Self, Stop> {
        match (name, case) {
            (Some(name), _) => Self::find(name),
            (None, Some(case)) => Self::of(case),
            (None, None) => Self::find(default_raft()?),
        }
    }

    /// The Raft of a case.
    pub(crate) fn of(case: &Case) -> Result<Self, Stop> {
        let remedy = format!(
            "{}; a program of your own that has your Raft has all of these commands, too \
             (`splitvote_cli::Program`), and `splitvote case-to-test` prints the case as a test",
            all_rafts()
        );
        Self::find(&case.raft).map_err(|_| case.unknown_raft(names(), &remedy).into())
    }

    /// The same Raft, judged like this.
    pub(crate) fn judged(self, judging: &Judging) -> Self {
        Self { raft: self.raft.checked(&judging.checking()), ..self }
    }
}
