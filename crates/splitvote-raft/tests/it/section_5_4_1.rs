//! Section 5.4.1: the election restriction.
use crate::driver::*;
use splitvote_peer::LogPosition;
use splitvote_raft::{Message, disk_with_log};

/// "If the logs have last entries with different terms, then the log with the later term is more
/// up-to-date. If the logs end with the same term, then whichever log is longer".
#[test]
fn a_vote_goes_only_to_a_log_at_least_as_up_to_date() {
    let cases = [
        (LogPosition { index: 3, term: 3 }, true, "the same log"),
        (LogPosition { index: 4, term: 3 }, true, "longer, same last term"),
        (LogPosition { index: 2, term: 3 }, false, "shorter, same last term"),
        (LogPosition { index: 1, term: 4 }, true, "shorter, later last term"),
        (LogPosition { index: 9, term: 2 }, false, "longer, earlier last term"),
        (EMPTY_LOG, false, "empty"),
    ];
    for (last_log, granted, case) in cases {
        let mut s0 = Driver::with_disk(3, disk_with_log(&[1, 1, 3]));
        s0.ask_vote(S1, 5, last_log);
        assert_eq!(replies(&s0.sync_all()), [vote(5, 5, granted)], "{case}");
        assert_eq!(s0.view().voted_for, granted.then_some(S1), "{case}");
    }
}

/// A refused candidate leaves the vote to the next.
#[test]
fn a_refusal_does_not_spend_the_vote() {
    let mut s0 = Driver::with_disk(3, disk_with_log(&[1]));
    s0.ask_vote(S1, 2, EMPTY_LOG);
    s0.sync_all();
    s0.ask_vote(S2, 2, LogPosition { index: 1, term: 1 });
    assert_eq!(replies(&s0.sync_all()), [vote(2, 2, true)]);
}

/// "The RPC includes information about the candidate's log."
#[test]
fn a_candidate_states_where_its_log_ends() {
    let mut s0 = Driver::with_disk(2, disk_with_log(&[1, 2, 2]));
    let last_log = LogPosition { index: 3, term: 2 };
    assert_eq!(calls(&s0.time_out()), [(S1, Message::RequestVote { term: 3, last_log })]);
}
