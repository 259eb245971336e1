//! The rows of an election: who stood and whom it asked, and who voted for whom.

use serde::{Deserialize, Serialize};
use splitvote_peer::{PeerId, SimTime};

/// One peer that stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The peer that this is about.
    pub peer: PeerId,
    /// When it became candidate of the term.
    pub stood_at: SimTime,
    /// Its requests, if it was the first to stand.
    pub(super) requests: Vec<Request>,
}

/// The requests of one candidate to one peer, repeats included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) voter: PeerId,
    pub(super) first_sent_at: SimTime,
    pub(super) first_received_at: Option<SimTime>,
}

/// One vote: who, for whom, when, and how far the news of it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// The peer that voted.
    pub voter: PeerId,
    /// The candidate that got the vote.
    pub candidate: PeerId,
    /// When it was cast: the voter's view showed it, or else the granting reply left.
    pub cast_at: SimTime,
    /// When the first granting reply left. None for a candidate's own vote.
    pub sent_at: Option<SimTime>,
    /// When the first granting reply reached the candidate.
    pub received_at: Option<SimTime>,
}
