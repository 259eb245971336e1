//! One log, in memory or on a disk, through the whole run.

use std::collections::BTreeMap;

use splitvote::peer::{LogIndex, LogPosition, Term};

use super::carried::Carried;
use super::history::Moment;

/// A change of a log or a disk at an index: the term of the entry that stands there from then on.
/// None: neither this entry nor any later one.
type Change = (Moment, LogIndex, Option<Term>);

/// A log as it changed.
#[derive(Default)]
pub(super) struct Followed {
    pub(super) now: BTreeMap<LogIndex, Term>,
    /// Since when a snapshot stands for all entries up to an index.
    bases: Vec<(Moment, LogIndex)>,
    changes: Vec<Change>,
}

impl Followed {
    /// An entry stands there from this moment on.
    pub(super) fn set(&mut self, moment: Moment, entry: LogPosition) {
        if entry.index > 0 && self.now.insert(entry.index, entry.term) != Some(entry.term) {
            self.changes.push((moment, entry.index, Some(entry.term)));
        }
    }

    /// Neither this entry nor a later one is there any more.
    pub(super) fn cut(&mut self, moment: Moment, from: LogIndex) {
        if !self.now.split_off(&from).is_empty() {
            self.changes.push((moment, from, None));
        }
    }

    /// A snapshot stands for all entries up to one: for these, as far as they are known, and not for what the log held
    /// in their place.
    pub(super) fn snapshot(&mut self, moment: Moment, through: LogPosition, below: &Carried) {
        if self.now.get(&through.index) != Some(&through.term) {
            self.cut(moment, 0);
            below.entries().for_each(|entry| self.set(moment, entry));
            self.set(moment, through);
        }
        self.based(moment, through.index);
    }

    /// A snapshot stands for what the log held up to an index.
    pub(super) fn based(&mut self, moment: Moment, through: LogIndex) {
        self.bases.push((moment, through));
    }

    /// Since when an entry is held, before a moment; `None` if it is not.
    pub(super) fn since(&self, entry: LogPosition, before: Moment) -> Option<Moment> {
        let (mut since, mut is_known) = (None, false);
        for (moment, index, term) in &self.changes {
            if *moment >= before {
                break;
            }
            match term {
                None if *index <= entry.index => (since, is_known) = (None, false),
                Some(term) if *index == entry.index => {
                    is_known = true;
                    since = (*term == entry.term).then_some(*moment);
                }
                _ => {}
            }
        }
        let is_in =
            |(moment, through): &&(Moment, LogIndex)| *moment < before && *through >= entry.index;
        // Where another entry stands, no snapshot stands for this one.
        let base = self.bases.iter().find(is_in).map(|(moment, _)| *moment);
        since.or(base.filter(|_| !is_known))
    }

    /// When an entry that was held was lost, last before a moment.
    pub(super) fn lost(&self, entry: LogPosition, before: Moment) -> Option<Moment> {
        let mut held = false;
        let mut lost = None;
        for (moment, index, term) in self.changes.iter().take_while(|change| change.0 < before) {
            let is_there = *index == entry.index && *term == Some(entry.term);
            let is_gone = term.is_none() && *index <= entry.index
                || *index == entry.index && *term != Some(entry.term);
            if held && is_gone {
                lost = Some(*moment);
            }
            held = is_there || held && !is_gone;
        }
        lost
    }

    /// The entries from one index to another.
    pub(super) fn positions(&self, first: LogIndex, last: LogIndex) -> Carried {
        if first > last {
            return Carried::default();
        }
        let entries = self.now.range(first..=last);
        entries.map(|(index, term)| LogPosition { index: *index, term: *term }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_is_reset_under_a_conflicting_snapshot_does_not_hold_what_it_held() {
        let at = |index, term| LogPosition { index, term };
        let mut log = Followed::default();
        [at(1, 1), at(2, 1), at(3, 1)].into_iter().for_each(|entry| log.set(0, entry));
        log.snapshot(1, at(3, 2), &[at(1, 1), at(2, 2)].into_iter().collect());
        assert_eq!(log.since(at(2, 1), 1), Some(0));
        assert_eq!(log.since(at(2, 1), 2), None, "another entry stands there");
        assert_eq!((log.since(at(1, 1), 2), log.since(at(2, 2), 2)), (Some(1), Some(1)));
        let mut unknown = Followed::default();
        unknown.snapshot(1, at(3, 2), &Carried::default());
        assert_eq!(unknown.since(at(2, 2), 2), Some(1), "what precedes it is not known");
    }
}
