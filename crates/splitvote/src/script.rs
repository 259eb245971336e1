//! What can be run: a scenario, which is resolved while it runs, or a plan, in which all is written out.

use std::path::Path;

use splitvote_peer::Peer;

use crate::case::Case;
use crate::plan::Plan;
use crate::scenario::{Place, Scenario};
use crate::setup::Setup;
use crate::subject::Subject;

/// What can be run. A reference to a [`Scenario`], a [`Plan`] or a [`Case`] turns into it.
#[derive(Clone, Copy, Debug)]
pub enum Script<'a> {
    /// A scenario, resolved while it runs.
    Scenario(&'a Scenario),
    /// A plan, written out.
    Plan {
        /// The plan that is played.
        plan: &'a Plan,
        /// Where its steps stand in its file, its end too; empty if it was not read from one.
        places: &'a [Place],
        /// What it is called; empty if it has no name.
        name: &'a str,
        /// What it shows, in a sentence; may be empty.
        about: &'a str,
        /// Its file, if it has one.
        file: &'a Path,
        /// The case that it is, if it is one.
        case: Option<&'a Case>,
    },
}

impl<'a> Script<'a> {
    /// What its world and its peers are built from.
    #[must_use]
    pub fn setup(self) -> &'a Setup {
        match self {
            Self::Scenario(scenario) => &scenario.setup,
            Self::Plan { plan, .. } => &plan.setup,
        }
    }

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'a str {
        match self {
            Self::Scenario(scenario) => &scenario.name,
            Self::Plan { name, .. } => name,
        }
    }

    /// What it is after, in a sentence; may be empty.
    #[must_use]
    pub fn about(self) -> &'a str {
        match self {
            Self::Scenario(scenario) => &scenario.about,
            Self::Plan { about, .. } => about,
        }
    }

    /// The file that it was read from; empty if it was not.
    #[must_use]
    pub fn file(self) -> &'a Path {
        match self {
            Self::Scenario(scenario) => &scenario.file,
            Self::Plan { file, .. } => file,
        }
    }

    /// The same Raft, judged as a case was ([`Case::judged`]); what is no case judges as the subject says.
    #[must_use]
    pub fn judged<P: Peer>(self, subject: &Subject<P>) -> Subject<P> {
        match self {
            Self::Plan { case: Some(case), .. } => case.judged(subject),
            Self::Plan { case: None, .. } | Self::Scenario(_) => subject.clone(),
        }
    }

    /// Whether a budget is judged.
    pub(crate) fn has_budgets(self) -> bool {
        match self {
            Self::Scenario(scenario) => scenario.has_budgets(),
            Self::Plan { plan, .. } => plan.has_budgets(),
        }
    }
}

impl<'a> From<&'a Scenario> for Script<'a> {
    fn from(scenario: &'a Scenario) -> Self {
        Self::Scenario(scenario)
    }
}

impl<'a> From<&'a Plan> for Script<'a> {
    fn from(plan: &'a Plan) -> Self {
        Self::Plan { plan, places: &[], name: "", about: "", file: Path::new(""), case: None }
    }
}
