//! Section 5.2: leader election.
use crate::driver::*;
use splitvote_peer::{LogPosition, Role};
use splitvote_raft::Message;

fn candidate(cluster_size: usize) -> Driver {
    let mut s0 = Driver::new(cluster_size);
    s0.time_out();
    s0.sync_all();
    s0
}

/// "When servers start up, they begin as followers", with an armed timer.
#[test]
fn a_server_begins_as_follower_and_waits_for_its_timeout() {
    let s0 = Driver::new(3);
    assert_eq!((s0.role(), s0.view().term, s0.wakes_in()), (Role::Follower, 0, Some(300)));
}

/// "To begin an election, a follower increments its current term and transitions to candidate
/// state. It then votes for itself and issues RequestVote RPCs in parallel."
#[test]
fn a_follower_that_hears_nothing_stands_in_the_next_term() {
    let mut s0 = Driver::new(3);
    s0.draw(170);
    let effects = s0.time_out();
    let view = s0.view();
    assert_eq!((view.role, view.term, view.voted_for), (Role::Candidate, 1, Some(S0)));
    let request = Message::RequestVote { term: 1, last_log: EMPTY_LOG };
    assert_eq!(calls(&effects), [(S1, request.clone()), (S2, request)]);
}

/// "A candidate wins an election if it receives votes from a majority of the servers in the full
/// cluster for the same term. [...] It then sends heartbeat messages to all".
#[test]
fn a_majority_elects_and_the_winner_says_so_at_once() {
    for (cluster_size, others_needed) in [(2, 1), (3, 1), (4, 2), (5, 2), (6, 3), (7, 3)] {
        let mut s0 = candidate(cluster_size);
        for peer in (1..others_needed).map(splitvote_peer::PeerId) {
            s0.granted(peer, 1);
            assert_eq!(s0.role(), Role::Candidate, "{peer} of {cluster_size}");
        }
        let effects = s0.granted(splitvote_peer::PeerId(others_needed), 1);
        assert_eq!((s0.role(), s0.view().leader), (Role::Leader, Some(S0)));
        assert_eq!(calls(&effects).len(), cluster_size - 1, "a heartbeat to each");
        assert_eq!(s0.wakes_in(), Some(50), "the election timer is off");
        assert_eq!(calls(&s0.wake()).len(), cluster_size - 1, "and every interval");
    }
}

/// A cluster of one has its majority at once, that is, once its vote is durable.
#[test]
fn a_single_server_elects_itself() {
    let mut s0 = Driver::new(1);
    s0.time_out();
    assert_eq!(s0.role(), Role::Candidate);
    s0.sync_all();
    assert_eq!(s0.role(), Role::Leader);
}

/// Voters are counted, not replies: a network may deliver a reply twice.
#[test]
fn a_repeated_reply_is_one_vote() {
    let mut s0 = candidate(5);
    s0.granted(S1, 1);
    s0.granted(S1, 1);
    assert_eq!(s0.role(), Role::Candidate);
}

/// "... votes from a majority [...] for the same term".
#[test]
fn a_vote_of_an_earlier_term_does_not_count() {
    let mut s0 = candidate(3);
    s0.time_out();
    s0.sync_all();
    s0.granted(S1, 1);
    assert_eq!((s0.role(), s0.view().term), (Role::Candidate, 2));
    s0.answer(S1, vote(2, 1, true));
    assert_eq!(s0.role(), Role::Candidate, "what counts is the term it was asked in");
    s0.granted(S1, 2);
    assert_eq!(s0.role(), Role::Leader);
}

/// A refusal is no vote.
#[test]
fn refusals_elect_nobody() {
    let mut s0 = candidate(3);
    s0.answer(S1, vote(1, 1, false));
    s0.answer(S2, vote(1, 1, false));
    assert_eq!(s0.role(), Role::Candidate);
}

/// "Each server will vote for at most one candidate in a given term, on a
/// first-come-first-served basis"; Figure 2: "votedFor is null or candidateId".
#[test]
fn one_vote_a_term_and_the_same_answer_to_the_same_candidate() {
    let mut s0 = Driver::new(4);
    s0.ask_vote(S1, 1, EMPTY_LOG);
    s0.sync_all();
    assert_eq!(s0.ask_vote(S2, 1, EMPTY_LOG), [vote(1, 1, false)]);
    assert_eq!(s0.ask_vote(S1, 1, EMPTY_LOG), [vote(1, 1, true)]);
    assert_eq!(s0.view().leader, None, "a vote does not make a leader");
    s0.heartbeat(S3, 1);
    assert_eq!(s0.view().voted_for, Some(S1), "nor does a heartbeat undo the vote");
    assert_eq!(s0.ask_vote(S2, 1, EMPTY_LOG), [vote(1, 1, false)]);
}

