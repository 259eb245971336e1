//! What happened, so that one can ask backwards: who sent this, and who was what before that?
//!
//! The moments of a trace are numbered from its start; "before" and "since" are such numbers, so
//! that the order within an instant is kept.

use std::collections::BTreeMap;
use std::ops::Range;

use splitvote::peer::{Durable, LogIndex, LogPosition, PeerSet, Term};
use splitvote::sim::Fate;
use splitvote::trace::{Head, PacketText, TraceEvent, What};
use splitvote::{PeerId, SimTime, Trace, View};

use crate::moment::{actor, moments};

/// The number of a moment in its run.
pub(super) type Moment = usize;

/// A run, by moments and by peers.
pub(super) struct History<'a> {
    /// What was run.
    pub(super) head: &'a Head,
    events: &'a [TraceEvent],
    /// Which events make up each moment.
    ranges: Vec<Range<usize>>,
    by_peer: BTreeMap<PeerId, Vec<Moment>>,
    /// Where each packet left.
    left: BTreeMap<u64, Moment>,
    /// Where each packet arrived, or perished at its receiver. More than one if it was duplicated.
    arrived: BTreeMap<u64, Vec<Moment>>,
    pub(super) everyone: PeerSet,
    /// Whether the trace tells the entries of logs.
    pub(super) tells_logs: bool,
}

impl<'a> History<'a> {
    pub(super) fn of(trace: &'a Trace) -> Self {
        let events = &trace.events;
        let mut history = Self {
            head: &trace.head,
            events,
            ranges: Vec::new(),
            by_peer: BTreeMap::new(),
            left: BTreeMap::new(),
            arrived: BTreeMap::new(),
            everyone: PeerSet::EMPTY,
            tells_logs: events.iter().any(|event| matches!(event.what, What::Log { .. })),
        };
        let mut start = 0;
        for moment in moments(events) {
            history.add(moment, start);
            start += moment.len();
        }
        history
    }

    fn add(&mut self, moment: &[TraceEvent], start: usize) {
        let number = self.ranges.len();
        self.ranges.push(start..start + moment.len());
        let Some(first) = moment.first() else { return };
        if let Some(peer) = actor(&first.what) {
            self.by_peer.entry(peer).or_default().push(number);
            self.everyone.insert(peer);
        }
        for event in moment {
            match &event.what {
                What::Sent { packet, .. } => {
                    self.left.entry(packet.number).or_insert(number);
                }
                What::Received { packet } | What::Perished { packet, .. } => {
                    self.arrived.entry(packet.number).or_default().push(number);
                }
                _ => {}
            }
        }
    }

