//! What a sender needed in order to send: a request for votes a candidacy, a vote the vote cast, an
//! AppendEntries an election won.

use splitvote::PeerId;
use splitvote::peer::{Meaning, Term};
use splitvote::trace::PacketText;

use super::aspects::Aspects;
use super::history::Moment;
use super::past::granted;
use super::slice::{Link, Slice};

impl Slice<'_> {
    /// Includes what a sender needed in order to send a packet that arrived in a moment.
    pub(super) fn sent(&mut self, packet: &PacketText, arrival: Moment, depth: u32) {
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
                self.include_any(self.history.question(packet, sending), Aspects::LOG, depth);
            }
            Meaning::VoteReply { term, .. } | Meaning::AppendReply { term, .. } => {
                self.entered(from, term, before, depth);
            }
            Meaning::PreVote { .. } => {
                self.include(sending, Aspects::ALL, depth);
                self.why_it_stood(sending, from);
            }
            _ => self.include(sending, Aspects::ALL, depth),
        }
    }

    /// Includes how a peer came into a term.
    pub(super) fn entered(&mut self, peer: PeerId, term: Term, before: Moment, depth: u32) {
        let entry =
            self.history.last_change(peer, before, |was, is| is.term == term && was.term != term);
        self.include_any(entry, Aspects::ROLE | Aspects::VOTE, depth);
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
}
