//! Known bugs without a mutant, and why there is none.

/// A known bug without a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Excluded {
    /// Its number in the table of known bugs.
    pub id: &'static str,
    /// What is wrong, in one sentence.
    pub bug: &'static str,
    /// Why there is no mutant of it.
    pub reason: &'static str,
}

macro_rules! excluded {
    ($($id:literal: $bug:literal because $reason:literal;)+) => {
        static EXCLUDED: &[Excluded] = &[$(Excluded { id: $id, bug: $bug, reason: $reason }),+];
    };
}

excluded! {
    "E24": "A removed server that was never told keeps raising the term."
        because "the membership of a cluster does not change yet";
    "E25": "A learner stands for election, or wins one."
        because "there are no learners before membership changes";
    "E26": "The election timer runs before the server can take part."
        because "servers do not join a running cluster yet";
    "R17": "The apply channel is written to while a lock is held, and the service calls back."
        because "a peer is a state machine without locks; applying is an effect that leaves after the step";
    "S7": "A membership that was never committed stays in force behind a snapshot."
        because "the membership of a cluster does not change yet";
}

/// The known bugs that have no mutant, and why.
#[must_use]
pub fn excluded() -> &'static [Excluded] {
    EXCLUDED
}
