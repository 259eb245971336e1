//! Waits for each thing that a calm core has to do, in turn.
//!
//! A leader that is deposed sends the core back to the beginning, once for each higher term that was on
//! its way before the calm. After that no election has a cause any more:
//! 1. Suppose all members follow the leader of the highest term that there ever was, and have heard from it
//!    since the calm began.
//! 2. Then whoever stands from now on has gone without a heartbeat for at least the shortest timeout.
//! 3. But heartbeats come more often than that ([`Unable::HeartbeatsTooSlow`]).

use std::time::Duration;

use splitvote_check::Happening;
use splitvote_peer::{
    Command, LogIndex, Peer, PeerId, PeerSet, ProposalAnswer, RequestId, Role, SimTime, Term,
};

use super::ability::Unable;
use super::awaited::Awaited;
use super::pace::{Bound, Pace};
use super::stall::Stall;
use super::states::States;
use super::{Calm, Settled};
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::trace::What;

/// How many of the longest timeouts a core is watched that is not able to make progress.
const PATIENCE: u32 = 5;
/// For how many of the longest timeouts a leader has to stay in office.
const STABLE: u32 = 2;

/// Who is watched, and what may be demanded.
struct Watch {
    core: PeerSet,
    members: PeerSet,
    able: Result<(), Unable>,
    pace: Pace,
    calm_since: SimTime,
    /// When the last of what was under way before the calm has arrived.
    drained_at: SimTime,
    /// The highest term that there ever was.
    highest: Term,
}

/// A leader that all members follow.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Led {
    leader: PeerId,
    term: Term,
}

/// A probe on its way.
struct Probe {
    request: RequestId,
    command: Command,
}

/// Why a wait ended without what was awaited.
enum Ended {
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
    /// Demands that a core elect, commit and converge as things stand; nothing is healed before.
    ///
    /// # Errors
    /// If it makes no progress though it is able to, or a safety property is violated meanwhile.
    pub fn settle(&mut self, core: PeerSet) -> Result<Calm, Failure> {
        self.settle_for(core, Duration::ZERO)
    }

    /// The same, and goes on until so much time has passed.
    pub(super) fn settle_for(&mut self, core: PeerSet, lasts: Duration) -> Result<Calm, Failure> {
        let watch = self.watch(core);
        self.tell(|| format!("the core {core} is calm"));
        let mut since = watch.calm_since.max(watch.drained_at);
        let calm = loop {
            match self.settle_once(&watch, since) {
                Ok(settled) => break Calm::Settled(settled),
                Err(Ended::Failed(failure)) => return Err(failure),
                Err(Ended::Stuck(awaited)) => {
                    // An able core that is stuck has failed.
                    let Err(why) = watch.able else { continue };
                    break Calm::Stuck { core, why, awaited };
                }
                Err(Ended::Deposed) => {
                    if self.highest_term(watch.members) <= watch.highest {
                        since = self.now();
                    }
                    self.look_again(&watch, since)?;
                }
            }
        };
        let passed = self.now().since(watch.calm_since);
        self.run_for(lasts.saturating_sub(passed))?;
        if let Calm::Settled(settled) = &calm {
            self.stays_in_office(&watch, settled)?;
        }
        self.court_mut().happened(match calm {
            Calm::Settled(_) => Happening::Settled,
            Calm::Stuck { .. } => Happening::AllowedToBeStuck,
        });
        self.tell(|| calm.to_string());
        Ok(calm)
    }

