//! Why nothing good came, or at too high a price. No single event shows that, so this tells what
//! stood in the way: who leads and what its last exchange with each peer that lags behind was; or, if
//! nobody leads, how the last election went, vote by vote.

use std::collections::BTreeMap;
use std::time::Duration;

use splitvote::peer::PeerSet;
use splitvote::sim::Fate;
use splitvote::trace::What;
use splitvote::{PeerId, Role, View};

use super::aspects::Aspects;
use super::commits::list;
use super::history::Moment;
use super::slice::Slice;

/// How many of the last candidates are told, if nobody leads.
const LAST_CANDIDATES: usize = 3;
/// If nobody stood for longer than this at the end, it is said.
const QUIET: Duration = Duration::from_secs(1);

/// Tells what stood in the way at the end of a run.
pub(super) fn follow(slice: &mut Slice<'_>) {
    let end = slice.history.len();
    let views: Vec<(PeerId, Option<View>)> = slice
        .history
        .everyone
        .iter()
        .map(|peer| (peer, slice.history.view_before(peer, end)))
        .collect();
    for (peer, _) in views.iter().filter(|(_, view)| view.is_none()) {
        slice.include_any(slice.history.last_crash(*peer, end), Aspects::ALL, 1);
    }
    let up = views.iter().filter_map(|(peer, view)| Some((*peer, (*view)?)));
    let newest = up.clone().map(|(_, view)| view.term).max().unwrap_or(0);
    let leader =
        up.clone().filter(|(_, view)| view.role == Role::Leader).max_by_key(|(_, view)| view.term);
    match leader.filter(|(_, view)| view.term == newest) {
        Some((leader, view)) => {
            slice.won(leader, view.term, end, 1);
            for (peer, behind) in up.filter(|(peer, _)| *peer != leader) {
                if behind.applied < view.commit
                    || behind.last != view.last
                    || behind.leader != Some(leader)
                {
                    exchange(slice, leader, peer, end);
                }
            }
        }
        None => nobody_leads(slice, end),
    }
}

/// Includes the last request of a leader that reached a peer, and the last answer that came back.
pub(super) fn exchange(slice: &mut Slice<'_>, leader: PeerId, peer: PeerId, end: Moment) {
    let asked = slice.last_heard(peer, leader, end);
    let answered = slice.last_heard(leader, peer, end);
    if let Some(asked) = asked {
        slice.include(asked, Aspects::ALL, 1);
        if let Some(view) = slice.history.view_before(peer, end) {
            let View { first, last, commit, applied, .. } = view;
            let words = format!(
                "at the end its log goes from index {first} to {last}, committed up to {commit}, \
                 applied up to {applied}"
            );
            slice.remark(asked, words);
        }
        if answered.is_none() {
            slice.remark(asked, format!("{leader} never hears from it"));
        }
    }
    if let Some(answered) = answered {
        slice.include(answered, Aspects::ALL, 1);
        again_and_again(slice, leader, peer, answered);
    }
    stays_cut(slice, leader, peer, end);
}

/// Includes where a link was cut, if it still is.
pub(super) fn stays_cut(slice: &mut Slice<'_>, from: PeerId, to: PeerId, end: Moment) {
    if let (false, Some(cut)) = slice.history.link(from, to, end) {
        slice.include(cut, Aspects::ALL, 1);
        slice.remark(cut, format!("the link from {from} to {to} stays cut"));
    }
}

/// Says how often the last answer of a peer had come before, word by word.
fn again_and_again(slice: &mut Slice<'_>, leader: PeerId, peer: PeerId, last: Moment) {
    let history = slice.history;
    let Some(text) = history.received(last).map(|packet| &packet.text) else { return };
    let mut first = last;
    let mut count: u32 = 0;
    for moment in history.before(leader, last) {
        match history.received(moment).filter(|packet| packet.from == peer) {
            Some(packet) if packet.text == *text => (first, count) = (moment, count + 1),
            Some(_) => break,
            None => {}
        }
    }
    if count > 1 {
        let since = history.at(first);
        slice.remark(last, format!("it came {count} times before, since {since}"));
    }
}

/// Includes the last candidacies and what each peer answered.
pub(super) fn nobody_leads(slice: &mut Slice<'_>, end: Moment) {
    let history = slice.history;
    let stood: Vec<_> = (0..end).rev().filter_map(|moment| history.candidacy(moment)).collect();
    let Some((last, candidate, _)) = stood.first().copied() else { return };
    let in_a_row = stood.iter().take_while(|(_, peer, _)| *peer == candidate).count();
    let told = if in_a_row >= LAST_CANDIDATES { 1 } else { LAST_CANDIDATES };
    for (depth, (moment, candidate, _)) in (1..).zip(stood.iter().take(told)) {
        slice.include(*moment, Aspects::ROLE, depth);
        slice.why_it_stood(*moment, *candidate);
        answers(slice, *moment, end, depth + 1);
    }
    if let Some((first, ..)) = stood.get(in_a_row - 1).filter(|_| in_a_row >= LAST_CANDIDATES) {
        let since = history.at(*first);
        slice.remark(
            last,
            format!("it stands for the {in_a_row}th time since {since}, and nobody else does"),
        );
    }
    let quiet = history.at(end.saturating_sub(1)).since(history.at(last));
    if quiet > QUIET {
        let ms = quiet.as_millis();
        slice.remark(last, format!("nobody stands again in the {ms} ms that are left"));
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
            }
            Some(_) => {
                lost.entry("down, or cut off on the way").or_default().insert(packet.to);
            }
            None => {
                lost.entry(why_not(fate)).or_default().insert(packet.to);
            }
        }
    }
    let lost: Vec<String> =
        lost.into_iter().map(|(why, peers)| format!("{} ({why})", list(peers))).collect();
    if !lost.is_empty() {
        slice.remark(stood, format!("its request does not reach {}", lost.join(", nor ")));
    }
}

/// Why a packet had not arrived by the end.
fn why_not(fate: Fate) -> &'static str {
    match fate {
        Fate::Lost => "lost",
        Fate::Dropped => "dropped by a rule",
        Fate::Cut => "the link is cut",
        Fate::Dead => "down",
        _ => "still under way",
    }
}

/// Includes the last changes of role and term: what is always true.
pub(super) fn last_changes(slice: &mut Slice<'_>) {
    let history = slice.history;
    let mut found: u32 = 0;
    for moment in (0..history.len()).rev() {
        let is_change = history.is_crash(moment)
            || history.events(moment).iter().any(|event| matches!(event.what, What::Link { .. }))
            || history
                .change(moment)
                .is_some_and(|(was, is)| (was.role, was.term) != (is.role, is.term));
        if is_change {
            slice.include(moment, Aspects::ROLE | Aspects::VOTE, found);
            found += 1;
        }
        if found >= 8 {
            return;
        }
    }
}
