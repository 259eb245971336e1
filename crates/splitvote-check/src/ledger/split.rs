//! Why a vote was split: the gap between the candidates' timeouts against the one-way delay
//! between them.
//!
//! The first candidate wins if its request reaches the others before they stand themselves. So
//! each later candidate is held against the first: how much later it stood, and how long the
//! first one's request to it was under way.

use std::fmt;
use std::time::Duration;

use splitvote_peer::{PeerId, PeerSet, SimTime};

use super::rows::Candidate;

/// How far the first candidate's request came on its way to a later candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It arrived so long after it was first sent.
    Needed(Duration),
    /// It was sent and never arrived.
    NeverArrived,
    /// It was never sent.
    NeverSent,
    /// The first candidate described no request at all.
    Unknown,
}

/// A candidate that stood after the first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LateCandidate {
    /// The peer that this is about.
    pub peer: PeerId,
    /// How long after the first one it stood.
    pub gap: Duration,
    /// What became of the first one's request to it.
    pub reach: Reach,
    /// Who voted for it, itself included.
    pub voters: PeerSet,
}

/// Why none of several candidates could win. Prints as one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitCause {
    /// Who stood first.
    pub first: PeerId,
    /// When it did.
    pub stood_at: SimTime,
    /// Who voted for it, itself included.
    pub voters: PeerSet,
    /// The others in the order of standing.
    pub others: Vec<LateCandidate>,
}

impl SplitCause {
    /// What divided the votes between these candidates, in the order of standing; `voters` tells who
    /// voted for one.
    pub(super) fn of(candidates: &[Candidate], voters: impl Fn(PeerId) -> PeerSet) -> Self {
        let late = |first: &Candidate, other: &Candidate| LateCandidate {
            peer: other.peer,
            gap: other.stood_at.since(first.stood_at),
            reach: reach(first, other.peer),
            voters: voters(other.peer),
        };
        let Some((first, others)) = candidates.split_first() else {
            let (first, stood_at) = (PeerId(0), SimTime::ZERO);
            return Self { first, stood_at, voters: PeerSet::EMPTY, others: Vec::new() };
        };
        Self {
            first: first.peer,
            stood_at: first.stood_at,
            voters: voters(first.peer),
            others: others.iter().map(|other| late(first, other)).collect(),
        }
    }
}

fn reach(first: &Candidate, other: PeerId) -> Reach {
    if first.requests.is_empty() {
        return Reach::Unknown;
    }
    let request = first.requests.iter().find(|request| request.voter == other);
    match request.map(|request| (request.first_sent_at, request.first_received_at)) {
        None => Reach::NeverSent,
        Some((_, None)) => Reach::NeverArrived,
        Some((sent_at, Some(received_at))) => Reach::Needed(received_at.since(sent_at)),
    }
}

impl fmt::Display for SplitCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, stood_at, voters, others } = self;
        write!(f, "{first} stood at {stood_at} (votes of {voters})")?;
        for LateCandidate { peer, gap, reach, voters } in others {
            write!(f, ", {peer} stood {} later (votes of {voters})", millis(*gap))?;
            match reach {
                Reach::Needed(delay) => {
                    write!(f, " while {first}'s request needed {} to reach it", millis(*delay))?;
                }
                Reach::NeverArrived => write!(f, " while {first}'s request never reached it")?,
                Reach::NeverSent => write!(f, " and was never asked by {first}")?,
                Reach::Unknown => {}
            }
        }
        Ok(())
    }
}

/// Shows a duration in milliseconds with one decimal, cut off; below a tenth in microseconds.
pub(super) fn millis(duration: Duration) -> Millis {
    Millis(duration)
}

/// A duration in milliseconds: see [`millis`].
pub(super) struct Millis(Duration);

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.0.as_micros();
        if micros < 100 {
            return write!(f, "{micros} us");
        }
        write!(f, "{}.{} ms", micros / 1_000, micros % 1_000 / 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_print_in_the_unit_that_shows_them() {
        let shown = |micros| millis(Duration::from_micros(micros)).to_string();
        assert_eq!(shown(4_190), "4.1 ms");
        assert_eq!(shown(99), "99 us");
        assert_eq!(shown(0), "0 us");
        assert_eq!(shown(1_250_000), "1250.0 ms");
    }
}
