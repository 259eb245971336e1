//! Questions to the past: since when a link is cut, who was elected when, and who voted for whom.

use std::ops::Range;

use splitvote::peer::{Meaning, Term};
use splitvote::trace::{Direction, PacketText, TraceEvent, What};
use splitvote::{PeerId, Role, View};

use super::history::{History, Moment};

impl<'a> History<'a> {
    /// Whether the link was up before a moment, and since when it is as it is.
    pub(super) fn link(&self, from: PeerId, to: PeerId, before: Moment) -> (bool, Option<Moment>) {
        // Behind the last moment is the end of the run.
        let end = if before < self.len() { self.range(before).start } else { self.all().len() };
        let events = self.all().get(..end).unwrap_or_default();
        let last = events.iter().rposition(|event| {
            matches!(&event.what, What::Link { from: f, to: t, .. } if (*f, *t) == (from, to))
        });
        let Some(place) = last else { return (true, None) };
        let up =
            matches!(events.get(place), Some(TraceEvent { what: What::Link { up: true, .. }, .. }));
        (up, Some(self.moment_of(place)))
    }

    /// The request that a reply answers, where its sender received it.
    pub(super) fn question(&self, reply: &PacketText, sent_in: Moment) -> Option<Moment> {
        if reply.direction != Direction::Reply {
            return None;
        }
        self.before(reply.from, sent_in + 1).find(|moment| {
            self.received(*moment).is_some_and(|packet| {
                packet.from == reply.to
                    && packet.direction == Direction::Request
                    && (packet.call.is_none() || packet.call == reply.call)
            })
        })
    }

    /// When a peer began to lead a term, before this moment.
    pub(super) fn took_office(&self, peer: PeerId, term: Term, before: Moment) -> Option<Moment> {
        self.last_change(peer, before, |was, is| leads(is, term) && !leads(was, term))
    }

    /// Who began to stand in this moment, and in which term.
    pub(super) fn candidacy(&self, moment: Moment) -> Option<(Moment, PeerId, Term)> {
        let (was, is) = self.change(moment)?;
        let is_new = is.role == Role::Candidate && (was.role, was.term) != (is.role, is.term);
        Some((moment, self.peer(moment).filter(|_| is_new)?, is.term))
    }

    /// When a peer began to stand in a term, before this moment.
    pub(super) fn stood(&self, peer: PeerId, term: Term, before: Moment) -> Option<Moment> {
        self.last_change(peer, before, |was, is| {
            let stands = |view: &View| view.role == Role::Candidate && view.term == term;
            stands(is) && !stands(was)
        })
    }

    /// When a peer voted for a candidate in a term, before this moment: as its view says, or what
    /// it sent.
    pub(super) fn voted(
        &self,
        voter: PeerId,
        candidate: PeerId,
        term: Term,
        before: Moment,
    ) -> Option<Moment> {
        let has = |view: &View| view.term == term && view.voted_for == Some(candidate);
        let seen = self.before(voter, before).find(|moment| {
            self.boot(*moment).is_none()
                && self.change(*moment).is_some_and(|(was, is)| has(&is) && !has(&was))
        });
        seen.or_else(|| {
            self.before(voter, before).find(|moment| {
                self.sent(*moment)
                    .any(|(packet, _)| packet.to == candidate && granted(packet) == Some(term))
            })
        })
    }

    /// The votes that reached a candidate between two moments: when, and whose.
    pub(super) fn grants(
        &self,
        candidate: PeerId,
        between: Range<Moment>,
    ) -> Vec<(Moment, &'a PacketText)> {
        let mut found: Vec<_> = self
            .since(candidate, between.start)
            .take_while(|moment| *moment < between.end)
            .filter_map(|moment| Some((moment, self.received(moment)?)))
            .filter(|(_, packet)| granted(packet).is_some())
            .collect();
        found.sort_by_key(|(moment, _)| *moment);
        found
    }
}

fn leads(view: &View, term: Term) -> bool {
    view.role == Role::Leader && view.term == term
}

/// The term of the vote that a packet grants, if it grants one.
pub(super) fn granted(packet: &PacketText) -> Option<Term> {
    match packet.meaning {
        Meaning::VoteReply { asked_in, granted: true, .. } => Some(asked_in),
        _ => None,
    }
}
