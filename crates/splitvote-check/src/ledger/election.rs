//! One election: the term in which at least one peer became candidate.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use splitvote_peer::{Configuration, PeerId, PeerSet, SimTime, Term};

use super::outcome::{Ending, Outcome};
use super::rows::{Candidate, Request, Vote};
use super::split::{SplitCause, millis};

/// What happened in one term in which somebody stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Election {
    term: Term,
    pub(super) cluster_size: usize,
    pub(super) candidates: Vec<Candidate>,
    pub(super) votes: Vec<Vote>,
    pub(super) ended: Option<(Ending, SimTime)>,
    /// Who had voted for the winner when it took office. A broken Raft may vote again later.
    pub(super) won_with: PeerSet,
}

impl Election {
    pub(super) fn new(term: Term, cluster_size: usize) -> Self {
        Self {
            term,
            cluster_size,
            candidates: Vec::new(),
            votes: Vec::new(),
            ended: None,
            won_with: PeerSet::EMPTY,
        }
    }

    /// The term that it states.
    #[must_use]
    pub fn term(&self) -> Term {
        self.term
    }

    /// Who stood, in the order of standing.
    #[must_use]
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// The votes in the order in which they were cast: the last of each voter.
    #[must_use]
    pub fn votes(&self) -> &[Vote] {
        &self.votes
    }

    /// Who voted for the candidate.
    #[must_use]
    pub fn voters(&self, candidate: PeerId) -> PeerSet {
        let for_it = self.votes.iter().filter(|vote| vote.candidate == candidate);
        for_it.map(|vote| vote.voter).collect()
    }

    /// When the first candidate stood.
    #[must_use]
    pub fn started_at(&self) -> SimTime {
        self.candidates.first().map_or(SimTime::ZERO, |first| first.stood_at)
    }

    /// When it ended, if it did.
    #[must_use]
    pub fn ended_at(&self) -> Option<SimTime> {
        self.ended.map(|(_, at)| at)
    }

    /// From the first standing to the end, if it ended.
    #[must_use]
    pub fn duration(&self) -> Option<Duration> {
        self.ended_at().map(|at| at.since(self.started_at()))
    }

    /// How it ended.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self.ended {
            None => Outcome::Open,
            Some((Ending::Won(leader), _)) => Outcome::Won { leader },
            Some((Ending::Lost(candidate), _)) => Outcome::Lost { candidate },
            Some((Ending::Starved, _)) => Outcome::Starved,
            Some((Ending::Split, _)) => Outcome::Split { cause: self.split_cause() },
        }
    }

    fn split_cause(&self) -> SplitCause {
        SplitCause::of(&self.candidates, |candidate| self.voters(candidate))
    }

    pub(crate) fn ending(&self) -> Option<Ending> {
        self.ended.map(|(ending, _)| ending)
    }

    /// How an election ends that no leader ended.
    pub(super) fn ending_without_leader(&self) -> Ending {
        let configuration = Configuration::simple(self.cluster_size);
        let elected = self
            .candidates
            .iter()
            .map(|candidate| candidate.peer)
            .find(|candidate| configuration.has_quorum(self.voters(*candidate)));
        match (elected, self.candidates.len()) {
            (Some(candidate), _) => Ending::Lost(candidate),
            (None, 0 | 1) => Ending::Starved,
            (None, _) => Ending::Split,
        }
    }

    pub(super) fn has_stood(&self, peer: PeerId) -> bool {
        self.candidates.iter().any(|known| known.peer == peer)
    }

    pub(super) fn stand(&mut self, peer: PeerId, stood_at: SimTime) {
        if !self.has_stood(peer) {
            self.candidates.push(Candidate { peer, stood_at, requests: Vec::new() });
        }
    }

    /// Notes a vote. A voter has one row: a later vote for another takes its place.
    pub(super) fn vote(&mut self, voter: PeerId, candidate: PeerId, at: SimTime) -> &mut Vote {
        let vote = Vote { voter, candidate, cast_at: at, sent_at: None, received_at: None };
        let known = self.votes.iter().position(|vote| vote.voter == voter);
        let place = known.unwrap_or(self.votes.len());
        if known.is_none() {
            self.votes.push(vote);
        }
        let row = &mut self.votes[place];
        if row.candidate != candidate {
            *row = vote;
        }
        row
    }

    /// Notes a request of the first candidate. The others' are of no interest: a split is explained
    /// by how far the first one's came.
    pub(super) fn request(&mut self, candidate: PeerId, voter: PeerId, sent_at: SimTime) {
        let first = self.candidates.first_mut().filter(|first| first.peer == candidate);
        let Some(asker) = first else { return };
        if !asker.requests.iter().any(|request| request.voter == voter) {
            let request = Request { voter, first_sent_at: sent_at, first_received_at: None };
            asker.requests.push(request);
        }
    }

    pub(super) fn receive(&mut self, candidate: PeerId, voter: PeerId, at: SimTime) {
        let first = self.candidates.first_mut().filter(|first| first.peer == candidate);
        let Some(asker) = first else { return };
        if let Some(request) = asker.requests.iter_mut().find(|request| request.voter == voter) {
            request.first_received_at.get_or_insert(at);
        }
    }
}

impl fmt::Display for Election {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let term = self.term;
        match self.ended {
            Some((Ending::Won(leader), at)) => {
                let (voters, took) = (self.won_with, at.since(self.started_at()));
                write!(f, "term {term} was won by {leader} with the votes of {voters} at {at}, ")?;
                write!(f, "{} after the first candidate stood", millis(took))
            }
            Some((Ending::Lost(candidate), _)) => {
                let voters = self.voters(candidate);
                write!(f, "term {term} was lost: {voters} voted for {candidate}, ")?;
                write!(f, "which never took office")
            }
            Some((Ending::Starved, _)) => {
                write!(f, "term {term} starved: ")?;
                self.fmt_candidates(f)?;
                write!(f, ", too few of {}", self.cluster_size)
            }
            Some((Ending::Split, _)) => {
                write!(f, "term {term} was split: {}", self.split_cause())
            }
            None => {
                write!(f, "term {term} is open: ")?;
                self.fmt_candidates(f)
            }
        }
    }
}

impl Election {
    fn fmt_candidates(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, candidate) in self.candidates.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            let (peer, stood_at) = (candidate.peer, candidate.stood_at);
            write!(f, "{comma}{peer} stood at {stood_at} (votes of {})", self.voters(peer))?;
        }
        Ok(())
    }
}
