//! How logs come before the judge: what changed is read from the end of the log, all of it at a
//! boot and at the end of the run.

use splitvote_peer::{EntryId, LogIndex, PeerId, SimTime, View};

use super::Judge;
use crate::checkers;
use crate::ghost::{LogGhost, Occasion};

impl Judge {
    /// Judges how a step changed a log. To be called before [`crate::Observation::Changed`]
    /// whenever `first` or `last` of the view differ. `entry` is asked for what is new and for one
    /// entry more.
    #[inline]
    pub fn log_changed(
        &mut self,
        at: SimTime,
        peer: PeerId,
        before: &View,
        after: &View,
        entry: impl Fn(LogIndex) -> Option<EntryId>,
    ) {
        if !self.log_grows(peer, (before, after), &entry) {
            self.log_changed_in_earnest(at, peer, (before, after), entry);
        }
    }

    pub(super) fn log_changed_in_earnest(
        &mut self,
        at: SimTime,
        peer: PeerId,
        (before, after): (&View, &View),
        entry: impl Fn(LogIndex) -> Option<EntryId>,
    ) {
        let Some(ghost) = self.ghost.peer(peer) else { return };
        self.reader.read(&ghost.log, after, entry);
        self.judge_log(at, peer, Occasion::Step, (before, after));
    }

    /// Judges a whole log: the one that a peer boots with, before [`crate::Observation::Booted`];
    /// and the one of a live peer at the end of the run, before [`Judge::finish`].
    pub fn whole_log(
        &mut self,
        at: SimTime,
        peer: PeerId,
        view: &View,
        entry: impl Fn(LogIndex) -> Option<EntryId>,
    ) {
        let Some(ghost) = self.ghost.peer(peer) else { return };
        let (occasion, before) = match ghost.is_alive {
            true => (Occasion::End, ghost.view),
            false => (Occasion::Boot, View::NEW),
        };
        self.reader.read(&LogGhost::EMPTY, view, entry);
        self.judge_log(at, peer, occasion, (&before, view));
    }

    fn judge_log(&mut self, at: SimTime, peer: PeerId, occasion: Occasion, views: (&View, &View)) {
        let Some(ghost) = self.ghost.peer(peer) else { return };
        let known = match occasion {
            Occasion::Step => &ghost.log,
            Occasion::Boot | Occasion::End => &LogGhost::EMPTY,
        };
        let change = self.reader.change(known, &self.ghost.committed, peer, occasion, views);
        if self.findings.violation.is_none()
            && let Some(evidence) = checkers::check_log(&self.ghost, &change, self.findings.asked)
        {
            let others = |asked| checkers::check_log(&self.ghost, &change, asked);
            self.findings.found(&self.ghost, at, evidence, others);
        }
        self.detectors.log(&self.ghost, &change);
        self.ghost.take_log(&change);
        self.reader.rest();
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use splitvote_peer::LogPosition;

    use super::*;
    use crate::script::{Script, entry};

    /// How many entries of S0's log the judge asks for when the log becomes this.
    fn asked(run: &mut Script, change: impl FnOnce(&mut View)) -> u32 {
        let before = run.views[0];
        let mut after = before;
        change(&mut after);
        let asked = Cell::new(0);
        let read = |index| {
            asked.set(asked.get() + 1);
            Some(entry(index, 1))
        };
        run.judge.log_changed(SimTime(1), PeerId(0), &before, &after, read);
        run.views[0] = after;
        // Where there are assertions, the log is read once more for the checkers.
        asked.get() / if cfg!(debug_assertions) { 2 } else { 1 }
    }

    #[test]
    fn reading_a_change_costs_what_changed() {
        let mut run = Script::new(3);
        run.hold(0, &[1; 5_000]);
        let end = |index| LogPosition { index, term: 1 };
        assert_eq!(
            asked(&mut run, |view| view.last = end(5_003)),
            4,
            "three new ones and one more"
        );
        assert_eq!(asked(&mut run, |view| view.first = 4_000), 1);
        assert_eq!(asked(&mut run, |view| view.last = end(4_500)), 1);
        assert_eq!(asked(&mut run, |view| (view.first, view.last) = (9_001, end(9_000))), 0);
        assert_eq!(run.verdict(), None);
    }

    #[test]
    fn a_peer_outside_of_the_cluster_has_no_log() {
        let mut run = Script::new(3);
        let view = View { last: LogPosition { index: 1, term: 1 }, ..View::NEW };
        let read = |_| None;
        run.judge.log_changed(SimTime(1), PeerId(3), &View::NEW, &view, read);
        run.judge.whole_log(SimTime(1), PeerId(255), &view, read);
        assert_eq!(run.verdict(), None);
    }

    #[test]
    fn a_compacted_log_is_not_forgotten_and_ends_as_it_was_seen() {
        let mut run = Script::new(3);
        run.elect(0, 1, &[0, 1]).append(0, &[1; 300]).replicate(0, &[1, 2]).commit(0, 300);
        run.apply(0, 300).compact(0, 300).append(0, &[1]).crash(1).reboot(1, &[1; 300]);
        run.end_of_run();
        assert_eq!(run.verdict(), None);
        assert!(run.judge.is_committed(1, entry(1, 1).digest), "compacted, and not forgotten");
    }
}
