//! Elections told vote by vote, and voters that voted twice.

use splitvote::peer::{Configuration, Durable, PeerSet, Term};
use splitvote::trace::PacketText;
use splitvote::{PeerId, Role};

use super::aspects::Aspects;
use super::history::Moment;
use super::past::granted;
use super::slice::Slice;

impl Slice<'_> {
    /// Includes the last change of a peer's role; its election, if it came to lead.
    pub(super) fn own_past(&mut self, peer: PeerId, before: Moment) {
        let role = self
            .history
            .last_change(peer, before, |was, is| (was.role, was.term) != (is.role, is.term));
        let Some(moment) = role else { return };
        self.include(moment, Aspects::ALL, 2);
        if let Some((_, is)) = self.history.change(moment)
            && is.role == Role::Leader
        {
            self.elected(peer, is.term, moment + 1, 2);
        }
    }

    /// Includes an election with each vote that decided it, if it took place.
    pub(super) fn won(&mut self, leader: PeerId, term: Term, before: Moment, depth: u32) {
        let Some(office) = self.history.took_office(leader, term, before) else { return };
        self.elected(leader, term, before, depth);
        let stood = self.history.stood(leader, term, office);
        if let Some(stood) = stood {
            self.include(stood, Aspects::ROLE, depth + 1);
            self.why_it_stood(stood, leader);
        }
        let grants = self.history.grants(leader, stood.unwrap_or(office)..office + 1);
        let mut voters = voters(&grants, term);
        voters.insert(leader);
        let is_enough = Configuration::of(self.history.everyone).has_quorum(voters);
        let mut counted = PeerSet::EMPTY;
        for (moment, packet) in grants {
            if granted(packet) == Some(term) && counted.insert(packet.from) {
                self.vote(packet.from, leader, term, moment, depth + 1);
            } else if moment == office || !is_enough {
                self.odd_vote(moment, packet, term, depth + 1);
            }
        }
    }

    /// Includes the arrival of a vote that does not count, or not again.
    fn odd_vote(&mut self, moment: Moment, packet: &PacketText, term: Term, depth: u32) {
        self.include(moment, Aspects::NONE, depth);
        let from = packet.from;
        let words = match granted(packet) {
            Some(asked_in) if asked_in != term => {
                format!("what arrives here is a vote of {from} that was cast in term {asked_in}")
            }
            _ => format!("what arrives here is the vote of {from} a second time"),
        };
        self.remark(moment, words);
    }

    /// Includes both votes of a peer in one term, and how it came to forget the first.
    pub(super) fn voted_twice(
        &mut self,
        voter: PeerId,
        term: Term,
        [one, other]: [PeerId; 2],
        before: Moment,
    ) {
        let [one, other] =
            [one, other].map(|candidate| self.vote(voter, candidate, term, before, 1));
        let (Some(one), Some(other)) = (one, other) else { return };
        let (first, second) = (one.min(other), one.max(other));
        self.forgot(voter, term, first, second);
        let at = self.history.at(first);
        self.remark(second, format!("this is its second vote in term {term}, after that of {at}"));
    }

    /// Includes how a vote that was cast in one moment was forgotten by another.
    pub(super) fn forgot(&mut self, voter: PeerId, term: Term, cast: Moment, until: Moment) {
        let candidate = self.history.view_after(voter, cast).and_then(|view| view.voted_for);
        let lost = self.history.since(voter, cast + 1).take_while(|moment| *moment <= until).find(
            |moment| {
                self.history.change(*moment).is_some_and(|(_, is)| {
                    is.shows_vote() && is.term == term && is.voted_for != candidate
                        || is.shows_term() && is.term < term
                })
            },
        );
        let Some(lost) = lost else { return };
        self.include(lost, Aspects::ALL, 1);
        if self.history.boot(lost).is_some() {
            let vote = if candidate == Some(voter) { "its vote for itself" } else { "this vote" };
            let words = match self.on_disk_since(voter, term, candidate, cast, lost) {
                None => format!("{vote} never reached its disk"),
                Some(at) => format!("{vote} was durable since {}", self.history.at(at)),
            };
            self.remark(cast, words);
        }
    }

    /// When a vote became durable, between two moments.
    fn on_disk_since(
        &self,
        voter: PeerId,
        term: Term,
        candidate: Option<PeerId>,
        cast: Moment,
        until: Moment,
    ) -> Option<Moment> {
        let ballot = Durable::Ballot { term, voted_for: candidate };
        self.history
            .since(voter, cast)
            .take_while(|moment| *moment < until)
            .find(|moment| self.history.durable(*moment).any(|record| record == ballot))
    }

    /// What a peer's disk tells of its ballot before a moment, in words.
    pub(super) fn ballot_on_disk(
        &self,
        voter: PeerId,
        before: Moment,
    ) -> Option<(Term, Option<PeerId>)> {
        self.history.before(voter, before).find_map(|moment| {
            self.history
                .durable(moment)
                .filter_map(|record| match record {
                    Durable::Ballot { term, voted_for } => Some((term, voted_for)),
                    _ => None,
                })
                .last()
        })
    }
}

/// The peers whose votes these are.
pub(super) fn voters(grants: &[(Moment, &PacketText)], term: Term) -> PeerSet {
    grants
        .iter()
        .filter(|(_, packet)| granted(packet) == Some(term))
        .map(|(_, packet)| packet.from)
        .collect()
}
