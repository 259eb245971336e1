//! Sending: what the network does to a packet that leaves.

use splitvote_peer::time::nanos;
use splitvote_peer::{CallId, Leg, Message, Parcel, Peer, PeerId, SimTime};

use super::World;
use super::events::{Event, Tag, Transit, packet};
use crate::dues::Settled;
use crate::network::Profile;
use crate::network::capacity::UnderWay;
use crate::network::link::Departure;
use crate::network::rules::Verdict;
use crate::watcher::{Fate, Packet, Watcher};

/// The work of asking a rule of a packet, and of a packet that never arrives: it is no event.
const WORK_OF_RULE: u64 = 1;
const WORK_OF_FATE: u64 = 5;
/// What it takes to remember what a rule said of a packet.
const BYTES_OF_DECISION: u64 = 96;

/// What becomes of a packet that reaches its receiver, if nothing comes between.
pub(super) struct Arrival {
    pub(super) at: SimTime,
    /// How many of its bytes are counted only then.
    pub(super) late_bytes: u32,
}

impl<P: Peer, W: Watcher<P>> World<P, W> {
    /// A packet leaves. It is looked at before it is moved, since mostly it is moved only once, into the
    /// queue. A second copy goes there before it. What the
    /// contract does not allow to be sent is not, and ends the run.
    #[inline(always)]
    pub(super) fn transmit(
        &mut self,
        from: PeerId,
        parcel: &Parcel<P::Message>,
    ) -> Option<Arrival> {
        if parcel.to.index() >= self.nodes.len() {
            self.sent_astray(from, parcel.to);
            return None;
        }
        match self.network.profile {
            Profile::Realistic(_) => {
                self.count_datagram(from, parcel)?;
                self.datagram(from, parcel).map(|at| Arrival { at, late_bytes: 0 })
            }
            Profile::Labrpc(profile) => self.transmit_labrpc(profile, from, parcel),
        }
    }

    /// The labs' counters, over a network that is none of theirs. None for a reply that is not due.
    #[inline(always)]
    fn count_datagram(&mut self, from: PeerId, parcel: &Parcel<P::Message>) -> Option<()> {
        match parcel.leg {
            Leg::Request(_) => self.network.counters.calls += 1,
            Leg::Reply(call) => {
                self.settle(from, call)?;
                // A call of the labs' network that is answered over this one is over.
                self.network.open_calls.close(&call);
            }
            Leg::OneWay => return Some(()),
        }
        self.network.counters.bytes += u64::from(parcel.bytes);
        Some(())
    }

    /// A peer replies to a call. None if the reply is not due.
    #[inline(always)]
    pub(super) fn settle(&mut self, from: PeerId, call: CallId) -> Option<()> {
        match self.calls_due.answered(call, from) {
            Settled::InOrder => Some(()),
            settled => {
                self.replied_undue(from, call, settled);
                None
            }
        }
    }

    /// The realistic profile: one packet, on its own. Most are not disturbed, and go by a short way.
    #[inline(always)]
    fn datagram(&mut self, from: PeerId, parcel: &Parcel<P::Message>) -> Option<SimTime> {
        let (number, verdict, departure) = self.leave(from, parcel);
        let Profile::Realistic(channel) = &self.network.profile else { return None };
        if verdict == Verdict::Pass
            && departure.is_up
            && let Some(delay) = channel.undisturbed(departure.words)
        {
            let delay = delay.saturating_add(departure.extra_delay);
            let at = SimTime(self.now.0.saturating_add(delay));
            self.sent(&packet(number, from, parcel), Fate::Arrives(at));
            return Some(at);
        }
        // Made anew: what is only handed over here need not stand in memory until then.
        let Departure { place, words, is_up, extra_delay } = departure;
        let departure = Departure { place, words, is_up, extra_delay };
        self.disturb(from, parcel, number, verdict, departure)
    }

