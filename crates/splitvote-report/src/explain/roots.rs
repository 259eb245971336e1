//! Where the slice begins: what each kind of evidence asks of the past.

use splitvote::PeerId;
use splitvote::check::checkers::{
    FalseAccount, FalseHint, Forgotten, HastyCommit, IncompleteLeader, LeaderNotRecognised,
    LeaderOverwrote, LogMismatch, NoMajority, SteppedBack, TwoEntries, TwoLeaders, UndueVote,
};
use splitvote::check::{Evidence, Violation};
use splitvote::peer::{Durable, LogPosition};
use splitvote::trace::What;

use super::aspects::Aspects;
use super::history::Moment;
use super::slice::Slice;

/// Follows the evidence back. `last` is the moment in which the rule was seen to be broken.
pub(super) fn follow(slice: &mut Slice<'_>, violation: &Violation, last: Moment) {
    slice.include(last, Aspects::ALL, 0);
    let end = last + 1;
    match violation.evidence {
        Evidence::TwoLeaders(e) => two_leaders(slice, &e, end),
        Evidence::TwoVotes(e) => slice.voted_twice(e.voter, e.term, [e.first, e.second], end),
        Evidence::SteppedBack(e) => stepped_back(slice, e, last),
        Evidence::VolatileVote(e) => {
            slice.vote(e.voter, e.candidate, e.term, end, 0);
            let disk = match slice.ballot_on_disk(e.voter, end) {
                None => "has nothing of it".to_owned(),
                Some((term, None)) => format!("has term {term} and no vote"),
                Some((term, Some(vote))) => format!("has term {term} and a vote for {vote}"),
            };
            slice.remark(last, format!("its answer leaves while its disk {disk}"));
        }
        Evidence::NoMajority(
            NoMajority::TooFew { leader, term, .. } | NoMajority::OwnVoteVolatile { leader, term },
        ) => {
            slice.won(leader, term, end, 0);
        }
        Evidence::UndueVote(e) => undue_vote(slice, e, last),
        Evidence::LeaderNotRecognised(
            LeaderNotRecognised::ByLeader { peer, from, term }
            | LeaderNotRecognised::ByCandidate { peer, from, term, .. },
        ) => {
            slice.won(from, term, end, 1);
            if !slice.won(peer, term, end, 1) {
                stood(slice, peer, term, end);
            }
        }
        Evidence::FalseLeader(e) => {
            own_past(slice, e.sender, end);
            slice.entered(e.sender, e.term, end, 2);
        }
        Evidence::HigherTermIgnored(e) => {
            own_past(slice, e.peer, end);
            slice.remark(
                last,
                format!("it stays in term {}, though this tells of term {}", e.kept, e.heard),
            );
        }
        Evidence::FalseHint(FalseHint { peer, named, term, .. }) => {
            own_past(slice, named, end);
            slice.entered(peer, term, end, 2);
        }
        Evidence::LeaderOverwrote(e) => overwrote(slice, e, last),
        Evidence::LogMismatch(e) => mismatch(slice, e, last),
        Evidence::Forgotten(e) => forgotten(slice, e, last),
        Evidence::HastyCommit(e) => hasty_commit(slice, e, last),
        Evidence::IncompleteLeader(e) => incomplete(slice, &e, end),
        Evidence::BadSnapshot(_) => {
            for peer in violation.peers() {
                snapshot(slice, peer, last);
            }
        }
        Evidence::FalseAccount(e) => false_account(slice, e, last),
        Evidence::TwoEntries(e) => two_entries(slice, e, last),
        // What was committed and applied; and whatever else may be judged one day.
        _ => {
            for peer in violation.peers() {
                applied(slice, peer, last);
                own_past(slice, peer, end);
            }
        }
    }
}

fn two_leaders(slice: &mut Slice<'_>, e: &TwoLeaders, end: Moment) {
    for leadership in [e.first, e.second] {
        slice.won(leadership.leader, e.term, end, 1);
    }
    for voter in e.first.voters.intersection(e.second.voters).iter() {
        slice.voted_twice(voter, e.term, [e.first.leader, e.second.leader], end);
    }
}

fn stepped_back(slice: &mut Slice<'_>, e: SteppedBack, last: Moment) {
    match e {
        SteppedBack::VoteWithdrawn { peer, term, candidate } => {
            slice.vote(peer, candidate, term, last, 1);
        }
        SteppedBack::VoteForgotten { peer, term, durable, .. } => {
            if let Some(cast) = slice.vote(peer, durable, term, last, 1) {
                slice.forgot(peer, term, cast, last);
            }
        }
        SteppedBack::TermDecreased { peer, from, .. }
        | SteppedBack::TermForgotten { peer, durable: from, .. } => {
            slice.entered(peer, from, last, 1);
        }
    }
}

