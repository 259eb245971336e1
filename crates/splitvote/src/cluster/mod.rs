//! A cluster under test, for imperative tests in a few lines.
//!
//! Every checker is on; the first broken guarantee ends the run and is the error of whichever method
//! was running. Departures from practice are counted ([`Cluster::departures`]). Where the lab's tester has a name
//! for something, it has that name here.
//!
//! - `builder`: how a cluster is made.
//! - `budgets`: what a test may cost.
//! - `faults`: partitions, crashes, clocks, rules. `calm`, `storms`: when all faults end, and when many strike.
//! - `checks`: what a test may demand.
//! - `clients`: who proposes commands meanwhile. `commands`: where commands stand.

mod acts;
mod budgets;
mod builder;
mod calm;
mod checks;
mod clients;
mod commands;
mod faults;
mod storms;

pub use builder::ClusterBuilder;
pub use clients::Retry;
pub(crate) use clients::seconds;

use std::time::Duration;

use splitvote_check::{Departure, ElectionCounts, Happenings, Ledger, Violation};
use splitvote_peer::{
    Command, Peer, PeerId, PeerSet, ProposalAnswer, Role, Settings, SimTime, View,
};
use splitvote_sim::{Halt, Seed, World};

use crate::act::Timed;
use crate::calm::{Base, Calms};
use crate::court::Court;
use crate::failure::Failure;
use crate::fault::FaultClasses;
use crate::figures::Struck;
use crate::setup::Setup;
use crate::subject::Subject;
use crate::trace::Trace;
use budgets::Standing;
use clients::Clients;

/// A cluster of peers of one kind in a deterministic world.
///
/// ```
/// use splitvote::prelude::*;
/// use std::time::Duration;
///
/// let mut cluster = Cluster::builder(&reference()).peers(3).seed(1).build()?;
/// let first = cluster.check_one_leader()?;
/// cluster.crash(first)?;
/// let second = cluster.check_one_leader()?;
/// let answer = cluster.propose(second, b"x", Duration::from_secs(1))?;
/// assert!(matches!(answer, Some(ProposalAnswer::Accepted { index: 1, .. })));
/// cluster.restart(first)?;
/// cluster.run_for(Duration::from_secs(1))?;
/// assert_eq!(cluster.view(first).map(|view| view.commit), Some(1));
/// cluster.finish()?;
/// # Ok::<(), Failure>(())
/// ```
#[derive(Clone)]
pub struct Cluster<P: Peer> {
    world: World<P, Court>,
    clients: Clients,
    /// The budgets that hold to the end.
    allowances: Vec<Standing>,
    /// What the peers are configured with.
    pub(crate) settings: Settings,
    pub(crate) seed: Seed,
    /// How many storms have passed.
    pub(crate) storms: u16,
    /// What was there before anybody disturbed it.
    pub(crate) base: Base,
    /// The core of the last calm.
    pub(crate) core: PeerSet,
    /// How the calms so far ended.
    pub(crate) calms: Calms,
    /// How many faults have struck.
    pub(crate) struck: Struck,
    /// How often a client proposed in it, if one did.
    pub(crate) load: Option<Duration>,
    /// Whether that core has just failed to settle.
    is_stalled: bool,
    /// The classes of faults that are switched off.
    pub(crate) without: FaultClasses,
    /// What it was built from, if that is to be written down and can be.
    setup: Option<Box<Setup>>,
    /// What was done so far, if it is to be written down.
    diary: Option<Vec<Timed>>,
    /// Which proposals the diary holds: the digest of the command, and the place.
    proposals: Vec<(u64, usize)>,
    /// Whether a client in the background has given up, which ends the run.
    pub(crate) gave_up_in_background: bool,
    /// How many events had happened when the last of it was done.
    events_at_last_act: u64,
}

