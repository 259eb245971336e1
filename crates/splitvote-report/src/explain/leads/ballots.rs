//! Leads to votes and pre-votes.

use splitvote::PeerId;
use splitvote::peer::{Durable, Meaning, Term};
use splitvote::trace::What;

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
    let view = slice.history.view_after(peer, last);
    let Some(view) = view.filter(|view| view.shows_vote() && view.shows_term()) else { return };
    let ballot = Durable::Ballot { term: view.term, voted_for: view.voted_for };
    if slice.ballot_on_disk(peer, last + 1) != Some((view.term, view.voted_for)) {
        slice.remark(last, written(slice, peer, ballot, last));
    }
}

/// What became of a record that is not durable.
fn written(slice: &Slice<'_>, peer: PeerId, record: Durable, last: Moment) -> String {
    let history = slice.history;
    let is_written = |moment: &Moment| {
        let mut events = history.events(*moment).iter();
        events.any(|event| matches!(event.what, What::Written { record: written, .. } if written == record))
    };
    let life = history.before(peer, last + 1).take_while(|moment| !history.is_crash(*moment));
    let Some(moment) = life.into_iter().find(is_written) else {
        return format!("{peer} has not written its term and vote");
    };
    let at = history.at(moment);
    let due = history.since(peer, moment).take_while(|later| *later <= last).find_map(|later| {
        history.events(later).iter().find_map(|event| match event.what {
            What::SyncBegun { due, .. } => Some(due),
            _ => None,
        })
    });
    match due {
        Some(due) => {
            format!("{peer} wrote term and vote at {at}, and waits for no sync (it ends at {due})")
        }
        None => format!("{peer} wrote term and vote at {at}, and asked for no sync"),
    }
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
