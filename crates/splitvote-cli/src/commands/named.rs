//! The file that a command is about: a scenario, or a case, which knows its seed and its Raft.

use std::path::Path;

use splitvote::case::{self, Case};
use splitvote::{Scenario, Script, Seed, Setup, scenario};

use crate::Stop;

/// A scenario or a case.
pub(crate) enum Named {
    Scenario(Box<Scenario>),
    Case(Box<Case>),
}

impl Named {
    /// Reads the one or the other.
    pub(crate) fn read(file: &Path) -> Result<Self, Stop> {
        Ok(match case::find(file)? {
            Some(case) => Self::Case(Box::new(case)),
            None => Self::Scenario(Box::new(scenario::load(file)?)),
        })
    }

    /// The seed that is asked for, or that of the case; `remedy` says where a scenario's come from.
    pub(crate) fn seed(&self, asked: Option<u64>, remedy: &str) -> Result<Seed, Stop> {
        let own = self.case().map(|case| case.seed);
        let missing = || Stop::Input(format!("--seed is missing: {remedy}; write --seed 0"));
        asked.map(Seed).or(own).ok_or_else(missing)
    }

    pub(crate) fn case(&self) -> Option<&Case> {
        match self {
            Self::Case(case) => Some(case),
            Self::Scenario(_) => None,
        }
    }

    pub(crate) fn script(&self) -> Script<'_> {
        match self {
            Self::Scenario(scenario) => (&**scenario).into(),
            Self::Case(case) => (&**case).into(),
        }
    }

    pub(crate) fn setup_mut(&mut self) -> &mut Setup {
        match self {
            Self::Scenario(scenario) => &mut scenario.setup,
            Self::Case(case) => &mut case.plan.setup,
        }
    }
}
