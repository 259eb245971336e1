//! Section 5.1: terms, and RPCs that are repeated.
use crate::driver::*;
use splitvote_peer::Role;
use splitvote_raft::Message;

/// "If one server's current term is smaller than the other's, then it updates its current term to
/// the larger value." (Request.)
#[test]
fn a_higher_term_in_a_request_is_adopted_without_a_vote_or_a_leader() {
    let mut s0 = Driver::new(3);
    s0.heartbeat(S1, 1);
    s0.sync_all();
    s0.ask_vote(S2, 1, EMPTY_LOG);
    assert_eq!((s0.view().voted_for, s0.view().leader), (Some(S2), Some(S1)));
    s0.heartbeat(S2, 4);
    let view = s0.view();
    assert_eq!((view.term, view.voted_for, view.leader), (4, None, Some(S2)));
}

/// "If a candidate or leader discovers that its term is out of date, it immediately reverts to
/// follower state." (Reply to a RequestVote.)
#[test]
fn a_candidate_steps_down_on_a_reply_with_a_higher_term() {
    let mut s0 = Driver::new(3);
    s0.time_out();
    s0.answer(S1, vote(5, 1, false));
    let view = s0.view();
    assert_eq!((view.role, view.term, view.voted_for), (Role::Follower, 5, None));
}

/// The same for a leader, which has to arm an election timer as it had none.
#[test]
fn a_leader_steps_down_on_a_reply_with_a_higher_term_and_arms_its_timer() {
    let mut s0 = leader(3);
    s0.draw(200);
    s0.answer(S1, beat_refused(7));
    let view = s0.view();
    assert_eq!((view.role, view.term, view.leader), (Role::Follower, 7, None));
    assert_eq!(s0.wakes_in(), Some(200), "the heartbeat timer is gone");
}

/// A leader steps down on a higher term only.
#[test]
fn a_leader_keeps_its_role_within_its_term() {
    let mut s0 = leader(3);
    s0.answer(S1, beat_refused(1));
    assert_eq!(s0.heartbeat(S2, 1), [beat_refused(1)], "its term has no other leader");
    assert_eq!(s0.ask_vote(S2, 1, EMPTY_LOG), [vote(1, 1, false)]);
    assert_eq!((s0.role(), s0.view().leader), (Role::Leader, Some(S0)));
}

/// "If a server receives a request with a stale term number, it rejects the request."
#[test]
fn requests_of_an_old_term_are_refused_and_change_nothing() {
    let mut s0 = Driver::new(3);
    s0.heartbeat(S1, 3);
    s0.sync_all();
    let (before, wake) = (s0.view(), s0.wakes_in());
    s0.pass(10);
    assert_eq!(s0.heartbeat(S2, 2), [beat_refused(3)]);
    assert_eq!(s0.ask_vote(S2, 2, EMPTY_LOG), [vote(3, 2, false)]);
    assert_eq!(s0.view(), before);
    assert_eq!(s0.wakes_in(), wake.map(|wake| wake - 10), "the timer was not reset");
}

/// "Servers retry RPCs if they do not receive a response in a timely manner": those who have not
/// answered are asked again every heartbeat interval.
#[test]
fn a_candidate_asks_again_whoever_has_not_answered() {
    let mut s0 = Driver::new(4);
    s0.time_out();
    s0.sync_all();
    s0.answer(S1, vote(1, 1, false));
    assert_eq!(s0.no_answer(S2).len(), 0, "a reported loss tells nothing");
    assert_eq!(s0.wakes_in(), Some(50));
    let again = Message::RequestVote { term: 1, last_log: EMPTY_LOG };
    assert_eq!(calls(&s0.wake()), [(S2, again.clone()), (S3, again)]);
    assert_eq!(s0.wakes_in(), Some(50), "and again");
}

/// Retries end with the candidacy.
#[test]
fn who_no_longer_stands_asks_no_more() {
    let mut s0 = Driver::new(3);
    s0.time_out();
    s0.sync_all();
    s0.heartbeat(S1, 1);
    s0.pass(49);
    s0.heartbeat(S1, 1);
    assert!(s0.wake().is_empty(), "the planned round is found pointless");
    assert_eq!(s0.wakes_in(), Some(299), "only the election timer is left");
}

/// A reply repeats nothing and a one-way message means nothing to this Raft.
#[test]
fn messages_in_the_wrong_place_are_ignored() {
    let mut s0 = Driver::new(3);
    let before = s0.view();
    assert!(s0.request(S1, vote(9, 9, true)).is_empty());
    assert!(s0.answer(S1, Message::RequestVote { term: 9, last_log: EMPTY_LOG }).is_empty());
    assert_eq!(s0.view(), before);
}
