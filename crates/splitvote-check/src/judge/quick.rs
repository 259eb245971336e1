//! The quick look: what happens once an entry or more passes without the checkers being asked, if it
//! is plain to see that none can object ([`crate::ghost::Ghost`]'s `quick`).
//!
//! Builds that have assertions ask the checkers all the same, and hold their answer against it.

use splitvote_peer::{EntryId, LogIndex, PeerId, SimTime, View};

use super::{Judge, shown};
use crate::checkers;
use crate::checkers::CheckerSet;
use crate::ghost::{Occasion, Reader};
use crate::observation::{Observation, is_about_the_log};

impl Judge {
    /// A state machine applied an entry.
    #[inline]
    pub(super) fn applied_entry(
        &mut self,
        at: SimTime,
        peer: PeerId,
        index: LogIndex,
        entry: EntryId,
    ) {
        let seen = || Observation::Applied { peer, index, entry };
        let is_in_order = self.is_in_order(at, seen);
        if !self.ghost.applies_in_order(peer, index, entry) {
            return self.cold(at, seen);
        }
        debug_assert!(is_in_order, "{:?}", seen());
    }

    /// An entry became durable.
    #[inline]
    pub(super) fn durable_entry(
        &mut self,
        at: SimTime,
        peer: PeerId,
        index: LogIndex,
        entry: EntryId,
    ) {
        let seen = || Observation::DurableEntry { peer, index, entry };
        let is_in_order = self.is_in_order(at, seen);
        if !self.ghost.writes_in_order(peer, index, entry) {
            return self.cold(at, seen);
        }
        debug_assert!(is_in_order, "{:?}", seen());
    }

    /// A step changed what a peer looks like: [`Observation::Changed`], with views that need not be
    /// copied to be looked at.
    #[inline]
    pub fn changed(&mut self, at: SimTime, peer: PeerId, before: &View, after: &View) {
        let seen = || Observation::Changed { peer, before: shown(before), after: shown(after) };
        if !is_about_the_log(before, after) {
            return self.cold(at, seen);
        }
        let is_in_order = self.is_in_order(at, seen);
        self.detectors.before_progress(&self.ghost);
        if !self.ghost.moves_on(peer, before, after) {
            return self.cold(at, seen);
        }
        debug_assert!(is_in_order, "{:?}", seen());
        self.detectors.progress(&self.ghost, peer, after);
    }

    /// Takes in a log that only grew, if it did, and ends with what the view says. Otherwise
    /// [`Judge::log_changed`] has to be asked.
    #[inline]
    pub fn log_grows(
        &mut self,
        peer: PeerId,
        (before, after): (&View, &View),
        entry: impl Fn(LogIndex) -> Option<EntryId>,
    ) -> bool {
        let is_in_order = self.is_log_in_order(peer, (before, after), &entry);
        let grows = self.ghost.grows(peer, before, after, &entry);
        if grows {
            debug_assert!(is_in_order, "{peer}: {before:?} to {after:?}");
            self.detectors.log_grows(&self.ghost, peer, after);
        }
        grows
    }

    /// Kept out of the loop: what is not plain is rare.
    #[cold]
    #[inline(never)]
    fn cold(&mut self, at: SimTime, seen: impl FnOnce() -> Observation) {
        self.observe_in_earnest(at, &seen());
    }

    /// What all checkers say, where there are assertions.
    #[inline]
    fn is_in_order(&self, at: SimTime, seen: impl FnOnce() -> Observation) -> bool {
        !cfg!(debug_assertions)
            || checkers::asking::check(&self.ghost, at, &seen(), CheckerSet::ALL).is_none()
    }

