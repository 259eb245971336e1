//! Leads to candidacies, and to what a leader and its followers heard of each other.

use splitvote::PeerId;
use splitvote::peer::{Meaning, PeerSet, Term};
use splitvote::trace::Direction;

use super::super::aspects::Aspects;
use super::super::exchange::stays_cut;
use super::super::history::Moment;
use super::super::slice::Slice;

pub(super) fn candidacy(slice: &mut Slice<'_>, peer: PeerId, term: Term, end: Moment) {
    if let Some(moment) = slice.history.stood(peer, term, end) {
        slice.include(moment, Aspects::ROLE, 1);
        slice.why_it_stood(moment, peer);
    }
}

pub(super) fn leader_heard(slice: &mut Slice<'_>, peer: PeerId, leader: PeerId, last: Moment) {
    let is_led = |moment: &Moment| {
        slice.history.received(*moment).is_some_and(|packet| {
            packet.from == leader && matches!(packet.meaning, Meaning::Append { .. })
        })
    };
    slice.include_any(slice.history.before(peer, last).find(is_led), Aspects::ALL, 1);
}

/// Includes the last answer of each peer that is silent, and what keeps the two apart.
pub(super) fn silence(
    slice: &mut Slice<'_>,
    leader: PeerId,
    term: Term,
    answering: PeerSet,
    last: Moment,
) {
    let others = slice.history.everyone.difference(answering);
    for peer in others.iter().filter(|peer| *peer != leader) {
        last_answer(slice, leader, peer, term, last);
    }
}

fn last_answer(slice: &mut Slice<'_>, leader: PeerId, peer: PeerId, term: Term, end: Moment) {
    let history = slice.history;
    let office = history.took_office(leader, term, end).unwrap_or(0);
    let answers = |moment: &Moment| {
        let packet = history.received(*moment);
        packet.is_some_and(|packet| packet.from == peer && packet.direction == Direction::Reply)
    };
    match history.before(leader, end).take_while(|moment| *moment > office).find(answers) {
        Some(answer) => {
            slice.include(answer, Aspects::ALL, 1);
            slice.remark(answer, format!("it hears nothing more from {peer}"));
        }
        None => slice.remark(office, format!("{peer} never answers it in this term")),
    }
    stays_cut(slice, leader, peer, end);
    stays_cut(slice, peer, leader, end);
}
