//! What a checker demands, as constants.

/// The rule of one checker. It stands in the checker's own file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// The checker's name in scenarios and reports.
    pub(crate) name: &'static str,
    /// Where the extended Raft paper, or the dissertation, states the rule.
    pub(crate) paper: &'static str,
    /// The rule in one sentence.
    pub(crate) property: &'static str,
    /// What to do about a Raft that breaks it, if that can be said in general; else empty.
    pub(crate) advice: &'static str,
    /// Whether the rule keeps a cluster going rather than safe.
    pub(crate) is_liveness: bool,
}

impl Rule {
    pub(crate) const fn new(
        name: &'static str,
        paper: &'static str,
        property: &'static str,
    ) -> Self {
        Self { name, paper, property, advice: "", is_liveness: false }
    }

    /// The same rule, with what to do about a Raft that breaks it.
    pub(crate) const fn advising(self, advice: &'static str) -> Self {
        Self { advice, ..self }
    }

    pub(crate) const fn of_liveness(self) -> Self {
        Self { is_liveness: true, ..self }
    }
}
