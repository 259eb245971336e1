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

/// Whose step an event belongs to; none if it is nobody's.
pub(crate) fn actor(what: &What) -> Option<PeerId> {
    match what {
        What::Booted { peer, .. }
        | What::Crashed { peer }
        | What::Changed { peer, .. }
        | What::Durable { peer, .. }
        | What::Progress { leader: peer, .. }
        | What::Restored { peer, .. }
        | What::SnapshotTaken { peer, .. }
        | What::Answered { peer, .. } => Some(*peer),
        What::Sent { packet, .. } => Some(packet.from),
        What::Received { packet } | What::Perished { packet, .. } => Some(packet.to),
        What::Disturbed(
            Disturbance::Paused(peer)
            | Disturbance::Resumed(peer)
            | Disturbance::ClockStepped { peer, .. }
            | Disturbance::ClockDrift { peer, .. },
        ) => Some(*peer),
        What::Disturbed(
            Disturbance::Clogged { .. }
            | Disturbance::Unclogged { .. }
            | Disturbance::Network
            | Disturbance::Disk,
        )
        | What::Link { .. }
        | What::Note { .. }
        | What::Step { .. }
        | What::Weather { .. }
        | What::Failed { .. } => None,
    }
}

/// Whether something begins with this event, whatever went before.
fn begins(what: &What) -> bool {
    matches!(
        what,
        What::Booted { .. }
            | What::Crashed { .. }
            | What::Disturbed(Disturbance::Paused(_) | Disturbance::Resumed(_))
            | What::SnapshotTaken { .. }
            | What::Received { .. }
            | What::Perished { .. }
            | What::Note { .. }
            | What::Step { .. }
            | What::Weather { .. }
            | What::Failed { .. }
    )
}
