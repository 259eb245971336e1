//! Nobody leads: how the last elections went, vote by vote, and who could have stood and did not.

use std::collections::BTreeMap;
use std::time::Duration;

use splitvote::PeerId;
use splitvote::peer::{Meaning, PeerSet};
use splitvote::sim::Fate;
use splitvote::trace::PacketText;

use super::aspects::Aspects;
use super::commits::list;
use super::history::Moment;
use super::ordinal::ordinal;
use super::slice::Slice;

/// How many of the last candidates are told, if nobody leads.
const LAST_CANDIDATES: usize = 3;
/// If nobody stood for longer than this at the end, it is said.
const QUIET: Duration = Duration::from_secs(1);

/// Includes the last candidacies and what each peer answered.
pub(super) fn nobody_leads(slice: &mut Slice<'_>, end: Moment) {
    let history = slice.history;
    let stood: Vec<_> = (0..end).rev().filter_map(|moment| history.candidacy(moment)).collect();
    let Some((last, candidate, _)) = stood.first().copied() else { return who_waits(slice, end) };
    let in_a_row = stood.iter().take_while(|(_, peer, _)| *peer == candidate).count();
    let told = if in_a_row >= LAST_CANDIDATES { 1 } else { LAST_CANDIDATES };
    for (depth, (moment, candidate, _)) in (1..).zip(stood.iter().take(told)) {
        slice.include(*moment, Aspects::ROLE, depth);
        slice.why_it_stood(*moment, *candidate);
        answers(slice, *moment, end, depth + 1);
    }
    if let Some((first, ..)) = stood.get(in_a_row - 1).filter(|_| in_a_row >= LAST_CANDIDATES) {
        // What kept it from winning may have been another thing then.
        slice.include(*first, Aspects::ROLE, 3);
        answers(slice, *first, end, 4);
        let since = history.at(*first);
        slice.remark(
            last,
            format!(
                "it stands for the {} time since {since}, and nobody else does",
                ordinal(in_a_row)
            ),
        );
    }
    let quiet = history.at(end.saturating_sub(1)).since(history.at(last));
    // Where candidates come and go, nobody's timer is in question.
    if quiet > QUIET || in_a_row >= LAST_CANDIDATES {
        who_waits(slice, end);
    }
    if quiet > QUIET {
        let ms = quiet.as_millis();
        slice.remark(last, format!("nobody stands again in the {ms} ms that are left"));
    }
}

/// Includes what keeps each peer from standing: its timer, and its pre-votes.
fn who_waits(slice: &mut Slice<'_>, end: Moment) {
    for peer in slice.history.everyone.iter() {
        slice.why_it_waits(peer, end);
        last_question(slice, peer, end);
    }
}

/// Includes the last pre-votes that a peer asked for, and what became of them.
fn last_question(slice: &mut Slice<'_>, peer: PeerId, end: Moment) {
    let history = slice.history;
    let asks = |moment: &Moment| {
        history.sent(*moment).any(|(sent, _)| matches!(sent.meaning, Meaning::PreVote { .. }))
    };
    let Some(asked) = history.before(peer, end).find(asks) else { return };
    slice.include(asked, Aspects::ALL, 2);
    for (packet, _) in history.sent(asked) {
        let arrival = history.arrivals(packet).first().copied();
        slice.include_any(arrival.filter(|moment| *moment < end), Aspects::ALL, 3);
    }
}

/// Includes what became of the requests that left in a moment.
fn answers(slice: &mut Slice<'_>, stood: Moment, end: Moment, depth: u32) {
    let mut lost: BTreeMap<&str, PeerSet> = BTreeMap::new();
    for (packet, fate) in slice.history.sent(stood) {
        let arrival =
            slice.history.arrivals(packet).first().copied().filter(|moment| *moment < end);
        match arrival {
            Some(arrival) if slice.history.received(arrival).is_some() => {
                slice.include(arrival, Aspects::ROLE | Aspects::VOTE, depth);
                answer_lost(slice, packet, arrival, end);
            }
            Some(_) => {
                lost.entry("down, or cut off on the way").or_default().insert(packet.to);
            }
            None => {
                lost.entry(never_comes(fate)).or_default().insert(packet.to);
            }
        }
    }
    refused_later(slice, stood, end, depth);
    let lost: Vec<String> =
        lost.into_iter().map(|(why, peers)| format!("{} ({why})", list(peers))).collect();
    if !lost.is_empty() {
        slice.remark(stood, format!("its request does not reach {}", lost.join(", nor ")));
    }
}

/// Says of a request for a vote that its answer did not come, if so.
fn answer_lost(slice: &mut Slice<'_>, request: &PacketText, arrival: Moment, end: Moment) {
    let history = slice.history;
    let Some((_, answer, fate)) = slice.answer_to(request, request.to, arrival) else { return };
    let came = history.arrivals(answer).first().filter(|moment| **moment < end);
    if came.is_none_or(|moment| history.received(*moment).is_none()) {
        let why = if came.is_some() { "lost on its way" } else { never_comes(fate) };
        slice.remark(arrival, format!("its answer does not reach {} ({why})", request.from));
    }
}

/// Includes the first refusal of each peer since a candidacy: what was asked again may be refused otherwise.
fn refused_later(slice: &mut Slice<'_>, stood: Moment, end: Moment, depth: u32) {
    let history = slice.history;
    let Some((_, candidate, _)) = history.candidacy(stood) else { return };
    let mut told = PeerSet::EMPTY;
    for moment in history.since(candidate, stood + 1).take_while(|moment| *moment < end) {
        let Some(packet) = history.received(moment) else { continue };
        let is_refusal = matches!(packet.meaning, Meaning::VoteReply { granted: false, .. });
        if is_refusal && told.insert(packet.from) {
            let question = history.sending(packet).and_then(|sent| history.question(packet, sent));
            slice.include_any(question, Aspects::ROLE | Aspects::VOTE, depth);
        }
    }
}

/// Why a packet had not arrived by the end.
pub(super) fn never_comes(fate: Fate) -> &'static str {
    match fate {
        Fate::Lost => "lost",
        Fate::Dropped => "dropped by the scenario",
        Fate::Cut => "the link is cut",
        Fate::Dead => "down",
        _ => "still under way",
    }
}
