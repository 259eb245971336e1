//! The kind of the step in which a rule was broken: what the peer was given.

use splitvote_peer::{Meaning, PeerId, Term, View};

use crate::trace::{PacketText, TraceEvent, What};

/// What began the last step of a run, as a clause.
pub(super) fn kind(events: &[TraceEvent]) -> String {
    let begun = events.iter().enumerate().rev().find_map(|(place, event)| {
        Some(match &event.what {
            What::Received { packet } => {
                format!("when {} came", message(packet, term_before(events, place, packet.to)))
            }
            What::Booted { boot: 1, .. } => "at its first start".to_owned(),
            What::Booted { .. } => "at a restart".to_owned(),
            What::Crashed { .. } => "at a crash".to_owned(),
            What::Woke { .. } => "when its timer went off".to_owned(),
            What::SyncDone { .. } => "when a sync was done".to_owned(),
            What::CallFailed { .. } => "when a call failed".to_owned(),
            What::Proposed { .. } => "when a command came".to_owned(),
            What::SnapshotTaken { .. } => "when its state machine made a snapshot".to_owned(),
            _ => return None,
        })
    });
    begun.unwrap_or_else(|| "before anything came".to_owned())
}

/// What a packet is to a receiver that is in this term.
fn message(packet: &PacketText, own: Option<Term>) -> String {
    let (name, term) = match packet.meaning {
        Meaning::VoteRequest { term, .. } => ("a request for a vote", Some(term)),
        Meaning::VoteReply { asked_in, granted: true, .. } => ("a vote", Some(asked_in)),
        Meaning::VoteReply { asked_in, .. } => ("a refusal to vote", Some(asked_in)),
        Meaning::PreVote { .. } => ("a pre-vote", None),
        Meaning::PreVoteReply { granted: true, .. } => ("a yes to a pre-vote", None),
        Meaning::PreVoteReply { .. } => ("a no to a pre-vote", None),
        Meaning::Append { term, .. } => ("an AppendEntries", Some(term)),
        Meaning::AppendReply { term, success: true } => ("an acknowledgement", Some(term)),
        Meaning::AppendReply { term, .. } => ("a refusal of entries", Some(term)),
        Meaning::InstallSnapshot { term, .. } => ("an InstallSnapshot", Some(term)),
        Meaning::InstallReply { term } => ("an answer to an InstallSnapshot", Some(term)),
        _ => return format!("`{}`", packet.kind),
    };
    match (term, own) {
        (Some(term), Some(own)) if term < own => format!("{name} of an older term"),
        _ => name.to_owned(),
    }
}

/// The term that a peer was in before this place.
fn term_before(events: &[TraceEvent], place: usize, peer: PeerId) -> Option<Term> {
    let view = |view: &View| view.shows_term().then_some(view.term);
    events.get(..place)?.iter().rev().find_map(|event| match &event.what {
        What::Changed { peer: of, after, .. } if *of == peer => Some(view(after)),
        What::Booted { peer: of, view: booted, .. } if *of == peer => Some(view(booted)),
        _ => None,
    })?
}
