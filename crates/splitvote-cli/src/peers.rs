//! The Rafts under test, by name.

use splitvote::Subject;
use splitvote::case::Case;
use splitvote::raft::{Own, Paper, Raft};
use splitvote::scenario::alike;

use crate::judging::Judging;
use crate::outcome::Stop;
use crate::taking_down;

/// Where all names are.
const ALL_RAFTS: &str = "`splitvote list rafts` shows those that there are";

fn names() -> impl Iterator<Item = &'static str> {
    splitvote_zoo::mutants().iter().map(|mutant| mutant.name).chain(["reference"])
}

/// What is done with a Raft under test, whatever its type: `with!(chosen, |subject| run(&scenario, subject, seed))`.
macro_rules! with {
    ($chosen:expr, |$subject:ident| $work:expr) => {
        match &$chosen {
            $crate::peers::Chosen::Reference($subject) => $work,
            $crate::peers::Chosen::Mutant($subject) => $work,
        }
    };
}
pub(crate) use with;

/// A Raft under test.
pub(crate) enum Chosen {
    Reference(Subject<Raft<Paper>>),
    Mutant(Subject<Raft<Own>>),
}

impl Chosen {
    /// The Raft of this name.
    pub(crate) fn find(name: &str) -> Result<Self, Stop> {
        if name == "reference" {
            return Ok(Self::Reference(splitvote::reference()));
        }
        if let Some(subject) = taking_down::find(name) {
            return Ok(Self::Mutant(subject));
        }
        match splitvote_zoo::find(name.trim_start_matches("zoo:")) {
            Some(mutant) => Ok(Self::Mutant(splitvote_zoo::subject(mutant))),
            None => {
                let near = alike(name, names());
                let near = if near.is_empty() { near } else { format!("{near} ") };
                Err(Stop::Input(format!("no Raft is called `{name}`; {near}{ALL_RAFTS}")))
            }
        }
    }

    /// Whether a name is like that of a Raft, or is one.
    pub(crate) fn is_like_one(name: &str) -> bool {
        !alike(name, names()).is_empty()
    }

    /// The Raft that was asked for, or else that of the case, or else the reference.
    pub(crate) fn asked_for(name: Option<&str>, case: Option<&Case>) -> Result<Self, Stop> {
        match (name, case) {
            (Some(name), _) => Self::find(name),
            (None, Some(case)) => Self::of(case),
            (None, None) => Self::find("reference"),
        }
    }

    /// The Raft of a case.
    pub(crate) fn of(case: &Case) -> Result<Self, Stop> {
        let remedy = format!(
            "{ALL_RAFTS}; in a program of your own, which has your Raft, `splitvote_report::print_replay` shows a case and \
             `splitvote::shrink::shrink_plan` makes it smaller, and `splitvote case-to-test` prints it as a test"
        );
        Self::find(&case.raft).map_err(|_| case.unknown_raft(names(), &remedy).into())
    }

    /// The same Raft, judged like this.
    pub(crate) fn judged(self, judging: &Judging) -> Self {
        let checking = judging.checking();
        match self {
            Self::Reference(subject) => Self::Reference(subject.checked(&checking)),
            Self::Mutant(subject) => Self::Mutant(subject.checked(&checking)),
        }
    }

    pub(crate) fn name(&self) -> &str {
        with!(*self, |subject| subject.name())
    }
}
