//! Which events belong together: those of one step of one peer, and those of one disturbance.

use splitvote::PeerId;
use splitvote::sim::Disturbance;
use splitvote::trace::{TraceEvent, What};

/// Cuts a trace into moments: what a peer was given, what it changed and what it sent in return;
/// or what the scenario did and which links that changed.
pub(crate) fn moments(events: &[TraceEvent]) -> impl Iterator<Item = &[TraceEvent]> {
    events.chunk_by(|one, next| {
        one.at == next.at && actor(&one.what) == actor(&next.what) && !begins(&next.what)
    })
}

/// Whose step an event belongs to; `None` if it is nobody's.
pub(crate) fn actor(what: &What) -> Option<PeerId> {
    match what {
        What::Booted { peer, .. }
        | What::Crashed { peer }
        | What::Changed { peer, .. }
        | What::Log { peer, .. }
        | What::Woke { peer }
        | What::Armed { peer, .. }
        | What::CallFailed { peer, .. }
        | What::Held { peer, .. }
        | What::Written { peer, .. }
        | What::SyncBegun { peer, .. }
        | What::SyncDone { peer, .. }
        | What::Durable { peer, .. }
        | What::Compacted { peer, .. }
        | What::Applied { peer, .. }
        | What::Proposed { peer, .. }
        | What::Progress { leader: peer, .. }
        | What::Restored { peer, .. }
        | What::SnapshotTaken { peer, .. }
        | What::Answered { peer, .. } => Some(*peer),
        What::Sent { packet, .. } => Some(packet.from),
        What::Received { packet } | What::Perished { packet, .. } => Some(packet.to),
        What::Disturbed { change } => change.peer(),
        What::Link { .. }
        | What::Note { .. }
        | What::Step { .. }
        | What::Weather { .. }
        | What::Failed { .. } => None,
    }
}

/// Whether something begins with this event, whatever went before.
fn begins(what: &What) -> bool {
    if let What::Disturbed { change } = what {
        return matches!(**change, Disturbance::Paused { .. } | Disturbance::Resumed { .. });
    }
    matches!(
        what,
        What::Booted { .. }
            | What::Crashed { .. }
            | What::Woke { .. }
            | What::CallFailed { .. }
            | What::Proposed { .. }
            | What::SnapshotTaken { .. }
            | What::Received { .. }
            | What::Perished { .. }
            | What::Note { .. }
            | What::Step { .. }
            | What::Weather { .. }
            | What::Failed { .. }
    )
}
