//! Waits for each thing that a calm core has to do, in turn.
//!
//! A leader that is deposed sends the core back to the beginning, once for each higher term that was on
//! its way before the calm. After that no election has a cause any more:
//! 1. Suppose all members follow the leader of the highest term that there ever was, and have heard from it
//!    since the calm began.
//! 2. Then whoever stands from now on has gone without a heartbeat for at least the shortest timeout.
//! 3. But heartbeats come more often than that ([`Unable::HeartbeatsTooSlow`](super::Unable::HeartbeatsTooSlow)).
//!
//! **Before anything is proposed** whatever the leader held when it came to be known has to reach all of the core
//! (section 5.3: the leader retries AppendEntries RPCs indefinitely). A correct Raft that this might accuse:
//! 1. Suppose a Raft sends entries only when a client proposes, and its heartbeats carry none. S2 missed an entry.
//! 2. The heartbeat's consistency check fails at S2, or its reply says how far the log of S2 reaches.
//! 3. A Raft that sends nothing upon that retries only once somebody proposes. Suppose nobody does: S2 stays behind for
//!    ever, and with S2 in place of the leader the entry is lost to whoever reads there. So it is accused, rightly.
//! 4. A Raft that sends what is missing one entry a heartbeat, or backs off term by term, is slow and correct. So the
//!    bound is that of catching up, which counts how far the slowest of the core is behind ([`Bound`]).
//! 5. A Raft that brings S2 up to date by a snapshot may leave it with a log that ends there. So only the last position
//!    is compared, which a snapshot has as well, and not what a log holds.
//! 6. A leader without an entry of its own term may commit nothing (5.4.2). So only its log has to arrive; whether it
//!    is committed is asked with the probe.
//! 7. A leader that is deposed meanwhile, or had entries of which a later leader knows nothing, is not waited for: the
//!    core is sent back to the beginning, and what the next leader holds counts.
//!
//! **Under load** a client proposes on until all have caught up with the first probe:
//! 1. Suppose S2 needs a snapshot in ten parts, and the leader makes a newer one after every five.
//! 2. If it begins the transfer anew with each, S2 never catches up as long as commands come in.
//! 3. Once they stop it does, and whoever looks only then sees nothing.

use std::time::Duration;

use splitvote_check::Happening;
use splitvote_peer::{LogIndex, Peer, PeerId, PeerSet, ProposalAnswer, SimTime};

use super::sight::{Probe, Sight, Watched};
use super::states::States;
use super::watch::{Ended, Halt, Led, Watch};
use super::{Calm, Settled};
use crate::failure::Failure;
use crate::stall::{Awaited, Bound};
use crate::trace::What;

/// For how many of the longest timeouts a leader has to stay in office.
const STABLE: u32 = 2;

/// Demands that a core elect, commit and converge as things stand, and goes on until so much time has passed.
///
/// # Errors
/// If it makes no progress though it is able to, or a safety property is violated meanwhile.
pub(crate) fn settle<C: Watched>(
    cluster: &mut C,
    core: PeerSet,
    lasts: Duration,
    load: Option<Duration>,
) -> Result<Calm, Failure> {
    let watch = Watch::over(&cluster.sight(), core);
    tell(cluster, || format!("the core {core} is calm"));
    let load = load.map(|every| watch.pace.bearable(every));
    let next_proposal = cluster.sight().now();
    let mut settling = Settling { cluster, watch, load, is_pressed: false, next_proposal };
    let calm = match settling.in_time() {
        Ok(settled) => Calm::Settled(settled),
        Err(Halt::Failed(failure)) => return Err(failure),
        Err(Halt::Stuck(awaited, why)) => Calm::Stuck { core, why, awaited },
    };
    let Settling { cluster, watch, .. } = settling;
    let passed = cluster.sight().now().since(watch.calm_since);
    cluster.run_for(lasts.saturating_sub(passed))?;
    if let Calm::Settled(Settled { leader, term, .. }) = calm
        && let Err(Ended::Halted(Halt::Failed(failure))) =
            watch.is_in_office(&cluster.sight(), Led { leader, term })
    {
        return Err(failure);
    }
    cluster.court_mut().judge_mut().happened(match calm {
        Calm::Settled(_) => Happening::Settled,
        Calm::Stuck { .. } => Happening::AllowedToBeStuck,
    });
    tell(cluster, || calm.to_string());
    Ok(calm)
}

fn tell(cluster: &mut impl Watched, text: impl FnOnce() -> String) {
    let now = cluster.sight().now();
    cluster.court_mut().note(now, || What::Note { text: text() });
}

/// A core that has to settle.
struct Settling<'a, C: Watched> {
    cluster: &'a mut C,
    watch: Watch,
    /// How often a client proposes until all have caught up, if one does.
    load: Option<Duration>,
    /// Whether it does now.
    is_pressed: bool,
    next_proposal: SimTime,
}

