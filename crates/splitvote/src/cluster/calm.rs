//! Calms: a core becomes healthy, and has to make progress. What is judged, and how, is [`crate::calm`]'s affair.

use std::time::Duration;

use splitvote_peer::{Peer, PeerId, PeerSet};

use super::Cluster;
use crate::calm::{Calm, Probe, Sight, Unable, Watched, draw_core, mend, settle};
use crate::court::Court;
use crate::failure::Failure;
use crate::fault::Fault;

impl<P: Peer> Watched for Cluster<P> {
    type Peer = P;

    fn sight(&self) -> Sight<'_, P> {
        let Self { world, settings, base, .. } = self;
        Sight { world, settings, base, has_clients: self.has_clients() }
    }

    fn court_mut(&mut self) -> &mut Court {
        Self::court_mut(self)
    }

    fn run_for(&mut self, duration: Duration) -> Result<(), Failure> {
        Self::run_for(self, duration)
    }

    fn disturb(&mut self, fault: Fault) {
        Self::disturb(self, fault);
    }

    fn propose_probe(&mut self, to: PeerId) -> Option<Probe> {
        let command = self.fresh_command(0);
        let request = self.propose_only(to, &command)?;
        Some(Probe { request, command })
    }
}

impl<P: Peer> Cluster<P> {
    /// A calm of a random core: of each size from a bare majority to all one time in so many.
    ///
    /// # Errors
    /// If the core makes no progress though it is able to, or a safety property is violated meanwhile.
    pub fn calm(&mut self) -> Result<Calm, Failure> {
        self.calm_for(None, Duration::ZERO, None)
    }

    /// A calm of this core.
    ///
    /// # Errors
    /// As [`Self::calm`]; and if the cluster has no such peer.
    pub fn calm_of(&mut self, core: PeerSet) -> Result<Calm, Failure> {
        self.has_all(core.iter())?;
        self.calm_for(Some(core), Duration::ZERO, None)
    }

    /// A calm of this core, in which a client goes on proposing so often until all of the core have caught up: a
    /// leader that compacts its log must not keep a follower from that. The client proposes less often if the
    /// disks or the options of the Raft would not keep up with it.
    ///
    /// # Errors
    /// As [`Self::calm_of`].
    pub fn calm_under_load(&mut self, core: PeerSet, every: Duration) -> Result<Calm, Failure> {
        self.has_all(core.iter())?;
        self.calm_for(Some(core), Duration::ZERO, Some(every))
    }

    /// A calm that lasts at least so long, under a load if one is stated.
    pub(crate) fn calm_for(
        &mut self,
        core: Option<PeerSet>,
        lasts: Duration,
        load: Option<Duration>,
    ) -> Result<Calm, Failure> {
        let peers = self.world.cluster_size();
        let core = core.unwrap_or_else(|| draw_core(peers, self.world.nemesis()));
        mend(self, core);
        self.settle_for(core, lasts, load)
    }

    fn settle_for(
        &mut self,
        core: PeerSet,
        lasts: Duration,
        load: Option<Duration>,
    ) -> Result<Calm, Failure> {
        (self.core, self.load) = (core, load);
        let calm = settle(self, core, lasts, load);
        if let Ok(calm) = &calm {
            self.calms.count(calm);
        }
        self.is_stalled = matches!(calm, Err(Failure::Stalled(_)));
        calm
    }

    /// Demands that a core elect, commit and converge as things stand; nothing is healed before.
    ///
    /// # Errors
    /// If it makes no progress though it is able to, a safety property is violated meanwhile, or the cluster has no
    /// such peer.
    pub fn settle(&mut self, core: PeerSet) -> Result<Calm, Failure> {
        self.has_all(core.iter())?;
        self.settle_for(core, Duration::ZERO, None)
    }

    /// Whether this core is able to elect, commit and converge as things stand.
    ///
    /// # Errors
    /// The first reason why it is not. A peer that the cluster does not have is down.
    pub fn is_able(&self, core: PeerSet) -> Result<(), Unable> {
        self.sight().is_able(core)
    }
}
