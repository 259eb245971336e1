//! Figure 2, State: "Updated on stable storage before responding to RPCs".
mod driver;
use driver::*;
use splitvote_peer::{Effect, Role};
use splitvote_raft::{DiskRecord, Message, disk_with_log};

/// Term and vote are one record, synced before the reply leaves.
#[test]
fn a_vote_leaves_only_when_it_is_durable() {
    let mut s0 = Driver::new(3);
    assert!(s0.ask_vote(S1, 4, EMPTY_LOG).is_empty());
    assert_eq!(s0.disk, [DiskRecord::Ballot { term: 4, voted_for: Some(S1) }]);
    assert_eq!(replies(&s0.synced(1)), [vote(4, 4, true)]);
}

/// A retry that comes before the sync waits for the same sync; one that comes later does not wait.
#[test]
fn a_retry_asks_for_no_second_sync() {
    let mut s0 = Driver::new(3);
    assert!(s0.ask_vote(S1, 1, EMPTY_LOG).is_empty());
    assert!(s0.ask_vote(S1, 1, EMPTY_LOG).is_empty());
    assert_eq!(s0.syncs(), 1);
    assert_eq!(replies(&s0.synced(1)), [vote(1, 1, true), vote(1, 1, true)]);
    assert_eq!(s0.ask_vote(S1, 1, EMPTY_LOG), [vote(1, 1, true)]);
    assert_eq!(s0.syncs(), 1);
}

/// A reply that states a term just adopted waits for it, a refusal and a heartbeat's too.
#[test]
fn an_adopted_term_is_durable_before_it_is_stated() {
    let mut s0 = Driver::with_disk(3, disk_with_log(&[1]));
    assert!(s0.ask_vote(S1, 3, EMPTY_LOG).is_empty());
    assert_eq!(replies(&s0.synced(1)), [vote(3, 3, false)]);
    assert!(s0.heartbeat(S1, 5).is_empty());
    assert_eq!(replies(&s0.synced(2)), [beat_ok(5)]);
}

/// Several syncs may be under way; each reply waits for its own, and stays true after the peer has
/// moved on to a later term.
#[test]
fn each_reply_waits_for_its_own_sync() {
    let mut s0 = Driver::new(3);
    s0.ask_vote(S1, 1, EMPTY_LOG);
    s0.ask_vote(S2, 2, EMPTY_LOG);
    assert_eq!(replies(&s0.synced(1)), [vote(1, 1, true)]);
    assert_eq!(replies(&s0.synced(2)), [vote(2, 2, true)]);
}

/// A later sync covers the earlier ones.
#[test]
fn a_later_sync_releases_all_before_it() {
    let mut s0 = Driver::new(3);
    s0.ask_vote(S1, 1, EMPTY_LOG);
    s0.ask_vote(S2, 2, EMPTY_LOG);
    assert_eq!(replies(&s0.synced(2)), [vote(1, 1, true), vote(2, 2, true)]);
    assert!(s0.synced(1).is_empty(), "late news is no news");
}

/// What was synced is what a restart finds; a second candidate of the term is refused.
#[test]
fn a_vote_survives_a_crash() {
    let mut s0 = Driver::new(3);
    s0.ask_vote(S1, 4, EMPTY_LOG);
    s0.sync_all();
    s0.crash_and_restart();
    let view = s0.view();
    assert_eq!((view.role, view.term, view.voted_for), (Role::Follower, 4, Some(S1)));
    assert_eq!(s0.ask_vote(S2, 4, EMPTY_LOG), [vote(4, 4, false)]);
}

/// The candidate asks while its ballot is under way, but neither counts its own vote nor leads.
#[test]
fn a_candidate_leads_only_once_its_own_vote_is_durable() {
    let mut s0 = Driver::new(5);
    assert_eq!(calls(&s0.time_out()).len(), 4);
    for peer in [S1, S2, S3] {
        s0.granted(peer, 1);
    }
    assert_eq!(s0.role(), Role::Candidate);
    let effects = s0.sync_all();
    assert_eq!(s0.role(), Role::Leader);
    let heartbeat = Message::heartbeat(1, EMPTY_LOG, 0);
    assert_eq!(calls(&effects)[0], (S1, heartbeat));
}

/// A sync of an earlier ballot does not make the present one durable.
#[test]
fn an_earlier_sync_does_not_count_the_own_vote() {
    let mut s0 = Driver::new(1);
    s0.time_out();
    s0.time_out();
    s0.synced(1);
    assert_eq!((s0.role(), s0.view().term), (Role::Candidate, 2));
    s0.synced(2);
    assert_eq!(s0.role(), Role::Leader);
}

/// A long run of elections does not fill the disk; what goes, goes only when its successor is
/// durable, and a crash at any moment finds the state.
#[test]
fn the_disk_stays_bounded() {
    let terms = [1, 1, 2];
    let mut s0 = Driver::with_disk(3, disk_with_log(&terms));
    let mut compactions = 0;
    for _ in 0..1_000 {
        s0.time_out();
        let effects = s0.sync_all();
        compactions += effects.iter().filter(|e| matches!(e, Effect::Compact { .. })).count();
        assert!(s0.disk.len() <= 80, "{} records", s0.disk.len());
    }
    assert!(compactions > 10);
    let before = s0.view();
    s0.crash_and_restart();
    let after = s0.view();
    assert_eq!((after.term, after.voted_for), (before.term, before.voted_for));
    assert_eq!(after.last, before.last);
}