    /// The realistic profile: what befalls a packet that the network, a rule or a cut may disturb.
    #[inline(never)]
    fn disturb(
        &mut self,
        from: PeerId,
        parcel: &Parcel<P::Message>,
        number: u64,
        verdict: Verdict,
        departure: Departure,
    ) -> Option<SimTime> {
        let to = parcel.to;
        let Profile::Realistic(channel) = &self.network.profile else { return None };
        let draws = channel.read(departure.words);
        let mut delay = draws.delay.saturating_add(departure.extra_delay);
        let copy_delay = if draws.is_duplicated || verdict == Verdict::Duplicate {
            channel.copy_delay(&draws)
        } else {
            0
        };
        let mut replay = if draws.is_stale { channel.staleness(&draws) } else { None };
        let mut is_duplicated = draws.is_duplicated;
        let capacity = channel.capacity;
        let mut is_lost = draws.is_lost;
        if channel.has_bursts() {
            is_lost = self.network.link(from, to).is_lost_in_bursts(is_lost, draws.is_correlated);
        }
        let mut fate = if is_lost { Some(Fate::Lost) } else { None };
        match verdict {
            Verdict::Pass => {}
            Verdict::Deliver => (fate, is_duplicated, replay) = (None, false, None),
            Verdict::Delay(by) => {
                (fate, is_duplicated, replay) = (None, false, None);
                delay = delay.saturating_add(nanos(by));
            }
            Verdict::Drop => fate = Some(Fate::Dropped),
            Verdict::Duplicate => (fate, is_duplicated, replay) = (None, true, None),
            Verdict::Replay(by) => {
                (fate, is_duplicated, replay) = (None, false, Some(nanos(by)));
            }
        }
        if !departure.is_up {
            fate = Some(Fate::Cut);
        }
        let at = SimTime(self.now.0.saturating_add(delay));
        if let (Some(capacity), None) = (capacity, fate) {
            let link = (from, to);
            let at = at.max(self.clogged_until(from, to));
            let leaves = UnderWay { number, at };
            if self.network.crowd.has_no_room(link, capacity, leaves, self.now, draws.eviction) {
                fate = Some(Fate::Lost);
            }
        }
        if let Some(fate) = fate {
            self.sent(&packet(number, from, parcel), fate);
            return None;
        }
        self.sent(&packet(number, from, parcel), Fate::Arrives(at));
        let copy =
            |parcel: &Parcel<_>| Transit { parcel: parcel.clone(), number, from, late_bytes: 0 };
        if is_duplicated {
            self.send_copy(SimTime(self.now.0.saturating_add(copy_delay)), copy(parcel));
        }
        if let Some(later) = replay {
            self.send_copy(SimTime(at.0.saturating_add(later)), copy(parcel));
        }
        Some(at)
    }

    /// Every packet that leaves makes its draws and is put before the rules.
    #[inline(always)]
    pub(super) fn leave(
        &mut self,
        from: PeerId,
        parcel: &Parcel<P::Message>,
    ) -> (u64, Verdict, Departure) {
        let (number, to) = (self.count_packet(from, parcel), parcel.to);
        let departure = self.network.link(from, to).depart();
        let mut verdict = self.judge(number, from, parcel);
        if verdict != Verdict::Pass
            && let Some(decisions) = &mut self.decisions
        {
            decisions.insert((from, to, departure.place), verdict);
            self.note_bytes(BYTES_OF_DECISION);
        }
        if !self.overrides.packets.is_empty()
            && let Some(written) = self.overrides.packets.get(&(from, to, departure.place))
        {
            verdict = *written;
        }
        (number, verdict, departure)
    }

    /// Numbers and counts a packet that leaves.
    #[inline(always)]
    pub(super) fn count_packet(&mut self, from: PeerId, parcel: &Parcel<P::Message>) -> u64 {
        let number = self.packets;
        self.packets += 1;
        let kind = parcel.message.kind();
        if !self.network.counters.sent(kind, parcel.bytes) {
            self.sent_unknown_kind(from, kind);
        }
        self.watcher.counted(&packet(number, from, parcel), parcel.bytes);
        number
    }

    /// What the rules say of a packet.
    #[inline(always)]
    pub(super) fn judge(
        &mut self,
        number: u64,
        from: PeerId,
        parcel: &Parcel<P::Message>,
    ) -> Verdict {
        let rules = &mut self.network.rules;
        if rules.is_empty() {
            return Verdict::Pass;
        }
        let verdict = rules.judge(&packet(number, from, parcel));
        let work = WORK_OF_RULE * rules.len() as u64;
        self.spend(work);
        verdict
    }

    /// A second copy of a packet is on its way.
    #[cold]
    pub(super) fn send_copy(&mut self, at: SimTime, copy: Transit<P::Message>) {
        self.sent(&copy.packet(), Fate::Duplicated(at));
        self.queue.push(at, Event::Packet(copy));
    }

    /// Says what becomes of a packet that leaves. What arrives enters the digest when it does; all
    /// else is taken in here.
    #[inline(always)]
    pub(super) fn sent(&mut self, packet: &Packet<'_, P::Message>, fate: Fate) {
        let sender = &self.nodes[packet.from.index()].view;
        self.watcher.sent(self.now, packet, fate, sender);
        if !matches!(fate, Fate::Arrives(_)) {
            self.digest_fate(packet.from, packet.to, packet.number, fate);
        }
    }

    #[cold]
    fn digest_fate(&mut self, from: PeerId, to: PeerId, number: u64, fate: Fate) {
        self.spend(WORK_OF_FATE);
        self.stamp(Tag::Fate, from, to, number);
        let (kind, at) = match fate {
            Fate::Arrives(at) => (0, at.0),
            Fate::Duplicated(at) => (1, at.0),
            Fate::Lost => (2, 0),
            Fate::Dropped => (3, 0),
            Fate::Cut => (4, 0),
            Fate::Dead => (5, 0),
        };
        self.digest.absorb(kind, at);
    }
}
