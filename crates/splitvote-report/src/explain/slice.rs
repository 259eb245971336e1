//! The backward slice: which moments lie on the way to the failure.
//!
//! A moment that is included brings its cause with it, the packet with which it began, and that
//! packet what its sender needed in order to send it: a vote needs the vote cast, an AppendEntries
//! a won election, a restart its crash. Of a peer's past nothing else is included unless the
//! evidence asks for it (`roots`).

use std::collections::{BTreeMap, BTreeSet};

use splitvote::PeerId;
use splitvote::peer::{LogPosition, Meaning, Term};
use splitvote::trace::{PacketText, What};

use super::aspects::Aspects;
use super::history::{History, Moment, granted};
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
    asked: BTreeSet<(PeerId, LogPosition)>,
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
        }
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

    /// Includes what a sender needed in order to send a packet that arrived in a moment.
    fn sent(&mut self, packet: &PacketText, arrival: Moment, depth: u32) {
        let Some(sending) = self.history.sending(packet) else { return };
        self.add_sending(arrival, packet, sending);
        let (from, before) = (packet.from, sending + 1);
        match packet.meaning {
            Meaning::VoteRequest { term, .. } => {
                if let Some(stood) = self.history.stood(from, term, before) {
                    self.include(stood, Aspects::ROLE, depth);
                    self.why_it_stood(stood, from);
                } else {
                    self.include(sending, Aspects::ALL, depth);
                }
            }
            Meaning::VoteReply { .. } if granted(packet).is_some() => {
                let term = granted(packet).unwrap_or_default();
                if self.vote(from, packet.to, term, before, depth).is_none() {
                    self.include(sending, Aspects::ALL, depth);
                }
            }
            Meaning::Append { term, .. } | Meaning::InstallSnapshot { term, .. } => {
                self.elected(from, term, before, depth);
            }
            Meaning::AppendReply { success: true, .. } | Meaning::InstallReply { .. } => {
                if let Some(question) = self.history.question(packet, sending) {
                    self.include(question, Aspects::LOG, depth);
                }
            }
            Meaning::VoteReply { term, .. } | Meaning::AppendReply { term, .. } => {
                self.entered(from, term, before, depth);
            }
            _ => self.include(sending, Aspects::ALL, depth),
        }
    }

    /// Counts the sending of a packet to the link in which it arrived.
    fn add_sending(&mut self, arrival: Moment, packet: &PacketText, sending: Moment) {
        let range = self.history.range(sending);
        let events = self.history.events(sending);
        let place = events.iter().position(
            |event| matches!(&event.what, What::Sent { packet: sent, .. } if sent.number == packet.number),
        );
        if let (Some(place), Some(link)) = (place, self.links.get_mut(&arrival)) {
            link.events.insert(range.start + place);
        }
    }

    /// Includes how a peer came into a term.
    pub(super) fn entered(&mut self, peer: PeerId, term: Term, before: Moment, depth: u32) {
        let entry =
            self.history.last_change(peer, before, |was, is| is.term == term && was.term != term);
        if let Some(moment) = entry {
            self.include(moment, Aspects::ROLE | Aspects::VOTE, depth);
        }
    }

    /// Includes the crash before a restart.
    fn crash(&mut self, boot: Moment, depth: u32) {
        let Some(peer) = self.history.peer(boot) else { return };
        let crash = self.history.before(peer, boot).find(|moment| self.history.is_crash(*moment));
        if let Some(crash) = crash {
            self.include(crash, Aspects::ALL, depth);
        }
    }

    /// Includes the casting of a vote, if it was cast before this moment.
    pub(super) fn vote(
        &mut self,
        voter: PeerId,
        candidate: PeerId,
        term: Term,
        before: Moment,
        depth: u32,
    ) -> Option<Moment> {
        let moment = self.history.voted(voter, candidate, term, before)?;
        self.include(moment, Aspects::VOTE | Aspects::ROLE, depth);
        Some(moment)
    }

    /// Includes the election of a leader as one link: its votes are counted, not told.
    pub(super) fn elected(&mut self, leader: PeerId, term: Term, before: Moment, depth: u32) {
        if let Some(office) = self.history.took_office(leader, term, before) {
            self.office(office, leader, term, depth);
        }
    }

    fn office(&mut self, office: Moment, leader: PeerId, term: Term, depth: u32) {
        let is_new = !self.links.contains_key(&office);
        let link = self.links.entry(office).or_insert_with(|| Link { depth, ..Link::default() });
        link.depth = link.depth.min(depth);
        link.aspects = link.aspects | Aspects::ROLE;
        if !is_new {
            return;
        }
        let stood = self.history.stood(leader, term, office).unwrap_or(office);
        for (moment, packet) in self.history.grants(leader, stood..office + 1) {
            self.fold(office, moment, packet);
            let asked = self.history.sending(packet);
            let asked = asked.and_then(|sending| self.history.question(packet, sending));
            if let Some(asked) = asked
                && let Some(request) = self.history.received(asked)
            {
                self.fold(office, asked, request);
            }
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

    /// Includes how an entry came into a peer's log: back to the leader that appended it.
    pub(super) fn holds(&mut self, peer: PeerId, entry: LogPosition, before: Moment, depth: u32) {
        let Some(moment) = self.logs.held(peer, entry, before) else { return };
        if !self.asked.insert((peer, entry)) {
            return;
        }
        self.include(moment, Aspects::LOG, depth);
        match self.history.received(moment) {
            Some(packet) => {
                let sending = self.history.sending(packet).unwrap_or(moment);
                self.holds(packet.from, entry, sending, depth + 1);
            }
            None => {
                self.elected(peer, entry.term, moment + 1, depth + 1);
                self.knows_no_newer(peer, moment);
            }
        }
    }

    /// Includes for each peer, between two of its links, its last crash and restart.
    pub(super) fn include_restarts(&mut self) {
        for peer in self.history.everyone.iter() {
            let own: Vec<Moment> = self
                .links
                .keys()
                .copied()
                .filter(|moment| self.history.peer(*moment) == Some(peer))
                .collect();
            for pair in own.windows(2) {
                let [one, next] = pair else { continue };
                let boot = self
                    .history
                    .before(peer, *next)
                    .take_while(|moment| moment > one)
                    .find(|moment| self.history.boot(*moment).is_some());
                if let Some(boot) = boot {
                    let depth = self.links.get(next).map_or(1, |link| link.depth + 1);
                    self.crash(boot, depth);
                }
            }
        }
    }

    /// The restart that follows a crash.
    pub(super) fn restart_of(&self, crash: Moment) -> Option<Moment> {
        let peer = self.history.peer(crash)?;
        let next = self.history.since(peer, crash + 1).find(|moment| {
            self.history.is_crash(*moment) || self.history.boot(*moment).is_some()
        })?;
        self.history.boot(next).map(|_| next)
    }
}
