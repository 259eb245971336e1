//! The panic of a peer: who it was, and at what, is told by the world and by the recorder.

use std::fmt;

use serde::{Deserialize, Serialize};
use splitvote_peer::{PeerId, SimTime};
use splitvote_sim::world::Task;

use crate::trace::{Trace, TraceEvent, What};

/// A panic of a peer. Prints as one sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Panic {
    /// What it said, and where in the source.
    pub message: String,
    /// Who panicked; `None` if it was before the run began.
    pub peer: Option<PeerId>,
    /// When it happens.
    pub at: SimTime,
    /// What the peer was at, such as `handling its timer`.
    pub during: String,
}

impl Panic {
    /// The same panic of the peer that the world called last. What a packet said is known if the
    /// run was recorded.
    pub(crate) fn of(self, called: (PeerId, Task), at: SimTime, trace: Option<&Trace>) -> Self {
        let (peer, task) = called;
        let during = match task {
            Task::Packet => format!("handling {}", packet(peer, at, trace)),
            other => during(other),
        };
        Self { peer: Some(peer), at, during, ..self }
    }
}

/// What a peer is at that was called for this.
pub(crate) fn during(task: Task) -> String {
    let words = match task {
        Task::Boot => "booting",
        Task::Wake => "handling its timer",
        Task::Packet => "handling a message",
        Task::FailedCall => "handling the failure of a call",
        Task::Sync => "handling a completed sync",
        Task::FailedSync => "handling a sync that failed",
        Task::Proposal => "handling a client's command",
        Task::Snapshot => "handling a snapshot of its state machine",
        Task::Drop => "being dropped",
    };
    words.to_owned()
}

/// What the last packet to a peer said, and from whom it was.
fn packet(peer: PeerId, now: SimTime, trace: Option<&Trace>) -> String {
    let received = |TraceEvent { at, what }: &TraceEvent| match what {
        What::Received { packet } if packet.to == peer && *at == now => {
            Some(format!("{} from {}", packet.text, packet.from))
        }
        _ => None,
    };
    let events = trace.map_or(&[][..], |trace| &trace.events);
    events.iter().rev().find_map(received).unwrap_or_else(|| "a message".to_owned())
}

impl Panic {
    /// Where in the source it panicked; the message, if that is not known.
    #[must_use]
    pub fn place(&self) -> String {
        let place = self.message.rsplit_once(" at ").map(|(_, place)| place);
        place.unwrap_or(&self.message).to_owned()
    }
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, at, during, .. } = self;
        match self.peer {
            Some(peer) => write!(f, "{peer} panicked at {at} while {during}: {message}"),
            None => write!(f, "a peer panicked before the run began: {message}"),
        }
    }
}
