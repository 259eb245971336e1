//! Why a core that was calm and able got nowhere: what it waited for says who hindered it.

use splitvote::calm::Awaited;
use splitvote::trace::What;
use splitvote::{PeerId, SimTime, Stall};

use super::aspects::Aspects;
use super::exchange::exchange;
use super::history::Moment;
use super::nobody_leads::nobody_leads;
use super::slice::Slice;

/// Tells what stood in the way of a core.
pub(super) fn follow(slice: &mut Slice<'_>, stall: &Stall) {
    let end = slice.history.len();
    include_calm(slice, stall.calm_since);
    match stall.awaited {
        Awaited::Leader { leader: None, .. } => nobody_leads(slice, end),
        Awaited::Leader { leader: Some(leader), not_followed_by: others }
        | Awaited::Commitment { leader, not_held_by: others, .. }
        | Awaited::Convergence { leader, of: others, .. } => {
            if let Some(view) = slice.history.view_before(leader, end) {
                slice.won(leader, view.term, end, 1);
            }
            // If nobody is behind, all of them are in question.
            let others = if others.is_empty() { stall.core } else { others };
            for peer in others.iter().filter(|peer| *peer != leader) {
                exchange(slice, leader, peer, end);
            }
            // What it has forgotten may hinder a peer that has restarted.
            for peer in others.iter() {
                slice.include_any(slice.history.last_crash(peer, end), Aspects::ALL, 2);
            }
        }
        Awaited::Stability { leader, term, rival } => {
            slice.won(leader, term, end, 1);
            if let Some(rival) = rival {
                stood_without_cause(slice, leader, rival, end);
            }
        }
    }
}

/// The moment in which the calm began.
fn include_calm(slice: &mut Slice<'_>, since: SimTime) {
    let begins = |moment: &Moment| {
        slice.history.at(*moment) == since
            && slice.history.events(*moment).iter().any(|e| matches!(e.what, What::Note { .. }))
    };
    slice.include_any((0..slice.history.len()).find(begins), Aspects::ALL, 1);
}

/// When a rival last stood, and when it had last heard from the leader before that.
fn stood_without_cause(slice: &mut Slice<'_>, leader: PeerId, rival: PeerId, end: Moment) {
    let history = slice.history;
    let stood = history.before(rival, end).find(|moment| history.candidacy(*moment).is_some());
    let Some(stood) = stood else { return };
    slice.include(stood, Aspects::ROLE, 1);
    if let Some(heard) = slice.last_heard(rival, leader, stood) {
        slice.include(heard, Aspects::ALL, 2);
        let before = slice.history.at(stood).since(slice.history.at(heard)).as_millis();
        slice.remark(stood, format!("it had heard {leader} {before} ms before"));
    }
}
