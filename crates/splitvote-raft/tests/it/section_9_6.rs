//! Dissertation, section 9.6: PreVote.
use crate::driver::*;
use splitvote_peer::{Effect, LogPosition, PeerId, Role, Settings};
use splitvote_raft::{DiskRecord, Message};

fn settings() -> Settings {
    Settings { pre_vote: true, ..Settings::default() }
}

fn server(cluster_size: usize) -> Driver {
    Driver::with_settings(cluster_size, Vec::new(), settings())
}

/// A server with a log, in the term of its last entry.
fn with_log(cluster_size: usize, terms: &[u64]) -> Driver {
    Driver::with_settings(cluster_size, disk(terms), settings())
}

/// Wakes it until it asks.
fn asking(mut s0: Driver) -> (Driver, Vec<Effect<Message, DiskRecord>>) {
    let effects = s0.wake();
    assert!(calls(&effects).iter().all(|(_, call)| matches!(call, Message::PreVote { .. })));
    (s0, effects)
}

fn ask(s0: &mut Driver, from: PeerId, asked_for: u64, last_log: LogPosition) -> Vec<Message> {
    replies(&s0.request(from, Message::PreVote { asked_for, last_log }))
}

fn yes(s0: &mut Driver, asked: &[Effect<Message, DiskRecord>], from: PeerId, asked_for: u64) {
    let answer = pre_vote_reply(asked_for - 1, asked_for, true);
    s0.answer_to(call_to(from, asked), from, answer);
}

/// "In the Pre-Vote algorithm, a candidate only increments its term if it first learns from a
/// majority of the cluster that they would be willing to grant the candidate their votes".
#[test]
fn whoever_times_out_asks_first_and_neither_its_term_nor_its_ballot_changes() {
    let (s0, effects) = asking(with_log(3, &[1, 2]));
    let question = Message::PreVote { asked_for: 3, last_log: at(2, 2) };
    assert_eq!(calls(&effects), [(S1, question.clone()), (S2, question)]);
    let view = s0.view();
    assert_eq!((view.role, view.term, view.voted_for), (Role::Follower, 2, None));
    assert_eq!(view.leader, None, "no leader is believed in any more");
    assert_eq!(s0.syncs(), 0, "nothing is written");
}

#[test]
fn a_majority_that_is_willing_makes_a_candidate_without_a_single_vote() {
    for (cluster_size, others_needed) in [(2, 1), (3, 1), (4, 2), (5, 2)] {
        let (mut s0, asked) = asking(server(cluster_size));
        for peer in (1..=others_needed).map(PeerId) {
            assert_eq!(s0.role(), Role::Follower, "{peer} of {cluster_size}");
            yes(&mut s0, &asked, peer, 1);
        }
        let view = s0.view();
        assert_eq!((view.role, view.term, view.voted_for), (Role::Candidate, 1, Some(S0)));
        s0.sync_all();
        assert_eq!(s0.role(), Role::Candidate, "a yes is no vote");
        for peer in (1..=others_needed).map(PeerId) {
            s0.granted(peer, 1);
        }
        assert_eq!(s0.role(), Role::Leader);
    }
}

#[test]
fn a_single_server_is_welcome_to_itself() {
    let mut s0 = server(1);
    s0.wake();
    assert_eq!(s0.role(), Role::Candidate);
}

/// The same peer saying yes twice is one peer.
#[test]
fn the_willing_are_counted_and_not_their_answers() {
    let (mut s0, asked) = asking(server(5));
    yes(&mut s0, &asked, S1, 1);
    yes(&mut s0, &asked, S1, 1);
    assert_eq!(s0.role(), Role::Follower);
}

/// Who said no is asked again with the next round of requests, who said yes is not.
#[test]
fn a_no_may_become_a_yes() {
    let (mut s0, asked) = asking(server(5));
    yes(&mut s0, &asked, S1, 1);
    s0.answer_to(call_to(S2, &asked), S2, pre_vote_reply(0, 1, false));
    assert_eq!(s0.wakes_in(), Some(50), "a heartbeat interval");
    let again = s0.wake();
    let question = Message::PreVote { asked_for: 1, last_log: EMPTY_LOG };
    let asked_again: Vec<_> = calls(&again).into_iter().map(|(to, _)| to).collect();
    assert_eq!(asked_again, [S2, S3, PeerId(4)]);
    assert_eq!(calls(&again)[0].1, question);
    yes(&mut s0, &again, S2, 1);
    assert_eq!(s0.role(), Role::Candidate);
}

/// Each election timeout asks anew, and what was said before does not count: it may be long ago.
#[test]
fn an_answer_to_an_earlier_question_does_not_count() {
    let (mut s0, asked) = asking(server(3));
    s0.pass(300);
    let (mut s0, asked_anew) = {
        let effects = s0.wake();
        (s0, effects)
    };
    assert_eq!(calls(&asked_anew).len(), 2);
    yes(&mut s0, &asked, S1, 1);
    assert_eq!(s0.role(), Role::Follower);
    yes(&mut s0, &asked_anew, S1, 1);
    assert_eq!(s0.role(), Role::Candidate);
}

