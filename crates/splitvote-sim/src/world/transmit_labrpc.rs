//! Sending over the labs' network: what it does to a packet that leaves, to the letter.

use splitvote_peer::time::nanos;
use splitvote_peer::{CallId, Leg, Parcel, Peer, PeerId, SimTime};

use super::World;
use super::events::{Event, Transit, packet};
use super::transmit::Arrival;
use crate::network::Labrpc;
use crate::network::labrpc::Draws;
use crate::network::open_calls::OpenCall;
use crate::network::rules::Verdict;
use crate::watcher::{Fate, Watcher};

impl<P: Peer, W: Watcher<P>> World<P, W> {
    /// A packet leaves.
    #[inline(never)]
    pub(super) fn transmit_labrpc(
        &mut self,
        profile: Labrpc,
        from: PeerId,
        parcel: &Parcel<P::Message>,
    ) -> Option<Arrival> {
        match parcel.leg {
            Leg::Request(call) => {
                self.network.counters.calls += 1;
                self.network.counters.bytes += u64::from(parcel.bytes);
                self.labrpc_call(profile, call, from, parcel)
            }
            Leg::Reply(call) => {
                self.settle(from, call)?;
                self.labrpc_reply(call, from, parcel)
            }
            Leg::OneWay => self.labrpc_send(profile, from, parcel),
        }
    }

    /// Steps 1 to 4 of a call's life: sample, fail the unreachable, delay, lose.
    fn labrpc_call(
        &mut self,
        profile: Labrpc,
        call: CallId,
        from: PeerId,
        parcel: &Parcel<P::Message>,
    ) -> Option<Arrival> {
        let to = parcel.to;
        let (number, verdict, departure) = self.leave(from, parcel);
        let draws = Draws::new(departure.words);
        let server = &self.nodes[to.index()];
        let is_reachable = departure.is_up && server.peer.is_some();
        if !is_reachable {
            self.sent(&packet(number, from, parcel), Fate::Cut);
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
            self.sent(&packet(number, from, parcel), fate);
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
        Some(self.labrpc_arrival(Arrival { at, late_bytes: 0 }, verdict, number, from, parcel))
    }

    /// Steps 6 to 9: dead check, loss of the reply, long reordering, delivery.
    fn labrpc_reply(
        &mut self,
        call: CallId,
        from: PeerId,
        parcel: &Parcel<P::Message>,
    ) -> Option<Arrival> {
        let open = self.network.open_calls.close(&call)?;
        let number = self.count_packet(from, parcel);
        let verdict = self.judge(number, from, parcel);
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
            self.sent(&packet(number, from, parcel), fate);
            self.queue.push(self.now, Event::CallFailed { call, to: from });
            return None;
        }
        let late = if open.long_reordering { open.draws.reply_delay() } else { 0 };
        let extra = self.network.link(from, call.caller).extra_delay;
        let mut at = SimTime(self.now.0.saturating_add(late).saturating_add(extra));
        if let Verdict::Delay(by) = verdict {
            at = at + by;
        }
        let arrival = Arrival { at, late_bytes: parcel.bytes };
        Some(self.labrpc_arrival(arrival, verdict, number, from, parcel))
    }

    /// The labs know no one-way messages; one is treated as a call whose return nobody awaits.
    fn labrpc_send(
        &mut self,
        profile: Labrpc,
        from: PeerId,
        parcel: &Parcel<P::Message>,
    ) -> Option<Arrival> {
        let (number, verdict, departure) = self.leave(from, parcel);
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
        if let Fate::Arrives(at) = fate {
            let arrival = Arrival { at, late_bytes: 0 };
            return Some(self.labrpc_arrival(arrival, verdict, number, from, parcel));
        }
        self.sent(&packet(number, from, parcel), fate);
        None
    }

    /// A packet is on its way, twice if a rule wants it so, at once or later.
    #[inline(always)]
    fn labrpc_arrival(
        &mut self,
        arrival: Arrival,
        verdict: Verdict,
        number: u64,
        from: PeerId,
        parcel: &Parcel<P::Message>,
    ) -> Arrival {
        let Arrival { at, late_bytes } = arrival;
        self.sent(&packet(number, from, parcel), Fate::Arrives(at));
        let copy_at = match verdict {
            Verdict::Duplicate => at,
            Verdict::Replay(by) => at + by,
            _ => return arrival,
        };
        self.send_copy(copy_at, Transit { parcel: parcel.clone(), number, from, late_bytes });
        arrival
    }
}
