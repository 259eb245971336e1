//! The file that a command is about: a scenario, or a case, which knows its seed and its Raft; and which run of it.

use std::path::Path;

use splitvote::case::{self, Case};
use splitvote::{Scenario, Script, Seed, Setup, scenario};

use super::{refuse_trace, switch_off};
use crate::arguments::Which;
use crate::outcome::Stop;
use crate::peers::{Chosen, UnderTest};

/// A run that is told on the command line.
pub(crate) struct Told {
    pub(crate) named: Named,
    pub(crate) seed: Seed,
    pub(crate) chosen: Chosen,
    /// The seed that the case states, if another one was asked for: the run says nothing of what the case states.
    pub(crate) stated_seed: Option<Seed>,
}

impl Told {
    /// A case knows its seed and its Raft; for another of either it is an experiment. `remedy` says where the seed of a
    /// scenario comes from.
    pub(crate) fn read(file: &Path, which: &Which, remedy: &str) -> Result<Self, Stop> {
        which.judging.check()?;
        which.judging.meant(file).map_or(Ok(()), Err)?;
        refuse_trace(file)?;
        let mut named = Named::read(file)?;
        which.judging.restrict(named.setup_mut())?;
        switch_off(named.setup_mut(), &which.without);
        let seed = named.seed(which.seed, remedy)?;
        let stated_seed = named.case().map(|case| case.seed).filter(|stated| *stated != seed);
        if let Named::Case(case) = &mut named {
            case.seed = seed;
        }
        let chosen = Chosen::asked_for(which.raft.as_deref(), named.case())?;
        Ok(Self { chosen: chosen.judged(&which.judging), named, seed, stated_seed })
    }
}

/// A scenario or a case.
pub(crate) enum Named {
    Scenario(Box<Scenario>),
    Case(Box<Case>),
}

impl Named {
    /// Reads the one or the other.
    fn read(file: &Path) -> Result<Self, Stop> {
        Ok(match case::find(file)? {
            Some(case) => Self::Case(Box::new(case)),
            None => Self::Scenario(Box::new(scenario::load(file)?)),
        })
    }

    /// The seed that is asked for, or that of the case; `remedy` says where a scenario's come from.
    fn seed(&self, asked: Option<u64>, remedy: &str) -> Result<Seed, Stop> {
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

    /// Whether this Raft can run it: it may lack what a scenario needs.
    pub(crate) fn check_fit(&self, raft: &dyn UnderTest) -> Result<(), Stop> {
        if let Self::Scenario(scenario) = self
            && let Some(reason) = raft.lacking(scenario)
        {
            return Err(Stop::Input(format!("{}: {reason}", scenario.name)));
        }
        Ok(raft.check_fit(self.script())?)
    }

    fn setup_mut(&mut self) -> &mut Setup {
        match self {
            Self::Scenario(scenario) => &mut scenario.setup,
            Self::Case(case) => &mut case.plan.setup,
        }
    }
}