impl<C: Watched> Settling<'_, C> {
    fn now(&self) -> SimTime {
        self.cluster.sight().now()
    }

    /// Since when something is awaited that is demanded now.
    fn since(&self) -> SimTime {
        self.now().max(self.watch.drained_at)
    }

    /// All that is demanded, from the beginning again whenever a leader is deposed.
    fn in_time(&mut self) -> Result<Settled, Halt> {
        let (mut since, mut term, mut states) = (self.since(), None, States::default());
        loop {
            let awaited = match self.once(since) {
                Ok(settled) => return Ok(settled),
                Err(Ended::Halted(halt)) => return Err(halt),
                Err(Ended::Deposed(awaited)) => awaited,
            };
            // A term from before the calm was still on its way. Each of them comes once.
            let highest = Some(self.cluster.sight().highest_term(self.watch.members));
            if highest > term && highest <= Some(self.watch.highest) {
                (term, since) = (highest, self.since());
            }
            self.look_again(since, awaited, &mut states)?;
        }
    }

    /// All that is demanded, once: each from the moment on in which the one before has come.
    fn once(&mut self, since: SimTime) -> Result<Settled, Ended> {
        let after = |this: &Self| this.now().since(this.watch.calm_since);
        self.is_pressed = self.load.is_some();
        let led = self.until_led(since)?;
        let led_after = after(self);
        let mut bound = self.to_catch_up(led);
        self.until_replicated(led, bound)?;
        let mut probe = self.until_committed(led, bound, false)?;
        let committed_after = after(self);
        if self.is_pressed {
            self.until_converged(led, probe, bound)?;
            self.is_pressed = false;
            bound = self.to_catch_up(led);
        }
        self.until_converged(led, probe, bound)?;
        let converged_after = after(self);
        let is_certain = self.watch.able.is_ok() && self.watch.pace.packets.is_bounded;
        // Commands of others would queue up before it, and what is left of a load does.
        if is_certain && self.load.is_none() && !self.cluster.sight().has_clients {
            let bound = self.watch.pace.at_full_pace();
            probe = self.until_committed(led, bound, true)?;
        }
        // A while in which no election has a cause.
        self.cluster.run_for(self.watch.pace.timeout_max * STABLE)?;
        self.watch.is_in_office(&self.cluster.sight(), led)?;
        let (core, Led { leader, term }) = (self.watch.core, led);
        Ok(Settled { core, leader, term, probe, led_after, committed_after, converged_after })
    }

    /// By when the slowest of the core has caught up with a leader.
    fn to_catch_up(&self, led: Led) -> Bound {
        let lag = self.cluster.sight().lag(self.watch.core, led.leader);
        self.watch.pace.to_catch_up(lag, self.is_pressed)
    }

    /// Lets the client propose to whoever leads, if its time has come; how long it waits then.
    fn press(&mut self) -> Duration {
        let Some(every) = self.load.filter(|_| self.is_pressed) else { return Duration::MAX };
        let now = self.now();
        if now >= self.next_proposal {
            if let Some(led) = self.watch.head(&self.cluster.sight()) {
                self.cluster.propose_probe(led.leader);
            }
            self.next_proposal = now + every;
        }
        self.next_proposal.since(now)
    }

    fn until_led(&mut self, since: SimTime) -> Result<Led, Ended> {
        // Whoever follows a leader must have heard from it since the calm began.
        let heard_at = self.watch.calm_since + self.watch.pace.silence();
        let bound = self.watch.pace.until_led();
        self.wait(
            (since, bound),
            |watch, sight| Ok(watch.led(sight).filter(|_| sight.now() >= heard_at)),
            Watch::no_leader,
        )
    }

    /// Proposes a probe to the leader; where it is committed.
    fn until_committed(
        &mut self,
        led: Led,
        bound: Bound,
        is_second: bool,
    ) -> Result<LogIndex, Ended> {
        let leader = led.leader;
        let awaited =
            |index, not_held_by| Awaited::Commitment { leader, index, not_held_by, is_second };
        let refused = || Ended::Deposed(awaited(None, PeerSet::EMPTY));
        let probe = self.cluster.propose_probe(leader).ok_or_else(refused)?;
        self.wait(
            (self.since(), bound),
            |watch, sight| {
                watch.is_in_office(sight, led)?;
                match sight.court().answer_to(probe.request) {
                    Some(ProposalAnswer::Redirect { .. }) => Err(refused()),
                    _ => Ok(sight.place(&probe).filter(|index| {
                        sight.court().judge().is_committed(*index, probe.command.digest())
                    })),
                }
            },
            |watch, sight| {
                let index = sight.place(&probe);
                let reaches = |peer: &PeerId| {
                    sight.view(*peer).is_some_and(|view| Some(view.last.index) >= index)
                };
                awaited(index, watch.core.iter().filter(|peer| !reaches(peer)).collect())
            },
        )
    }

    /// Section 5.3, "retries AppendEntries RPCs indefinitely": whatever the leader held when it came to be known
    /// reaches all of the core, though nobody proposes anything. Whether it is committed is another matter (5.4.2).
    fn until_replicated(&mut self, led: Led, bound: Bound) -> Result<(), Ended> {
        let leader = led.leader;
        let Some(last) = self.cluster.sight().view(leader).map(|view| view.last) else {
            return Ok(());
        };
        let lacking = |watch: &Watch, sight: &Sight<'_, C::Peer>| -> PeerSet {
            let lacks = |peer: &PeerId| sight.view(*peer).is_none_or(|view| view.last < last);
            watch.core.iter().filter(lacks).collect()
        };
        self.wait(
            (self.since(), bound),
            |watch, sight| {
                watch.is_in_office(sight, led)?;
                Ok(lacking(watch, sight).is_empty().then_some(()))
            },
            |watch, sight| Awaited::Convergence {
                leader,
                index: last.index,
                of: lacking(watch, sight),
            },
        )
    }

    fn until_converged(&mut self, led: Led, index: LogIndex, bound: Bound) -> Result<(), Ended> {
        let (leader, is_pressed) = (led.leader, self.is_pressed);
        self.wait(
            (self.since(), bound),
            |watch, sight| {
                watch.is_in_office(sight, led)?;
                Ok(sight.behind(watch.core, leader, (index, is_pressed)).is_empty().then_some(()))
            },
            |watch, sight| {
                let of = sight.behind(watch.core, leader, (index, is_pressed));
                Awaited::Convergence { leader, index, of }
            },
        )
    }

    /// Lets time pass until something has come, for as long as the bound says.
    fn wait<T>(
        &mut self,
        (since, bound): (SimTime, Bound),
        has_come: impl Fn(&Watch, &Sight<'_, C::Peer>) -> Result<Option<T>, Ended>,
        awaited: impl Fn(&Watch, &Sight<'_, C::Peer>) -> Awaited,
    ) -> Result<T, Ended> {
        let patience = self.watch.patience(bound);
        let until = since + patience;
        let mut states = States::default();
        loop {
            let (watch, sight) = (&self.watch, self.cluster.sight());
            if let Some(come) = has_come(watch, &sight)? {
                return Ok(come);
            }
            let left = until.since(sight.now());
            if left.is_zero() {
                let awaited = awaited(watch, &sight);
                return Err(watch.give_up(&sight, awaited, (since, bound), &states).into());
            }
            // Only a wait that is long overdue is looked at: the others cost nothing.
            if left <= patience / 2 {
                states.look(watch.members, |peer| sight.view(peer).copied());
            }
            let pause = self.press();
            self.cluster.run_for(self.watch.pace.look().min(left).min(pause))?;
        }
    }

    /// A leader was deposed: the core has the rest of its time for another one. `states` has seen the
    /// others that were.
    fn look_again(
        &mut self,
        since: SimTime,
        deposed: Awaited,
        states: &mut States,
    ) -> Result<(), Halt> {
        let (watch, sight) = (&self.watch, self.cluster.sight());
        let bound = watch.pace.until_led();
        states.look(watch.members, |peer| sight.view(peer).copied());
        if sight.now() > since + watch.patience(bound) {
            // Of an able core it is no matter which of its leaders did not last.
            let is_refused = matches!(deposed, Awaited::Commitment { .. });
            let is_told = watch.able.is_err() || is_refused;
            let awaited = if is_told { deposed } else { watch.no_leader(&sight) };
            return Err(watch.give_up(&sight, awaited, (since, bound), states));
        }
        Ok(self.cluster.run_for(self.watch.pace.look())?)
    }
}

impl<P: Peer> Sight<'_, P> {
    /// Where the leader says that a probe stands.
    fn place(&self, probe: &Probe) -> Option<LogIndex> {
        match self.court().answer_to(probe.request) {
            Some(ProposalAnswer::Accepted { index, .. }) => Some(*index),
            _ => None,
        }
    }

    /// The peers of the core that have not applied up to an index, or differ from the leader. Whom clients keep at
    /// work may differ.
    fn behind(
        &self,
        core: PeerSet,
        leader: PeerId,
        (index, is_pressed): (LogIndex, bool),
    ) -> PeerSet {
        let is_at_work = self.has_clients || is_pressed;
        let stands = |peer| self.view(peer).map(|view| (view.last, self.world.machine_state(peer)));
        let is_there = |peer: PeerId| {
            self.view(peer)
                .is_some_and(|view| view.known_commit() >= index && view.applied >= index)
                && (is_at_work || stands(peer) == stands(leader))
        };
        core.iter().filter(|peer| !is_there(*peer)).collect()
    }
}
