//! After the storm a calm: the core has to make progress, or it is said what it waits for.
//!
//! Safety holds under any weather; liveness does not, and no Raft promises it. So it is judged in a calm. A
//! random quorum, the *core*, becomes healthy; all faults elsewhere become permanent. The core must then
//! elect a leader, commit a probe, come to hold the same log and the same applied state, commit a second
//! probe at the pace of a cluster that is in order, and leave its leader in office. For each it has as
//! much virtual time as follows from the timeouts, the network and the disks.
//!
//! - `sight`: all that is needed of a cluster, which is known here by that alone.
//! - `heal`: which acts make the core healthy and the other faults permanent.
//! - `ability`: whether the core is able to make progress at all; if not, it is allowed to be stuck. `unable`: why.
//! - `pace`: what things take at most, and the bounds that follow. `room`: whether and when leaders can be elected, and
//!   whether they stay in office. `packets`: how long these take. `lag`: how far followers are behind.
//! - `settle`: demands each thing in turn, and waits for it.
//! - `watch`: who is watched, whom they follow, and what becomes of it if something does not come.
//! - `tally`: how many calms ended in which way.
//! - `states`: whether a core that is stuck goes round in circles, stands still, or is slow.
//!
//! The evidence, which prints as one sentence, is [`Stall`].

mod ability;
mod heal;
mod lag;
mod pace;
mod packets;
mod room;
mod settle;
mod sight;
mod states;
mod tally;
mod unable;
mod watch;

use std::fmt;
use std::time::Duration;

use splitvote_peer::{Configuration, LogIndex, PeerId, PeerSet, Term};
use splitvote_sim::Stream;

pub use crate::stall::{Awaited, Bound, Course, Round, Stall, Stance};
pub(crate) use heal::mend;
pub(crate) use settle::settle;
pub(crate) use sight::{Base, Probe, Sight, Watched};
pub use tally::Calms;
pub use unable::Unable;

/// How a calm ended that is no failure. Prints as one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Calm {
    /// The core did all that was demanded.
    Settled(Settled),
    /// The core made no progress, and was not able to.
    Stuck {
        /// The peers of the core.
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
    /// The peers of the core.
    pub core: PeerSet,
    /// The peer that leads.
    pub leader: PeerId,
    /// The term that this is about.
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

/// Draws a quorum of so many peers: first its size, then who.
pub(crate) fn draw_core(peers: usize, nemesis: &mut Stream) -> PeerSet {
    let all = PeerSet::all(peers);
    let cluster = Configuration::of(all);
    let spare = nemesis.below(cluster.tolerated() as u64 + 1) as usize;
    crate::nemesis::some_of(all, cluster.quorum_size() + spare, nemesis)
}
