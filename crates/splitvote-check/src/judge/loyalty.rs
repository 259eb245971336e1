//! How CheckQuorum comes before the judge: who answers a leader, how long it speaks without a majority, and
//! whether those who follow it listen to others.

use std::time::Duration;

use splitvote_peer::{PeerId, Role, SimTime, Term, View};

use super::Judge;
use crate::checkers::Checker;
use crate::checkers::QuorumUnchecked;
use crate::contact::Contact;
use crate::ghost::PeerGhost;
use crate::observation::entered;
use crate::patience::Calmed;

/// That a peer has heard its leader so recently that it may not listen to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loyalty {
    leader: PeerId,
    heard_ago: Duration,
    least: Duration,
}

impl Judge {
    /// The same judge, of peers with CheckQuorum, which draw election timeouts of at least the first length and at
    /// most the second.
    #[must_use]
    pub fn checking_quorum(mut self, shortest: Duration, longest: Duration) -> Self {
        let contact = Contact::new(self.ghost.configuration, (shortest, longest));
        self.contact = Some(Box::new(contact));
        self
    }

    /// A leader is handed an answer to something that it sent. `confirms` says whether it is an answer in the
    /// leader's term to an AppendEntries or InstallSnapshot.
    pub fn is_answered(&mut self, at: SimTime, leader: PeerId, by: PeerId, confirms: bool) {
        if let Some(contact) = &mut self.contact {
            contact.answered(at, leader, by, confirms);
        }
    }

    /// A peer is paused, or goes on: it could not look at its clock.
    pub fn stands_still(&mut self, at: SimTime, peer: PeerId) {
        if let Some(contact) = &mut self.contact {
            contact.begin_anew(at, peer);
        }
    }

    pub(crate) fn note_office(&mut self, at: SimTime, peer: PeerId, before: &View, after: &View) {
        let Some(contact) = &mut self.contact else { return };
        if entered(Role::Leader, before, after) {
            contact.takes_office(at, peer);
        } else if before.role == Role::Leader && after.role == Role::Follower {
            self.gives_up_office(at, peer, (before.term, after.term));
        }
    }

    /// A leader has become a follower. In its own term only the check of its quorum makes it one.
    #[cold]
    fn gives_up_office(&mut self, at: SimTime, leader: PeerId, (term, after): (Term, Term)) {
        let followed = self.contact.as_ref().and_then(|contact| contact.last_followed(leader));
        let Some(followed) = followed.filter(|_| term == after) else { return };
        let least = self.ghost.patience.least(leader);
        let ago = self.ghost.patience.elapsed(followed, at, leader);
        let is_hampered = self.ghost.peer(leader).is_some_and(PeerGhost::is_hampered);
        // Conversions between clocks round.
        if ago + Duration::from_nanos(2) < least && !is_hampered {
            self.unchecked(at, QuorumUnchecked::OfficeLeft { leader, term, ago, least });
        }
    }

    /// A leader sends an AppendEntries or InstallSnapshot of its term.
    pub fn speaks_as_leader(&mut self, at: SimTime, leader: PeerId, term: Term) {
        let Some(contact) = &mut self.contact else { return };
        let elapsed = |since| self.ghost.patience.elapsed(since, at, leader);
        let Some(answering) = contact.speaks_alone(at, leader, elapsed) else { return };
        let (within, needed) = (contact.counts_for(), self.ghost.majority() - 1);
        self.unchecked(at, QuorumUnchecked::OfficeKept { leader, term, answering, within, needed });
    }

    /// What a peer owes its leader, which it has heard within the shortest election timeout, if it has.
    #[must_use]
    pub fn owes_loyalty(&self, at: SimTime, peer: PeerId) -> Option<Loyalty> {
        self.contact.as_ref()?;
        match self.ghost.patience.lacks(at, peer)? {
            (Calmed::ByLeader(leader), heard_ago, least) => {
                Some(Loyalty { leader, heard_ago, least })
            }
            _ => None,
        }
    }

    /// A peer that owed its leader loyalty has adopted the term of a request for a vote.
    pub fn heeds_request(
        &mut self,
        at: SimTime,
        (voter, candidate, term): (PeerId, PeerId, Term),
        Loyalty { leader, heard_ago, least }: Loyalty,
    ) {
        self.unchecked(
            at,
            QuorumUnchecked::LeaderDisturbed { voter, candidate, term, leader, heard_ago, least },
        );
    }

    #[cold]
    fn unchecked(&mut self, at: SimTime, evidence: QuorumUnchecked) {
        if self.findings.violation.is_none() && self.findings.asked.contains(Checker::CheckQuorum) {
            self.findings.weigh(&self.ghost, at, evidence.into());
        }
    }
}
