//! Which moments made a run fail: of them everything is worth seeing.
//!
//! 1. Suppose S1 hears an AppendEntries that cuts its log, and 3 ms later its disk follows.
//! 2. The entry was committed: `committed-forgotten` sees it lost when the disk has let go of it.
//! 3. What becomes durable is quiet, so the story would end 3 ms before its last sentence.

use splitvote::trace::{TraceEvent, What};
use splitvote::{PeerId, SimTime, Trace};

use crate::moment::actor;

/// The instant of the failure, and whose moments count.
pub(crate) struct Decisive {
    at: SimTime,
    /// Those whom the verdict is about, and who acted last.
    peers: Vec<PeerId>,
}

impl Decisive {
    /// None if the run held.
    pub(crate) fn of(trace: &Trace) -> Option<Self> {
        let (last, before) = trace.events.split_last()?;
        let What::Failed { peers, .. } = &last.what else { return None };
        let mut peers = peers.clone();
        peers.extend(before.last().and_then(|event| actor(&event.what)));
        Some(Self { at: last.at, peers })
    }

    /// Whether this moment is one of them.
    pub(crate) fn is(&self, moment: &[TraceEvent]) -> bool {
        moment.first().is_some_and(|event| {
            event.at == self.at && actor(&event.what).is_some_and(|peer| self.peers.contains(&peer))
        })
    }
}
