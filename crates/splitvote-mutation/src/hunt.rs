//! Chases one mutant: runs it against the scenarios until something fails or the budget is used up.
//!
//! A run in which the place of a mutant is not reached is the run of the reference, so it need not be run. What
//! the reference reaches, and the digest of its run, is found out once for each scenario and seed. A run whose
//! digest differs shows that the mutant makes a difference, whether or not anybody objects.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use splitvote::run::{RunReport, run};
use splitvote::{Scenario, Seed, Subject, Verdict};

use crate::raft::{Config, DiskRecord, Paper, Raft, disk_with_log, record::Ballot};
use crate::stopwatch::CpuClock;
use crate::switch::{has_reached, looking, turn_on};
use crate::{MUTANTS, Mutant};

/// The copy of the reference, as a Raft under test; judged strictly, as the reference is.
#[must_use]
pub fn subject() -> Subject<Raft<Paper>> {
    let disk = |log: &[u64], term| -> Vec<DiskRecord> {
        let mut disk = disk_with_log(log);
        disk.push(Ballot { term, voted_for: None }.into());
        disk
    };
    Subject::new("reference", |settings| Config { settings: settings.clone(), rules: Paper })
        .with_disks(disk)
        .strict()
}

/// How one mutant fared.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fate {
    /// The number of the mutant.
    pub number: u32,
    /// What kind of failure ended it: `safety`, `liveness`, `practice`, `contract`, `panic`, `endless`; `None` if it
    /// survived.
    pub killed_by: Option<String>,
    /// The checker that found it.
    pub checker: Option<String>,
    /// The scenario that failed, and its seed.
    pub scenario: Option<String>,
    /// The seed that failed.
    pub seed: Option<u64>,
    /// The verdict's sentence.
    pub sentence: Option<String>,
    /// How many runs reached it.
    pub runs: u64,
    /// How many of them were other runs than the reference's.
    pub differing: u64,
    /// How many seeds of every scenario were looked at.
    pub seeds: u64,
    /// How much processor time its runs took, in seconds.
    pub cpu_s: f64,
}

/// How far a mutant is chased.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How much processor time, in seconds.
    pub cpu_s: f64,
    /// How many seeds of each scenario.
    pub seeds: u64,
}

/// What the reference does in one run.
struct Known {
    reached: Vec<u64>,
    digest: u64,
    events: u64,
}

/// Chases mutants on one thread.
pub struct Hunter {
    scenarios: Vec<Scenario>,
    subject: Subject<Raft<Paper>>,
    known: BTreeMap<(u64, usize), Known>,
    /// The scenarios from the quickest to the longest.
    order: Vec<usize>,
}

impl Hunter {
    /// A hunter with these scenarios.
    #[must_use]
    pub fn new(scenarios: Vec<Scenario>) -> Self {
        let order = (0..scenarios.len()).collect();
        let mut hunter = Self { scenarios, subject: subject(), known: BTreeMap::new(), order };
        for place in 0..hunter.scenarios.len() {
            hunter.look(0, place);
        }
        let events = |place: &usize| hunter.known.get(&(0, *place)).map_or(0, |known| known.events);
        hunter.order.sort_by_key(events);
        hunter
    }

    /// Finds out what the reference does in one run.
    fn look(&mut self, seed: u64, place: usize) {
        let (scenarios, subject) = (&self.scenarios, &self.subject);
        self.known.entry((seed, place)).or_insert_with(|| {
            let Some(scenario) = scenarios.get(place) else {
                return Known { reached: Vec::new(), digest: 0, events: 0 };
            };
            let (report, reached) = looking(|| run(scenario, subject, Seed(seed)));
            Known { reached, digest: report.digest, events: report.events }
        });
    }

    /// Runs a mutant until something fails, or until a bound.
    pub fn chase(&mut self, mutant: &Mutant, bounds: Bounds) -> Fate {
        let mut fate = Fate { number: mutant.number, ..Fate::default() };
        for seed in 0..bounds.seeds {
            for place in self.order.clone() {
                self.look(seed, place);
                let Some(known) = self.known.get(&(seed, place)) else { continue };
                if !has_reached(&known.reached, mutant.site) {
                    continue;
                }
                let digest = known.digest;
                let clock = CpuClock::start();
                turn_on(mutant.number);
                let report = run(&self.scenarios[place], &self.subject, Seed(seed));
                turn_on(0);
                fate.cpu_s += clock.seconds();
                fate.runs += 1;
                fate.differing += u64::from(report.digest != digest);
                if report.verdict != Verdict::Held {
                    fate.dies(&self.scenarios[place], &report);
                    return fate;
                }
                if fate.cpu_s >= bounds.cpu_s {
                    return fate;
                }
            }
            fate.seeds = seed + 1;
        }
        fate
    }
}

impl Fate {
    fn dies(&mut self, scenario: &Scenario, report: &RunReport) {
        self.killed_by = Some(kind(&report.verdict).to_owned());
        self.checker = report.verdict.checker().map(str::to_owned);
        self.scenario = Some(scenario.name.clone());
        self.seed = Some(report.seed.0);
        self.sentence = Some(report.verdict.to_string());
    }

    /// A mutant whose process did not live to tell of it, though it had nothing else to do: the second time that
    /// a process died of it ([`crate::pool::chase`]).
    #[must_use]
    pub fn lost(number: u32, sentence: &str) -> Self {
        Self {
            number,
            killed_by: Some("endless".to_owned()),
            checker: Some("process".to_owned()),
            sentence: Some(sentence.to_owned()),
            ..Self::default()
        }
    }

    /// The mutant that it is about.
    #[must_use]
    pub fn mutant(&self) -> Option<&'static Mutant> {
        MUTANTS.get(self.number.checked_sub(1)? as usize)
    }
}

/// What kind of failure a verdict is.
fn kind(verdict: &Verdict) -> &'static str {
    use splitvote::Gravity;
    match verdict.gravity() {
        Gravity::Departure => "practice",
        Gravity::Liveness => "liveness",
        Gravity::Safety => "safety",
        Gravity::Breach => "contract",
        Gravity::Panic if verdict.to_string().contains("decisions") => "endless",
        Gravity::Panic => "panic",
        _ => "fault",
    }
}
