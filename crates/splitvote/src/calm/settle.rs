//! Waits for each thing that a calm core has to do, in turn.
//!
//! A leader that is deposed sends the core back to the beginning, once for each higher term that was on
//! its way before the calm. After that no election has a cause any more:
//! 1. Suppose all members follow the leader of the highest term that there ever was, and have heard from it
//!    since the calm began.
//! 2. Then whoever stands from now on has gone without a heartbeat for at least the shortest timeout.
//! 3. But heartbeats come more often than that ([`Unable::HeartbeatsTooSlow`](super::Unable::HeartbeatsTooSlow)).

use std::time::Duration;

use splitvote_check::Happening;
use splitvote_peer::{
    Command, LogIndex, Peer, PeerId, PeerSet, ProposalAnswer, RequestId, SimTime,
};

use super::awaited::Awaited;
use super::bound::Bound;
use super::states::States;
use super::wait::{Ended, Halt};
use super::watch::{Led, Watch};
use super::{Calm, Settled};
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::trace::What;

/// For how many of the longest timeouts a leader has to stay in office.
const STABLE: u32 = 2;

/// A probe on its way.
struct Probe {
    request: RequestId,
    command: Command,
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
        let calm = match self.settle_in_time(&watch) {
            Ok(settled) => Calm::Settled(settled),
            Err(Halt::Failed(failure)) => return Err(failure),
            Err(Halt::Stuck(awaited, why)) => Calm::Stuck { core, why, awaited },
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

    fn tell(&mut self, text: impl FnOnce() -> String) {
        let now = self.now();
        self.court_mut().note(now, || What::Note { text: text() });
    }

    /// All that is demanded, from the beginning again whenever a leader is deposed.
    fn settle_in_time(&mut self, watch: &Watch) -> Result<Settled, Halt> {
        let mut since = watch.calm_since.max(watch.drained_at);
        let (mut term, mut states) = (None, States::default());
        loop {
            let awaited = match self.settle_once(watch, since) {
                Ok(settled) => return Ok(settled),
                Err(Ended::Halted(halt)) => return Err(halt),
                Err(Ended::Deposed(awaited)) => awaited,
            };
            // A term from before the calm was still on its way. Each of them comes once.
            let highest = Some(self.highest_term(watch.members));
            if highest > term && highest <= Some(watch.highest) {
                (term, since) = (highest, self.now().max(watch.drained_at));
            }
            self.look_again(watch, since, awaited, &mut states)?;
        }
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
            |cluster| Ok(cluster.led(watch).filter(|_| cluster.now() >= heard_at)),
            |cluster| cluster.no_leader(watch),
        )
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
        let refused =
            Awaited::Commitment { leader, index: None, not_held_by: PeerSet::EMPTY, is_second };
        let Some(request) = self.propose_only(leader, &command) else {
            return Err(Ended::Deposed(refused));
        };
        let probe = Probe { request, command };
        let since = self.now().max(watch.drained_at);
        self.wait(
            watch,
            (since, bound),
            |cluster| {
                cluster.is_in_office(watch, led)?;
                match cluster.court().answer_to(probe.request) {
                    Some(ProposalAnswer::Redirect { .. }) => Err(Ended::Deposed(refused)),
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
            self.view(peer)
                .is_some_and(|view| view.known_commit() >= index && view.applied >= index)
                && (!is_at_rest || stands(peer) == stands(leader))
        };
        core.iter().filter(|peer| !is_there(*peer)).collect()
    }

    /// A while in which no election has a cause.
    fn until_stable(&mut self, watch: &Watch, led: Led) -> Result<(), Ended> {
        self.run_for(watch.pace.timeout_max() * STABLE)?;
        self.is_in_office(watch, led)
    }

    fn stays_in_office(&mut self, watch: &Watch, settled: &Settled) -> Result<(), Failure> {
        let led = Led { leader: settled.leader, term: settled.term };
        match self.is_in_office(watch, led) {
            Err(Ended::Halted(Halt::Failed(failure))) => Err(failure),
            _ => Ok(()),
        }
    }
}
