//! Links that hold up what they carry, over both networks.
//!
//! As in FoundationDB's simulator, a clog acts at the receiving end: whatever would arrive while it
//! lasts arrives at its end, in the order in which it would have arrived. So it holds up what is under
//! way already and what leaves later alike. A partition cuts what it finds in a clog only at the
//! end of that, the instant of arrival. The labs' network also reports failed calls; these reports are
//! no packets and come as ever.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use splitvote_peer::{Peer, PeerId, SimTime};

use super::World;
use super::events::Event;
use crate::disturbance::Disturbance;
use crate::watcher::Watcher;

/// The directed links that are clogged now.
pub(super) type Clogs<M> = BTreeMap<(PeerId, PeerId), Clog<M>>;

/// A clog on one directed link.
#[derive(Clone, Debug)]
pub(super) struct Clog<M> {
    until: SimTime,
    /// What would have arrived by now, in order.
    packets: VecDeque<Event<M>>,
}

impl<P: Peer, W: Watcher<P>> World<P, W> {
    /// For so long, nothing arrives over the directed link: it arrives at the end of that time. A
    /// clog may be prolonged by another, and never shortened; [`Self::heal`] does not lift it. A peer
    /// always reaches itself, and a clog of no time does nothing.
    pub fn clog(&mut self, from: PeerId, to: PeerId, for_: Duration) {
        if !self.has_both(from, to) || from == to || for_.is_zero() {
            return;
        }
        let end = self.now + for_;
        let clog = self
            .clogs
            .entry((from, to))
            .or_insert(Clog { until: self.now, packets: VecDeque::with_capacity(8) });
        if end > clog.until {
            clog.until = end;
            self.queue.push(end, Event::Unclogged { from, to });
        }
        let until = clog.until;
        self.disturbed(Disturbance::Clogged { from, to, until }, 0, &[until.0]);
    }

    /// When a packet over the directed link can arrive at the earliest, as clogs are now.
    #[cold]
    pub(super) fn clogged_until(&self, from: PeerId, to: PeerId) -> SimTime {
        self.clogs.get(&(from, to)).map_or(SimTime::ZERO, |clog| clog.until)
    }

    /// Lifts a clog before its time: what it holds up arrives now, in order, behind what already waits to
    /// happen at this instant. Does nothing if the link is not clogged.
    pub fn unclog(&mut self, from: PeerId, to: PeerId) {
        if self.clogs.contains_key(&(from, to)) {
            self.disturbed(Disturbance::Unclogged { from, to }, 0, &[]);
            self.release(from, to);
        }
    }

    /// Whether nothing arrives over a directed link for the time being.
    #[must_use]
    pub fn is_clogged(&self, from: PeerId, to: PeerId) -> bool {
        self.clogs.contains_key(&(from, to))
    }

    /// A packet that is about to arrive over a clogged link arrives later.
    #[cold]
    pub(super) fn hold_up(&mut self, slot: u32, from: PeerId, to: PeerId) {
        let Some(clog) = self.clogs.get_mut(&(from, to)) else { return };
        if clog.packets.len() as u64 >= self.queue.room() {
            self.queue.refuse();
        }
        clog.packets.extend(self.queue.take(slot));
    }

    /// A clog ends here, unless it was prolonged.
    #[cold]
    pub(super) fn end_clog(&mut self, from: PeerId, to: PeerId) {
        if self.clogs.get(&(from, to)).is_some_and(|clog| self.now >= clog.until) {
            self.release(from, to);
        }
    }

    fn release(&mut self, from: PeerId, to: PeerId) {
        let packets = self.clogs.remove(&(from, to)).map(|clog| clog.packets);
        for packet in packets.into_iter().flatten() {
            self.queue.push(self.now, packet);
        }
    }
}
