//! Scenarios: what happens to a cluster, and what must come of it, as a TOML file.
//!
//! A scenario and a seed make a plan: every step, every fault and every draw follows from the two.
//! Unknown keys, unknown names and impossible values are errors that point at line and column.

mod classes;
mod demand;
mod load;
pub(crate) mod parse;
mod parse_clients;
mod parse_faults;
mod parse_overrides;
mod parse_steps;
mod step;
mod write;
mod write_steps;

use std::path::PathBuf;
use std::time::Duration;

use splitvote_check::{Checker, Happening};
use splitvote_peer::{Features, PeerSet, Settings, Term};
use splitvote_sim::{
    ClockProfile, DiskProfile, InFlight, Limits, NetworkProfile, Overrides, Seed, SnapshotProfile,
    WorldConfig,
};

use crate::fault::{Disk, Fault, FaultClasses};
use crate::nemesis::liars_of;

pub use crate::language::error::{Place, ScenarioError, alike};
pub use crate::language::target::Target;
pub use crate::language::units::{
    CountRange, DurationRange, parse_count_range, parse_duration, parse_probability, parse_range,
};
pub use demand::{Agree, Condition, Expectation, PacketRule, Propose};
pub(crate) use load::{CASE_TITLE, files, read};
pub use load::{is_case, load, load_all};
pub use parse::is_name;
pub use step::{Action, Step};

/// A scenario file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Its name, unique among the files of a sweep.
    pub name: String,
    /// Where it was read from.
    pub file: PathBuf,
    /// What it is after, in a sentence.
    pub about: String,
    /// Where it comes from.
    pub source: String,
    /// How many peers.
    pub peers: usize,
    /// Over how many seeds its `must-happen` is judged, and how many `cargo test` runs.
    pub seeds: u64,
    /// What the peers are configured with.
    pub settings: Settings,
    /// The network at the start.
    pub network: NetworkProfile,
    /// What a partition does to packets on their way.
    pub in_flight: InFlight,
    /// The disks.
    pub disk: DiskProfile,
    /// When the state machines make snapshots.
    pub snapshots: SnapshotProfile,
    /// The clocks.
    pub clocks: ClockProfile,
    /// When a run counts as endless.
    pub limits: Limits,
    /// How much virtual time a run may take; none for any.
    pub within: Option<Duration>,
    /// What the peers find in their logs at their first boot: the term of each entry. Empty: nothing.
    pub logs: Vec<Vec<Term>>,
    /// Draws that are written down.
    pub overrides: Overrides,
    /// Classes of faults that are switched off.
    pub without: FaultClasses,
    /// What happens, in order.
    pub steps: Vec<Step>,
    /// How many steps there are, nested ones included.
    pub step_count: usize,
    /// What it needs of a Raft besides what follows from all else ([`crate::needs`]).
    pub needs: Features,
    /// What at least one seed of a sweep has to show.
    pub must_happen: Vec<Happening>,
    /// The only checkers to ask; none for all. No file can say so: it is for who looks closer at a
    /// failure.
    pub only: Option<Vec<Checker>>,
}

impl Scenario {
    /// Reads a scenario from a text; `file` is what complaints call it.
    ///
    /// # Errors
    /// With line and column, if the text is no scenario.
    pub fn parse(file: impl Into<PathBuf>, text: &str) -> Result<Self, ScenarioError> {
        parse::parse(&file.into(), text)
    }

    /// A scenario without steps on the cluster that a file gets which says nothing: a realistic network without
    /// faults, disks that take no time. To be filled in.
    #[must_use]
    pub fn quiet(name: &str, peers: usize) -> Self {
        let WorldConfig { network, in_flight, disk, snapshots, clocks, limits, overrides, .. } =
            WorldConfig::new(peers, Seed(0));
        Self {
            name: name.to_owned(),
            file: PathBuf::new(),
            about: String::new(),
            source: String::new(),
            peers,
            seeds: parse::DEFAULT_SEEDS,
            settings: Settings::default(),
            network,
            in_flight,
            disk,
            snapshots,
            clocks,
            limits,
            within: None,
            logs: Vec::new(),
            overrides,
            without: FaultClasses::NONE,
            steps: Vec::new(),
            step_count: 0,
            needs: Features::NONE,
            must_happen: Vec::new(),
            only: None,
        }
    }

    /// Whose disks lie at some time.
    pub(crate) fn liars(&self) -> PeerSet {
        fn of_step(step: &Step) -> PeerSet {
            let own = match &step.action {
                Action::Fault(Fault::Disk(Disk(profile))) => liars_of(profile),
                _ => PeerSet::EMPTY,
            };
            step.action.nested().map(of_step).fold(own, PeerSet::union)
        }
        self.steps.iter().map(of_step).fold(liars_of(&self.disk), PeerSet::union)
    }

    /// Whether a step sets a budget.
    #[must_use]
    pub fn has_budgets(&self) -> bool {
        fn is_budget(step: &Step) -> bool {
            matches!(step.action, Action::Budget { .. } | Action::Allow(_))
                || step.action.nested().any(is_budget)
        }
        self.steps.iter().any(is_budget)
    }

    /// The world in which a seed of this scenario runs.
    #[must_use]
    pub fn world(&self, seed: Seed) -> WorldConfig {
        WorldConfig {
            peers: self.peers,
            seed,
            network: self.network,
            in_flight: self.in_flight,
            disk: self.disk,
            snapshots: self.snapshots,
            clocks: self.clocks,
            limits: self.limits,
            overrides: self.overrides.clone(),
        }
    }
}
