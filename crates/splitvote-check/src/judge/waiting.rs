//! How elections come before the judge that have no cause: what starts a peer's election timeout anew, and
//! whether it has waited since.

use std::time::Duration;

use splitvote_peer::{PeerId, Role, SimTime};

use super::Judge;
use crate::checker::Checker;
use crate::checkers::patience;
use crate::evidence::Evidence;
use crate::observation::{Observation, entered, newly_cast};
use crate::patience::Calmed;

impl Judge {
    /// The shortest election timeout that a peer may draw. A scenario may shorten it later on; of a peer of
    /// which nothing was said, nothing is demanded.
    pub fn timeouts_at_least(&mut self, peer: PeerId, timeout: Duration) {
        self.patience.at_least(peer, timeout.max(Duration::from_nanos(1)));
    }

    /// A peer's clock jumps, or runs so many parts per million faster than virtual time from now on.
    pub fn clock_changes(&mut self, at: SimTime, peer: PeerId, rate_ppm: Option<i32>) {
        self.patience.clock_changes(peer, rate_ppm);
        self.stands_still(at, peer);
    }

    /// A peer is handed an AppendEntries or InstallSnapshot of no lower term than its own.
    #[inline]
    pub fn hears_leader(&mut self, at: SimTime, peer: PeerId, leader: PeerId) {
        self.patience.start_anew(at, peer, Calmed::ByLeader(leader));
    }

    /// Judges whether an election has a cause, and notes what takes the cause of the next one away.
    pub(super) fn judge_patience(&mut self, at: SimTime, seen: &Observation) {
        if self.violation.is_none()
            && self.asked.contains(Checker::Patience)
            && let Some(evidence) = patience::check(&self.patience, at, seen)
        {
            self.convict(at, Evidence::StoodTooEarly(evidence));
        }
        match *seen {
            Observation::Booted { peer, .. } => self.patience.forget(peer),
            Observation::Changed { peer, before, after } => {
                self.note_office(at, peer, &before, &after);
                if entered(Role::Candidate, &before, &after) && after.term > before.term {
                    self.patience.start_anew(at, peer, Calmed::ByStanding);
                } else if let Some(candidate) = newly_cast(&before, &after) {
                    self.patience.start_anew(at, peer, Calmed::ByVote(candidate));
                }
            }
            _ => {}
        }
    }
}
