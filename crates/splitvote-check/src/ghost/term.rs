//! What is remembered of one term: who led it, who voted for whom, who asked with which log.
//!
//! Lists are short (a row a peer) and searched from the front.

use splitvote_peer::{LogPosition, PeerId, PeerSet, SimTime};

/// A peer in office.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reign {
    /// The peer that leads.
    pub(crate) leader: PeerId,
    /// The instant since which it is so.
    pub(crate) since: SimTime,
}

/// One peer's vote for one candidate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ballot {
    pub(crate) voter: PeerId,
    pub(crate) candidate: PeerId,
    /// When it was first seen.
    pub(crate) at: SimTime,
    /// Whether the voter ever told the candidate.
    pub(crate) is_granted: bool,
    /// Whether it was ever on the voter's disk.
    pub(crate) is_durable: bool,
}

/// What one candidate of a term asked for.
#[derive(Clone, Copy, Debug)]
struct Request {
    candidate: PeerId,
    /// The most up-to-date log that it stated.
    stated: LogPosition,
    /// Who had no more up-to-date log at one of the times that it was asked or noted its vote: the
    /// answer may leave later.
    may_grant: PeerSet,
    /// Who was handed the request while it was in no later term.
    heard_in_time: PeerSet,
}

/// All that is remembered of one term.
#[derive(Clone, Debug, Default)]
pub(crate) struct TermGhost {
    reigns: Vec<Reign>,
    ballots: Vec<Ballot>,
    asked: Vec<Request>,
}

impl TermGhost {
    /// The first leader of the term other than the peer.
    pub(crate) fn other_reign(&self, peer: PeerId) -> Option<Reign> {
        self.reigns.iter().copied().find(|reign| reign.leader != peer)
    }

    pub(crate) fn has_led(&self, peer: PeerId) -> bool {
        self.reigns.iter().any(|reign| reign.leader == peer)
    }

    /// Everyone who ever voted for the candidate.
    pub(crate) fn voters(&self, candidate: PeerId) -> PeerSet {
        let for_it = self.ballots.iter().filter(|ballot| ballot.candidate == candidate);
        for_it.map(|ballot| ballot.voter).collect()
    }

    pub(crate) fn find(&self, voter: PeerId, candidate: PeerId) -> Option<&Ballot> {
        self.ballots.iter().find(|ballot| ballot.voter == voter && ballot.candidate == candidate)
    }

    /// A vote for anyone but the candidate that binds the voter for ever: someone may count it.
    ///
    /// 1. Suppose S3 notes a vote for S1 in memory and crashes before the sync.
    /// 2. Nobody heard of the vote and the disk has lost it.
    /// 3. So S3 may vote for S2 in the same term: a vote that is merely seen binds one life only.
    pub(crate) fn binding_vote_for_another(
        &self,
        voter: PeerId,
        candidate: PeerId,
    ) -> Option<&Ballot> {
        self.votes_for_others(voter, candidate)
            .find(|ballot| ballot.is_durable || self.is_told(ballot))
    }

    fn votes_for_others(&self, voter: PeerId, candidate: PeerId) -> impl Iterator<Item = &Ballot> {
        let is_other = move |ballot: &&Ballot| ballot.candidate != candidate;
        self.ballots.iter().filter(move |ballot| ballot.voter == voter).filter(is_other)
    }

    /// The most up-to-date log with which the candidate asked for votes.
    pub(crate) fn stated_log(&self, candidate: PeerId) -> Option<LogPosition> {
        self.request(candidate).map(|request| request.stated)
    }

    fn request(&self, candidate: PeerId) -> Option<&Request> {
        self.asked.iter().find(|request| request.candidate == candidate)
    }

    /// Whether the voter, when it was asked or noted its vote, had no more up-to-date log than the
    /// candidate.
    pub(crate) fn may_grant(&self, voter: PeerId, candidate: PeerId) -> bool {
        self.request(candidate).is_some_and(|request| request.may_grant.contains(voter))
    }

    /// The voter considers the candidate, with a log that ends here.
    pub(crate) fn consider(&mut self, voter: PeerId, candidate: PeerId, log: LogPosition) {
        let request = self.asked.iter_mut().find(|request| request.candidate == candidate);
        if let Some(request) = request
            && log <= request.stated
        {
            request.may_grant.insert(voter);
        }
    }

    /// The voter is handed the candidate's request, and is in no later term.
    pub(crate) fn hear_in_time(&mut self, voter: PeerId, candidate: PeerId) {
        let request = self.asked.iter_mut().find(|request| request.candidate == candidate);
        if let Some(request) = request {
            request.heard_in_time.insert(voter);
        }
    }

    /// Whether the voter was ever handed the candidate's request while it was in no later term, so that it may have
    /// cast its vote in the term and left that in one step.
    pub(crate) fn has_heard_in_time(&self, voter: PeerId, candidate: PeerId) -> bool {
        self.request(candidate).is_some_and(|request| request.heard_in_time.contains(voter))
    }

    /// A vote for anyone but the candidate that was told to that one, or that the voter has counted
    /// for itself as leader.
    pub(crate) fn told_vote_for_another(
        &self,
        voter: PeerId,
        candidate: PeerId,
    ) -> Option<&Ballot> {
        self.votes_for_others(voter, candidate).find(|ballot| self.is_told(ballot))
    }

    fn is_told(&self, ballot: &Ballot) -> bool {
        ballot.is_granted || ballot.voter == ballot.candidate && self.has_led(ballot.voter)
    }

    /// Everyone who told the candidate that it has its vote.
    pub(crate) fn granted_to(&self, candidate: PeerId) -> PeerSet {
        let told = self.ballots.iter().filter(|ballot| ballot.is_granted);
        told.filter(|ballot| ballot.candidate == candidate).map(|ballot| ballot.voter).collect()
    }

    pub(crate) fn crown(&mut self, leader: PeerId, since: SimTime) {
        if !self.has_led(leader) {
            self.reigns.push(Reign { leader, since });
        }
    }

    pub(crate) fn ask(&mut self, candidate: PeerId, last_log: LogPosition) {
        match self.asked.iter_mut().find(|request| request.candidate == candidate) {
            Some(request) => request.stated = last_log.max(request.stated),
            None => {
                let (stated, may_grant, heard_in_time) = (last_log, PeerSet::EMPTY, PeerSet::EMPTY);
                self.asked.push(Request { candidate, stated, may_grant, heard_in_time });
            }
        }
    }

    /// The ballot of the voter for the candidate, noted now if it is new.
    pub(crate) fn ballot(&mut self, voter: PeerId, candidate: PeerId, at: SimTime) -> &mut Ballot {
        let known = self
            .ballots
            .iter()
            .position(|ballot| ballot.voter == voter && ballot.candidate == candidate);
        let place = known.unwrap_or(self.ballots.len());
        if known.is_none() {
            let ballot = Ballot { voter, candidate, at, is_granted: false, is_durable: false };
            self.ballots.push(ballot);
        }
        &mut self.ballots[place]
    }
}
