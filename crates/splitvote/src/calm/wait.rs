//! Waits for what a calm core owes, and gives up when its time is over.

use splitvote_peer::{Peer, SimTime};

use super::awaited::Awaited;
use super::pace::Bound;
use super::stall::Stall;
use super::states::States;
use super::watch::{Led, Watch};
use crate::cluster::Cluster;
use crate::failure::Failure;

/// How many of the longest timeouts a core is watched that is not able to make progress.
const PATIENCE: u32 = 5;

/// Why a wait ended without what was awaited.
pub(super) enum Ended {
    Failed(Failure),
    Stuck(Awaited),
    Deposed,
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl<P: Peer> Cluster<P> {
    /// Lets time pass until something has come, for as long as the bound says.
    pub(super) fn wait<T>(
        &mut self,
        watch: &Watch,
        (since, bound): (SimTime, Bound),
        mut has_come: impl FnMut(&Self) -> Result<Option<T>, Ended>,
        awaited: impl Fn(&Self) -> Awaited,
    ) -> Result<T, Ended> {
        let patience = match watch.able {
            Ok(()) => bound.total(),
            Err(_) => bound.total().min(watch.pace.timeout_max() * PATIENCE),
        };
        let until = since + patience;
        let mut states = States::default();
        loop {
            if let Some(come) = has_come(self)? {
                return Ok(come);
            }
            let left = until.since(self.now());
            if left.is_zero() {
                return Err(self.give_up(watch, awaited(self), (since, bound), &states));
            }
            // Only a wait that is long overdue is looked at: the others cost nothing.
            if left <= patience / 2 {
                states.look(watch.members, |peer| self.view(peer).copied());
            }
            self.run_for(watch.pace.look().min(left))?;
        }
    }

    fn give_up(
        &self,
        watch: &Watch,
        awaited: Awaited,
        (since, bound): (SimTime, Bound),
        states: &States,
    ) -> Ended {
        if watch.able.is_err() {
            return Ended::Stuck(awaited);
        }
        let (core, calm_since, at) = (watch.core, watch.calm_since, self.now());
        let (course, stances) = (states.course(), self.stances(core));
        let stall = Stall { at, calm_since, core, awaited, since, bound, course, stances };
        Ended::Failed(Failure::Stalled(Box::new(stall)))
    }

    /// A leader was deposed: the core has the rest of its time for another one.
    pub(super) fn look_again(&mut self, watch: &Watch, since: SimTime) -> Result<(), Failure> {
        let bound = watch.pace.until_led();
        if watch.able.is_ok() && self.now() > since + bound.total() {
            let awaited = self.no_leader(watch);
            if let Ended::Failed(stall) =
                self.give_up(watch, awaited, (since, bound), &States::default())
            {
                return Err(stall);
            }
        }
        self.run_for(watch.pace.look())
    }

    /// Whether all members still follow the leader. If not, and no term from before the calm can be the
    /// cause, that is a failure.
    pub(super) fn is_in_office(&self, watch: &Watch, led: Led) -> Result<(), Ended> {
        if self.led(watch.members) == Some(led) {
            return Ok(());
        }
        if watch.able.is_err() || !watch.pace.is_certain() || led.term < watch.highest {
            return Err(Ended::Deposed);
        }
        let Led { leader, term } = led;
        let mut later = self.ledger().elections().filter(|election| election.term() > term);
        let first = later.find_map(|election| election.candidates().first());
        let awaited = Awaited::Stability { leader, term, rival: first.map(|rival| rival.peer) };
        let since = first.map_or(self.now(), |rival| rival.stood_at);
        let bound = watch.pace.until_led();
        Err(self.give_up(watch, awaited, (since, bound), &States::default()))
    }
}
