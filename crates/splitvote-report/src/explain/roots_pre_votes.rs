//! Where the slice begins if a pre-vote was more, or less, than it should be.

use splitvote::check::checkers::UnduePreVote;
use splitvote::peer::{Meaning, Term};
use splitvote::{PeerId, Role};

use super::aspects::Aspects;
use super::history::Moment;
use super::slice::Slice;

/// Follows the evidence back. `last` is the moment in which the rule was seen to be broken.
pub(super) fn follow(slice: &mut Slice<'_>, evidence: UnduePreVote, last: Moment) {
    let end = last + 1;
    match evidence {
        UnduePreVote::OutOfTurn { asker, role, own_term, .. } => {
            came_to_be(slice, asker, role, own_term, end);
        }
        UnduePreVote::Disturbing { voter, before: (role, term), .. } => {
            came_to_be(slice, voter, role, term, last);
        }
        UnduePreVote::LogBehind { voter, voter_log, asker, .. } => {
            slice.holds(voter, voter_log, end, 1);
            let lacks = slice.lacks(asker, voter_log, last);
            slice.remark(last, lacks);
            let own = format!("its own log ends at {voter_log}, which is more up-to-date");
            slice.remark(last, own);
        }
        UnduePreVote::ByLeader { leader, term, .. } => {
            slice.won(leader, term, end, 1);
        }
        UnduePreVote::Unwelcome { candidate, term, .. } => answers(slice, candidate, term, last),
    }
}

/// How a peer came to be what it is.
fn came_to_be(slice: &mut Slice<'_>, peer: PeerId, role: Role, term: Term, before: Moment) {
    if role == Role::Leader {
        slice.won(peer, term, before, 1);
    } else {
        slice.entered(peer, term, before, 1);
    }
}

/// Includes what a candidate has heard since it first asked for its term: who would vote for it, and which
/// answers were to another question.
fn answers(slice: &mut Slice<'_>, candidate: PeerId, term: Term, last: Moment) {
    let history = slice.history;
    let asks = |moment: &Moment| {
        history.sent(*moment).any(
            |(sent, _)| matches!(sent.meaning, Meaning::PreVote { asked_for, .. } if asked_for == term),
        )
    };
    let life =
        history.before(candidate, last + 1).take_while(|moment| history.boot(*moment).is_none());
    let Some(asked) = life.filter(asks).last() else { return };
    slice.include(asked, Aspects::ALL, 1);
    for moment in history.since(candidate, asked).take_while(|moment| *moment <= last) {
        let Some(packet) = history.received(moment) else { continue };
        let Meaning::PreVoteReply { asked_for, granted: true, .. } = packet.meaning else {
            continue;
        };
        slice.include(moment, Aspects::NONE, 1);
        if asked_for != term {
            let words = format!("that is no answer to its question for term {term}");
            slice.remark(moment, words);
        }
    }
}
