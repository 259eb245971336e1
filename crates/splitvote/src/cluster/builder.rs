//! How a cluster is made.

use std::time::Duration;

use splitvote_check::Checker;
use splitvote_peer::{
    EntryId, Feature, LogIndex, Message, Peer, PeerId, PeerSet, Record, Settings, Term, Timing,
};
use splitvote_sim::{NetworkProfile, Pulse, Seed, World, WorldConfig};

use super::Cluster;
use super::clients::Clients;
use crate::calm::Base;
use crate::checking::Checking;
use crate::court::Court;
use crate::failure::Failure;
use crate::fault::{FaultClasses, Profile as _};
use crate::setup::Setup;
use crate::subject::Subject;
use crate::trace::{ClockStart, Head};

/// How a cluster is made.
pub struct ClusterBuilder<P: Peer> {
    subject: Subject<P>,
    world: WorldConfig,
    settings: Settings,
    is_recorded: bool,
    is_metered: bool,
    checking: Checking,
    disks: Vec<Vec<P::Record>>,
    /// The logs on these disks; `None` if they were not made of logs, and no plan can write them down.
    logs: Option<Vec<Vec<Term>>>,
    without: FaultClasses,
    keeps_diary: bool,
    pulse: Pulse,
}

impl<P: Peer> ClusterBuilder<P> {
    pub(super) fn new(subject: &Subject<P>) -> Self {
        Self {
            subject: subject.clone(),
            world: WorldConfig::new(3, Seed(0)),
            settings: Settings::default(),
            is_recorded: false,
            is_metered: false,
            checking: subject.checking().clone(),
            disks: Vec::new(),
            logs: Some(Vec::new()),
            without: FaultClasses::NONE,
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
        self.world.peers = peers;
        self
    }

    /// What all chance derives from.
    #[must_use]
    pub fn seed(mut self, seed: impl Into<Seed>) -> Self {
        self.world.seed = seed.into();
        self
    }

    /// The network.
    #[must_use]
    pub fn network(mut self, network: NetworkProfile) -> Self {
        self.world.network = network;
        self
    }

    /// Election timeouts and heartbeats.
    #[must_use]
    pub fn timing(mut self, timing: Timing) -> Self {
        self.settings.timing = timing;
        self
    }

    /// All that peers are configured with at once; replaces what was said of timing.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// All of the world at once; replaces what was said of peers, seed and network.
    #[must_use]
    pub fn world(mut self, world: WorldConfig) -> Self {
        self.world = world;
        self
    }

    /// All that a scenario or a plan is built from, and the seed; replaces what was said before.
    #[must_use]
    pub fn setup(mut self, setup: &Setup, seed: impl Into<Seed>) -> Self {
        self.world = setup.world(seed.into());
        self.settings = setup.settings.clone();
        self.without = setup.without;
        if let Some(checkers) = &setup.only {
            self.checking = self.checking.only(checkers);
        }
        let is_empty = setup.logs.is_empty();
        self.disks = if is_empty { Vec::new() } else { self.subject.disks(&setup.logs) };
        self.logs = Some(setup.logs.clone());
        self
    }

    /// What the peers find on their disks at their first boot, in their order; none for an empty
    /// disk.
    #[must_use]
    pub fn disks(mut self, disks: Vec<Vec<P::Record>>) -> Self {
        self.disks = disks;
        self.logs = None;
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
        self.without = classes;
        self
    }

    /// Keeps no diary of what is done to the cluster: for whoever needs no [`Cluster::plan`].
    #[must_use]
    pub fn without_diary(mut self) -> Self {
        self.keeps_diary = false;
        self
    }

    /// What a plan says of all this; `None` if it cannot, or need not.
    fn written_setup(&self) -> Option<Box<Setup>> {
        let (WorldConfig { peers, network, in_flight, disk, snapshots, clocks, .. }, logs) =
            (self.world.clone(), self.logs.clone()?);
        self.keeps_diary.then(|| {
            Box::new(Setup {
                settings: self.settings.clone(),
                network,
                in_flight,
                disk,
                snapshots,
                clocks,
                limits: self.world.limits,
                logs,
                overrides: self.world.overrides.clone(),
                without: self.without,
                ..Setup::of(peers)
            })
        })
    }

    fn longest_timeout(&self) -> Duration {
        let written = self.world.overrides.election_timeouts.values().copied();
        written.fold(self.settings.timing.election_timeout_max, Duration::max)
    }

    /// Boots the cluster at time zero.
    ///
    /// # Errors
    /// If the number of peers is out of range.
    pub fn build(mut self) -> Result<Cluster<P>, Failure> {
        let features = self.subject.features();
        // What the Raft does not have is off: for it, for the court, and for whoever judges liveness.
        self.settings = self.settings.fitted_to(features);
        let setup = self.written_setup();
        let config = self.subject.config(&self.settings);
        self.world.network = self.world.network.without(self.without);
        self.world.disk = self.world.disk.without(self.without);
        self.world.clocks = self.world.clocks.without(self.without);
        let mut court = Court::new(self.world.peers)
            .with_pulse(self.pulse.share())
            .asking(self.checking.asked())
            .strict_about(self.checking.strictly());
        if !P::Record::TELLS_BALLOTS || !features.has(Feature::Disk) {
            court = court.trusting_memory();
        }
        if !P::Record::TELLS_ENTRIES || !features.has(Feature::Disk) {
            court = court.trusting_disks();
        }
        if self.settings.check_quorum {
            court = court.checking_quorum(self.settings.timing.election_timeout_max);
        }
        if self.is_metered {
            court.meter(<P::Message as Message>::KINDS);
        }
        if self.is_recorded {
            court.record();
        }
        for peer in PeerId::all(self.world.peers.min(PeerId::MAX_PEERS)) {
            court.timeouts_at_least(peer, self.settings.timing.election_timeout_min);
        }
        for ((peer, _), timeout) in &self.world.overrides.election_timeouts {
            court.timeouts_at_least(*peer, *timeout);
        }
        let mut world = World::with_disks(&self.world, &config, court, |peer| {
            self.disks.get_mut(peer.index()).map(std::mem::take).unwrap_or_default()
        })?;
        if !self.disks.is_empty() {
            let peers = world.peers().filter_map(|id| world.peer(id));
            let entries: Vec<(LogIndex, EntryId)> = peers.flat_map(log_of).collect();
            world.watcher_mut().logs_begin_with(&entries);
        }
        for peer in world.peers() {
            let rate_ppm = world.clock_drift(peer);
            world.watcher_mut().clock_runs_at(peer, rate_ppm);
        }
        let clocks = world.peers().map(|peer| ClockStart {
            ahead: Duration::from_nanos(world.local_time(peer).0),
            ppm: world.clock_drift(peer),
        });
        let head = Head::of(self.subject.name(), &self.settings, &self.world, clocks.collect());
        world.watcher_mut().head(head);
        let base = Base {
            network: self.world.network,
            disk: self.world.disk,
            drift_ppm: world.peers().map(|peer| world.clock_drift(peer)).collect(),
            snapshots: self.world.snapshots,
            longest_timeout: self.longest_timeout(),
        };
        let diary = self.keeps_diary.then(Vec::new);
        if self.keeps_diary {
            world.keep_decisions();
        }
        Ok(Cluster {
            world,
            clients: Clients::default(),
            allowances: Vec::new(),
            settings: self.settings,
            seed: self.world.seed,
            storms: 0,
            base,
            core: PeerSet::EMPTY,
            without: self.without,
            setup,
            diary,
            proposals: Vec::new(),
            gave_up_in_background: false,
            events_at_last_act: 0,
        })
    }
}

/// The entries that a peer holds.
fn log_of<P: Peer>(peer: &P) -> impl Iterator<Item = (LogIndex, EntryId)> {
    let view = peer.view();
    (view.first..=view.last.index).filter_map(|index| Some((index, peer.entry(index)?)))
}
