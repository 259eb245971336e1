//! Why nothing good came, or at too high a price. No single event shows that, so this tells what
//! stood in the way: who leads and what its last exchange with each peer that lags behind was; or, if
//! nobody leads, how the last election went, vote by vote.

use splitvote::check::Election;
use splitvote::trace::What;
use splitvote::{PeerId, Role, View};

use super::aspects::Aspects;
use super::history::Moment;
use super::slice::Slice;

/// How many of the last candidates are told, if nobody leads.
const LAST_CANDIDATES: usize = 3;

/// Tells what stood in the way at the end of a run.
pub(super) fn follow(slice: &mut Slice<'_>, _elections: &[Election]) {
    let end = slice.history.len();
    let views: Vec<(PeerId, Option<View>)> = slice
        .history
        .everyone
        .iter()
        .map(|peer| (peer, slice.history.view_before(peer, end)))
        .collect();
    for (peer, _) in views.iter().filter(|(_, view)| view.is_none()) {
        if let Some(crash) =
            slice.history.before(*peer, end).find(|moment| slice.history.is_crash(*moment))
        {
            slice.include(crash, Aspects::ALL, 1);
        }
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
fn exchange(slice: &mut Slice<'_>, leader: PeerId, peer: PeerId, end: Moment) {
    if let Some(heard) = slice.last_heard(peer, leader, end) {
        slice.include(heard, Aspects::ALL, 1);
        let view = slice.history.view_before(peer, end);
        if let Some(view) = view {
            let words = format!(
                "at the end its log goes from index {} to {}, of which it has applied {}",
                view.first, view.last, view.applied
            );
            slice.remark(heard, words);
        }
        if slice.last_heard(leader, peer, end).is_none() {
            slice.remark(heard, format!("{leader} never hears from it"));
        }
    }
    if let Some(heard) = slice.last_heard(leader, peer, end) {
        slice.include(heard, Aspects::ALL, 1);
    }
    if let (false, Some(cut)) = slice.history.link(leader, peer, end) {
        slice.include(cut, Aspects::ALL, 1);
        slice.remark(cut, format!("the link from {leader} to {peer} stays cut"));
    }
}

/// Includes the last candidacies and what each peer answered.
fn nobody_leads(slice: &mut Slice<'_>, end: Moment) {
    let stood: Vec<(Moment, PeerId, u64)> = (0..end)
        .rev()
        .filter_map(|moment| {
            let (was, is) = slice.history.change(moment)?;
            let is_new = is.role == Role::Candidate && (was.role, was.term) != (is.role, is.term);
            is_new.then_some((moment, slice.history.peer(moment)?, is.term))
        })
        .take(LAST_CANDIDATES)
        .collect();
    for (depth, (moment, candidate, _)) in (1..).zip(&stood) {
        slice.include(*moment, Aspects::ROLE, depth);
        slice.why_it_stood(*moment, *candidate);
        answers(slice, *moment, end, depth + 1);
    }
}

/// Includes what became of the requests that left in a moment.
fn answers(slice: &mut Slice<'_>, stood: Moment, end: Moment, depth: u32) {
    let mut lost = Vec::new();
    for (packet, _) in slice.history.sent(stood) {
        let arrival =
            slice.history.arrivals(packet).first().copied().filter(|moment| *moment < end);
        match arrival.filter(|moment| slice.history.received(*moment).is_some()) {
            Some(arrival) => slice.include(arrival, Aspects::ROLE | Aspects::VOTE, depth),
            None => lost.push(packet.to.to_string()),
        }
    }
    if !lost.is_empty() {
        slice.remark(stood, format!("its request never reaches {}", super::words::join(&lost)));
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
