//! How a cluster is made.

use std::time::Duration;

use splitvote_check::{Checker, Judge};
use splitvote_peer::{
    EntryId, Feature, LogIndex, Message, Peer, PeerId, PeerSet, Record, Settings, SimTime, Timing,
};
use splitvote_sim::{NetworkProfile, Pulse, Seed, World, WorldConfig};

use super::Cluster;
use super::clients::Clients;
use crate::calm::{Base, Calms};
use crate::checking::Checking;
use crate::court::Court;
use crate::failure::Failure;
use crate::fault::{FaultClasses, Profile as _};
use crate::figures::Struck;
use crate::setup::{DrawnTimers, Setup};
use crate::subject::Subject;
use crate::trace::{ClockStart, Head};

/// How a cluster is made.
///
/// ```
/// use splitvote::prelude::*;
/// use splitvote::sim::{Labrpc, NetworkProfile};
///
/// let cluster = Cluster::builder(&reference())
///     .peers(5)
///     .seed(7)
///     .network(NetworkProfile::Labrpc(Labrpc::default()))
///     .settings(Settings { pre_vote: true, ..Settings::default() })
///     .build()?;
/// assert_eq!(cluster.peers().count(), 5);
/// # Ok::<(), Failure>(())
/// ```
pub struct ClusterBuilder<P: Peer> {
    subject: Subject<P>,
    setup: Setup,
    seed: Seed,
    is_recorded: bool,
    is_metered: bool,
    checking: Checking,
    /// What is on the disks, if they are not made of the logs of the setup: no plan can write that down.
    disks: Option<Vec<Vec<P::Record>>>,
    keeps_diary: bool,
    pulse: Pulse,
}

impl<P: Peer> ClusterBuilder<P> {
    pub(super) fn new(subject: &Subject<P>) -> Self {
        Self {
            subject: subject.clone(),
            setup: Setup::of(3),
            seed: Seed(0),
            is_recorded: false,
            is_metered: false,
            checking: subject.checking().clone(),
            disks: None,
            keeps_diary: true,
            pulse: Pulse::default(),
        }
    }

    /// The world writes whom it calls into this pulse.
    pub(crate) fn watched_by(self, pulse: Pulse) -> Self {
        Self { pulse, ..self }
    }

    /// So many peers.
    #[must_use]
    pub fn peers(mut self, peers: usize) -> Self {
        self.setup.peers = peers;
        self
    }

    /// What all chance derives from.
    #[must_use]
    pub fn seed(mut self, seed: impl Into<Seed>) -> Self {
        self.seed = seed.into();
        self
    }

    /// The profile of the network.
    #[must_use]
    pub fn network(mut self, network: NetworkProfile) -> Self {
        self.setup.network = network;
        self
    }

    /// Election timeouts and heartbeats.
    #[must_use]
    pub fn timing(mut self, timing: Timing) -> Self {
        self.setup.settings.timing = timing;
        self.setup.timers.heartbeat = None;
        self
    }

