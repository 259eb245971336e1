//! Section 5.4.2: committing entries from previous terms.
use crate::driver::*;
use splitvote_peer::Term;
use splitvote_raft::{Ballot, Message};

/// S1 of Figure 8 is S0 here. It has led term 2, and leads term 4 after a restart; S5 has led term 3.
fn figure_8_c() -> Driver {
    let mut records = disk(&[1, 2]);
    records.push(Ballot { term: 3, voted_for: None }.into());
    let (mut s0, _) = elected(Driver::with_disk(5, records));
    assert_eq!(s0.view().term, 4);
    s0.sync_all();
    s0
}

/// Figure 8, (c): "The log entry from term 2 has been replicated on a majority of the servers, but
/// it is not committed."
#[test]
fn figure_8_c_an_old_entry_on_a_majority_is_not_committed() {
    let mut s0 = figure_8_c();
    for peer in [S1, S2, S3] {
        s0.answer(peer, append_ok(4, 2));
    }
    assert_eq!((s0.view().commit, s0.view().applied), (0, 0));
}

/// Figure 8, (d): "S5 could be elected leader [...] and overwrite the entry".
#[test]
fn figure_8_d_the_old_entry_may_still_be_overwritten() {
    let mut s0 = figure_8_c();
    s0.answer(S1, append_ok(4, 2));
    s0.answer(S2, append_ok(4, 2));
    assert_eq!(s0.request(S3, Message::RequestVote { term: 5, last_log: at(2, 3) }).len(), 2);
    assert_eq!(replies(&s0.sync_all()), [vote(5, 5, true)], "its last term is the later one");
    let effects = s0.append(S3, (5, at(1, 1), 2), &[3]);
    assert_eq!((s0.log_terms(), applied(&effects)), (vec![1, 3], vec![1, 2]));
}

/// Figure 8, (e): "if S1 replicates an entry from its current term on a majority of the servers
/// before crashing [...] this entry is committed", and with it all before it.
#[test]
fn figure_8_e_an_entry_of_the_own_term_commits_those_before_it() {
    let mut s0 = figure_8_c();
    s0.propose(1, b"of term 4");
    s0.wake();
    s0.sync_all();
    s0.answer(S1, append_ok(4, 3));
    s0.answer(S2, append_ok(4, 2));
    assert_eq!(s0.view().commit, 0, "entry 3 is on two disks");
    let effects = s0.answer(S3, append_ok(4, 3));
    assert_eq!((s0.view().commit, applied(&effects)), (3, vec![1, 2, 3]));
    assert_eq!(
        s0.request(S3, Message::RequestVote { term: 5, last_log: at(2, 3) }).len(),
        2,
        "a ballot to save, and no reply yet"
    );
    assert_eq!(replies(&s0.sync_all()), [vote(5, 5, false)], "S5 cannot win any more");
}

/// Figure 2: `matchIndex` is volatile on leaders, "reinitialized after election": what a follower
/// held in an earlier term may have been overwritten since.
#[test]
fn an_earlier_leadership_counts_for_nothing() {
    let mut s0 = leader(3);
    (0..3).for_each(|request| drop(s0.propose(request, b"x")));
    s0.wake();
    s0.answer(S1, append_ok(1, 3));
    s0.answer(S1, beat_refused(2));
    s0.time_out();
    s0.sync_all();
    s0.granted(S2, 3);
    assert_eq!((s0.view().term, s0.progress(S1)), (3, (4, 0)));
    s0.answer(S1, append_ok(1, 3));
    assert_eq!(s0.progress(S1), (4, 0), "a late reply of term 1");
}

/// A leader that steps down keeps its log: what it has not heard of may be committed.
#[test]
fn stepping_down_deletes_nothing() {
    let mut s0 = leader(3);
    (0..3).for_each(|request| drop(s0.propose(request, b"x")));
    s0.wake();
    s0.answer(S1, beat_refused(5));
    let terms: Vec<Term> = s0.log_terms();
    assert_eq!(terms, [1, 1, 1]);
}

/// A round that was planned finds that its leader has stepped down. What was appended is made
/// durable, but nothing is sent.
#[test]
fn a_planned_round_ends_with_the_leadership() {
    let mut s0 = leader(3);
    s0.propose(1, b"x");
    s0.answer(S1, beat_refused(2));
    let effects = s0.wake();
    assert!(calls(&effects).is_empty());
    assert_eq!(answers(&s0.sync_all()).len(), 1, "accepted, which promises nothing");
}
