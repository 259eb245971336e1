//! What starts a peer's election timeout anew, so that it can be judged whether it has waited since.

use std::time::Duration;

use splitvote_peer::{PeerId, Role, SimTime};

use super::Judge;
use crate::observation::{Observation, entered, newly_cast};
use crate::patience::Calmed;

impl Judge {
    /// The shortest election timeout that a peer may draw. A scenario may shorten it later on; of a peer of
    /// which nothing was said, nothing is demanded.
    pub fn timeouts_at_least(&mut self, peer: PeerId, timeout: Duration) {
        self.ghost.patience.at_least(peer, timeout.max(Duration::from_nanos(1)));
    }

    /// A peer's clock jumps, or runs so many parts per million faster than virtual time from now on.
    pub fn clock_changes(&mut self, at: SimTime, peer: PeerId, rate_ppm: Option<i32>) {
        self.ghost.patience.clock_changes(peer, rate_ppm);
        if let Some(contact) = &mut self.contact {
            contact.clock_changes(at, peer);
        }
    }

    /// A peer is handed an AppendEntries or InstallSnapshot of no lower term than its own.
    #[inline]
    pub fn hears_leader(&mut self, at: SimTime, peer: PeerId, leader: PeerId) {
        self.ghost.patience.start_anew(at, peer, Calmed::ByLeader(leader));
    }

    /// Notes what takes the cause of the next election away.
    pub(super) fn note_patience(&mut self, at: SimTime, seen: &Observation) {
        match *seen {
            Observation::Booted { peer, .. } => self.ghost.patience.forget(peer),
            Observation::Changed { peer, before, after } => {
                self.note_office(at, peer, &before, &after);
                if entered(Role::Candidate, &before, &after) && after.term > before.term {
                    self.ghost.patience.start_anew(at, peer, Calmed::ByStanding);
                } else if let Some(candidate) = newly_cast(&before, &after) {
                    self.ghost.patience.start_anew(at, peer, Calmed::ByVote(candidate));
                }
            }
            _ => {}
        }
    }
}