impl<P: Peer> Cluster<P> {
    /// A cluster of this Raft: by default three peers, seed 0 and a faultless realistic network.
    #[must_use]
    pub fn builder(subject: &Subject<P>) -> ClusterBuilder<P> {
        ClusterBuilder::new(subject)
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> SimTime {
        self.world.now()
    }

    /// All peers, dead or alive.
    pub fn peers(&self) -> impl DoubleEndedIterator<Item = PeerId> + Clone + use<P> {
        self.world.peers()
    }

    /// What a peer looks like, while it runs.
    #[must_use]
    pub fn view(&self, peer: PeerId) -> Option<&View> {
        self.world.view(peer)
    }

    /// The peers that are running.
    #[must_use]
    pub fn alive(&self) -> PeerSet {
        self.world.alive()
    }

    /// The running leader of the highest term, if there is one; others of lower terms may not know
    /// yet that they have been replaced.
    #[must_use]
    pub fn leader(&self) -> Option<PeerId> {
        let leaders = self.peers().filter_map(|peer| {
            let view = self.view(peer)?;
            (view.role == Role::Leader).then_some((view.term, peer))
        });
        leaders.max_by_key(|(term, _)| *term).map(|(_, peer)| peer)
    }

    /// Lets virtual time pass.
    ///
    /// # Errors
    /// If a safety property is violated or the run does not end.
    pub fn run_for(&mut self, duration: Duration) -> Result<(), Failure> {
        let until = self.now() + duration;
        // Without clients the next one acts never, which a bound that is as far away would not pass.
        while self.clients.next_at() <= until && self.clients.next_at() < SimTime::NEVER {
            self.let_next_client_act()?;
        }
        self.run_world(until)
    }

    /// The world runs until then; for as long as nobody has spent too much.
    fn run_world(&mut self, until: SimTime) -> Result<(), Failure> {
        if !self.allowances.is_empty() {
            self.holds_allowances()?;
            while self.world.next_at().is_some_and(|at| at <= until) {
                self.step()?;
            }
        }
        self.world.run_until(until).map_err(|halt| self.failure(halt))
    }

    fn let_next_client_act(&mut self) -> Result<(), Failure> {
        // Whose turn it is, all are asked.
        self.world.spend(self.clients.count());
        let next_at = self.clients.next_at().max(self.now());
        self.run_world(next_at)?;
        self.let_clients_act()
    }

    /// Lets events happen until the predicate holds, for `within` at most; whether it came to hold.
    ///
    /// # Errors
    /// If a safety property is violated or the run does not end.
    pub fn run_until(
        &mut self,
        within: Duration,
        mut predicate: impl FnMut(&Self) -> bool,
    ) -> Result<bool, Failure> {
        let until = self.now() + within;
        loop {
            if predicate(self) {
                return Ok(true);
            }
            let next_at = self.world.next_at().unwrap_or(SimTime::NEVER);
            let client_at = self.clients.next_at();
            if client_at <= until && client_at < next_at {
                self.let_next_client_act()?;
                continue;
            }
            if next_at > until || next_at == SimTime::NEVER {
                self.run_for(until.since(self.now()))?;
                return Ok(predicate(self));
            }
            self.step()?;
        }
    }

    /// Lets the next event happen; false if there is none.
    ///
    /// # Errors
    /// If a safety property is violated, a budget is overrun or the run does not end.
    pub fn step(&mut self) -> Result<bool, Failure> {
        self.world.spend(self.allowances.len() as u64);
        let is_any = self.world.step_once().map_err(|halt| self.failure(halt))?;
        self.holds_allowances()?;
        Ok(is_any)
    }

    /// A client proposes a command to a peer and waits for up to `within`. None: the peer is down
    /// or has not answered.
    ///
    /// # Errors
    /// If the cluster has no such peer, if a safety property is violated or the run does not end.
    pub fn propose(
        &mut self,
        to: PeerId,
        command: &[u8],
        within: Duration,
    ) -> Result<Option<ProposalAnswer>, Failure> {
        self.has_all([to])?;
        let Some(request) = self.propose_only(to, &Command::new(command)) else { return Ok(None) };
        self.run_until(within, |cluster| cluster.court().answer_to(request).is_some())?;
        Ok(self.court().answer_to(request).cloned())
    }

    /// The ways in which the Raft has departed from practice so far, each kind once. They are no
    /// failures.
    #[must_use]
    pub fn departures(&self) -> &[Departure] {
        self.court().judge().departures()
    }

    /// The first broken rule, if one was broken.
    #[must_use]
    pub fn violation(&self) -> Option<&Violation> {
        self.court().judge().violation()
    }

    /// What has been said of elections so far.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        self.court().judge().ledger()
    }

    /// How many elections were won, split, lost and starved so far.
    #[must_use]
    pub fn elections(&self) -> ElectionCounts {
        self.ledger().counts()
    }

    /// What has happened so far that is no failure but worth knowing.
    #[must_use]
    pub fn happenings(&self) -> &Happenings {
        self.court().judge().happenings()
    }

    /// The digest over every event so far.
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.world.digest()
    }

    /// The world underneath, for what has no method here.
    #[must_use]
    pub fn world(&self) -> &World<P, Court> {
        &self.world
    }

    /// The world underneath, for what has no method here.
    pub fn world_mut(&mut self) -> &mut World<P, Court> {
        &mut self.world
    }

    /// The breach of the contract that ends the run, if there is one.
    pub(crate) fn breach(&self) -> Option<Failure> {
        self.world.breach().map(|breach| Failure::Breach(Box::new(*breach)))
    }

    /// Ends the run: compares every log with what was seen of it, and closes the election ledger.
    ///
    /// # Errors
    /// If a peer broke the contract, or a log is not what it was seen to be.
    pub fn finish(&mut self) -> Result<(), Failure> {
        let now = self.now();
        self.world.look_at_peers();
        if self.world.breach().is_none() {
            self.world.show_peers(|court, id, peer| court.compare(now, id, peer));
            if let Some((peer, cause)) = self.court_mut().take_breach() {
                self.world.break_contract(peer, cause);
            }
        }
        self.close_books();
        if let Some(breach) = self.breach() {
            return Err(breach);
        }
        if self.violation().is_some() { Err(self.failure(Halt::Watcher)) } else { Ok(()) }
    }

    /// Closes the election ledger. Asks no peer, so that it can be called when one has panicked.
    pub(crate) fn close_books(&mut self) {
        let now = self.now();
        self.court_mut().judge_mut().finish(now);
    }

    /// What was recorded, if the cluster was built to be recorded.
    pub fn take_trace(&mut self) -> Option<Trace> {
        self.world.watcher_mut().take_trace()
    }

    /// Who judges and records.
    pub(crate) fn court(&self) -> &Court {
        self.world.watcher()
    }

    /// Who judges and records.
    pub(crate) fn court_mut(&mut self) -> &mut Court {
        self.world.watcher_mut()
    }

    /// Whether the run may go on. Whoever does much to a cluster between two events asks.
    pub(crate) fn is_within_limits(&self) -> Result<(), Failure> {
        self.world.is_within_limits().map_err(|halt| self.failure(halt))
    }

    /// Why the world has stopped.
    fn failure(&self, halt: Halt) -> Failure {
        // What breaks the contract comes before all that follows from it.
        if let Some(breach) = self.breach() {
            return breach;
        }
        match (halt, self.court().judge().violation()) {
            (Halt::Watcher, Some(violation)) => Failure::Violation(Box::new(*violation)),
            (halt, _) => Failure::Endless(halt.into()),
        }
    }
}
