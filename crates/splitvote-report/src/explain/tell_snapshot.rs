//! Clauses about snapshots of a state machine, and about what a disk is made to forget for them.

use splitvote::PeerId;
use splitvote::peer::Durable;
use splitvote::trace::{TraceEvent, What};

use super::history::Moment;
use super::slice::Slice;

impl Slice<'_> {
    /// The snapshots with which a moment begins: what a log discards, it discards because of them.
    pub(super) fn taken(&self, moment: Moment) -> Vec<String> {
        let events = self.history.events(moment).iter();
        let taken = events.filter_map(|event| match &event.what {
            What::SnapshotTaken { through, .. } => {
                Some(format!("gets a snapshot through {through} from its state machine"))
            }
            _ => None,
        });
        taken.collect()
    }

    /// What a peer makes its disk forget by this event of a moment, if it is the last of this kind there.
    pub(super) fn compaction(&self, peer: PeerId, moment: Moment, place: usize) -> Option<String> {
        let events = self.history.events(moment);
        let What::Compacted { keep, .. } = events.get(place)?.what else { return None };
        if events.iter().skip(place + 1).any(is_compaction) {
            return None;
        }
        let early = if self.forgets_early(peer, moment) {
            " (before any snapshot of what it forgets is written)"
        } else {
            ""
        };
        Some(format!("keeps only the last {keep} records of its disk{early}"))
    }

    /// Whether a peer makes its disk forget what no snapshot stands for yet that it has written. A Raft of which the
    /// trace shows no snapshot that is written keeps them elsewhere.
    pub(super) fn forgets_early(&self, peer: PeerId, moment: Moment) -> bool {
        let history = self.history;
        let events = history.events(moment);
        let is_snapshot = |event: &TraceEvent| match &event.what {
            What::Written { peer: of, record: Durable::Snapshot { .. } } => *of == peer,
            _ => false,
        };
        let Some(first) = events.iter().position(is_compaction) else { return false };
        let discards = history.view_after(peer, moment).is_some_and(|view| view.first > 1);
        let is_written = events.iter().take(first).any(is_snapshot)
            || history.before(peer, moment).any(|it| history.events(it).iter().any(is_snapshot));
        discards && !is_written && history.all().iter().any(is_snapshot)
    }
}

fn is_compaction(event: &TraceEvent) -> bool {
    matches!(event.what, What::Compacted { .. })
}
