//! Where the slice begins: each lead of the evidence is followed by a function of its own.

mod ballots;
mod entries;
mod offices;
mod snapshots;

use splitvote::check::{DiskFault, Lead, Proof as _, Violation};

use super::aspects::Aspects;
use super::history::Moment;
use super::slice::Slice;
use super::tell_disk::disk_trouble;

/// Follows the evidence back. `last` is the moment in which the rule was seen to be broken.
pub(super) fn follow_all(slice: &mut Slice<'_>, violation: &Violation, last: Moment) {
    slice.include(last, Aspects::ALL, 0);
    for lead in violation.evidence.finding().leads {
        follow(slice, lead, last);
    }
    if let Some(fault) = violation.disk {
        disk_fault(slice, fault, last);
    }
}

/// Includes where a disk failed or lied.
fn disk_fault(slice: &mut Slice<'_>, DiskFault { peer, at, trouble }: DiskFault, last: Moment) {
    let history = slice.history;
    let is_it = |moment: &Moment| {
        let events = history.events(*moment).iter();
        events
            .filter(|event| event.at == at)
            .any(|event| disk_trouble(&event.what) == Some(trouble))
    };
    slice.include_any(history.before(peer, last + 1).find(is_it), Aspects::ALL, 1);
}

fn follow(slice: &mut Slice<'_>, lead: Lead, last: Moment) {
    let end = last + 1;
    match lead {
        Lead::Election(leader, term) => slice.won(leader, term, end, 1),
        Lead::Office(leader, term) => slice.elected(leader, term, end, 1),
        Lead::Candidacy(peer, term) => offices::candidacy(slice, peer, term, end),
        Lead::OwnPast(peer) => slice.own_past(peer, end),
        Lead::TermEntered(peer, term) => slice.entered(peer, term, end, 1),
        Lead::Silence { leader, term, answering } => {
            offices::silence(slice, leader, term, answering, last);
        }
        Lead::LeaderHeard { peer, leader } => offices::leader_heard(slice, peer, leader, last),
        Lead::Vote(voter, candidate, term) => {
            slice.vote(voter, candidate, term, end, 1);
        }
        Lead::BothVotes { voter, term, candidates } => {
            slice.voted_twice(voter, term, candidates, end);
        }
        Lead::ForgottenVote(voter, candidate, term) => {
            ballots::forgotten_vote(slice, voter, candidate, term, last);
        }
        Lead::EarlierVote(voter, candidate, term) => {
            ballots::earlier_vote(slice, voter, candidate, term, last);
        }
        Lead::BallotOnDisk(peer, words) => ballots::on_disk(slice, peer, words, last),
        Lead::PreVotes(candidate, term) => ballots::pre_votes(slice, candidate, term, last),
        Lead::Entry(peer, entry) => slice.holds(peer, entry, end, 1),
        Lead::EntryBefore(peer, entry) => slice.holds(peer, entry, last, 1),
        Lead::EntryOnDisk(peer, entry) => entries::on_disk(slice, peer, entry, last),
        Lead::EntryMissing(peer, entry) => entries::missing(slice, peer, entry, last),
        Lead::EntryNotOnDisk(peer, entry) => entries::not_on_disk(slice, peer, entry, last),
        Lead::EntryGivenUp(entry) => entries::given_up(slice, entry, last),
        Lead::Holders(entry) => entries::holders(slice, entry, end),
        Lead::Durability { entry, on_disk, words } => {
            entries::durability(slice, (entry, on_disk), words, last);
        }
        Lead::LaterElection { term, entry } => entries::later_election(slice, term, entry, end),
        Lead::TimerReset(peer, by) => slice.timer_reset(peer, by, last),
        Lead::Message => {
            // A few words say no more than the sentence does.
            let packet = slice.history.received(last);
            if let Some(packet) = packet.filter(|packet| packet.text.split(' ').count() > 3) {
                slice.remark(last, format!("the message reads `{}`", packet.text));
            }
        }
        Lead::FirstDifference([peer, other], entry) => {
            entries::first_difference(slice, [peer, other], entry, last);
        }
        Lead::DiskRewritten(peer) => snapshots::rewritten(slice, peer, last),
        Lead::Commitment(entry, term) => {
            slice.committed(entry, term, last, 1);
        }
        Lead::ElectedWithout { leader, term, entry, committed_in } => {
            entries::elected_without(slice, leader, term, (entry, committed_in), end);
        }
        Lead::EarlierAccount { leader, follower, matched } => {
            entries::earlier_account(slice, leader, follower, matched, last);
        }
        Lead::Snapshots(peer) => snapshots::all(slice, peer, last),
        Lead::SnapshotOnDisk(peer) => snapshots::on_disk(slice, peer, last),
        Lead::Applied(peer) => snapshots::applied(slice, peer, last),
        Lead::Remark(words) => slice.remark(last, words),
    }
}
