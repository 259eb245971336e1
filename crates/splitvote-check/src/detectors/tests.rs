//! Each detector on a run that shows its happening, and on a neighbouring one that does not.

use splitvote_peer::PeerId;

use super::*;
use crate::script::Script;

#[track_caller]
fn saw(run: &Script, happening: Happening, times: u64) {
    assert_eq!(run.judge.happenings().get(happening), times, "{happening}");
}

fn cut_off(run: &mut Script, peer: u8, up: bool) {
    for other in (0..3).filter(|other| *other != peer) {
        run.link(peer, other, up).link(other, peer, up);
    }
}

#[test]
fn endings_of_elections() {
    let mut run = Script::new(3);
    run.stand(0, 1).stand(1, 1).follow(2, None, 1);
    saw(&run, Happening::RivalCandidates, 1);
    run.stand(0, 2).ask(0, 2).grant(2, 0, 2).take_office(0);
    saw(&run, Happening::WonElection, 1);
    saw(&run, Happening::SplitVote, 0);
    run.follow(1, Some(0), 2);
    saw(&run, Happening::SplitVote, 1);
    saw(&run, Happening::WonAfterSplit, 1);
    run.stand(1, 3).stand(1, 4).ask(1, 2).follow(0, None, 4).grant(2, 1, 4);
    saw(&run, Happening::StarvedElection, 1);
    run.elect(2, 5, &[2, 0]).follow(1, None, 5);
    saw(&run, Happening::LostElection, 1);
    saw(&run, Happening::WonAfterSplit, 1);
    saw(&run, Happening::RivalCandidates, 1);
}

#[test]
fn a_win_that_comes_after_the_split_is_closed() {
    let mut run = Script::new(2);
    run.stand(0, 1).stand(1, 1).stand(0, 2).ask(0, 1).grant(1, 0, 2);
    saw(&run, Happening::SplitVote, 1);
    saw(&run, Happening::WonAfterSplit, 0);
    run.take_office(0);
    saw(&run, Happening::WonAfterSplit, 1);
}

#[test]
fn a_candidate_yields_within_its_term_only() {
    let mut run = Script::new(3);
    run.elect(0, 1, &[0, 1]).stand(2, 1).follow(2, Some(0), 1);
    saw(&run, Happening::CandidateYields, 1);
    run.stand(2, 2).follow(2, None, 3);
    saw(&run, Happening::CandidateYields, 1);
}

#[test]
fn a_connected_leader_is_dethroned_by_a_disruptive_peer() {
    let mut run = Script::new(3);
    run.elect(0, 1, &[0, 1]).stand(2, 2).follow(0, None, 2);
    saw(&run, Happening::DethronedLeader, 1);
    saw(&run, Happening::DisruptivePeer, 1);
}

#[test]
fn an_isolated_leader_is_dethroned_without_disruption() {
    let mut run = Script::new(3);
    run.elect(0, 1, &[0, 1]);
    cut_off(&mut run, 0, false);
    run.elect(2, 2, &[1, 2]);
    saw(&run, Happening::LeaderIsolated, 1);
    saw(&run, Happening::TwoLeaders, 1);
    run.follow(0, None, 2);
    saw(&run, Happening::DethronedLeader, 1);
    saw(&run, Happening::DisruptivePeer, 0);
}

#[test]
fn a_leader_that_steps_down_within_its_term_is_not_dethroned() {
    let mut run = Script::new(3);
    run.elect(0, 1, &[0, 1]).follow(0, None, 1);
    saw(&run, Happening::DethronedLeader, 0);
    saw(&run, Happening::QuorumLost, 1);
    run.elect(0, 2, &[0, 1]).follow(0, None, 3);
    saw(&run, Happening::QuorumLost, 1);
}

#[test]
fn pre_votes_are_refused_or_come_too_late() {
    let mut run = Script::new(3);
    run.follow(1, None, 3).follow(2, None, 3).pre_ask(2, 1).pre_hear(2, 1, 4);
    run.pre_answer(1, 2, 4, true);
    saw(&run, Happening::PreVoteRefused, 0);
    run.follow(1, None, 4).pre_hear(2, 1, 4).pre_answer(1, 2, 4, false);
    saw(&run, Happening::PreVoteRefused, 1);
    saw(&run, Happening::OldPreVote, 1);
}

