//! Broken Rafts, one mutant a bug.
//!
//! A checker that was never seen to fire proves nothing. Each [`Mutant`] is the reference Raft with
//! exactly one rule of [`splitvote_raft::Rules`] replaced, after a bug that somebody's Raft really
//! had. Run them as `Raft<&'static dyn Rules>`: one instantiation for all of them.
//!
//! A file a family: [`keeping`] (a vote must stay cast), [`granting`] (whom to vote for),
//! [`counting`] (what elects), [`standing`] (who asks, and in which term), [`stepping_down`] (terms
//! and leaders), [`timers`], [`durability`]. [`matrix`] is the kill matrix. Known bugs that are not here are listed, with the
//! reason, by [`excluded`].
//!
//! ```
//! use splitvote_raft::Rules;
//!
//! let mutant = splitvote_zoo::find("vote-cleared-by-heartbeat").unwrap();
//! assert_eq!(mutant.id, "E1");
//! assert_eq!(mutant.rules.vote_after_heartbeat(Some(splitvote_peer::PeerId(1))), None);
//! ```

#![deny(clippy::float_arithmetic)]

pub mod counting;
pub mod durability;
pub mod granting;
pub mod keeping;
pub mod matrix;
mod mutant;
pub mod standing;
pub mod stepping_down;
pub mod timers;

use splitvote::Subject;
use splitvote_raft::{Config, Raft, Rules};

pub use mutant::{Harm, Mutant};

static MUTANTS: [&Mutant; 28] = [
    &keeping::E1,
    &keeping::E2,
    &durability::E3,
    &durability::E3B,
    &durability::E4,
    &keeping::E5,
    &counting::E6,
    &counting::E7,
    &standing::E8,
    &granting::E9,
    &granting::E10,
    &granting::E10B,
    &granting::E11,
    &stepping_down::E12,
    &keeping::E13,
    &stepping_down::E15,
    &timers::E16,
    &timers::E17,
    &timers::E18,
    &timers::E19,
    &timers::E20,
    &stepping_down::E21,
    &counting::N1,
    &counting::N2,
    &standing::N3,
    &counting::N4,
    &stepping_down::N5,
    &stepping_down::N6,
];

/// All mutants, in the order of their ids.
#[must_use]
pub fn mutants() -> &'static [&'static Mutant] {
    &MUTANTS
}

/// The mutant of this name or id, upper or lower case.
#[must_use]
pub fn find(name_or_id: &str) -> Option<&'static Mutant> {
    let is_it =
        |mutant: &&Mutant| mutant.name == name_or_id || mutant.id.eq_ignore_ascii_case(name_or_id);
    MUTANTS.iter().copied().find(is_it)
}

/// The mutant as a Raft under test.
#[must_use]
pub fn subject(mutant: &'static Mutant) -> Subject<Raft<&'static dyn Rules>> {
    let rules = mutant.rules;
    Subject::new(mutant.name, move |settings| Config { settings: settings.clone(), rules })
        .with_disks(splitvote::written_log)
}

/// A known election bug without a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Excluded {
    /// Its number in the table of known bugs.
    pub id: &'static str,
    /// What is wrong, in one sentence.
    pub bug: &'static str,
    /// Why there is no mutant of it.
    pub reason: &'static str,
}

static EXCLUDED: [Excluded; 4] = [
    Excluded {
        id: "E22",
        bug: "PreVote and CheckQuorum, put together, block every election.",
        reason: "the reference has neither PreVote nor CheckQuorum yet",
    },
    Excluded {
        id: "E24",
        bug: "A removed server that was never told keeps raising the term.",
        reason: "the membership of a cluster does not change yet",
    },
    Excluded {
        id: "E25",
        bug: "A learner stands for election, or wins one.",
        reason: "there are no learners before membership changes",
    },
    Excluded {
        id: "E26",
        bug: "The election timer runs before the server can take part.",
        reason: "servers do not join a running cluster yet",
    },
];

/// The known election bugs that have no mutant, and why.
#[must_use]
pub fn excluded() -> &'static [Excluded] {
    &EXCLUDED
}