fn undue_vote(slice: &mut Slice<'_>, e: UndueVote, last: Moment) {
    match e {
        UndueVote::LogBehind { voter, voter_log, candidate, term, .. } => {
            stood(slice, candidate, term, last);
            slice.vote(voter, candidate, term, last + 1, 0);
            slice.holds(voter, voter_log, last + 1, 1);
            let lacks = slice.lacks(candidate, voter_log, last);
            slice.remark(last, lacks);
            slice
                .remark(last, format!("its own log ends at {voter_log}, which is more up-to-date"));
        }
        UndueVote::NeverAsked { voter, candidate, term } => {
            let earlier = slice.history.last_change(voter, last, |was, is| {
                is.voted_for == Some(candidate)
                    && (was.voted_for, was.term) != (is.voted_for, is.term)
                    && is.term < term
            });
            if let Some(moment) = earlier {
                slice.include(moment, Aspects::VOTE, 1);
            }
            slice.remark(last, format!("{candidate} never asked for a vote in term {term}"));
        }
        UndueVote::NotStanding { sender, .. } | UndueVote::Overstated { sender, .. } => {
            own_past(slice, sender, last + 1);
        }
    }
}

fn overwrote(slice: &mut Slice<'_>, e: LeaderOverwrote, last: Moment) {
    let (leader, term, entry) = match e {
        LeaderOverwrote::Removed { leader, term, from, .. } => (leader, term, from),
        LeaderOverwrote::Rewrote { leader, entry } => (leader, entry.term, entry),
        LeaderOverwrote::ForeignTerm { leader, term, entry } => (leader, term, entry),
    };
    slice.elected(leader, term, last, 1);
    slice.holds(leader, entry, last, 1);
}

fn mismatch(slice: &mut Slice<'_>, e: LogMismatch, last: Moment) {
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

fn forgotten(slice: &mut Slice<'_>, e: Forgotten, last: Moment) {
    let (peer, entry) = match e {
        Forgotten::AtBoot { peer, entry, .. } => {
            slice.holds(peer, entry, last, 1);
            if let Some(moment) = slice.logs.on_disk(peer, entry, last) {
                slice.include(moment, Aspects::LOG, 1);
                slice.remark(moment, format!("{entry} is on its disk"));
            }
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

fn hasty_commit(slice: &mut Slice<'_>, e: HastyCommit, last: Moment) {
    match e {
        HastyCommit::TooFew { peer, entry, .. } => {
            slice.holds(peer, entry, last + 1, 1);
            let words = slice.durability(entry, last + 1);
            slice.remark(last, words);
        }
        HastyCommit::OldTerm { leader, term, entry } => {
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

fn incomplete(slice: &mut Slice<'_>, e: &IncompleteLeader, end: Moment) {
    let IncompleteLeader { leader, term, missing, committed_in, last } = *e;
    slice.won(leader, term, end, 1);
    if let Some(committer) = slice.committed(missing, Some(committed_in), end, 1) {
        let gone = slice.history.before(committer, end).next();
        if let Some(crash) = gone.filter(|moment| slice.history.is_crash(*moment)) {
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

fn false_account(slice: &mut Slice<'_>, e: FalseAccount, last: Moment) {
    match e {
        FalseAccount::NotHeld { leader, term, follower, matched, durable } => {
            slice.elected(leader, term, last + 1, 2);
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
            own_past(slice, leader, last);
        }
    }
}

fn two_entries(slice: &mut Slice<'_>, e: TwoEntries, last: Moment) {
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

/// Includes the last snapshots of a peer: the one its state machine made, and the one on its disk.
fn snapshot(slice: &mut Slice<'_>, peer: PeerId, last: Moment) {
    let is_own = slice.history.received(last).is_none();
    let taken = slice.history.before(peer, last).find(|moment| {
        let events = slice.history.events(*moment);
        events.iter().any(|event| matches!(event.what, What::SnapshotTaken { .. }))
    });
    if let Some(taken) = taken.filter(|_| is_own) {
        slice.include(taken, Aspects::NONE, 1);
    }
    let on_disk = slice.history.before(peer, last).find(|moment| {
        slice.history.durable(*moment).any(|record| matches!(record, Durable::Snapshot { .. }))
    });
    if let Some(on_disk) = on_disk {
        slice.include(on_disk, Aspects::LOG, 1);
    }
    applied(slice, peer, last);
}

/// Includes what a peer last took for committed or applied, before this moment, and its restart
/// since, if there was one.
fn applied(slice: &mut Slice<'_>, peer: PeerId, last: Moment) {
    let change = slice
        .history
        .last_change(peer, last, |was, is| (was.commit, was.applied) != (is.commit, is.applied));
    if let Some(moment) = change {
        slice.include(moment, Aspects::COMMIT | Aspects::LOG, 1);
    }
    let boot = slice
        .history
        .before(peer, last)
        .take(20)
        .find(|moment| slice.history.boot(*moment).is_some_and(|boot| boot > 1));
    if let Some(boot) = boot {
        slice.include(boot, Aspects::ALL, 2);
    }
}

fn stood(slice: &mut Slice<'_>, peer: PeerId, term: u64, before: Moment) {
    if let Some(moment) = slice.history.stood(peer, term, before) {
        slice.include(moment, Aspects::ROLE, 1);
        slice.why_it_stood(moment, peer);
    }
}

/// Includes the last change of a peer's role, and the last restart if it was later.
pub(super) fn own_past(slice: &mut Slice<'_>, peer: PeerId, before: Moment) {
    let role = slice
        .history
        .last_change(peer, before, |was, is| (was.role, was.term) != (is.role, is.term));
    if let Some(moment) = role {
        slice.include(moment, Aspects::ALL, 2);
        if let Some((_, is)) = slice.history.change(moment)
            && is.role == splitvote::Role::Leader
        {
            slice.elected(peer, is.term, moment + 1, 2);
        }
    }
}
