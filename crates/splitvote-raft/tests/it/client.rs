//! Section 8 and Figure 2, Leaders: clients.
use crate::driver::*;
use splitvote_peer::{LogPosition, Peer, ProposalAnswer};

/// "If command received from client: append entry to local log", acknowledged when durable.
#[test]
fn a_leader_accepts_once_the_entry_is_durable() {
    let mut s0 = leader(3);
    assert!(answers(&s0.propose(1, b"x")).is_empty());
    s0.wake();
    assert!(answers(&s0.propose(2, b"y")).is_empty());
    s0.wake();
    let syncs = s0.syncs();
    let accepted = |index| ProposalAnswer::Accepted { index, term: 1 };
    assert_eq!(answers(&s0.synced(syncs - 1)), [(1, accepted(1))]);
    assert_eq!(answers(&s0.synced(syncs)), [(2, accepted(2))]);
    assert_eq!(s0.view().last, LogPosition { index: 2, term: 1 });
    assert_ne!(s0.raft.entry(1), s0.raft.entry(2));
    s0.crash_and_restart();
    assert_eq!(s0.view().last, LogPosition { index: 2, term: 1 });
}

/// "... will reject the client's request and supply information about the most recent leader".
#[test]
fn others_name_the_leader_of_their_term_if_they_know_it() {
    let mut s0 = Driver::new(3);
    let redirect = |leader| ProposalAnswer::Redirect { leader };
    assert_eq!(answers(&s0.propose(1, b"x")), [(1, redirect(None))]);
    s0.heartbeat(S1, 1);
    assert_eq!(answers(&s0.propose(2, b"x")), [(2, redirect(Some(S1)))]);
    s0.ask_vote(S2, 2, EMPTY_LOG);
    assert_eq!(answers(&s0.propose(3, b"x")), [(3, redirect(None))], "a new term, no leader yet");
    s0.time_out();
    assert_eq!(answers(&s0.propose(4, b"x")), [(4, redirect(None))]);
}
