//! How logs come before the judge: what changed is read from the end of the log, all of it at a
//! boot and at the end of the run.

use splitvote_peer::{EntryId, LogIndex, PeerId, SimTime, View};

use super::Judge;
use crate::checkers;
use crate::ghost::{LogGhost, Occasion};
use crate::violation::Violation;

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
        if self.violation.is_none() {
            let evidence = checkers::check_log(&self.ghost, &change, self.asked);
            self.violation = evidence.map(|evidence| Violation::new(at, evidence));
        }
        self.detectors.log(&self.ghost, &change);
        self.ghost.take_log(&change);
        self.reader.rest();
    }
}