    /// The whole trace.
    pub(super) fn all(&self) -> &'a [TraceEvent] {
        self.events
    }

    /// The moment to which an event of the trace belongs.
    pub(super) fn moment_of(&self, event: usize) -> Moment {
        self.ranges.partition_point(|range| range.end <= event)
    }

    /// How many moments there are.
    pub(super) fn len(&self) -> usize {
        self.ranges.len()
    }

    /// The numbers of a moment's events in the trace.
    pub(super) fn range(&self, moment: Moment) -> Range<usize> {
        self.ranges.get(moment).cloned().unwrap_or_default()
    }

    /// What happened in a moment.
    pub(super) fn events(&self, moment: Moment) -> &'a [TraceEvent] {
        self.events.get(self.range(moment)).unwrap_or_default()
    }

    pub(super) fn at(&self, moment: Moment) -> SimTime {
        self.events(moment).first().map_or(SimTime::ZERO, |event| event.at)
    }

    /// Whose moment it is; `None` if it is the scenario's.
    pub(super) fn peer(&self, moment: Moment) -> Option<PeerId> {
        self.events(moment).first().and_then(|event| actor(&event.what))
    }

    /// A peer's moments before this one, the latest first.
    pub(super) fn before(&self, peer: PeerId, moment: Moment) -> impl Iterator<Item = Moment> {
        let all = self.by_peer.get(&peer).map_or(&[][..], Vec::as_slice);
        let end = all.partition_point(|known| *known < moment);
        all.get(..end).unwrap_or_default().iter().rev().copied()
    }

    /// A peer's moments from this one on.
    pub(super) fn since(&self, peer: PeerId, moment: Moment) -> impl Iterator<Item = Moment> {
        let all = self.by_peer.get(&peer).map_or(&[][..], Vec::as_slice);
        let start = all.partition_point(|known| *known < moment);
        all.get(start..).unwrap_or_default().iter().copied()
    }

    /// The view of a peer before and after a moment of its own, if it changed there. What a peer does not
    /// show has not changed.
    pub(super) fn change(&self, moment: Moment) -> Option<(View, View)> {
        let mut views = self.events(moment).iter().filter_map(|event| match &event.what {
            What::Changed { before, after, .. } => Some((*before, *after)),
            What::Booted { view, .. } => Some((View::NEW, *view)),
            _ => None,
        });
        let (before, first) = views.next()?;
        let before = known(before, &View::NEW);
        Some((before, known(views.next_back().map_or(first, |(_, after)| after), &before)))
    }

    /// What a peer looked like before a moment; `None` if it was down.
    pub(super) fn view_before(&self, peer: PeerId, moment: Moment) -> Option<View> {
        for earlier in self.before(peer, moment) {
            if self.is_crash(earlier) {
                return None;
            }
            if let Some((_, after)) = self.change(earlier) {
                return Some(after);
            }
        }
        None
    }

    /// What a peer looked like after a moment; `None` if it was down.
    pub(super) fn view_after(&self, peer: PeerId, moment: Moment) -> Option<View> {
        self.view_before(peer, moment + 1)
    }

    /// A peer's latest moment before this one whose change is such.
    pub(super) fn last_change(
        &self,
        peer: PeerId,
        before: Moment,
        is_it: impl Fn(&View, &View) -> bool,
    ) -> Option<Moment> {
        self.before(peer, before)
            .find(|moment| self.change(*moment).is_some_and(|(was, is)| is_it(&was, &is)))
    }

    pub(super) fn is_crash(&self, moment: Moment) -> bool {
        self.events(moment).iter().any(|event| matches!(event.what, What::Crashed { .. }))
    }

    /// A peer's last crash before a moment.
    pub(super) fn last_crash(&self, peer: PeerId, before: Moment) -> Option<Moment> {
        self.before(peer, before).find(|moment| self.is_crash(*moment))
    }

    /// When a peer was last handed a snapshot of its own state machine, before a moment.
    pub(super) fn last_snapshot(&self, peer: PeerId, before: Moment) -> Option<Moment> {
        let is_it = |event: &TraceEvent| matches!(event.what, What::SnapshotTaken { .. });
        self.before(peer, before).find(|moment| self.events(*moment).iter().any(is_it))
    }

    /// Which life begins in this moment, if one does.
    pub(super) fn boot(&self, moment: Moment) -> Option<u32> {
        self.events(moment).iter().find_map(|event| match event.what {
            What::Booted { boot, .. } => Some(boot),
            _ => None,
        })
    }

    /// From where on a log was written anew in a moment, and its first entry there, as the trace tells.
    pub(super) fn rewritten(&self, moment: Moment) -> Option<(LogIndex, Option<Term>)> {
        self.events(moment).iter().find_map(|event| match &event.what {
            What::Log { from, entries, .. } => {
                Some((*from, entries.first().map(|entry| entry.term)))
            }
            _ => None,
        })
    }

    /// Whether a moment began with the peer's timer.
    pub(super) fn begins_with_timer(&self, moment: Moment) -> bool {
        self.events(moment).iter().any(|event| matches!(event.what, What::Woke { .. }))
    }

    /// The packet with which a moment began.
    pub(super) fn received(&self, moment: Moment) -> Option<&'a PacketText> {
        self.events(moment).iter().find_map(|event| match &event.what {
            What::Received { packet } => Some(packet),
            _ => None,
        })
    }

    /// Through which entry a peer's state machine took a snapshot's state in a moment, if it did.
    pub(super) fn restored(&self, moment: Moment) -> Option<LogPosition> {
        self.events(moment).iter().find_map(|event| match event.what {
            What::Restored { through, .. } => Some(through),
            _ => None,
        })
    }

    /// What was sent in a moment, and what became of it; copies are left out.
    pub(super) fn sent(&self, moment: Moment) -> impl Iterator<Item = (&'a PacketText, Fate)> {
        self.events(moment).iter().filter_map(|event| match &event.what {
            What::Sent { fate: Fate::Duplicated(_), .. } => None,
            What::Sent { packet, fate } => Some((packet, *fate)),
            _ => None,
        })
    }

    /// What became durable in a moment.
    pub(super) fn durable(&self, moment: Moment) -> impl Iterator<Item = Durable> {
        self.events(moment).iter().filter_map(|event| match event.what {
            What::Durable { record, .. } => Some(record),
            _ => None,
        })
    }

    /// The moment in which a packet left.
    pub(super) fn sending(&self, packet: &PacketText) -> Option<Moment> {
        self.left.get(&packet.number).copied()
    }

    /// Where a packet arrived or perished, first to last.
    pub(super) fn arrivals(&self, packet: &PacketText) -> &[Moment] {
        self.arrived.get(&packet.number).map_or(&[], Vec::as_slice)
    }
}

/// A view as far as it is known: what it does not show is what it was before, and what is applied is known to
/// be committed.
fn known(view: View, before: &View) -> View {
    let term = if view.shows_term() { view.term } else { before.term };
    let earlier = before.voted_for.filter(|_| term == before.term);
    let voted_for = if view.shows_vote() { view.voted_for } else { earlier };
    View { term, voted_for, commit: view.known_commit(), ..view }
}
