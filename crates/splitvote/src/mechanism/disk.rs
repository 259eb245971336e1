//! What became of a vote that is not on its voter's disk.

use splitvote_peer::{Durable, PeerId, Term};

use crate::trace::{TraceEvent, What};

/// Why a vote is not durable.
pub(super) fn of_vote(
    events: &[TraceEvent],
    voter: PeerId,
    candidate: PeerId,
    term: Term,
) -> &'static str {
    let ballot = Durable::Ballot { term, voted_for: Some(candidate) };
    let written = events.iter().rposition(|event| {
        matches!(event.what, What::Written { peer, record } if peer == voter && record == ballot)
    });
    let Some(written) = written else { return "the vote was never written" };
    let is_synced = events
        .iter()
        .skip(written)
        .any(|event| matches!(event.what, What::SyncBegun { peer, .. } if peer == voter));
    match is_synced {
        true => "the vote was written, and its sync was not awaited",
        false => "the vote was written, and no sync was asked for",
    }
}
