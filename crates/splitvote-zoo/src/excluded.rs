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

static EXCLUDED: [Excluded; 6] = [
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
    Excluded {
        id: "R17",
        bug: "The apply channel is written to while a lock is held, and the service calls back.",
        reason: "a peer is a state machine without locks; applying is an effect that leaves after the step",
    },
    Excluded {
        id: "R20",
        bug: "A refused AppendEntries carries the wrong term.",
        reason: "suspected only by its finders; here the hint has a field of its own, and the term cannot be lent to it",
    },
    Excluded {
        id: "S7",
        bug: "A membership that was never committed stays in force behind a snapshot.",
        reason: "the membership of a cluster does not change yet",
    },
];

/// The known bugs that have no mutant, and why.
#[must_use]
pub fn excluded() -> &'static [Excluded] {
    &EXCLUDED
}
