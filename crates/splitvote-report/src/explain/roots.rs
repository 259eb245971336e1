//! Where the slice begins: what each kind of evidence asks of the past.

use splitvote::PeerId;
use splitvote::check::checkers::{
    FalseHint, LeaderNotRecognised, NoMajority, QuorumUnchecked, SteppedBack, StoodTooEarly,
    TwoLeaders, UndueVote,
};
use splitvote::check::{Evidence, Violation};
use splitvote::peer::Meaning;
use splitvote::trace::Direction;

use super::aspects::Aspects;
use super::history::Moment;
use super::slice::Slice;
use super::{roots_logs, roots_pre_votes, roots_snapshots};

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
            let disk = on_disk(slice, e.voter, end);
            slice.remark(last, format!("its answer leaves while its disk {disk}"));
        }
        Evidence::NoMajority(NoMajority::TooFew { leader, term, .. }) => {
            slice.won(leader, term, end, 0);
        }
        Evidence::NoMajority(NoMajority::OwnVoteVolatile { leader, term, .. }) => {
            slice.won(leader, term, end, 0);
            let disk = on_disk(slice, leader, end);
            slice.remark(last, format!("of its own vote its disk {disk}"));
        }
        Evidence::UndueVote(e) => undue_vote(slice, e, last),
        Evidence::UnduePreVote(e) => roots_pre_votes::follow(slice, e, last),
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
            slice.own_past(e.sender, end);
            slice.entered(e.sender, e.term, end, 2);
        }
        Evidence::HigherTermIgnored(e) => {
            slice.own_past(e.peer, end);
            slice.remark(
                last,
                format!("it stays in term {}, though this tells of term {}", e.kept, e.heard),
            );
        }
        Evidence::StoodTooEarly(StoodTooEarly { peer, term, .. }) => {
            slice.own_past(peer, end);
            slice.entered(peer, term, end, 2);
        }
        Evidence::QuorumUnchecked(e) => quorum_unchecked(slice, e, last),
        Evidence::FalseHint(FalseHint { peer, named, term, .. }) => {
            slice.own_past(named, end);
            slice.entered(peer, term, end, 2);
        }
        Evidence::LeaderOverwrote(e) => roots_logs::overwrote(slice, e, last),
        Evidence::LogMismatch(e) => roots_logs::mismatch(slice, e, last),
        Evidence::Forgotten(e) => roots_logs::forgotten(slice, e, last),
        Evidence::HastyCommit(e) => roots_logs::hasty_commit(slice, e, last),
        Evidence::IncompleteLeader(e) => roots_logs::incomplete(slice, &e, end),
        Evidence::BadSnapshot(_) => {
            for peer in violation.peers() {
                roots_snapshots::snapshot(slice, peer, last);
            }
        }
        Evidence::FalseAccount(e) => roots_logs::false_account(slice, e, last),
        Evidence::TwoEntries(e) => roots_logs::two_entries(slice, e, last),
        // What was committed and applied; and whatever else may be judged one day.
        _ => {
            for peer in violation.peers() {
                roots_snapshots::applied(slice, peer, last);
                slice.own_past(peer, end);
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

fn quorum_unchecked(slice: &mut Slice<'_>, e: QuorumUnchecked, last: Moment) {
    match e {
        QuorumUnchecked::OfficeKept { leader, term, answering, .. } => {
            slice.won(leader, term, last + 1, 1);
            let others = slice.history.everyone.difference(answering);
            for peer in others.iter().filter(|peer| *peer != leader) {
                last_answer(slice, leader, peer, term, last);
            }
        }
        QuorumUnchecked::LeaderDisturbed { voter, candidate, term, leader, .. } => {
            let is_led = |moment: &Moment| {
                slice.history.received(*moment).is_some_and(|packet| {
                    let is_append = matches!(packet.meaning, Meaning::Append { .. });
                    packet.from == leader && is_append
                })
            };
            if let Some(heard) = slice.history.before(voter, last).find(is_led) {
                slice.include(heard, Aspects::ALL, 1);
            }
            stood(slice, candidate, term, last);
        }
    }
}

/// Includes the last answer that a peer gave a leader, and what keeps the two apart.
fn last_answer(slice: &mut Slice<'_>, leader: PeerId, peer: PeerId, term: u64, end: Moment) {
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
    for (from, to) in [(leader, peer), (peer, leader)] {
        if let (false, Some(cut)) = history.link(from, to, end) {
            slice.include(cut, Aspects::ALL, 1);
            slice.remark(cut, format!("the link from {from} to {to} stays cut"));
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
        UndueVote::NeverAsked { voter, candidate, term, .. } => {
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
            slice.own_past(sender, last + 1);
        }
    }
}

/// What a peer's disk has of terms and votes, before a moment.
fn on_disk(slice: &Slice<'_>, peer: PeerId, before: Moment) -> String {
    match slice.ballot_on_disk(peer, before) {
        None => "has nothing".to_owned(),
        Some((term, None)) => format!("has term {term} and no vote"),
        Some((term, Some(vote))) => format!("has term {term} and a vote for {vote}"),
    }
}

fn stood(slice: &mut Slice<'_>, peer: PeerId, term: u64, before: Moment) {
    if let Some(moment) = slice.history.stood(peer, term, before) {
        slice.include(moment, Aspects::ROLE, 1);
        slice.why_it_stood(moment, peer);
    }
}
