//! What did not happen, and which fault kept it from happening.

use splitvote::PeerId;
use splitvote::peer::LogPosition;
use splitvote::sim::Fate;
use splitvote::trace::{PacketText, What};

use super::aspects::Aspects;
use super::history::Moment;
use super::slice::Slice;

impl Slice<'_> {
    /// Why a peer does not hold an entry: what became of it there, or of the packets that were to
    /// bring it. Empty if it holds it.
    pub(super) fn lacks(&mut self, peer: PeerId, entry: LogPosition, before: Moment) -> String {
        if self.logs.held(peer, entry, before).is_some() {
            return String::new();
        }
        if let Some(lost) = self.logs.lost(peer, entry, before) {
            self.include(lost, Aspects::LOG, 2);
            return format!("{peer} held {entry} no longer since {}", self.history.at(lost));
        }
        let fate = match self.attempt(peer, entry, before) {
            Some((sending, packet, fate)) => self.attempted(sending, packet, fate, before),
            None => self.never_sent(peer, entry, before),
        };
        format!("{peer} never had {entry}: {fate}")
    }

    /// The last packet that was to bring an entry to a peer.
    fn attempt(
        &self,
        peer: PeerId,
        entry: LogPosition,
        before: Moment,
    ) -> Option<(Moment, &PacketText, Fate)> {
        (0..before).rev().find_map(|moment| {
            let found = self
                .history
                .sent(moment)
                .find(|(packet, _)| packet.to == peer && self.logs.carries(packet.number, entry));
            found.map(|(packet, fate)| (moment, packet, fate))
        })
    }

    fn attempted(
        &self,
        sending: Moment,
        packet: &PacketText,
        fate: Fate,
        before: Moment,
    ) -> String {
        let (from, to) = (packet.from, packet.to);
        let what = format!("the AppendEntries that {from} sent at {}", self.history.at(sending));
        let why = match fate {
            Fate::Lost => "was lost".to_owned(),
            Fate::Dropped => "was dropped by the scenario".to_owned(),
            Fate::Cut => self.cut(from, to, sending),
            Fate::Dead => format!("found {to} down"),
            Fate::Arrives(at) | Fate::Duplicated(at) => {
                let arrival = self.history.arrivals(packet).first().copied();
                match arrival.filter(|moment| *moment < before) {
                    None => format!("was to arrive at {at} only"),
                    Some(moment) => match self.history.received(moment) {
                        Some(_) => format!("reached it at {at}, and it did not take it"),
                        None => self.perished(moment, from, to),
                    },
                }
            }
        };
        format!("{what} {why}")
    }

    /// Why a packet that was on its way did not arrive.
    fn perished(&self, moment: Moment, from: PeerId, to: PeerId) -> String {
        let at = self.history.at(moment);
        let fate = self.history.events(moment).iter().find_map(|event| match &event.what {
            What::Perished { fate, .. } => Some(*fate),
            _ => None,
        });
        match fate {
            Some(Fate::Dead) => format!("found {to} down, or in another life, at {at}"),
            Some(Fate::Cut) => format!("found the link from {from} to {to} cut at {at}"),
            _ => format!("was lost on its way, at {at}"),
        }
    }

    fn cut(&self, from: PeerId, to: PeerId, before: Moment) -> String {
        match self.history.link(from, to, before) {
            (false, Some(since)) => {
                format!("found the link from {from} to {to} cut since {}", self.history.at(since))
            }
            _ => format!("found the link from {from} to {to} cut"),
        }
    }

    /// Nobody sent it: the link to the first leader that held it was cut, or there was no time.
    fn never_sent(&self, peer: PeerId, entry: LogPosition, before: Moment) -> String {
        let mut holders = self
            .history
            .everyone
            .iter()
            .filter_map(|holder| Some((self.logs.held(holder, entry, before)?, holder)));
        let Some((since, holder)) = holders.by_ref().min() else {
            return "nobody holds it".to_owned();
        };
        // What happens at the very moment of the proposal counts: sending follows.
        if let (false, Some(cut)) = self.history.link(holder, peer, (since + 20).min(before)) {
            return format!("the link from {holder} was cut since {}", self.history.at(cut));
        }
        if self.history.view_before(peer, since).is_none() {
            return format!("it was down when {holder} appended it");
        }
        format!("{holder} had not sent it to {peer}")
    }

    /// The moment in which a peer last heard from another, before this one.
    pub(super) fn last_heard(&self, peer: PeerId, from: PeerId, before: Moment) -> Option<Moment> {
        let is_it = |moment: &Moment| {
            self.history.received(*moment).is_some_and(|packet| packet.from == from)
        };
        self.history.before(peer, before).find(is_it)
    }
}
