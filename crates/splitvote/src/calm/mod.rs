//! After the storm a calm: the core has to make progress, or it is said what it waits for.
//!
//! Safety holds under any weather; liveness does not, and no Raft promises it. So it is judged in a calm. A
//! random quorum, the *core*, becomes healthy; all faults elsewhere become permanent. The core must then
//! elect a leader, commit a probe, come to hold the same log and the same applied state, commit a second
//! probe at the pace of a cluster that is in order, and leave its leader in office. For each it has as
//! much virtual time as follows from the timeouts, the network and the disks.
//!
//! - `heal`: which acts make the core healthy and the other faults permanent.
//! - `ability`: whether the core is able to make progress at all; if not, it is allowed to be stuck. `unable`: why.
//! - `pace`: what things take at most, and the bounds that follow. `room`: whether leaders can be elected and
//!   stay in office. `packets`: how long these take. `bound`: what a bound is.
//! - `settle`: demands each thing in turn. `awaited`: what it waits for. `lag`: how far followers are behind.
//! - `watch`: who is watched, and whom they follow. `wait`: how long, and what becomes of it if it does not come.
//! - `states`: whether a core that is stuck goes round in circles, stands still, or is slow.
//! - `stall`: the evidence, which prints as one sentence.

mod ability;
mod awaited;
mod bound;
mod heal;
mod lag;
mod pace;
mod packets;
mod room;
mod settle;
mod stall;
mod states;
mod unable;
mod wait;
mod watch;

use std::fmt;
use std::time::Duration;

use splitvote_peer::{Configuration, LogIndex, Peer, PeerId, PeerSet, Term};

use crate::cluster::Cluster;
use crate::failure::Failure;

pub use awaited::Awaited;
pub use bound::{Bound, Round};
pub use stall::{Stall, Stance};
pub use states::Course;
pub use unable::Unable;

/// How a calm ended that is no failure. Prints as one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Calm {
    /// The core did all that was demanded.
    Settled(Settled),
    /// The core made no progress, and was not able to.
    Stuck {
        /// The core.
        core: PeerSet,
        /// Why nothing can be demanded of it.
        why: Unable,
        /// What did not come.
        awaited: Awaited,
    },
}

/// A core that did all that was demanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The core.
    pub core: PeerSet,
    /// Who leads.
    pub leader: PeerId,
    /// Which term.
    pub term: Term,
    /// Where the last probe stands in the log.
    pub probe: LogIndex,
    /// How long it took until the leader was known to all.
    pub led_after: Duration,
    /// How long it took until the first probe was committed.
    pub committed_after: Duration,
    /// How long it took until the core held the same log and the same state.
    pub converged_after: Duration,
}

impl fmt::Display for Calm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settled(Settled { core, leader, term, probe, converged_after, .. }) => write!(
                f,
                "the core {core} settled: {leader} leads term {term}, all hold the log up to {probe} \
                 after {converged_after:?}"
            ),
            Self::Stuck { core, why, awaited } => {
                write!(
                    f,
                    "the core {core} is allowed to be stuck: {why}; it waited in vain for {awaited}"
                )
            }
        }
    }
}

impl<P: Peer> Cluster<P> {
    /// A calm of a random core: of each size from a bare majority to all one time in so many.
    ///
    /// # Errors
    /// If the core makes no progress though it is able to, or a safety property is violated meanwhile.
    pub fn calm(&mut self) -> Result<Calm, Failure> {
        self.calm_for(None, Duration::ZERO)
    }

    /// A calm of this core.
    ///
    /// # Errors
    /// As [`Self::calm`].
    pub fn calm_of(&mut self, core: PeerSet) -> Result<Calm, Failure> {
        self.calm_for(Some(core), Duration::ZERO)
    }

    /// A calm that lasts at least so long.
    pub(crate) fn calm_for(
        &mut self,
        core: Option<PeerSet>,
        lasts: Duration,
    ) -> Result<Calm, Failure> {
        let core = core.unwrap_or_else(|| self.draw_core());
        self.core = core;
        self.become_calm(core);
        self.settle_for(core, lasts)
    }

    /// Draws a quorum from the nemesis's stream: first its size, then who.
    fn draw_core(&mut self) -> PeerSet {
        let (all, nemesis) =
            (PeerSet::all(self.world().cluster_size()), self.world_mut().nemesis());
        let cluster = Configuration::of(all);
        let spare = nemesis.below(cluster.tolerated() as u64 + 1) as usize;
        let size = cluster.quorum_size() + spare;
        crate::nemesis::some_of(all, size, nemesis)
    }
}