/// "If the leader's term [...] is at least as large as the candidate's current term, then the
/// candidate recognizes the leader as legitimate and returns to follower state."
#[test]
fn a_candidate_yields_to_the_leader_of_its_term_and_keeps_its_vote() {
    let mut s0 = candidate(4);
    s0.draw(180);
    assert_eq!(s0.heartbeat(S1, 1), [beat_ok(1)]);
    let view = s0.view();
    assert_eq!((view.role, view.leader, view.voted_for), (Role::Follower, Some(S1), Some(S0)));
    assert_eq!(s0.ask_vote(S2, 1, EMPTY_LOG), [vote(1, 1, false)]);
}

/// "If the term in the RPC is smaller than the candidate's current term, then the candidate
/// rejects the RPC and continues in candidate state."
#[test]
fn a_candidate_rejects_an_old_leader() {
    let mut s0 = candidate(3);
    s0.time_out();
    s0.sync_all();
    assert_eq!(s0.heartbeat(S1, 1), [beat_refused(2)]);
    assert_eq!((s0.role(), s0.view().leader), (Role::Candidate, None));
}

/// "Each candidate will time out and start a new election by incrementing its term", and "restarts
/// its randomized election timeout at the start of an election".
#[test]
fn a_split_vote_ends_with_a_new_election_after_a_fresh_timeout() {
    let mut s0 = Driver::new(3);
    s0.draw(170);
    s0.time_out();
    s0.draw(260);
    s0.pass(0);
    let first = s0.view().term;
    let mut waited = 0;
    while s0.view().term == first {
        waited += s0.wakes_in().expect("armed");
        s0.wake();
    }
    assert_eq!((waited, s0.view().term, s0.role()), (170, 2, Role::Candidate));
    assert_eq!(s0.view().voted_for, Some(S0));
}

/// Figure 2, Followers, rule 2: the timer starts anew when a vote is granted, and only then.
#[test]
fn granting_a_vote_resets_the_timer_refusing_does_not() {
    let mut s0 = Driver::new(4);
    s0.pass(100);
    s0.draw(250);
    s0.ask_vote(S1, 1, EMPTY_LOG);
    s0.sync_all();
    assert_eq!(s0.wakes_in(), Some(250));
    s0.pass(100);
    s0.ask_vote(S2, 1, EMPTY_LOG);
    assert_eq!(s0.wakes_in(), Some(150), "refused");
}

/// A higher term alone does not reset a follower's timer.
#[test]
fn adopting_a_term_does_not_reset_the_timer() {
    let mut s0 = Driver::with_disk(3, splitvote_raft::disk_with_log(&[1]));
    s0.pass(100);
    s0.ask_vote(S1, 9, EMPTY_LOG);
    assert_eq!((s0.view().term, s0.wakes_in()), (9, Some(200)));
}

/// Figure 2, Followers, rule 2: an AppendEntries of the current leader resets the timer, also when
/// the log check of AppendEntries, receiver implementation 2, fails.
#[test]
fn a_heartbeat_resets_the_timer_even_if_the_log_check_fails() {
    let mut s0 = Driver::new(3);
    s0.heartbeat(S1, 1);
    s0.sync_all();
    s0.pass(100);
    s0.draw(220);
    assert_eq!(
        s0.heartbeat_after(S1, 1, LogPosition { index: 3, term: 1 }),
        [conflict(1, 3, 1, 0)]
    );
    assert_eq!((s0.wakes_in(), s0.view().leader), (Some(220), Some(S1)));
}

/// A quiet heartbeat touches neither the disk nor what the harness looks at.
#[test]
fn a_heartbeat_of_a_known_leader_has_one_effect() {
    let mut s0 = Driver::new(3);
    s0.heartbeat(S1, 1);
    s0.sync_all();
    let before = s0.view();
    let heartbeat = Message::heartbeat(1, EMPTY_LOG, 0);
    assert_eq!(s0.request(S1, heartbeat).len(), 1);
    assert_eq!(s0.view(), before);
}
