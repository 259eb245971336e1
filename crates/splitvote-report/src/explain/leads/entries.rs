//! Leads to entries: who held them, on which disks, and how they were committed or given up.

use splitvote::peer::{Durable, LogIndex, LogPosition, PeerSet, Term};
use splitvote::trace::What;
use splitvote::{PeerId, Role};

use super::super::aspects::Aspects;
use super::super::history::Moment;
use super::super::slice::Slice;

pub(super) fn on_disk(slice: &mut Slice<'_>, peer: PeerId, entry: LogPosition, last: Moment) {
    slice.include_any(slice.logs.on_disk(peer, entry, last), Aspects::LOG, 1);
}

pub(super) fn missing(slice: &mut Slice<'_>, peer: PeerId, entry: LogPosition, last: Moment) {
    let lacks = slice.lacks(peer, entry, last);
    slice.remark(last, lacks);
}

pub(super) fn not_on_disk(slice: &mut Slice<'_>, peer: PeerId, entry: LogPosition, last: Moment) {
    missing(slice, peer, entry, last);
    if slice.logs.held(peer, entry, last + 1).is_some() {
        slice.holds(peer, entry, last + 1, 1);
        slice.remark(last, format!("{peer} has {entry} in its memory only"));
    }
}

/// Whoever told it to give the entry up did not hold it, or not yet.
pub(super) fn given_up(slice: &mut Slice<'_>, entry: LogPosition, last: Moment) {
    let Some(packet) = slice.history.received(last) else {
        return cut_on_disk(slice, entry, last);
    };
    let Some(sending) = slice.history.sending(packet) else { return };
    let is_early = slice.logs.held(packet.from, entry, sending).is_none()
        && slice.logs.held(packet.from, entry, last).is_some();
    let words = if is_early {
        let (from, at) = (packet.from, slice.history.at(sending));
        format!("{from} sent this at {at}, before its own log had {entry}")
    } else {
        slice.lacks(packet.from, entry, sending)
    };
    slice.remark(last, words);
}

/// Includes the step that wrote to the disk that an entry is no more, if that is why the disk lost it.
fn cut_on_disk(slice: &mut Slice<'_>, entry: LogPosition, last: Moment) {
    let history = slice.history;
    let Some(peer) = history.peer(last) else { return };
    let is_cut = history
        .durable(last)
        .any(|record| matches!(record, Durable::Truncated { from } if from <= entry.index));
    let cut = history.before(peer, last).find_map(|moment| {
        let from = history.cut_on_disk(moment).filter(|from| *from <= entry.index)?;
        Some((moment, from))
    });
    let Some((moment, from)) = cut.filter(|_| is_cut) else { return };
    slice.include(moment, Aspects::ALL, 1);
    slice.remark(moment, format!("it writes that its log has nothing from index {from} on"));
}

pub(super) fn holders(slice: &mut Slice<'_>, entry: LogPosition, end: Moment) {
    for holder in slice.holders(entry, end).iter() {
        slice.holds(holder, entry, end, 1);
    }
}

pub(super) fn durability(
    slice: &mut Slice<'_>,
    (entry, on_disk): (LogPosition, PeerSet),
    words: &str,
    last: Moment,
) {
    let disks = slice.durability(entry, on_disk, last + 1);
    slice.remark(last, format!("{words}{disks}"));
}

/// Says why nobody refused to elect the leader, and why it does not hold the entry.
pub(super) fn elected_without(
    slice: &mut Slice<'_>,
    leader: PeerId,
    term: Term,
    (entry, committed_in): (LogPosition, Term),
    end: Moment,
) {
    voters_logs(slice, leader, term, end);
    if let Some(committer) = slice.committed(entry, Some(committed_in), end, 1) {
        let crash = slice.history.last_crash(committer, end);
        // It would have known better, had it been there.
        slice.include_any(
            crash.filter(|_| slice.history.view_before(committer, end).is_none()),
            Aspects::ALL,
            2,
        );
    }
    let lacks = slice.lacks(leader, entry, end);
    if let Some(office) = slice.history.took_office(leader, term, end) {
        slice.remark(office, lacks);
    }
}

/// Says where two logs first differ that hold one entry.
pub(super) fn first_difference(
    slice: &mut Slice<'_>,
    [peer, other]: [PeerId; 2],
    entry: LogPosition,
    last: Moment,
) {
    if let Some((one, another)) = slice.logs.first_difference([peer, other], entry.index) {
        slice.remark(last, format!("{peer}'s log has {one} where {other}'s has {another}"));
    } else if let Some((position, one, another)) =
        slice.other_command([peer, other], entry.index, last + 1)
    {
        slice.remark(
            last,
            format!("at {position}, {peer}'s log has {one} and {other}'s has {another}"),
        );
    }
}

/// Says of the leader of a term why it was elected without an entry, if it was, that an earlier term had committed.
pub(super) fn later_election(slice: &mut Slice<'_>, term: Term, entry: LogPosition, end: Moment) {
    let history = slice.history;
    let Some(committed) = slice.commitment(entry, None, end) else { return };
    let committed_in = history.peer(committed).and_then(|peer| history.view_after(peer, committed));
    let Some(committed_in) = committed_in.map(|view| view.term).filter(|by| *by < term) else {
        return;
    };
    let elected = history.everyone.iter().find_map(|peer| {
        let office =
            history.last_change(peer, end, |_, is| is.role == Role::Leader && is.term == term)?;
        Some((peer, history.took_office(peer, term, office + 1)?))
    });
    let Some((leader, office)) = elected else { return };
    if slice.logs.held(leader, entry, office).is_none() {
        slice.won(leader, term, end, 1);
        elected_without(slice, leader, term, (entry, committed_in), end);
    }
}

/// Says of each vote for a leader where the voter's own log ended: why it did not refuse.
fn voters_logs(slice: &mut Slice<'_>, leader: PeerId, term: Term, end: Moment) {
    let voters = slice.history.everyone.iter().filter(|voter| *voter != leader);
    for voter in voters {
        let Some(vote) = slice.history.voted(voter, leader, term, end) else { continue };
        if let Some(view) = slice.history.view_before(voter, vote) {
            slice.remark(vote, format!("its own log ends at {}", view.last));
        }
    }
}

/// Includes the earlier moment in which a leader accounted as much to a follower, if there was one.
pub(super) fn earlier_account(
    slice: &mut Slice<'_>,
    leader: PeerId,
    follower: PeerId,
    matched: LogIndex,
    last: Moment,
) {
    let history = slice.history;
    let earlier = history.before(leader, last).find(|moment| {
        history.events(*moment).iter().any(|event| {
            matches!(&event.what, What::Progress { follower: f, progress, .. }
                if *f == follower && progress.matched >= matched)
        })
    });
    let Some(earlier) = earlier else { return };
    let term = |moment| history.view_after(leader, moment).map(|view| view.term);
    slice.include(earlier, Aspects::ALL, 2);
    if let (Some(then), Some(now)) = (term(earlier), term(last))
        && then != now
    {
        slice.remark(last, format!("this account is as it was in term {then}"));
    }
}
