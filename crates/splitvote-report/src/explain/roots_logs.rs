//! What evidence about logs and commitment asks of the past.

use splitvote::PeerId;
use splitvote::check::checkers::{
    FalseAccount, Forgotten, HastyCommit, IncompleteLeader, LeaderOverwrote, LogMismatch,
    TwoEntries,
};
use splitvote::peer::{LogIndex, LogPosition, Term};
use splitvote::trace::What;

use super::aspects::Aspects;
use super::history::Moment;
use super::roots_snapshots;
use super::slice::Slice;

pub(super) fn overwrote(slice: &mut Slice<'_>, e: LeaderOverwrote, last: Moment) {
    let (leader, term, entry) = match e {
        LeaderOverwrote::Removed { leader, term, from, .. } => (leader, term, from),
        LeaderOverwrote::Rewrote { leader, entry } => (leader, entry.term, entry),
        LeaderOverwrote::ForeignTerm { leader, term, entry } => (leader, term, entry),
    };
    slice.elected(leader, term, last, 1);
    slice.holds(leader, entry, last, 1);
}

pub(super) fn mismatch(slice: &mut Slice<'_>, e: LogMismatch, last: Moment) {
    match e {
        LogMismatch::Differ { peer, other, entry } => {
            slice.holds(peer, entry, last + 1, 1);
            if let Some(other) = other {
                slice.holds(other, entry, last + 1, 1);
            }
        }
        LogMismatch::TermDecreases { peer, entry, .. } | LogMismatch::Unseen { peer, entry } => {
            slice.holds(peer, entry, last + 1, 1);
        }
        LogMismatch::BehindSnapshot { peer, held, .. } => slice.holds(peer, held, last, 1),
        LogMismatch::NotHeld { peer, last: end, .. } | LogMismatch::TooLong { peer, last: end } => {
            slice.holds(peer, end, last + 1, 1);
        }
    }
}

pub(super) fn forgotten(slice: &mut Slice<'_>, e: Forgotten, last: Moment) {
    let (peer, entry) = match e {
        Forgotten::AtBoot { peer, entry, .. } => {
            slice.holds(peer, entry, last, 1);
            if let Some(moment) = slice.logs.on_disk(peer, entry, last) {
                slice.include(moment, Aspects::LOG, 1);
            }
            roots_snapshots::on_disk(slice, peer, last);
            return;
        }
        Forgotten::Removed { peer, entry, committed_in, .. } => {
            slice.committed(entry, Some(committed_in), last, 1);
            (peer, entry)
        }
        Forgotten::Lost { peer, entry, .. } => {
            slice.committed(entry, None, last, 1);
            let left = slice.durability(entry, last + 1);
            slice.remark(last, format!("from now on {left}"));
            (peer, entry)
        }
    };
    slice.holds(peer, entry, last, 1);
    // Who told it to give the entry up did not hold it, or not yet.
    let Some(packet) = slice.history.received(last) else { return };
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

pub(super) fn hasty_commit(slice: &mut Slice<'_>, e: HastyCommit, last: Moment) {
    match e {
        HastyCommit::TooFew { peer, entry, .. } => {
            slice.holds(peer, entry, last + 1, 1);
            let words = slice.durability(entry, last + 1);
            slice.remark(last, words);
        }
        HastyCommit::OldTerm { leader, term, entry, .. } => {
            slice.elected(leader, term, last + 1, 1);
            let holders = slice.holders(entry, last + 1);
            for holder in holders.iter() {
                slice.holds(holder, entry, last + 1, 1);
            }
            let words = format!(
                "{entry} is of term {}, and nothing of term {term} is on a majority yet",
                entry.term
            );
            slice.remark(last, words);
        }
    }
}

pub(super) fn incomplete(slice: &mut Slice<'_>, e: &IncompleteLeader, end: Moment) {
    let IncompleteLeader { leader, term, missing, committed_in, last } = *e;
    slice.won(leader, term, end, 1);
    voters_logs(slice, leader, term, end);
    if let Some(committer) = slice.committed(missing, Some(committed_in), end, 1) {
        let crash =
            slice.history.before(committer, end).find(|moment| slice.history.is_crash(*moment));
        // It would have known better, had it been there.
        if let Some(crash) = crash.filter(|_| slice.history.view_before(committer, end).is_none()) {
            slice.include(crash, Aspects::ALL, 2);
        }
    }
    if last.index >= missing.index {
        let there = LogPosition { index: missing.index, term: last.term };
        slice.holds(leader, if last.index == missing.index { there } else { last }, end, 1);
    }
    let lacks = slice.lacks(leader, missing, end);
    if let Some(office) = slice.history.took_office(leader, term, end) {
        slice.remark(office, lacks);
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

pub(super) fn false_account(slice: &mut Slice<'_>, e: FalseAccount, last: Moment) {
    match e {
        FalseAccount::NotHeld { leader, term, follower, matched, durable } => {
            slice.elected(leader, term, last + 1, 2);
            earlier_account(slice, leader, follower, matched.index, last);
            slice.holds(leader, matched, last + 1, 2);
            slice.holds(follower, durable, last + 1, 2);
            let lacks = slice.lacks(follower, matched, last + 1);
            slice.remark(last, lacks);
            if slice.logs.held(follower, matched, last + 1).is_some() {
                slice.holds(follower, matched, last + 1, 2);
                slice.remark(last, format!("{follower} has {matched} in its memory only"));
            }
        }
        FalseAccount::NotAbove { leader, .. } | FalseAccount::BeyondLog { leader, .. } => {
            slice.own_past(leader, last);
        }
    }
}

/// Includes the earlier moment in which a leader accounted as much to a follower, if there was one.
fn earlier_account(
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

pub(super) fn two_entries(slice: &mut Slice<'_>, e: TwoEntries, last: Moment) {
    let (peer, held, committed) = match e {
        TwoEntries::Applied { peer, index, applied, committed } => {
            (peer, LogPosition { index, term: applied.term }, committed)
        }
        TwoEntries::Committed { peer, held, committed } => (peer, held, committed),
    };
    let there = LogPosition { index: held.index, term: committed };
    slice.committed(there, None, last, 1);
    slice.holds(peer, held, last + 1, 1);
    slice.remark(last, format!("its own log has {held} where {there} was committed"));
}
