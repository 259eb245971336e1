//! The entries that a packet carries, without one by one: a long log that is sent again and again
//! must not fill the memory.

use splitvote::peer::{LogIndex, LogPosition, Term};

/// Entries that follow each other, as runs of one term.
#[derive(Clone, Debug, Default)]
pub(super) struct Carried(Vec<Run>);

#[derive(Clone, Copy, Debug)]
struct Run {
    first: LogIndex,
    last: LogIndex,
    term: Term,
}

impl Carried {
    /// How many entries these are.
    pub(super) fn len(&self) -> u64 {
        self.0.iter().map(|run| run.last - run.first + 1).sum()
    }

    /// The first entry and the last, if there are any.
    pub(super) fn ends(&self) -> Option<(LogPosition, LogPosition)> {
        let (first, last) = (self.0.first()?, self.0.last()?);
        let start = LogPosition { index: first.first, term: first.term };
        Some((start, LogPosition { index: last.last, term: last.term }))
    }

    pub(super) fn contains(&self, entry: LogPosition) -> bool {
        let holds = |run: &Run| (run.first..=run.last).contains(&entry.index);
        self.0.iter().any(|run| run.term == entry.term && holds(run))
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = LogPosition> {
        self.0.iter().flat_map(|run| {
            (run.first..=run.last).map(|index| LogPosition { index, term: run.term })
        })
    }
}

impl FromIterator<LogPosition> for Carried {
    fn from_iter<I: IntoIterator<Item = LogPosition>>(entries: I) -> Self {
        let mut runs: Vec<Run> = Vec::new();
        for LogPosition { index, term } in entries {
            match runs.last_mut() {
                Some(run) if run.term == term && run.last.checked_add(1) == Some(index) => {
                    run.last = index;
                }
                _ => runs.push(Run { first: index, last: index, term }),
            }
        }
        Self(runs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_as_good_as_entries() {
        let at = |index, term| LogPosition { index, term };
        let entries = [at(4, 1), at(5, 1), at(6, 2), at(8, 2)];
        let carried: Carried = entries.into_iter().collect();
        assert_eq!(carried.entries().collect::<Vec<_>>(), entries);
        assert_eq!((carried.len(), carried.ends()), (4, Some((at(4, 1), at(8, 2)))));
        assert!(carried.contains(at(5, 1)) && !carried.contains(at(7, 2)));
        assert!(!carried.contains(at(6, 1)));
    }
}
