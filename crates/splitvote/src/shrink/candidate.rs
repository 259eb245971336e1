//! What is tried: a plan and the seed of its world.

use std::time::Duration;

use splitvote_peer::{PeerId, SimTime};
use splitvote_sim::Seed;

use crate::act::Timed;
use crate::fault::{ElectionTimeout, Fault};
use crate::plan::Plan;
use crate::setup::Setup;

/// A plan and its seed: together they are a run.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What is done.
    pub plan: Plan,
    /// From which the draws derive that the plan does not write down.
    pub seed: Seed,
}

/// The end of a case that fails at this instant: it ends when it fails, and that is a round number as well
/// as any after it.
pub(super) fn end_of_case(fails_at: SimTime) -> SimTime {
    SimTime(fails_at.0.next_multiple_of(10_000_000))
}

impl Candidate {
    /// The plan, which goes on for so long if nothing is demanded, and for so many events at most.
    pub(super) fn limited(&self, until: SimTime, max_events: u64) -> Plan {
        let mut plan = self.plan.clone();
        if plan.demand.is_none() {
            plan.until = until;
        }
        plan.setup.limits.events = plan.setup.limits.events.min(max_events);
        plan
    }

    /// The same without the acts at these places, which are in order.
    pub(super) fn without_acts(&self, places: &[usize]) -> Self {
        let mut place = 0..;
        self.changing_acts(|timed| {
            let is_gone = place.next().is_some_and(|place| places.binary_search(&place).is_ok());
            (!is_gone).then(|| timed.clone())
        })
    }

    /// The same without faults of a kind.
    pub(super) fn without_faults(&self, is_gone: impl Fn(&Fault) -> bool) -> Self {
        self.changing_acts(|timed| {
            (!timed.act.fault().is_some_and(&is_gone)).then(|| timed.clone())
        })
    }

    /// The same without the fates of packets at these places of their list.
    pub(super) fn without_fates(&self, is_gone: impl Fn(usize) -> bool) -> Self {
        self.changing_setup(|setup| {
            let mut place = 0..;
            setup.overrides.packets.retain(|_, _| !place.next().is_some_and(&is_gone));
        })
    }

    /// The same with every act replaced by what `change` makes of it, if anything.
    pub(super) fn changing_acts(&self, mut change: impl FnMut(&Timed) -> Option<Timed>) -> Self {
        let mut other = self.clone();
        other.plan.acts = self.plan.acts.iter().filter_map(&mut change).collect();
        other
    }

    /// The same with another setup.
    pub(super) fn changing_setup(&self, change: impl FnOnce(&mut Setup)) -> Self {
        let mut other = self.clone();
        change(&mut other.plan.setup);
        other
    }

    /// Whether it could be read as a case: what is demanded is demanded after all acts.
    pub(super) fn is_in_order(&self) -> bool {
        let Plan { acts, demand, until, .. } = &self.plan;
        demand.is_none() || acts.iter().all(|timed| timed.at <= *until)
    }

    /// How many timeouts are written down that their peers could not draw: outside of the range of the configuration,
    /// unless the plan says from its beginning on that the peer's timeout is this one.
    pub(super) fn odd_timeouts(&self) -> usize {
        let Plan { setup, acts, .. } = &self.plan;
        let timing = &setup.settings.timing;
        let range = timing.election_timeout_min..=timing.election_timeout_max;
        let is_said = |peer: PeerId, timeout: Duration| {
            let said = Fault::from(ElectionTimeout { of: peer, is: Some(timeout) });
            let first = acts.iter().take_while(|timed| timed.at == SimTime::ZERO);
            first.filter_map(|timed| timed.act.fault()).any(|fault| *fault == said)
        };
        let written = setup.overrides.election_timeouts.iter();
        written
            .filter(|((peer, _), timeout)| !range.contains(timeout) && !is_said(*peer, **timeout))
            .count()
    }

    /// Cuts off what comes after the end of a run of which nothing is demanded.
    pub(super) fn cut_off_at(&mut self, until: SimTime) {
        if self.plan.demand.is_none() {
            self.plan.acts.retain(|timed| timed.at <= until);
            self.plan.until = until;
        }
    }
}
