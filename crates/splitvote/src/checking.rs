//! Which checkers judge a run, how strictly, and which departures from practice are known.

use splitvote_check::{Checker, CheckerSet};

/// Which checkers judge a run, how strictly, and which departures from practice are known.
///
/// A broken guarantee always ends a run. A departure from practice ends it only if the run is strict
/// about the checker that finds it; otherwise it is counted, and is no failure
/// ([`splitvote_check::Standing`]). By default all checkers are asked, strictly about none.
///
/// ```
/// use splitvote::check::Checker;
/// use splitvote::{Checking, Seeds, SweepOptions};
///
/// let checking = Checking::default()
///     .without_checkers(&[Checker::LeaderHint])
///     .strict_about(&[Checker::Patience]);
/// let mut options = SweepOptions::new(Seeds::first(10));
/// options.checking = checking;
/// # assert!(options.checking.is_asked(Checker::Patience));
/// # assert!(!options.checking.is_asked(Checker::LeaderHint));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checking {
    /// All if none is said.
    only: Option<CheckerSet>,
    without: CheckerSet,
    /// As the Raft says, if nothing is said.
    strict: Option<Strict>,
    known: Vec<KnownDeparture>,
}

/// About whom a run is strict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strict {
    /// All checkers whose departures are not known.
    Everything,
    /// These, known or not.
    About(CheckerSet),
}

/// A departure from practice that a Raft's author knows of, and why it is one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KnownDeparture {
    /// The checker that finds it.
    pub checker: Checker,
    /// Why the Raft departs from this practice.
    pub reason: String,
}

impl Checking {
    /// Restricts it to these checkers. Said twice, only those remain that were named both times.
    #[must_use]
    pub fn only(mut self, checkers: &[Checker]) -> Self {
        let named: CheckerSet = checkers.iter().copied().collect();
        self.only = Some(self.only.map_or(named, |before| before.intersection(named)));
        self
    }

    /// Leaves these checkers out.
    #[must_use]
    pub fn without_checkers(mut self, checkers: &[Checker]) -> Self {
        self.without = self.without.union(checkers.iter().copied().collect());
        self
    }

    /// Makes it strict: the first departure from practice ends a run and is its failure, unless it is
    /// known.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = Some(Strict::Everything);
        self
    }

    /// Makes it strict about these checkers, and about no other.
    #[must_use]
    pub fn strict_about(mut self, checkers: &[Checker]) -> Self {
        self.strict = Some(Strict::About(checkers.iter().copied().collect()));
        self
    }

    /// Makes it strict about no checker: a departure from practice is counted and ends no run.
    #[must_use]
    pub fn lenient(self) -> Self {
        self.strict_about(&[])
    }

    /// States that the Raft departs from the practice of this checker, and why. It is listed with that
    /// reason, and is never news.
    #[must_use]
    pub fn departs(mut self, checker: Checker, reason: impl Into<String>) -> Self {
        self.known.push(KnownDeparture { checker, reason: reason.into() });
        self
    }

    /// This, and what the other says besides. Where both say how strict, the other counts.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.only = match (self.only, other.only) {
            (Some(one), Some(other)) => Some(one.intersection(other)),
            (one, other) => one.or(other),
        };
        self.without = self.without.union(other.without);
        self.strict = other.strict.or(self.strict);
        self.known.extend_from_slice(&other.known);
        self
    }

    /// Whether the checker is asked.
    #[must_use]
    pub fn is_asked(&self, checker: Checker) -> bool {
        self.asked().contains(checker)
    }

    /// Why the Raft departs from the practice of this checker, if that is known.
    #[must_use]
    pub fn reason(&self, checker: Checker) -> Option<&str> {
        self.known.iter().find(|known| known.checker == checker).map(|known| known.reason.as_str())
    }

    pub(crate) fn asked(&self) -> CheckerSet {
        self.only.unwrap_or(CheckerSet::ALL).minus(self.without)
    }

    /// The checkers whose departures end a run.
    pub(crate) fn strictly(&self) -> CheckerSet {
        match self.strict {
            None => CheckerSet::NONE,
            Some(Strict::About(checkers)) => checkers,
            Some(Strict::Everything) => {
                let known = self.known.iter().map(|known| known.checker).collect();
                CheckerSet::ALL.minus(known)
            }
        }
    }

    /// Whether the first thing that is found ends a run, whatever it is.
    pub(crate) fn is_strict(&self) -> bool {
        self.strict == Some(Strict::Everything)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_no_news_unless_it_is_asked_for_by_name() {
        let known =
            Checking::default().departs(Checker::HigherTerm, "a request may be disregarded");
        assert_eq!(known.reason(Checker::HigherTerm), Some("a request may be disregarded"));
        assert_eq!(known.reason(Checker::Patience), None);
        assert_eq!(known.strictly(), CheckerSet::NONE);
        let strict = known.clone().strict();
        assert!(strict.strictly().contains(Checker::Patience) && strict.is_strict());
        assert!(!strict.strictly().contains(Checker::HigherTerm));
        let named = strict.strict_about(&[Checker::HigherTerm]);
        assert!(named.strictly().contains(Checker::HigherTerm) && !named.is_strict());
        assert!(!named.strictly().contains(Checker::Patience));
    }

    #[test]
    fn what_a_sweep_says_is_added_to_what_a_raft_says() {
        let raft = Checking::default().without_checkers(&[Checker::Patience]).strict();
        let both = raft.clone().and(&Checking::default());
        assert_eq!(both, raft);
        let sweep = Checking::default().only(&[Checker::OneVote, Checker::Patience]).lenient();
        let both = raft.and(&sweep);
        assert!(both.is_asked(Checker::OneVote));
        assert!(!both.is_asked(Checker::Patience) && !both.is_asked(Checker::Monotonic));
        assert_eq!(both.strictly(), CheckerSet::NONE);
    }
}
