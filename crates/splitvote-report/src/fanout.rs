//! Messages: to whom, and what became of them.
//!
//! The same words sent to several peers at once are one part. A message is marked at its sender
//! if it will never arrive, and at its receiver if it comes late or is a copy.

use std::collections::BTreeMap;
use std::time::Duration;

use splitvote::peer::PeerSet;
use splitvote::sim::Fate;
use splitvote::trace::{Direction, PacketText};
use splitvote::{PeerId, SimTime};

use crate::names::names;
use crate::part::{Ink, Part, Place, Span, Weight};
use crate::topic::{Topic, Topics};

/// A message that took longer than this is late.
const LATE: Duration = Duration::from_millis(100);

/// What is odd about arrivals to come, by packet and instant. Holds the odd ones alone.
#[derive(Default)]
pub(crate) struct Arrivals(BTreeMap<(u64, SimTime), String>);

impl Arrivals {
    pub(crate) fn expect(&mut self, sent: SimTime, packet: &PacketText, fate: Fate) {
        let (at, what) = match fate {
            Fate::Arrives(at) => (at, None),
            Fate::Duplicated(at) => (at, Some("copy")),
            _ => return,
        };
        let delay = at.since(sent);
        let late = (delay > LATE).then(|| format!("late {} ms", delay.as_millis()));
        let words: Vec<String> = what.map(str::to_owned).into_iter().chain(late).collect();
        if !words.is_empty() {
            self.0.insert((packet.number, at), format!(" ({})", words.join(", ")));
        }
    }

    /// What is odd about this arrival. Asked once.
    fn oddity(&mut self, at: SimTime, packet: &PacketText) -> Option<String> {
        if self.0.is_empty() { None } else { self.0.remove(&(packet.number, at)) }
    }

    /// `← S1 RequestVote T3 log 2@1 (late 412 ms)`
    pub(crate) fn received(&mut self, at: SimTime, packet: &PacketText) -> Part {
        let mut part = arrival(packet);
        if let Some(oddity) = self.oddity(at, packet) {
            part.topics = part.topics.and(Topic::Faults);
            part.spans.push((Ink::Odd, oddity));
        }
        part
    }

    /// `← S1 RequestVote T3 log 2@1 ✗ down`
    pub(crate) fn perished(&mut self, at: SimTime, packet: &PacketText, fate: Fate) -> Part {
        let mut part = self.received(at, packet);
        part.topics = part.topics.and(Topic::Faults);
        let why = fate_word(fate).unwrap_or("lost");
        part.spans.push((Ink::Lost, format!(" ✗ {why}")));
        part
    }
}

fn arrival(packet: &PacketText) -> Part {
    Part {
        place: Place::Cause,
        topics: Topics::only(topic(packet)),
        weight: if packet.is_vote { Weight::News } else { Weight::Quiet },
        spans: vec![(Ink::Plain, format!("← {} {}", packet.from, packet.text))],
    }
}

fn topic(packet: &PacketText) -> Topic {
    if packet.is_vote { Topic::Votes } else { Topic::Messages }
}

fn fate_word(fate: Fate) -> Option<&'static str> {
    match fate {
        Fate::Arrives(_) | Fate::Duplicated(_) => None,
        Fate::Lost => Some("lost"),
        Fate::Dropped => Some("dropped by the scenario"),
        Fate::Cut => Some("cut"),
        Fate::Dead => Some("down"),
    }
}

/// The same words on their way from one peer to some others.
pub(crate) struct Fanout<'a> {
    first: &'a PacketText,
    arriving: PeerSet,
    /// Those that never arrive, by the word for it, in the order of the fates.
    failing: Vec<(&'static str, PeerSet)>,
}

impl<'a> Fanout<'a> {
    pub(crate) fn new(packet: &'a PacketText, fate: Fate) -> Self {
        let mut fanout = Self { first: packet, arriving: PeerSet::EMPTY, failing: Vec::new() };
        fanout.add(packet, fate);
        fanout
    }

    /// Whether a packet says the same.
    pub(crate) fn takes(&self, packet: &PacketText) -> bool {
        packet.direction == self.first.direction && packet.text == self.first.text
    }

    pub(crate) fn add(&mut self, packet: &PacketText, fate: Fate) {
        let Some(word) = fate_word(fate) else {
            self.arriving.insert(packet.to);
            return;
        };
        match self.failing.iter_mut().find(|(known, _)| *known == word) {
            Some((_, peers)) => {
                peers.insert(packet.to);
            }
            None => self.failing.push((word, PeerSet::from_iter([packet.to]))),
        }
    }

    /// `RequestVote T3 log 2@1 → S0 S2, S3 ✗ lost`; a reply to who has just asked is
    /// `⇒ vote granted T3`.
    pub(crate) fn part(&self, everyone: PeerSet, asked_by: Option<PeerId>) -> Part {
        let text = &self.first.text;
        let is_answer = self.first.direction == Direction::Reply && asked_by == Some(self.first.to);
        let mut spans = Vec::new();
        if is_answer {
            spans.push((Ink::Plain, format!("⇒ {text}")));
            spans.extend(self.failing.first().map(|(word, _)| (Ink::Lost, format!(" ✗ {word}"))));
        } else {
            spans.push((Ink::Plain, format!("{text} →")));
            self.address(everyone, &mut spans);
        }
        let mut topics = Topics::only(topic(self.first));
        if !self.failing.is_empty() {
            topics = topics.and(Topic::Faults);
        }
        // A rule was aimed at it on purpose; chance and cuts hit heartbeats all the time.
        let is_aimed_at =
            self.failing.iter().any(|(word, _)| Some(*word) == fate_word(Fate::Dropped));
        let is_news = self.first.is_vote || is_aimed_at;
        let weight = if is_news { Weight::News } else { Weight::Quiet };
        Part { place: Place::Effect, topics, weight, spans }
    }

    /// ` S0 S2, S3 ✗ lost`
    fn address(&self, everyone: PeerSet, spans: &mut Vec<Span>) {
        let mut others = everyone;
        others.remove(self.first.from);
        let to = |peers| if peers == others { "all".to_owned() } else { names(peers) };
        if !self.arriving.is_empty() {
            spans.push((Ink::Plain, format!(" {}", to(self.arriving))));
        }
        for (place, (word, peers)) in self.failing.iter().enumerate() {
            let comma = if place > 0 || !self.arriving.is_empty() { "," } else { "" };
            spans.push((Ink::Plain, format!("{comma} {}", to(*peers))));
            spans.push((Ink::Lost, format!(" ✗ {word}")));
        }
    }
}
