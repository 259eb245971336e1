//! Dissertation, section 6.2: CheckQuorum; and section 4.2.3: who hears a leader disregards requests for votes.
use crate::driver::*;
use splitvote_peer::{PeerId, Role, Settings};
use splitvote_raft::Message;

fn settings() -> Settings {
    Settings { check_quorum: true, ..Settings::default() }
}

fn server(cluster_size: usize) -> Driver {
    Driver::with_settings(cluster_size, Vec::new(), settings())
}

fn leading(cluster_size: usize) -> Driver {
    elected(server(cluster_size)).0
}

/// Lets so many beats come.
fn beats(s0: &mut Driver, count: usize) {
    for _ in 0..count {
        s0.wake();
    }
}

/// "a leader in Raft steps down if an election timeout elapses without a successful round of
/// heartbeats to a majority of its cluster". Its term stays.
#[test]
fn a_leader_that_nobody_answers_steps_down_within_its_term() {
    let mut s0 = leading(3);
    beats(&mut s0, 2);
    assert_eq!(s0.role(), Role::Leader, "100 ms");
    s0.draw(220);
    let effects = s0.wake();
    let view = s0.view();
    assert_eq!((view.role, view.term, view.leader), (Role::Follower, 1, None));
    assert!(calls(&effects).is_empty(), "it sends nothing more");
    assert_eq!(s0.wakes_in(), Some(220), "its election timer runs");
}

/// The timer that it arms is drawn as any other, and it stands in the next term.
#[test]
fn whoever_stepped_down_stands_in_a_later_term() {
    let mut s0 = leading(3);
    beats(&mut s0, 3);
    assert_eq!(s0.role(), Role::Follower);
    s0.time_out();
    assert_eq!((s0.role(), s0.view().term), (Role::Candidate, 2));
}

/// "at most one candidate in a given term": its vote for itself stays cast.
#[test]
fn whoever_stepped_down_votes_for_no_other_in_its_term() {
    let mut s0 = leading(3);
    beats(&mut s0, 3);
    assert_eq!((s0.role(), s0.view().voted_for), (Role::Follower, Some(S0)));
    assert_eq!(s0.ask_vote(S1, 1, EMPTY_LOG), [vote(1, 1, false)]);
}

/// "a majority of its cluster", the leader among them.
#[test]
fn a_bare_majority_keeps_a_leader_in_office() {
    for (cluster_size, others_needed) in [(1, 0), (2, 1), (3, 1), (4, 2), (5, 2)] {
        let heard_by = |others: u8| {
            let mut s0 = leading(cluster_size);
            for _ in 0..10 {
                (1..=others).for_each(|peer| drop(s0.answer(PeerId(peer), beat_ok(1))));
                s0.wake();
            }
            s0.role() == Role::Leader
        };
        assert!(heard_by(others_needed), "{cluster_size}");
        if others_needed > 0 {
            assert!(!heard_by(others_needed - 1), "{cluster_size}");
        }
    }
}

/// An answer counts from when it arrives, whatever it says of the log; one of another term does not.
#[test]
fn what_counts_is_an_answer_in_the_leaders_term() {
    let mut s0 = leading(3);
    beats(&mut s0, 2);
    s0.answer(S1, conflict(1, 0, 1, 0));
    beats(&mut s0, 2);
    assert_eq!(s0.role(), Role::Leader);
    s0.answer(S1, beat_ok(0));
    beats(&mut s0, 1);
    assert_eq!(s0.role(), Role::Follower);
}

/// Entries that were taken but not committed stay: they may be on a majority.
#[test]
fn whoever_steps_down_keeps_its_log() {
    let mut s0 = leading(3);
    s0.propose(1, b"x");
    beats(&mut s0, 4);
    assert_eq!((s0.role(), s0.log_terms()), (Role::Follower, vec![1]));
}

/// Section 4.2.3: "if a server receives a RequestVote request within the minimum election timeout of
/// hearing from a current leader, it does not update its term or grant its vote".
#[test]
fn whoever_hears_a_leader_disregards_requests_for_votes() {
    let mut s0 = server(3);
    s0.heartbeat(S1, 1);
    s0.sync_all();
    s0.pass(149);
    let (before, wakes_in) = (s0.view(), s0.wakes_in());
    assert_eq!(s0.ask_vote(S2, 7, at(9, 6)), [vote(1, 7, false)]);
    assert_eq!((s0.view(), s0.wakes_in()), (before, wakes_in), "it changes nothing");
    s0.pass(1);
    s0.ask_vote(S2, 7, at(9, 6));
    assert_eq!((s0.view().term, s0.view().voted_for), (7, Some(S2)));
}

/// A leader hears one, too: itself, as long as it hears a majority.
#[test]
fn a_leader_disregards_requests_for_votes() {
    let mut s0 = leading(3);
    assert_eq!(s0.ask_vote(S2, 7, at(9, 6)), [vote(1, 7, false)]);
    assert_eq!((s0.role(), s0.view().term), (Role::Leader, 1));
}

/// A higher term in an answer still takes it out of office: that is how a peer comes back that is in
/// a later term.
#[test]
fn a_later_term_in_an_answer_is_adopted() {
    let mut s0 = leading(3);
    s0.answer(S2, beat_refused(7));
    assert_eq!((s0.role(), s0.view().term), (Role::Follower, 7));
}

/// Who was disregarded has not been answered: it asks again.
#[test]
fn a_candidate_asks_again_who_disregarded_it() {
    let mut s0 = server(3);
    s0.heartbeat(S1, 1);
    s0.sync_all();
    s0.time_out();
    s0.sync_all();
    s0.answer(S1, vote(2, 2, false));
    s0.answer(S2, vote(1, 2, false));
    let again = Message::RequestVote { term: 2, last_log: EMPTY_LOG };
    assert_eq!(calls(&s0.wake()), [(S2, again)]);
}

/// Without the option a leader stays in office whoever hears it, and every request is heeded.
#[test]
fn without_the_option_a_leader_stays() {
    let mut s0 = leader(3);
    beats(&mut s0, 20);
    assert_eq!(s0.role(), Role::Leader);
    s0.ask_vote(S2, 7, at(9, 6));
    assert_eq!((s0.role(), s0.view().term), (Role::Follower, 7));
}