    /// The same of a log that changed.
    #[inline]
    fn is_log_in_order(
        &self,
        peer: PeerId,
        views: (&View, &View),
        entry: &impl Fn(LogIndex) -> Option<EntryId>,
    ) -> bool {
        if !cfg!(debug_assertions) {
            return true;
        }
        let Some(known) = self.ghost.peer(peer).map(|ghost| &ghost.log) else { return true };
        let mut reader = Reader::default();
        reader.read(known, views.1, entry);
        let change = reader.change(known, &self.ghost.committed, peer, Occasion::Step, views);
        checkers::check_log(&self.ghost, &change, CheckerSet::ALL).is_none()
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::LogPosition;

    use super::*;
    use crate::script::{Script, entry};

    /// S0 leads term 1 and has committed two entries, S1 has both on its disk, S2 the first.
    fn run() -> Script {
        let mut run = Script::new(3);
        run.elect(0, 1, &[0, 1, 2]).append(0, &[1, 1]).replicate(0, &[1]).commit(0, 2);
        run.hold(2, &[1]).store(2).commit(2, 1);
        run
    }

    /// Both ways of judging leave the judge with the same knowledge.
    fn same(run: &Script, quickly: impl Fn(&mut Judge), in_earnest: impl Fn(&mut Judge)) {
        let (mut one, mut other) = (run.judge.clone(), run.judge.clone());
        quickly(&mut one);
        in_earnest(&mut other);
        assert!(!one.is_violated() && !other.is_violated());
        assert_eq!(one.ghost.but_for_agreement(), other.ghost.but_for_agreement());
        assert_eq!(one.happenings(), other.happenings());
    }

    fn same_observation(run: &Script, seen: Observation) {
        let at = SimTime(7);
        same(run, |judge| judge.observe(at, &seen), |judge| judge.observe_in_earnest(at, &seen));
    }

    fn grown(run: &Script, peer: u8, last: LogIndex) -> (View, View) {
        let before = run.views[usize::from(peer)];
        (before, View { last: LogPosition { index: last, term: 1 }, ..before })
    }

    #[test]
    fn what_passes_at_once_is_known_as_if_the_checkers_had_been_asked() {
        let run = run();
        let (peer, at) = (PeerId(2), SimTime(7));
        let log = |index| Some(entry(index, 1));
        // One entry that the others have committed, and two that nobody has.
        let (before, after) = grown(&run, 2, 4);
        assert!(run.judge.clone().ghost.grows(peer, &before, &after, log));
        same(
            &run,
            |judge| judge.log_changed(at, peer, &before, &after, log),
            |judge| judge.log_changed_in_earnest(at, peer, (&before, &after), log),
        );
        let index = 1;
        assert!(run.judge.clone().ghost.applies_in_order(peer, index, entry(1, 1)));
        same_observation(&run, Observation::Applied { peer, index, entry: entry(1, 1) });
        let mut run = run;
        run.hold(2, &[1, 1]);
        let index = 2;
        assert!(run.judge.clone().ghost.writes_in_order(peer, index, entry(2, 1)));
        same_observation(&run, Observation::DurableEntry { peer, index, entry: entry(2, 1) });
        let before = run.views[2];
        let after = View { commit: 2, ..before };
        assert!(run.judge.clone().ghost.moves_on(peer, &before, &after));
        same_observation(&run, Observation::Changed { peer, before, after });
    }

    #[test]
    fn what_is_out_of_order_does_not_pass() {
        let run = run();
        let (peer, other) = (PeerId(2), EntryId { term: 1, digest: 1 });
        let mut ghost = run.judge.ghost.clone();
        let untouched = ghost.but_for_agreement();
        assert!(!ghost.applies_in_order(peer, 2, entry(2, 1)), "1 was not applied");
        assert!(!ghost.applies_in_order(peer, 1, other), "another entry");
        assert!(!ghost.applies_in_order(PeerId(1), 1, entry(1, 1)), "not known to be committed");
        assert!(!ghost.writes_in_order(peer, 2, entry(2, 1)), "not in memory");
        assert!(!ghost.writes_in_order(peer, 1, entry(1, 1)), "it is there already");
        let (before, after) = grown(&run, 2, 2);
        assert!(!ghost.grows(peer, &before, &after, |_| Some(other)), "the past is another");
        let forged = |index| Some(if index == 2 { other } else { entry(index, 1) });
        assert!(!ghost.grows(peer, &before, &after, forged), "not what was committed");
        assert!(!ghost.grows(peer, &before, &after, |index| (index < 2).then(|| entry(1, 1))));
        let endless = View { last: LogPosition { index: 1 << 40, term: 1 }, ..before };
        assert!(!ghost.grows(peer, &before, &endless, |index| Some(entry(index, 1))));
        let view = run.views[2];
        assert!(!ghost.moves_on(peer, &view, &View { commit: 2, ..view }), "beyond its log");
        assert!(!ghost.moves_on(peer, &view, &View { commit: 0, ..view }), "back");
        assert!(!ghost.moves_on(peer, &view, &View { applied: 2, ..view }), "not committed");
        assert!(!ghost.moves_on(PeerId(9), &view, &view), "a stranger");
        assert_eq!(ghost.but_for_agreement(), untouched);
    }
}
