//! The Rafts under test, by name.

use splitvote::Subject;
use splitvote::peer::Peer;
use splitvote::raft::{Paper, Raft, Rules};

use crate::Stop;

/// What is done with a Raft under test, whatever its type.
pub(crate) trait Work {
    type Output;
    fn with<P: Peer>(self, subject: &Subject<P>) -> Self::Output;
}

/// A Raft under test.
pub(crate) enum Chosen {
    Reference(Subject<Raft<Paper>>),
    Mutant(Subject<Raft<&'static dyn Rules>>),
}

impl Chosen {
    /// The Raft of this name.
    pub(crate) fn find(name: &str) -> Result<Self, Stop> {
        if name == "reference" {
            return Ok(Self::Reference(splitvote::reference()));
        }
        match splitvote_zoo::find(name.trim_start_matches("zoo:")) {
            Some(mutant) => Ok(Self::Mutant(splitvote_zoo::subject(mutant))),
            None => {
                let remedy = "`splitvote list rafts` shows those that there are";
                Err(Stop::Input(format!("no Raft is called `{name}`; {remedy}")))
            }
        }
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Reference(subject) => subject.name(),
            Self::Mutant(subject) => subject.name(),
        }
    }

    pub(crate) fn run<W: Work>(&self, work: W) -> W::Output {
        match self {
            Self::Reference(subject) => work.with(subject),
            Self::Mutant(subject) => work.with(subject),
        }
    }
}
