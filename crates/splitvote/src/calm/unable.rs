//! Why nothing can be demanded of a core.

use std::fmt;
use std::time::Duration;

use splitvote_peer::{LogIndex, PeerId, PeerSet};

/// Why a core is not able to make progress. Prints as a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unable {
    /// The core is no majority.
    NoQuorum {
        /// The peers of the core.
        core: PeerSet,
        /// How many it would take.
        needed: usize,
    },
    /// A peer of the core is down.
    Down(PeerId),
    /// A peer of the core is paused.
    Paused(PeerId),
    /// The disk of a peer that takes part in the core's elections hangs. If that peer leads, it may keep its office:
    /// most Rafts write to their own disk first.
    DiskStalled(PeerId),
    /// A link within the core carries nothing, or is slower than the network.
    NoLink {
        /// The peer that sends.
        from: PeerId,
        /// The peer that receives.
        to: PeerId,
    },
    /// A rule on single packets is in force.
    Rules,
    /// A peer outside of the core can raise the core's terms for ever.
    Disturbed {
        /// The peer that this is about.
        by: PeerId,
    },
    /// Nobody in the core holds the last entry that was committed.
    Lost {
        /// Where that entry stands.
        committed: LogIndex,
    },
    /// Heartbeats come too late to keep followers from standing.
    HeartbeatsTooSlow {
        /// How long a follower may be without one.
        silence: Duration,
        /// The shortest election timeout.
        timeout: Duration,
    },
    /// The timeout of a peer is fixed, and shorter than heartbeats are apart.
    Hasty {
        /// How long a follower may be without a heartbeat.
        silence: Duration,
        /// The fixed election timeout.
        timeout: Duration,
    },
    /// The timeouts that may be drawn lie too close together: elections nearly always split.
    TimeoutsTooClose {
        /// The time between the shortest and the longest.
        spread: Duration,
        /// How long a vote request may take.
        one_way: Duration,
    },
    /// Votes arrive when many have long given up.
    VotesTooSlow {
        /// How long it may take from a vote until the voter hears that it has decided.
        takes: Duration,
        /// The longest election timeout.
        timeout: Duration,
    },
    /// With CheckQuorum: answers come too late to keep a leader from stepping down.
    AnswersTooSlow {
        /// How long a leader may be without one.
        silence: Duration,
        /// The shortest election timeout.
        timeout: Duration,
    },
}

impl fmt::Display for Unable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoQuorum { core, needed } => {
                write!(f, "{core} is no quorum, {needed} are needed")
            }
            Self::Down(peer) => write!(f, "{peer} is down"),
            Self::Paused(peer) => write!(f, "{peer} is paused"),
            Self::DiskStalled(peer) => write!(f, "the disk of {peer} hangs"),
            Self::Hasty { silence, timeout } => write!(
                f,
                "an election timeout is fixed to {timeout:?}, and {silence:?} may pass between heartbeats"
            ),
            Self::NoLink { from, to } => write!(f, "the link {from}→{to} is cut, clogged or slow"),
            Self::Rules => f.write_str("a rule on single packets is in force"),
            Self::Disturbed { by } => {
                write!(f, "{by}, which is ill-connected, can raise the core's terms for ever")
            }
            Self::Lost { committed } => {
                write!(f, "nobody in the core holds entry {committed}, which was committed")
            }
            Self::HeartbeatsTooSlow { silence, timeout } => write!(
                f,
                "a follower may be without a heartbeat for {silence:?}, and may stand after {timeout:?}"
            ),
            Self::TimeoutsTooClose { spread, one_way } => write!(
                f,
                "the timeouts differ by {spread:?} at most and a request may take {one_way:?}: elections \
                 nearly always split"
            ),
            Self::VotesTooSlow { takes, timeout } => write!(
                f,
                "it may take {takes:?} until a vote has decided, and the longest timeout is {timeout:?}: \
                 elections nearly always end before"
            ),
            Self::AnswersTooSlow { silence, timeout } => write!(
                f,
                "a leader may be without an answer for {silence:?}, and with CheckQuorum it steps down after \
                 {timeout:?}"
            ),
        }
    }
}
