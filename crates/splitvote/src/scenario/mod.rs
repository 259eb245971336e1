//! Scenarios: what happens to a cluster, and what must come of it, as a TOML file.
//!
//! A scenario and a seed make a plan: every step, every fault and every draw follows from the two.
//! Unknown keys, unknown names and impossible values are errors that point at line and column.

mod demand;
mod described;
mod keys_of_clients;
mod load;
pub(crate) mod parse;
mod parse_steps;
mod step;
mod verbs;
mod warnings;
pub(crate) mod write;
pub(crate) mod write_steps;

use std::path::PathBuf;
use std::time::Duration;

use splitvote_check::Happening;
use splitvote_peer::Features;

use crate::setup::Setup;

pub use crate::language::drift::DriftRange;
pub use crate::language::error::{Place, ScenarioError, alike};
pub use crate::language::keys::{Keys, Takes};
pub use crate::language::target::Target;
pub use crate::language::units::{
    CountRange, DurationRange, parse_count_range, parse_duration, parse_probability, parse_range,
};
pub use demand::{Agree, Condition, Expectation, PacketRule, Propose};
pub use described::{features, keys_of_file, keys_of_steps};
pub(crate) use load::{CASE_TITLE, read};
pub use load::{files, is_case, load, load_all};
pub use parse::is_name;
pub use step::{Action, Step};

/// A scenario file.
///
/// ```
/// use splitvote::prelude::*;
///
/// let text = r#"
///     name = "a-leader-crashes"
///     peers = 3
///     steps = [{ run-until = "won-election", within = "2s" }, { crash = "leader" }, { expect = "one-leader" }]
/// "#;
/// let scenario = Scenario::parse("a-leader-crashes.toml", text)?;
/// assert_eq!(run(&scenario, &reference(), Seed(3)).verdict, Verdict::Held);
///
/// let slip = Scenario::parse("a-leader-crashes.toml", &text.replace("{ crash", "{ crush")).unwrap_err();
/// assert!(slip.to_string().ends_with("4:63: unknown step `crush`; did you mean `crash`?"), "{slip}");
/// # Ok::<(), splitvote::ScenarioError>(())
/// ```
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
    /// What a world and its peers are built from.
    pub setup: Setup,
    /// Over how many seeds its `must-happen` is judged, and how many `cargo test` runs.
    pub seeds: u64,
    /// How much virtual time a run may take; `None` for any.
    pub within: Option<Duration>,
    /// Whether its timers are meant as they are, however little sense they make ([`Scenario::warnings`]).
    pub timers_meant: bool,
    /// What happens, in order.
    pub steps: Vec<Step>,
    /// How many steps there are, nested ones included.
    pub step_count: usize,
    /// What it needs of a Raft besides what follows from all else ([`crate::needs`]).
    pub needs: Features,
    /// What at least one seed of a sweep has to show.
    pub must_happen: Vec<Happening>,
}

impl Scenario {
    /// Reads a scenario from a text; `file` is what complaints call it.
    ///
    /// # Errors
    /// With line and column, if the text is not a scenario.
    pub fn parse(file: impl Into<PathBuf>, text: &str) -> Result<Self, ScenarioError> {
        parse::parse(&file.into(), text)
    }

    /// A scenario without steps on the cluster that a file gets which says nothing: a realistic network without
    /// faults, disks that take no time. To be filled in.
    #[must_use]
    pub fn quiet(name: &str, peers: usize) -> Self {
        Self {
            name: name.to_owned(),
            file: PathBuf::new(),
            about: String::new(),
            source: String::new(),
            setup: Setup::of(peers),
            seeds: parse::DEFAULT_SEEDS,
            within: None,
            timers_meant: false,
            steps: Vec::new(),
            step_count: 0,
            needs: Features::NONE,
            must_happen: Vec::new(),
        }
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
}
