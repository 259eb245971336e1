//! Leads to votes and pre-votes.

use splitvote::PeerId;
use splitvote::peer::{Meaning, Term};

use super::super::aspects::Aspects;
use super::super::history::Moment;
use super::super::slice::Slice;

pub(super) fn forgotten_vote(
    slice: &mut Slice<'_>,
    voter: PeerId,
    candidate: PeerId,
    term: Term,
    last: Moment,
) {
    if let Some(cast) = slice.vote(voter, candidate, term, last, 1) {
        slice.forgot(voter, term, cast, last);
    }
}

pub(super) fn earlier_vote(
    slice: &mut Slice<'_>,
    voter: PeerId,
    candidate: PeerId,
    term: Term,
    last: Moment,
) {
    let earlier = slice.history.last_change(voter, last, |was, is| {
        is.voted_for == Some(candidate)
            && (was.voted_for, was.term) != (is.voted_for, is.term)
            && is.term < term
    });
    slice.include_any(earlier, Aspects::VOTE, 1);
}

/// Says what a peer's disk has of terms and votes.
pub(super) fn on_disk(slice: &mut Slice<'_>, peer: PeerId, words: &str, last: Moment) {
    let disk = match slice.ballot_on_disk(peer, last + 1) {
        None => "has nothing".to_owned(),
        Some((term, None)) => format!("has term {term} and no vote"),
        Some((term, Some(vote))) => format!("has term {term} and a vote for {vote}"),
    };
    slice.remark(last, format!("{words} {disk}"));
}

/// Includes what a candidate has heard since it first asked for its term: who would vote for it, and
/// which answers were to another question.
pub(super) fn pre_votes(slice: &mut Slice<'_>, candidate: PeerId, term: Term, last: Moment) {
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
