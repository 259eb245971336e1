//! The election ledger: who stood, who voted for whom, and how each election ended.
//!
//! An election is a term in which at least one peer became candidate. It ends when a leader of
//! that term exists, or when every live peer's term is higher. Then it is exactly one of won,
//! split, lost and starved ([`Outcome`]); until then it is open.
//!
//! While no peer lives, nothing ends: a peer that restarts may still be in the term. A peer that
//! restarts in an old term may even stand, or win, in a term that had ended without a leader; the
//! election is then open again, or won.

mod counts;
mod election;
mod outcome;
mod rows;
mod split;

use std::collections::BTreeSet;

use splitvote_peer::{PeerId, Role, SimTime, Term, View};

use crate::by_term::ByTerm;
use crate::ghost::Ghost;
use crate::observation::{Observation, entered, newly_cast};

pub use counts::ElectionCounts;
pub use election::Election;
pub(crate) use outcome::Ending;
pub use outcome::Outcome;
pub use rows::{Candidate, Vote};
pub use split::{LateCandidate, Reach, SplitCause};

/// What an observation changed in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// A second candidate stood in the term.
    Contested,
    /// The election ended.
    Closed(Term, Ending),
    /// The election had ended without a leader, and has not after all.
    Reopened(Term, Ending),
}

/// All elections of a run.
#[derive(Clone, Debug)]
pub struct Ledger {
    cluster_size: usize,
    elections: ByTerm<Election>,
    /// The terms of the elections that have not ended. Few while peers move on together, but one
    /// peer that lags keeps all of them open, so what has ended is taken from the front.
    open: BTreeSet<Term>,
    /// How many elections there are, since whoever has a budget of them asks after every event.
    begun: u64,
    turns: Vec<Turn>,
}

impl Ledger {
    pub(crate) fn new(cluster_size: usize) -> Self {
        Self {
            cluster_size,
            elections: ByTerm::default(),
            open: BTreeSet::new(),
            begun: 0,
            turns: Vec::new(),
        }
    }

    /// The elections in the order of their terms.
    pub fn elections(&self) -> impl DoubleEndedIterator<Item = &Election> {
        self.elections.values().filter(|election| !election.candidates.is_empty())
    }

    /// How many elections have begun.
    #[must_use]
    pub fn begun(&self) -> u64 {
        self.begun
    }

    /// The election of that term, if anyone stood in it.
    #[must_use]
    pub fn election(&self, term: Term) -> Option<&Election> {
        self.elections.get(term).filter(|election| !election.candidates.is_empty())
    }

    /// How many elections ended how.
    #[must_use]
    pub fn counts(&self) -> ElectionCounts {
        let mut counts = ElectionCounts::default();
        for election in self.elections() {
            *match election.ending() {
                Some(Ending::Won(_)) => &mut counts.won,
                Some(Ending::Split) => &mut counts.split,
                Some(Ending::Lost(_)) => &mut counts.lost,
                Some(Ending::Starved) => &mut counts.starved,
                None => &mut counts.open,
            } += 1;
        }
        counts
    }

    /// What the last observation changed.
    pub(crate) fn turns(&self) -> &[Turn] {
        &self.turns
    }

    /// Takes an observation in; the ghost has already seen it.
    pub(crate) fn record(&mut self, ghost: &Ghost, at: SimTime, observation: &Observation) {
        self.turns.clear();
        match *observation {
            Observation::Booted { peer, view, .. } => {
                self.look_at(at, peer, &View::NEW, &view);
                self.close(ghost, at);
            }
            Observation::Crashed { .. } => self.close(ghost, at),
            Observation::Changed { peer, before, after } => {
                self.look_at(at, peer, &before, &after);
                if before.term != after.term {
                    self.close(ghost, at);
                }
            }
            Observation::VoteRequestSent { candidate, voter, term, .. } => {
                self.entry(term).request(candidate, voter, at);
            }
            Observation::VoteRequestReceived { candidate, voter, term } => {
                self.entry(term).receive(candidate, voter, at);
            }
            Observation::VoteGrantSent { voter, candidate, term } => {
                self.entry(term).vote(voter, candidate, at).sent_at.get_or_insert(at);
            }
            Observation::VoteGrantReceived { voter, candidate, term } => {
                self.entry(term).vote(voter, candidate, at).received_at.get_or_insert(at);
            }
            _ => {}
        }
    }

    fn entry(&mut self, term: Term) -> &mut Election {
        let cluster_size = self.cluster_size;
        self.elections.of(term, || Election::new(term, cluster_size))
    }

    fn look_at(&mut self, at: SimTime, peer: PeerId, before: &View, after: &View) {
        let term = after.term;
        if let Some(candidate) = newly_cast(before, after) {
            self.entry(term).vote(peer, candidate, at);
        }
        let took_office = entered(Role::Leader, before, after);
        let has_stood = || self.elections.get(term).is_some_and(|held| held.has_stood(peer));
        if entered(Role::Candidate, before, after) || (took_office && !has_stood()) {
            self.stand(term, peer, at);
        }
        if took_office {
            self.win(term, peer, at);
        }
    }

    fn stand(&mut self, term: Term, peer: PeerId, at: SimTime) {
        let election = self.entry(term);
        let (is_first, ending) = (election.candidates.is_empty(), election.ending());
        let stood = election.candidates.len();
        election.stand(peer, at);
        let is_contested = stood == 1 && election.candidates.len() == 2;
        let reopened = ending.filter(|ending| !matches!(ending, Ending::Won(_)));
        if let Some(ending) = reopened {
            election.ended = None;
            self.turns.push(Turn::Reopened(term, ending));
        }
        self.begun += u64::from(is_first);
        if is_first || reopened.is_some() {
            self.open.insert(term);
        }
        if is_contested {
            self.turns.push(Turn::Contested);
        }
    }

    fn win(&mut self, term: Term, leader: PeerId, at: SimTime) {
        let election = self.entry(term);
        let earlier = election.ending();
        if matches!(earlier, Some(Ending::Won(_))) {
            return;
        }
        election.ended = Some((Ending::Won(leader), at));
        election.won_with = election.voters(leader);
        self.open.remove(&term);
        self.turns.extend(earlier.map(|ending| Turn::Reopened(term, ending)));
        self.turns.push(Turn::Closed(term, Ending::Won(leader)));
    }

    /// At the end of the run: closes what has ended, and leaves the rest open.
    pub(crate) fn close_ended(&mut self, ghost: &Ghost, at: SimTime) {
        self.turns.clear();
        self.close(ghost, at);
    }

    /// Closes the open elections that every live peer has left behind.
    fn close(&mut self, ghost: &Ghost, at: SimTime) {
        if self.open.is_empty() {
            return;
        }
        let Some(lowest) = ghost.lowest_live_term() else {
            return;
        };
        while let Some(term) = self.open.first().copied().filter(|term| *term < lowest) {
            self.open.remove(&term);
            let Some(election) = self.elections.get_mut(term) else { continue };
            let ending = election.ending_without_leader();
            election.ended = Some((ending, at));
            self.turns.push(Turn::Closed(term, ending));
        }
    }
}

#[cfg(test)]
mod tests;