/// A question ends with a leader, with a vote for another, and with a term.
#[test]
fn a_yes_that_comes_after_a_leader_or_a_vote_does_not_count() {
    let (mut s0, asked) = asking(with_log(3, &[1]));
    s0.heartbeat(S2, 1);
    yes(&mut s0, &asked, S1, 2);
    assert_eq!((s0.role(), s0.view().leader), (Role::Follower, Some(S2)));

    let (mut s0, asked) = asking(with_log(3, &[1]));
    s0.ask_vote(S2, 1, at(1, 1));
    yes(&mut s0, &asked, S1, 2);
    assert_eq!((s0.role(), s0.view().voted_for), (Role::Follower, Some(S2)));

    let (mut s0, asked) = asking(with_log(3, &[1]));
    s0.heartbeat(S2, 4);
    yes(&mut s0, &asked, S1, 2);
    assert_eq!((s0.role(), s0.view().term), (Role::Follower, 4));
}

/// A candidate without a majority asks as well before it stands again, and still takes votes of the
/// term in which it stands.
#[test]
fn a_candidate_asks_again_before_it_stands_again() {
    let (mut s0, asked) = asking(server(3));
    yes(&mut s0, &asked, S1, 1);
    s0.sync_all();
    s0.pass(300);
    let effects = s0.wake();
    assert_eq!((s0.role(), s0.view().term), (Role::Candidate, 1));
    let question = Message::PreVote { asked_for: 2, last_log: EMPTY_LOG };
    assert_eq!(calls(&effects), [(S1, question.clone()), (S2, question)]);
    s0.granted(S2, 1);
    assert_eq!((s0.role(), s0.view().term), (Role::Leader, 1));
}

/// "... if the candidate's log is sufficiently up-to-date".
#[test]
fn a_yes_is_for_logs_that_are_up_to_date() {
    let mut s0 = with_log(3, &[1, 1, 3]);
    for (log, granted) in [(at(9, 2), false), (at(2, 3), false), (at(3, 3), true), (at(1, 4), true)]
    {
        assert_eq!(ask(&mut s0, S1, 5, log), [pre_vote_reply(3, 5, granted)], "{log}");
    }
}

/// "... and the voters have not received heartbeats from a valid leader for at least a baseline
/// election timeout".
#[test]
fn whoever_has_heard_from_a_leader_lately_says_no() {
    let mut s0 = server(3);
    s0.heartbeat(S1, 1);
    s0.sync_all();
    s0.pass(149);
    assert_eq!(ask(&mut s0, S2, 2, EMPTY_LOG), [pre_vote_reply(1, 2, false)]);
    s0.pass(1);
    assert_eq!(ask(&mut s0, S2, 2, EMPTY_LOG), [pre_vote_reply(1, 2, true)]);
}

#[test]
fn a_leader_says_no_and_stays_in_office() {
    let (mut s0, asked) = asking(server(3));
    yes(&mut s0, &asked, S1, 1);
    s0.sync_all();
    s0.granted(S1, 1);
    s0.pass(1_000);
    assert_eq!(ask(&mut s0, S2, 2, EMPTY_LOG), [pre_vote_reply(1, 2, false)]);
    assert_eq!((s0.role(), s0.view().term), (Role::Leader, 1));
}

/// Whoever is asked stays as it was: term, vote and timer; and it may say yes to several.
#[test]
fn a_question_changes_nothing() {
    let mut s0 = with_log(4, &[1]);
    s0.pass(100);
    let before = s0.view();
    assert_eq!(ask(&mut s0, S1, 2, at(1, 1)), [pre_vote_reply(1, 2, true)]);
    assert_eq!(ask(&mut s0, S2, 9, at(1, 1)), [pre_vote_reply(1, 9, true)]);
    assert_eq!((s0.view(), s0.wakes_in(), s0.syncs()), (before, Some(200), 0));
}

/// A question for a term that is not above the receiver's is answered: it is the only way for the
/// asker to learn that it lags (etcd#8243, etcd#8501).
#[test]
fn a_question_that_comes_too_late_is_answered_with_the_term() {
    let mut s0 = with_log(3, &[5]);
    for asked_for in [2, 5] {
        assert_eq!(ask(&mut s0, S1, asked_for, at(9, 5)), [pre_vote_reply(5, asked_for, false)]);
    }
}

/// And the asker adopts that term and asks anew at once, for its election timeout has elapsed.
#[test]
fn whoever_learns_a_later_term_asks_anew() {
    let (mut s0, asked) = asking(with_log(3, &[1, 1]));
    let again = s0.answer_to(call_to(S2, &asked), S2, pre_vote_reply(2, 2, false));
    let question = Message::PreVote { asked_for: 3, last_log: at(2, 1) };
    assert_eq!(calls(&again), [(S1, question.clone()), (S2, question)]);
    assert_eq!((s0.role(), s0.view().term), (Role::Follower, 2));
    yes(&mut s0, &again, S2, 3);
    assert_eq!((s0.role(), s0.view().term), (Role::Candidate, 3));
}

/// Without the option nothing of this happens: see `section_5_2.rs`. But a question is answered.
#[test]
fn without_the_option_nobody_asks() {
    let mut s0 = Driver::new(3);
    let effects = s0.wake();
    assert_eq!(s0.role(), Role::Candidate);
    assert!(matches!(calls(&effects)[0].1, Message::RequestVote { term: 1, .. }));
}

/// At the last term there is nothing to ask for.
#[test]
fn there_is_no_term_after_the_last() {
    let mut s0 = server(3);
    s0.heartbeat(S1, u64::MAX);
    s0.sync_all();
    s0.pass(300);
    assert!(calls(&s0.wake()).is_empty());
    assert_eq!(ask(&mut s0, S1, u64::MAX, at(9, 5)), [pre_vote_reply(u64::MAX, u64::MAX, false)]);
}