    /// All that peers are configured with at once; replaces what was said of timing.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.setup.settings = settings;
        self.setup.timers = DrawnTimers::default();
        self
    }

    /// All of the world at once; replaces what was said of peers, seed and network.
    #[must_use]
    pub fn world(mut self, world: WorldConfig) -> Self {
        self.seed = world.seed;
        let Setup { settings, timers, logs, without, .. } = self.setup;
        self.setup = Setup { settings, timers, logs, without, ..Setup::in_world(world) };
        self
    }

    /// All that a scenario or a plan is built from, and the seed; replaces what was said before.
    #[must_use]
    pub fn setup(mut self, setup: &Setup, seed: impl Into<Seed>) -> Self {
        if let Some(checkers) = &setup.only {
            self.checking = self.checking.only(checkers);
        }
        for checker in &setup.departs {
            self.checking = self.checking.departs(*checker, "the case states it");
        }
        self.setup = Setup { only: None, departs: Vec::new(), ..setup.clone() };
        self.seed = seed.into();
        self.disks = None;
        self
    }

    /// What the peers find on their disks at their first boot, in their order; none for an empty
    /// disk.
    #[must_use]
    pub fn disks(mut self, disks: Vec<Vec<P::Record>>) -> Self {
        self.disks = Some(disks);
        self
    }

    /// Keep every event for [`Cluster::take_trace`].
    #[must_use]
    pub fn recorded(mut self) -> Self {
        self.is_recorded = true;
        self
    }

    /// Count what packets cost from the start, for [`Cluster::holds_budget`].
    #[must_use]
    pub fn metered(mut self) -> Self {
        self.is_metered = true;
        self
    }

    /// Ask only these checkers. A broken rule is mostly seen where it breaks, at a vote; this is
    /// for who wants to see what comes of it.
    #[must_use]
    pub fn asking_only(mut self, checkers: &[Checker]) -> Self {
        self.checking = self.checking.only(checkers);
        self
    }

    /// Ask all checkers but these.
    #[must_use]
    pub fn without_checkers(mut self, checkers: &[Checker]) -> Self {
        self.checking = self.checking.without_checkers(checkers);
        self
    }

    /// End the run at the first departure from practice that is not known, as at a broken guarantee.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.checking = self.checking.strict();
        self
    }

    /// End the run at a departure from practice that one of these checkers finds, and at no other.
    #[must_use]
    pub fn strict_about(mut self, checkers: &[Checker]) -> Self {
        self.checking = self.checking.strict_about(checkers);
        self
    }

    /// End the run at no departure from practice: [`Cluster::departures`] lists them.
    #[must_use]
    pub fn lenient(self) -> Self {
        self.strict_about(&[])
    }

    /// Switches classes of faults off, whoever asks for them; all other choices stay as they were.
    #[must_use]
    pub fn without(mut self, classes: FaultClasses) -> Self {
        self.setup.without = classes;
        self
    }

    /// Keeps no diary of what is done to the cluster: for whoever needs no [`Cluster::plan`].
    #[must_use]
    pub fn without_diary(mut self) -> Self {
        self.keeps_diary = false;
        self
    }

    /// Boots the cluster at time zero.
    ///
    /// # Errors
    /// If the number of peers is out of range, or a snapshot of the setup is larger than one may be.
    pub fn build(mut self) -> Result<Cluster<P>, Failure> {
        let features = self.subject.features();
        // What the Raft does not have is off: for it, for the court, and for whoever judges liveness.
        self.setup = self.setup.drawn(self.seed);
        self.setup.settings = self.setup.settings.fitted_to(features);
        let is_written = self.keeps_diary && self.disks.is_none();
        let Setup { settings, without, .. } = self.setup.clone();
        let mut config = self.setup.world(self.seed);
        config.network = config.network.without(without);
        config.disk = config.disk.without(without);
        config.clocks = config.clocks.without(without);
        let mut struck = Struck::default();
        struck.condition(config.network);
        struck.condition(config.disk);
        struck.condition(config.clocks);
        let mut court = self.court();
        if self.is_metered {
            court.meter(<P::Message as Message>::KINDS);
        }
        if self.is_recorded {
            court.record();
        }
        let mut disks = self.disks.unwrap_or_else(|| self.subject.disks(&self.setup.logs));
        let mut world =
            World::with_disks(&config, &self.subject.config(&settings), court, |peer| {
                disks.get_mut(peer.index()).map(std::mem::take).unwrap_or_default()
            })?;
        if !disks.is_empty() {
            let peers = world.peers().filter_map(|id| world.peer(id));
            let entries: Vec<(LogIndex, EntryId)> = peers.flat_map(log_of).collect();
            world.watcher_mut().logs_begin_with(&entries);
        }
        let drift_ppm: Vec<i32> = world.peers().map(|peer| world.clock_drift(peer)).collect();
        let mut clocks = Vec::new();
        for (peer, ppm) in world.peers().zip(drift_ppm.iter().copied()) {
            world.watcher_mut().judge_mut().clock_changes(SimTime::ZERO, peer, Some(ppm));
            let ahead = Duration::from_nanos(world.local_time(peer).0);
            clocks.push(ClockStart { ahead, ppm });
        }
        let head = Head::of(self.subject.name(), &settings, &config, clocks);
        world.watcher_mut().head(head);
        let written = config.overrides.election_timeouts.values().copied();
        let base = Base {
            network: config.network,
            disk: config.disk,
            drift_ppm,
            snapshots: config.snapshots,
            longest_timeout: written.fold(settings.timing.election_timeout_max, Duration::max),
        };
        if self.keeps_diary {
            world.keep_decisions();
        }
        Ok(Cluster {
            world,
            clients: Clients::default(),
            allowances: Vec::new(),
            settings,
            seed: self.seed,
            storms: 0,
            base,
            core: PeerSet::EMPTY,
            calms: Calms::default(),
            struck,
            load: None,
            is_stalled: false,
            without,
            setup: is_written.then(|| Box::new(self.setup)),
            diary: self.keeps_diary.then(Vec::new),
            proposals: Vec::new(),
            gave_up_in_background: false,
            events_at_last_act: 0,
        })
    }

    /// Who judges this Raft by what it has, in this setup.
    fn court(&self) -> Court {
        let (Setup { peers, settings, overrides, .. }, features) =
            (&self.setup, self.subject.features());
        let mut judge =
            Judge::new(*peers).asking(self.checking.asked()).strict_about(self.checking.strictly());
        if !P::Record::TELLS_BALLOTS || !features.has(Feature::Disk) {
            judge = judge.trusting_memory();
        }
        if !P::Record::TELLS_ENTRIES || !features.has(Feature::Disk) {
            judge = judge.trusting_disks();
        }
        if settings.check_quorum {
            let timing = &settings.timing;
            judge = judge.checking_quorum(timing.election_timeout_min, timing.election_timeout_max);
        }
        for peer in PeerId::all((*peers).min(PeerId::MAX_PEERS)) {
            judge.timeouts_at_least(peer, settings.timing.election_timeout_min);
        }
        for ((peer, _), timeout) in &overrides.election_timeouts {
            judge.timeouts_at_least(*peer, *timeout);
        }
        Court::new(*peers, judge, settings.check_quorum, self.pulse.share())
    }
}

/// The entries that a peer holds.
fn log_of<P: Peer>(peer: &P) -> impl Iterator<Item = (LogIndex, EntryId)> {
    let view = peer.view();
    (view.first..=view.last.index).filter_map(|index| Some((index, peer.entry(index)?)))
}
