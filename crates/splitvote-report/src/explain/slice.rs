//! The backward slice: which moments lie on the way to the failure.
//!
//! A moment that is included brings its cause with it, the packet with which it began, and that
//! packet what its sender needed in order to send it: a vote needs the vote cast, an AppendEntries
//! a won election, a restart its crash. Of a peer's past nothing else is included unless the
//! evidence asks for it (`leads`).

use std::collections::{BTreeMap, BTreeSet};

use splitvote::PeerId;
use splitvote::peer::{LogPosition, Meaning};
use splitvote::trace::{PacketText, What};

use super::aspects::Aspects;
use super::history::{History, Moment};
use super::logs::Logs;

/// A moment on the way to the failure.
#[derive(Clone, Debug, Default)]
pub(super) struct Link {
    /// How many links lie between it and the failure: the farther, the sooner left out.
    pub(super) depth: u32,
    /// What of the moment matters.
    pub(super) aspects: Aspects,
    /// The numbers of its events in the trace, those of folded links too.
    pub(super) events: BTreeSet<usize>,
    /// What else there is to say of it.
    pub(super) remarks: Vec<String>,
}

/// The way to the failure, link by link.
pub(super) struct Slice<'a> {
    pub(super) history: &'a History<'a>,
    pub(super) logs: &'a Logs,
    pub(super) links: BTreeMap<Moment, Link>,
    pub(super) asked: BTreeSet<(PeerId, LogPosition)>,
}

impl<'a> Slice<'a> {
    pub(super) fn new(history: &'a History<'a>, logs: &'a Logs) -> Self {
        Self { history, logs, links: BTreeMap::new(), asked: BTreeSet::new() }
    }

    /// Includes a moment with what caused it.
    pub(super) fn include(&mut self, moment: Moment, aspects: Aspects, depth: u32) {
        let is_new = !self.links.contains_key(&moment);
        let link = self.links.entry(moment).or_insert_with(|| Link { depth, ..Link::default() });
        link.aspects = link.aspects | aspects;
        link.depth = link.depth.min(depth);
        if !is_new {
            return;
        }
        let range = self.history.range(moment);
        link.events.extend(range.clone().filter(|event| {
            let events = self.history.events(moment);
            let what = events.get(event - range.start).map(|event| &event.what);
            !matches!(what, Some(What::Sent { .. }))
        }));
        if let Some(packet) = self.history.received(moment) {
            self.sent(packet, moment, depth + 1);
        } else if self.history.boot(moment).is_some_and(|boot| boot > 1) {
            self.crash(moment, depth + 1);
        } else if let Some(through) = self.history.restored(moment) {
            // Not its own: the InstallSnapshot with which it came.
            let heard =
                self.history.peer(moment).and_then(|peer| self.installed(peer, through, moment));
            self.include_any(heard, Aspects::NONE, depth + 1);
        }
    }

    /// When a peer last heard of a snapshot by an InstallSnapshot, before a moment.
    fn installed(&self, peer: PeerId, snapshot: LogPosition, before: Moment) -> Option<Moment> {
        self.history.before(peer, before).find(|moment| {
            self.history.received(*moment).is_some_and(|packet| {
                matches!(packet.meaning, Meaning::InstallSnapshot { through, .. } if through == snapshot)
            })
        })
    }

    /// Includes what was found, if anything was.
    pub(super) fn include_any(&mut self, found: Option<Moment>, aspects: Aspects, depth: u32) {
        found.into_iter().for_each(|moment| self.include(moment, aspects, depth));
    }

    /// Whether a restart is told with the crash before it: there is nothing else to say of it.
    pub(super) fn is_folded(&self, moment: Moment) -> bool {
        self.history.boot(moment).is_some_and(|boot| boot > 1)
            && self.links.get(&moment).is_some_and(|link| link.depth > 0 && link.remarks.is_empty())
    }

    /// The links that have a sentence of their own.
    pub(super) fn told(&self) -> impl Iterator<Item = (Moment, &Link)> {
        self.links
            .iter()
            .map(|(moment, link)| (*moment, link))
            .filter(|(moment, _)| !self.is_folded(*moment))
    }

    /// Says something more of a moment that is included.
    pub(super) fn remark(&mut self, moment: Moment, words: impl Into<String>) {
        let words = words.into();
        if let Some(link) = self.links.get_mut(&moment)
            && !link.remarks.contains(&words)
        {
            link.remarks.push(words);
        }
    }

    /// Counts the sending of a packet to the link in which it arrived.
    pub(super) fn add_sending(&mut self, arrival: Moment, packet: &PacketText, sending: Moment) {
        let range = self.history.range(sending);
        let events = self.history.events(sending);
        let place = events.iter().position(
            |event| matches!(&event.what, What::Sent { packet: sent, .. } if sent.number == packet.number),
        );
        if let (Some(place), Some(link)) = (place, self.links.get_mut(&arrival)) {
            link.events.insert(range.start + place);
        }
    }

    /// Counts the way of a packet to a link, without a sentence of its own.
    pub(super) fn fold(&mut self, into: Moment, arrival: Moment, packet: &PacketText) {
        let events = self.history.events(arrival);
        let place = events.iter().position(|event| matches!(event.what, What::Received { .. }));
        let start = self.history.range(arrival).start;
        if let (Some(place), Some(link)) = (place, self.links.get_mut(&into)) {
            link.events.insert(start + place);
        }
        if let Some(sending) = self.history.sending(packet) {
            self.add_sending(into, packet, sending);
        }
    }
}