    /// A leader was deposed: the core has the rest of its time for another one.
    fn look_again(&mut self, watch: &Watch, since: SimTime) -> Result<(), Failure> {
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

    fn watch(&self, core: PeerSet) -> Watch {
        let members = self.members(core);
        let (calm_since, world) = (self.now(), self.world());
        let elections = self.ledger().elections().map(splitvote_check::Election::term);
        Watch {
            core,
            members,
            able: self.is_able(core),
            pace: Pace::of(self, members),
            calm_since,
            drained_at: world.last_event_at().unwrap_or(calm_since),
            highest: elections
                .max()
                .unwrap_or(0)
                .max(self.highest_term(PeerSet::all(world.cluster_size()))),
        }
    }

    fn tell(&mut self, text: impl FnOnce() -> String) {
        let now = self.now();
        self.court_mut().note(now, || What::Note { text: text() });
    }

    fn highest_term(&self, peers: PeerSet) -> Term {
        peers.iter().filter_map(|peer| Some(self.view(peer)?.term)).max().unwrap_or(0)
    }

    /// All that is demanded, once: each from the moment on in which the one before has come.
    fn settle_once(&mut self, watch: &Watch, since: SimTime) -> Result<Settled, Ended> {
        let after = |cluster: &Self| cluster.now().since(watch.calm_since);
        let led = self.until_led(watch, since)?;
        let led_after = after(self);
        let lag = self.lag(watch.core, led.leader);
        let mut probe = self.until_committed(watch, led, watch.pace.until_committed(lag), false)?;
        let committed_after = after(self);
        self.until_converged(watch, led, probe, watch.pace.until_converged(lag))?;
        let converged_after = after(self);
        // Commands of others would queue up before it.
        if watch.able.is_ok() && watch.pace.is_certain() && !self.has_clients() {
            let bound = watch.pace.at_full_pace();
            probe = self.until_committed(watch, led, bound, true)?;
        }
        self.until_stable(watch, led)?;
        let (core, Led { leader, term }) = (watch.core, led);
        Ok(Settled { core, leader, term, probe, led_after, committed_after, converged_after })
    }

    fn until_led(&mut self, watch: &Watch, since: SimTime) -> Result<Led, Ended> {
        // Whoever follows a leader must have heard from it since the calm began.
        let heard_at = watch.calm_since + watch.pace.silence();
        let bound = watch.pace.until_led();
        self.wait(
            watch,
            (since, bound),
            |cluster| Ok(cluster.led(watch.members).filter(|_| cluster.now() >= heard_at)),
            |cluster| cluster.no_leader(watch),
        )
    }

    /// The leader that all of them follow.
    fn led(&self, members: PeerSet) -> Option<Led> {
        let leads = |peer: &PeerId| self.view(*peer).is_some_and(|view| view.role == Role::Leader);
        let leader =
            members.iter().filter(leads).max_by_key(|peer| self.view(*peer).map(|v| v.term))?;
        let term = self.view(leader)?.term;
        let follows =
            |peer| self.view(peer).is_some_and(|v| v.term == term && v.leader == Some(leader));
        members.iter().all(follows).then_some(Led { leader, term })
    }

    fn no_leader(&self, watch: &Watch) -> Awaited {
        let leads = |peer: &PeerId| self.view(*peer).is_some_and(|view| view.role == Role::Leader);
        let leader =
            watch.members.iter().filter(leads).max_by_key(|peer| self.view(*peer).map(|v| v.term));
        let term = leader.and_then(|leader| self.view(leader)).map(|view| view.term);
        let follows = |peer: &PeerId| {
            self.view(*peer).is_some_and(|v| Some(v.term) == term && v.leader == leader)
        };
        let not_followed_by = watch.core.iter().filter(|peer| !follows(peer)).collect();
        Awaited::Leader { leader, not_followed_by }
    }

    /// Proposes a probe to the leader; where it is committed.
    fn until_committed(
        &mut self,
        watch: &Watch,
        led: Led,
        bound: Bound,
        is_second: bool,
    ) -> Result<LogIndex, Ended> {
        let (command, leader) = (self.fresh_command(0), led.leader);
        let Some(request) = self.propose_only(leader, &command) else { return Err(Ended::Deposed) };
        let probe = Probe { request, command };
        let since = self.now().max(watch.drained_at);
        self.wait(
            watch,
            (since, bound),
            |cluster| {
                cluster.is_in_office(watch, led)?;
                match cluster.court().answer_to(probe.request) {
                    Some(ProposalAnswer::Redirect { .. }) => Err(Ended::Deposed),
                    _ => Ok(cluster.place(&probe).filter(|index| {
                        cluster.court().judge().is_committed(*index, probe.command.digest())
                    })),
                }
            },
            |cluster| {
                let index = cluster.place(&probe);
                let reaches = |peer: &PeerId| {
                    cluster.view(*peer).is_some_and(|view| Some(view.last.index) >= index)
                };
                let not_held_by = watch.core.iter().filter(|peer| !reaches(peer)).collect();
                Awaited::Commitment { leader, index, not_held_by, is_second }
            },
        )
    }

    /// Where the leader says that a probe stands.
    fn place(&self, probe: &Probe) -> Option<LogIndex> {
        match self.court().answer_to(probe.request) {
            Some(ProposalAnswer::Accepted { index, .. }) => Some(*index),
            _ => None,
        }
    }

    fn until_converged(
        &mut self,
        watch: &Watch,
        led: Led,
        index: LogIndex,
        bound: Bound,
    ) -> Result<(), Ended> {
        let (core, leader) = (watch.core, led.leader);
        let since = self.now().max(watch.drained_at);
        self.wait(
            watch,
            (since, bound),
            |cluster| {
                cluster.is_in_office(watch, led)?;
                Ok(cluster.behind(core, leader, index).is_empty().then_some(()))
            },
            |cluster| Awaited::Convergence {
                leader,
                index,
                of: cluster.behind(core, leader, index),
            },
        )
    }

    /// The peers of the core that have not applied up to an index, or differ from the leader.
    fn behind(&self, core: PeerSet, leader: PeerId, index: LogIndex) -> PeerSet {
        let stands =
            |peer| self.view(peer).map(|view| (view.last, self.world().machine_state(peer)));
        let is_at_rest = !self.has_clients();
        let is_there = |peer: PeerId| {
            self.view(peer).is_some_and(|view| view.commit >= index && view.applied >= index)
                && (!is_at_rest || stands(peer) == stands(leader))
        };
        core.iter().filter(|peer| !is_there(*peer)).collect()
    }

    /// A while in which no election has a cause.
    fn until_stable(&mut self, watch: &Watch, led: Led) -> Result<(), Ended> {
        if watch.able.is_ok() {
            self.run_for(watch.pace.timeout_max() * STABLE)?;
            self.is_in_office(watch, led)?;
        }
        Ok(())
    }

    fn stays_in_office(&mut self, watch: &Watch, settled: &Settled) -> Result<(), Failure> {
        let led = Led { leader: settled.leader, term: settled.term };
        match self.is_in_office(watch, led) {
            Err(Ended::Failed(failure)) => Err(failure),
            _ => Ok(()),
        }
    }

    /// Whether all members still follow the leader. If not, and no term from before the calm can be the
    /// cause, that is a failure.
    fn is_in_office(&self, watch: &Watch, led: Led) -> Result<(), Ended> {
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

    /// Lets time pass until something has come, for as long as the bound says.
    fn wait<T>(
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
}
