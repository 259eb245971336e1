//! Sending: what the network does to a packet that leaves.

use splitvote_peer::time::nanos;
use splitvote_peer::{CallId, Message, Peer, PeerId, SimTime};

use super::World;
use super::events::{Event, Head, Tag};
use crate::network::capacity::UnderWay;
use crate::network::labrpc::Draws;
use crate::network::link::Departure;
use crate::network::open_calls::OpenCall;
use crate::network::rules::Verdict;
use crate::network::{Labrpc, Profile};
use crate::watcher::{Fate, Leg, Packet, Watcher};

// Each of these says when the packet arrives, if it does. It is looked at where the peer has put it,
// and moved only once that is known. A second copy goes into the queue before it.
impl<P: Peer, W: Watcher<P>> World<P, W> {
    #[inline(always)]
    pub(super) fn call(
        &mut self,
        call: CallId,
        to: PeerId,
        message: &P::Message,
        bytes: u32,
    ) -> Option<SimTime> {
        self.network.counters.calls += 1;
        self.network.counters.bytes += u64::from(bytes);
        match &self.network.profile {
            Profile::Realistic(_) => {
                self.datagram(call.caller, to, Leg::Request(call), message, bytes)
            }
            Profile::Labrpc(profile) => self.lab_call(*profile, call, to, message, bytes),
        }
    }

    /// Also says how many bytes are counted only when the reply arrives.
    #[inline(always)]
    pub(super) fn reply(
        &mut self,
        from: PeerId,
        call: CallId,
        message: &P::Message,
        bytes: u32,
    ) -> (Option<SimTime>, u32) {
        match &self.network.profile {
            Profile::Realistic(_) => {
                // A call of the labs' network that is answered over this one is over.
                self.network.open_calls.close(call);
                self.network.counters.bytes += u64::from(bytes);
                (self.datagram(from, call.caller, Leg::Reply(call), message, bytes), 0)
            }
            Profile::Labrpc(_) => (self.lab_reply(from, call, message, bytes), bytes),
        }
    }

    #[inline(never)]
    pub(super) fn send(
        &mut self,
        from: PeerId,
        to: PeerId,
        message: &P::Message,
        bytes: u32,
    ) -> Option<SimTime> {
        match &self.network.profile {
            Profile::Realistic(_) => self.datagram(from, to, Leg::OneWay, message, bytes),
            Profile::Labrpc(profile) => self.lab_send(*profile, from, to, message, bytes),
        }
    }

    /// The realistic profile: one packet, on its own. Most are not disturbed, and go by a short way.
    #[inline(always)]
    fn datagram(
        &mut self,
        from: PeerId,
        to: PeerId,
        leg: Leg,
        message: &P::Message,
        bytes: u32,
    ) -> Option<SimTime> {
        let (number, verdict, departure) = self.leave(from, to, leg, message, bytes);
        let Profile::Realistic(channel) = &self.network.profile else { return None };
        if verdict == Verdict::Pass
            && departure.is_up
            && let Some(delay) = channel.undisturbed(departure.words)
        {
            let delay = delay.saturating_add(departure.extra_delay);
            let at = SimTime(self.now.0.saturating_add(delay));
            self.sent(&Packet { number, from, to, leg, message }, Fate::Arrives(at));
            return Some(at);
        }
        self.disturb(&Packet { number, from, to, leg, message }, verdict, departure)
    }

