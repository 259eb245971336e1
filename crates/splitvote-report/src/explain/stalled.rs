//! Why nothing good came, or at too high a price. No single event shows that, so this tells what stood in the way: who
//! leads and what its last exchange with each peer that lags behind was (`exchange`); or, if nobody leads, how the last
//! elections went, vote by vote (`nobody_leads`).

use std::time::Duration;

use splitvote::peer::Term;
use splitvote::trace::What;
use splitvote::{PeerId, Role, View};

use super::aspects::Aspects;
use super::exchange::exchange;
use super::history::Moment;
use super::nobody_leads::nobody_leads;
use super::ordinal::ordinal;
use super::slice::Slice;

/// So many leaders in so short a time come and go.
const MANY_OFFICES: usize = 4;
const LATELY: Duration = Duration::from_secs(3);

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
            if let Some(office) = slice.history.took_office(leader, view.term, end) {
                let View { first, last, .. } = view;
                slice.remark(
                    office,
                    format!("at the end its own log goes from index {first} to {last}"),
                );
                none_stays(slice, leader, view.term, office);
            }
            for (peer, behind) in up.filter(|(peer, _)| *peer != leader) {
                if behind.applied < view.commit
                    || behind.last != view.last
                    || behind.leader != Some(leader)
                {
                    exchange(slice, leader, peer, end);
                }
            }
        }
        None => {
            nobody_leads(slice, end);
            last_office(slice, end);
        }
    }
}

/// Says so if leaders come and go, and tells the elections before the last: whoever leads, it does not last.
fn none_stays(slice: &mut Slice<'_>, leader: PeerId, term: Term, office: Moment) {
    let history = slice.history;
    let end = history.at(history.len().saturating_sub(1));
    let is_late = |moment: &Moment| end.since(history.at(*moment)) <= LATELY;
    let is_office = |moment: &Moment| {
        history.change(*moment).is_some_and(|(was, is)| {
            is.role == Role::Leader && (was.role, was.term) != (is.role, is.term)
        })
    };
    let late = (0..history.len()).rev().take_while(is_late).filter(is_office);
    let Some((first, count)) = late.fold(None, |found, moment| {
        Some((moment, found.map_or(0, |(_, count): (_, usize)| count) + 1))
    }) else {
        return;
    };
    if count < MANY_OFFICES {
        return;
    }
    let since = history.at(first);
    slice.remark(office, format!("it is the {} leader since {since}: none stays", ordinal(count)));
    if let Some(stood) = history.stood(leader, term, office) {
        nobody_leads(slice, stood);
    }
}

/// Includes the last exchanges of the last leader with those that were behind when it lost its office.
fn last_office(slice: &mut Slice<'_>, end: Moment) {
    let history = slice.history;
    let leads = |view: &View| view.role == Role::Leader;
    let lost = history.everyone.iter().filter_map(|peer| {
        Some((history.last_change(peer, end, |was, is| leads(was) && !leads(is))?, peer))
    });
    let Some((lost, leader)) = lost.max() else { return };
    let Some(own) = history.view_before(leader, lost) else { return };
    slice.elected(leader, own.term, lost, 1);
    for peer in history.everyone.iter().filter(|peer| *peer != leader) {
        let behind = history.view_before(peer, lost);
        if behind.is_some_and(|behind| behind.last != own.last) {
            exchange(slice, leader, peer, lost);
        }
    }
}

/// Tells how each peer came to be what it is that was expected to be otherwise: its election, if it leads.
pub(super) fn found_otherwise(slice: &mut Slice<'_>, peers: &[PeerId]) {
    let end = slice.history.len();
    let mut is_told = false;
    for peer in peers {
        // It may have crashed since.
        let office = slice.history.last_change(*peer, end, |_, is| is.role == Role::Leader);
        let Some((_, view)) = office.and_then(|moment| slice.history.change(moment)) else {
            continue;
        };
        slice.won(*peer, view.term, end, 1);
        is_told = true;
    }
    if let [one, other] = *peers
        && let (Some(first), Some(second)) =
            (slice.history.view_before(one, end), slice.history.view_before(other, end))
        && (first.role, second.role) == (Role::Leader, Role::Leader)
        && first.term == second.term
    {
        for voter in slice.history.everyone.iter() {
            slice.voted_twice(voter, first.term, [one, other], end);
        }
    }
    if !is_told {
        follow(slice);
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
