//! Since when each peer has had no cause to stand for election.
//!
//! Written with every heartbeat, so it is one number a peer. Time is the peer's own, for that is what
//! its timer goes by. A clock that jumps, or changes its rate, forgets what was known, and so does a
//! boot: nothing is held against the peer then until it hears the next time.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use splitvote_peer::time::nanos;
use splitvote_peer::{PeerId, SimTime};

/// What takes a peer's cause to stand away: its election timeout starts anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Calmed {
    /// It heard the leader of its term.
    ByLeader(PeerId),
    /// It granted its vote.
    ByVote(PeerId),
    /// It stood itself.
    ByStanding,
}

/// When a peer's election timeout last had to start anew, and by what.
#[derive(Clone, Copy, Debug)]
struct Start {
    at: SimTime,
    by: Calmed,
}

/// What is known of the timers of all peers.
#[derive(Clone, Debug)]
pub(crate) struct Patience {
    starts: Vec<Option<Start>>,
    /// How much faster than virtual time each clock runs, in parts per million.
    rates: Vec<i32>,
    /// The shortest election timeout that each peer may draw; zero if that is not known.
    least: Vec<Duration>,
}

impl Patience {
    pub(crate) fn new(cluster_size: usize) -> Self {
        let (starts, rates) = (vec![None; cluster_size], vec![0; cluster_size]);
        Self { starts, rates, least: vec![Duration::ZERO; cluster_size] }
    }

    /// The shortest election timeout that a peer may draw. Whoever is told more keeps the shortest.
    pub(crate) fn at_least(&mut self, peer: PeerId, timeout: Duration) {
        if let Some(least) = self.least.get_mut(peer.index()) {
            *least = if least.is_zero() { timeout } else { timeout.min(*least) };
        }
    }

    /// The shortest election timeout that a peer may draw; zero if that is not known.
    pub(crate) fn least(&self, peer: PeerId) -> Duration {
        self.least.get(peer.index()).copied().unwrap_or(Duration::ZERO)
    }

    /// A peer's clock is another from now on.
    pub(crate) fn clock_changes(&mut self, peer: PeerId, rate_ppm: Option<i32>) {
        if let (Some(rate), Some(rate_ppm)) = (self.rates.get_mut(peer.index()), rate_ppm) {
            *rate = rate_ppm;
        }
        self.forget(peer);
    }

    /// Nothing is known of a peer's timer any more.
    pub(crate) fn forget(&mut self, peer: PeerId) {
        if let Some(start) = self.starts.get_mut(peer.index()) {
            *start = None;
        }
    }

    #[inline]
    pub(crate) fn start_anew(&mut self, at: SimTime, peer: PeerId, by: Calmed) {
        if let Some(start) = self.starts.get_mut(peer.index()) {
            *start = Some(Start { at, by });
        }
    }

    /// How much time passes between two instants by a peer's own clock, if that runs on as it does.
    pub(crate) fn elapsed(&self, since: SimTime, at: SimTime, peer: PeerId) -> Duration {
        let rate = i128::from(self.rates.get(peer.index()).copied().unwrap_or(0)) + 1_000_000;
        let local = i128::from(nanos(at.since(since))) * rate / 1_000_000;
        Duration::from_nanos(u64::try_from(local).unwrap_or(u64::MAX))
    }

    /// What a peer that stands now should have waited for, how long it has waited by its own clock, and how
    /// long it should have at least; `None` if it has waited long enough.
    pub(crate) fn lacks(&self, at: SimTime, peer: PeerId) -> Option<(Calmed, Duration, Duration)> {
        let Start { at: since, by } = (*self.starts.get(peer.index())?)?;
        let waited = self.elapsed(since, at, peer);
        let least = *self.least.get(peer.index())?;
        // Conversions between clocks round.
        (waited + Duration::from_nanos(2) < least).then_some((by, waited, least))
    }
}