    /// The realistic profile: what befalls a packet that the network, a rule or a cut may disturb.
    #[inline(never)]
    fn disturb(
        &mut self,
        packet: &Packet<'_, P::Message>,
        verdict: Verdict,
        departure: Departure,
    ) -> Option<SimTime> {
        let Packet { number, from, to, .. } = *packet;
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
            self.sent(packet, fate);
            return None;
        }
        self.sent(packet, Fate::Arrives(at));
        if is_duplicated {
            self.send_copy(SimTime(self.now.0.saturating_add(copy_delay)), packet, 0);
        }
        if let Some(later) = replay {
            self.send_copy(SimTime(at.0.saturating_add(later)), packet, 0);
        }
        Some(at)
    }

    /// Every packet that leaves makes its draws and is put before the rules.
    #[inline(always)]
    fn leave(
        &mut self,
        from: PeerId,
        to: PeerId,
        leg: Leg,
        message: &P::Message,
        bytes: u32,
    ) -> (u64, Verdict, Departure) {
        let number = self.packets;
        self.packets += 1;
        self.network.counters.sent(message.kind(), bytes);
        self.watcher.counted(&Packet { number, from, to, leg, message }, bytes);
        let departure = self.network.link(from, to).depart();
        let mut verdict = self.judge(|| Packet { number, from, to, leg, message });
        if verdict != Verdict::Pass
            && let Some(decisions) = &mut self.decisions
        {
            decisions.insert((from, to, departure.place), verdict);
        }
        if !self.overrides.packets.is_empty()
            && let Some(written) = self.overrides.packets.get(&(from, to, departure.place))
        {
            verdict = *written;
        }
        (number, verdict, departure)
    }

    /// What the rules say of a packet.
    #[inline(always)]
    fn judge<'a>(&mut self, packet: impl FnOnce() -> Packet<'a, P::Message>) -> Verdict
    where
        P::Message: 'a,
    {
        let rules = &mut self.network.rules;
        if rules.is_empty() { Verdict::Pass } else { rules.judge(&packet()) }
    }

    /// labrpc, steps 1 to 4 of a call's life: sample, fail the unreachable, delay, lose.
    fn lab_call(
        &mut self,
        profile: Labrpc,
        call: CallId,
        to: PeerId,
        message: &P::Message,
        bytes: u32,
    ) -> Option<SimTime> {
        let (from, leg) = (call.caller, Leg::Request(call));
        let (number, verdict, departure) = self.leave(from, to, leg, message, bytes);
        let draws = Draws::new(departure.words);
        let server = &self.nodes[to.index()];
        let is_reachable = departure.is_up && server.peer.is_some();
        let packet = Packet { number, from, to, leg, message };
        if !is_reachable {
            self.sent(&packet, Fate::Cut);
            let at = SimTime(self.now.0 + draws.until_unreachable(profile.long_delays));
            self.queue.push(at, Event::CallFailed { call, to });
            return None;
        }
        let mut delay = if profile.reliable { 0 } else { draws.short_delay() };
        delay = delay.saturating_add(departure.extra_delay);
        let mut is_lost = !profile.reliable && draws.loses_request();
        match verdict {
            Verdict::Pass => {}
            Verdict::Deliver | Verdict::Duplicate | Verdict::Replay(_) => is_lost = false,
            Verdict::Delay(by) => (is_lost, delay) = (false, delay.saturating_add(nanos(by))),
            Verdict::Drop => is_lost = true,
        }
        let at = SimTime(self.now.0.saturating_add(delay));
        if is_lost {
            let fate = if verdict == Verdict::Drop { Fate::Dropped } else { Fate::Lost };
            self.sent(&packet, fate);
            self.queue.push(at, Event::CallFailed { call, to });
            return None;
        }
        self.network.open_calls.open(OpenCall {
            call,
            to,
            server_boot: self.nodes[to.index()].boot,
            reliable: profile.reliable,
            long_reordering: profile.long_reordering,
            draws,
            entered: None,
        });
        self.lab_arrival(at, verdict, &packet, 0)
    }

    /// labrpc, steps 6 to 9: dead check, loss of the reply, long reordering, delivery.
    fn lab_reply(
        &mut self,
        from: PeerId,
        call: CallId,
        message: &P::Message,
        bytes: u32,
    ) -> Option<SimTime> {
        let open = self.network.open_calls.close(call)?;
        let leg = Leg::Reply(call);
        let number = self.packets;
        self.packets += 1;
        self.network.counters.sent(message.kind(), bytes);
        let packet = Packet { number, from, to: call.caller, leg, message };
        self.watcher.counted(&packet, bytes);
        let verdict = self.judge(|| Packet { number, from, to: call.caller, leg, message });
        let is_dead = self.is_dead_for(call, from, open.server_boot);
        let is_lost = match verdict {
            Verdict::Pass => !open.reliable && open.draws.loses_reply(),
            Verdict::Drop => true,
            Verdict::Deliver | Verdict::Delay(_) | Verdict::Duplicate | Verdict::Replay(_) => false,
        };
        if is_dead || is_lost {
            let fate = match verdict {
                _ if is_dead => Fate::Cut,
                Verdict::Drop => Fate::Dropped,
                _ => Fate::Lost,
            };
            self.sent(&packet, fate);
            self.queue.push(self.now, Event::CallFailed { call, to: from });
            return None;
        }
        let late = if open.long_reordering { open.draws.reply_delay() } else { 0 };
        let extra = self.network.link(from, call.caller).extra_delay;
        let mut at = SimTime(self.now.0.saturating_add(late).saturating_add(extra));
        if let Verdict::Delay(by) = verdict {
            at = at + by;
        }
        self.lab_arrival(at, verdict, &packet, bytes)
    }

    /// labrpc knows no one-way messages; one is treated as a call whose return nobody awaits.
    fn lab_send(
        &mut self,
        profile: Labrpc,
        from: PeerId,
        to: PeerId,
        message: &P::Message,
        bytes: u32,
    ) -> Option<SimTime> {
        let leg = Leg::OneWay;
        let (number, verdict, departure) = self.leave(from, to, leg, message, bytes);
        let draws = Draws::new(departure.words);
        let mut delay = if profile.reliable { 0 } else { draws.short_delay() };
        delay = delay.saturating_add(departure.extra_delay);
        if let Verdict::Delay(by) = verdict {
            delay = delay.saturating_add(nanos(by));
        }
        let is_lost = verdict == Verdict::Pass && !profile.reliable && draws.loses_request();
        let at = SimTime(self.now.0.saturating_add(delay));
        let fate = match verdict {
            _ if !departure.is_up => Fate::Cut,
            Verdict::Drop => Fate::Dropped,
            _ if is_lost => Fate::Lost,
            _ => Fate::Arrives(at),
        };
        let packet = Packet { number, from, to, leg, message };
        if let Fate::Arrives(at) = fate {
            return self.lab_arrival(at, verdict, &packet, 0);
        }
        self.sent(&packet, fate);
        None
    }

    /// labrpc: a packet is on its way, twice if a rule wants it so, at once or later.
    #[inline(always)]
    fn lab_arrival(
        &mut self,
        at: SimTime,
        verdict: Verdict,
        packet: &Packet<'_, P::Message>,
        bytes: u32,
    ) -> Option<SimTime> {
        self.sent(packet, Fate::Arrives(at));
        match verdict {
            Verdict::Duplicate => self.send_copy(at, packet, bytes),
            Verdict::Replay(by) => self.send_copy(at + by, packet, bytes),
            _ => {}
        }
        Some(at)
    }

    /// A second copy of a packet is on its way.
    #[cold]
    fn send_copy(&mut self, at: SimTime, packet: &Packet<'_, P::Message>, bytes: u32) {
        self.sent(packet, Fate::Duplicated(at));
        let Packet { number, from, to, leg, message } = *packet;
        let message = message.clone();
        let head = Head { number, leg };
        self.queue.push(at, Event::Packet { head, from, to, bytes, message });
    }

    /// Says what becomes of a packet that leaves. What arrives enters the digest when it does; all
    /// else is taken in here.
    #[inline(always)]
    fn sent(&mut self, packet: &Packet<'_, P::Message>, fate: Fate) {
        let sender = &self.nodes[packet.from.index()].view;
        self.watcher.sent(self.now, packet, fate, sender);
        if !matches!(fate, Fate::Arrives(_)) {
            self.digest_fate(packet.from, packet.to, packet.number, fate);
        }
    }

    #[cold]
    fn digest_fate(&mut self, from: PeerId, to: PeerId, number: u64, fate: Fate) {
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
