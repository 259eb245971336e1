//! Waits for what a calm core owes, and gives up when its time is over.

use std::time::Duration;

use splitvote_peer::{Peer, SimTime};

use super::awaited::Awaited;
use super::bound::Bound;
use super::stall::Stall;
use super::states::States;
use super::unable::Unable;
use super::watch::{Led, Watch};
use crate::cluster::Cluster;
use crate::failure::Failure;

/// How many of the longest timeouts a core is watched that is not able to make progress.
const PATIENCE: u32 = 5;

/// Why nothing is waited for any more.
pub(super) enum Halt {
    Failed(Failure),
    /// A core that is not able has been watched for long enough.
    Stuck(Awaited, Unable),
}

/// Why a wait ended without what was awaited.
pub(super) enum Ended {
    Halted(Halt),
    /// Whoever led does so no longer, or says so. What was awaited then.
    Deposed(Awaited),
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl<E: Into<Halt>> From<E> for Ended {
    fn from(halt: E) -> Self {
        Self::Halted(halt.into())
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
        let patience = patience(watch, bound);
        let until = since + patience;
        let mut states = States::default();
        loop {
            if let Some(come) = has_come(self)? {
                return Ok(come);
            }
            let left = until.since(self.now());
            if left.is_zero() {
                return Err(self.give_up(watch, awaited(self), (since, bound), &states).into());
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
    ) -> Halt {
        if let Err(why) = watch.able {
            return Halt::Stuck(awaited, why);
        }
        let (core, calm_since, at) = (watch.core, watch.calm_since, self.now());
        let (course, stances) = (states.course(), self.stances(core));
        let stall = Stall { at, calm_since, core, awaited, since, bound, course, stances };
        Halt::Failed(Failure::Stalled(Box::new(stall)))
    }

    /// A leader was deposed: the core has the rest of its time for another one. `states` has seen the
    /// others that were.
    pub(super) fn look_again(
        &mut self,
        watch: &Watch,
        since: SimTime,
        deposed: Awaited,
        states: &mut States,
    ) -> Result<(), Halt> {
        let bound = watch.pace.until_led();
        states.look(watch.members, |peer| self.view(peer).copied());
        if self.now() > since + patience(watch, bound) {
            // Of an able core it is no matter which of its leaders did not last.
            let is_refused = matches!(deposed, Awaited::Commitment { .. });
            let awaited =
                if watch.able.is_err() || is_refused { deposed } else { self.no_leader(watch) };
            return Err(self.give_up(watch, awaited, (since, bound), states));
        }
        Ok(self.run_for(watch.pace.look())?)
    }

    /// Whether all who have to still follow the leader. If not, and nothing from before the calm can be
    /// the cause, that is a failure.
    pub(super) fn is_in_office(&self, watch: &Watch, led: Led) -> Result<(), Ended> {
        if self.led(watch) == Some(led) {
            return Ok(());
        }
        let Led { leader, term } = led;
        let mut later = self.ledger().elections().filter(|election| election.term() > term);
        let first = later.find_map(|election| election.candidates().first());
        let awaited = Awaited::Stability { leader, term, rival: first.map(|rival| rival.peer) };
        let is_certain = watch.pace.is_certain() && !self.is_held_up(watch);
        if watch.able.is_err() || !is_certain || led.term < watch.highest {
            return Err(Ended::Deposed(awaited));
        }
        let since = first.map_or(self.now(), |rival| rival.stood_at);
        let bound = watch.pace.until_led();
        Err(self.give_up(watch, awaited, (since, bound), &States::default()).into())
    }

    /// Whether a sync from before the calm may hold up the answers without which, with CheckQuorum, a
    /// leader steps down.
    fn is_held_up(&self, watch: &Watch) -> bool {
        self.settings.check_quorum && self.now() <= watch.drained_at + watch.pace.silence()
    }
}

/// How long something is waited for.
fn patience(watch: &Watch, bound: Bound) -> Duration {
    match watch.able {
        Ok(()) => bound.total(),
        Err(_) => bound.total().min(watch.pace.timeout_max() * PATIENCE),
    }
}