#[test]
fn requests_are_disregarded() {
    let mut run = Script::new(3);
    saw(&run, Happening::VoteRequestDisregarded, 0);
    let (candidate, voter) = (PeerId(0), PeerId(1));
    run.see(Observation::VoteRequestDisregarded { candidate, voter, term: 4 });
    saw(&run, Happening::VoteRequestDisregarded, 1);
}

#[test]
fn two_leaders_count_once_while_they_last() {
    let mut run = Script::new(5);
    run.elect(0, 1, &[0, 1, 2]).elect(2, 2, &[2, 3, 4]).elect(3, 3, &[1, 3, 4]);
    saw(&run, Happening::TwoLeaders, 1);
    run.crash(0).crash(2);
    run.follow(4, Some(3), 3).crash(3).elect(4, 4, &[1, 4]);
    saw(&run, Happening::TwoLeaders, 1);
}

#[test]
fn isolation_counts_once_and_only_of_leaders() {
    let mut run = Script::new(3);
    cut_off(&mut run, 0, false);
    run.finish();
    saw(&run, Happening::LeaderIsolated, 0);
    cut_off(&mut run, 0, true);
    run.elect(0, 1, &[0, 1]);
    cut_off(&mut run, 0, false);
    cut_off(&mut run, 0, true);
    run.finish();
    saw(&run, Happening::LeaderIsolated, 0);
    run.link(0, 1, false).finish();
    saw(&run, Happening::LeaderIsolated, 0);
    run.link(2, 0, false).finish().link(0, 2, false).finish();
    saw(&run, Happening::LeaderIsolated, 1);
}

#[test]
fn crashes_and_restarts() {
    let mut run = Script::new(3);
    saw(&run, Happening::Restart, 0);
    run.elect(0, 1, &[0, 1]).crash(1).restart(1).crash(0);
    saw(&run, Happening::Crash, 2);
    saw(&run, Happening::LeaderCrash, 1);
    saw(&run, Happening::Restart, 1);
}

#[test]
fn a_vote_is_withheld_from_a_second_candidate_of_the_term() {
    let mut run = Script::new(3);
    run.stand(0, 1).stand(1, 1).ask(0, 2).grant(2, 0, 1).hear(0, 2, 1);
    saw(&run, Happening::VoteWithheld, 0);
    run.ask(1, 2).hear(1, 2, 1);
    saw(&run, Happening::VoteWithheld, 1);
    run.stand(1, 2).ask(1, 2).hear(1, 2, 2);
    saw(&run, Happening::VoteWithheld, 1);
    run.crash(2).ask(1, 2).hear(1, 2, 1);
    saw(&run, Happening::VoteWithheld, 1);
}

#[test]
fn requests_that_are_stale_or_of_an_outdated_log() {
    let mut run = Script::new(3);
    run.stand(0, 2).ask(0, 1).hear(0, 1, 2);
    saw(&run, Happening::StaleVoteRequest, 0);
    saw(&run, Happening::OutdatedCandidate, 0);
    run.change(1, |view| view.last.index = 1).hear(0, 1, 2);
    saw(&run, Happening::OutdatedCandidate, 1);
    run.follow(1, None, 3).hear(0, 1, 2);
    saw(&run, Happening::StaleVoteRequest, 1);
    saw(&run, Happening::OutdatedCandidate, 1);
}

#[test]
fn a_grant_is_late_once_the_candidate_leads() {
    let mut run = Script::new(3);
    let (voter, candidate) = (PeerId(1), PeerId(0));
    let arrives = Observation::VoteGrantReceived { voter, candidate, term: 1 };
    run.stand(0, 1).ask(0, 1).grant(1, 0, 1).see(arrives);
    saw(&run, Happening::LateGrant, 0);
    run.take_office(0).see(arrives);
    saw(&run, Happening::LateGrant, 1);
}

#[test]
fn stale_replies_and_redirects() {
    let mut run = Script::new(3);
    let (peer, from) = (PeerId(1), PeerId(0));
    run.elect(0, 1, &[0, 1]).follow(1, Some(0), 1);
    run.see(Observation::Redirected { peer, leader: Some(PeerId(0)) });
    saw(&run, Happening::Redirect, 1);
    saw(&run, Happening::UnknownLeader, 0);
    run.see(Observation::Redirected { peer: PeerId(2), leader: None });
    saw(&run, Happening::Redirect, 1);
    saw(&run, Happening::UnknownLeader, 1);
    saw(&run, Happening::StaleReply, 0);
    run.see(Observation::StaleReply { peer, from, term: 0 });
    saw(&run, Happening::StaleReply, 1);
}
