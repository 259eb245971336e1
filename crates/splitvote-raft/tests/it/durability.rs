//! Figure 2, State: "Updated on stable storage before responding to RPCs".
use crate::driver::*;
use splitvote_peer::{DiskError, Effect, Record, Role};
use splitvote_raft::{DiskRecord, Message, disk_with_log};

/// Term and vote are one record, synced before the reply leaves.
#[test]
fn a_vote_leaves_only_when_it_is_durable() {
    let mut s0 = Driver::new(3);
    assert!(s0.ask_vote(S1, 4, EMPTY_LOG).is_empty());
    assert_eq!(s0.disk(), [DiskRecord::Ballot { term: 4, voted_for: Some(S1) }]);
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
        assert!(s0.disk().len() <= 80, "{} records", s0.disk().len());
    }
    assert!(compactions > 10);
    let before = s0.view();
    s0.crash_and_restart();
    let after = s0.view();
    assert_eq!((after.term, after.voted_for), (before.term, before.voted_for));
    assert_eq!(after.last, before.last);
}

/// A follower's "success" leaves when the entries are durable, not before.
#[test]
fn an_append_is_acknowledged_when_it_is_durable() {
    let mut s0 = Driver::with_disk(3, disk(&[1]));
    let effects = s0.append(S1, (1, at(1, 1), 0), &[1, 1]);
    assert!(replies(&effects).is_empty());
    assert_eq!(replies(&s0.sync_all()), [append_ok(1, 3)]);
}

/// Several syncs under way: each append is acknowledged by its own, and a heartbeat that speaks of
/// entries on their way to the disk waits with them. One that speaks of durable ones does not.
#[test]
fn each_append_waits_for_its_own_sync() {
    let mut s0 = Driver::with_disk(3, disk(&[1]));
    s0.append(S1, (1, at(1, 1), 0), &[1]);
    s0.append(S1, (1, at(2, 1), 0), &[1]);
    assert!(replies(&s0.append(S1, (1, at(2, 1), 0), &[])).is_empty());
    assert_eq!(replies(&s0.append(S1, (1, at(1, 1), 0), &[])), [append_ok(1, 1)]);
    let first = s0.syncs() - 1;
    assert_eq!(replies(&s0.synced(first)), [append_ok(1, 2), append_ok(1, 2)]);
    assert_eq!(replies(&s0.synced(first + 1)), [append_ok(1, 3)]);
}

/// What replaces a conflicting entry is not durable because that one was.
#[test]
fn a_sync_of_what_was_replaced_does_not_count() {
    let mut s0 = Driver::with_disk(3, disk(&[1]));
    s0.append(S1, (1, at(1, 1), 0), &[1, 1]);
    let first = s0.syncs();
    s0.append(S2, (2, at(1, 1), 0), &[2, 2]);
    assert_eq!(replies(&s0.synced(first)), [append_ok(1, 3)], "true of term 1");
    assert!(replies(&s0.append(S2, (2, at(3, 2), 0), &[])).is_empty());
    assert_eq!(replies(&s0.sync_all()), [append_ok(2, 3), append_ok(2, 3)]);
}

/// A leader of one commits, and hands to its machine, what is durable.
#[test]
fn a_server_alone_commits_when_its_disk_has_it() {
    let mut s0 = Driver::new(1);
    s0.time_out();
    s0.sync_all();
    s0.propose(1, b"x");
    assert!(applied(&s0.wake()).is_empty());
    let effects = s0.sync_all();
    assert_eq!((applied(&effects), answers(&effects).len()), (vec![1], 1));
}

/// A record that was being written when the power failed cannot be read. It was never acknowledged;
/// what was is found, wherever the torn one stands.
#[test]
fn a_torn_record_is_skipped() {
    let whole = disk(&[1, 1, 2]);
    for place in 0..=whole.len() {
        let mut found = whole.clone();
        found.insert(place, DiskRecord::Torn);
        let mut s0 = Driver::with_disk(3, found);
        assert_eq!((s0.view().last, s0.view().term), (at(3, 2), 2), "torn at {place}");
        s0.append(S1, (2, at(3, 2), 0), &[2]);
        s0.sync_all();
        s0.crash_and_restart();
        assert_eq!(s0.view().last, at(4, 2));
    }
}

/// A boot cleans up what crashes have left, and a crash during that costs nothing.
#[test]
fn a_boot_cleans_up() {
    let mut found: Vec<_> = (0..20).map(|_| DiskRecord::Torn).collect();
    found.extend(disk(&[1, 1, 2]));
    let mut s0 = Driver::with_disk(3, found.clone());
    s0.sync_all();
    assert_eq!(s0.disk(), disk(&[1, 1, 2]));
    let mut s0 = Driver::with_disk(3, found);
    s0.disk_mut().truncate(25);
    s0.restart();
    assert_eq!(s0.view().last, at(3, 2));
}

/// A long log with many changes of leader: the disk stays within twice what the state needs.
#[test]
fn conflicts_do_not_fill_the_disk() {
    let mut s0 = Driver::with_disk(3, disk(&[1; 50]));
    for term in 2..500 {
        s0.append(S1, (term, at(50, 1), 0), &[term, term, term]);
        s0.sync_all();
        assert!(s0.disk().len() <= 2 * 53 + 40, "{} records", s0.disk().len());
    }
    s0.crash_and_restart();
    assert_eq!((s0.log_terms().len(), s0.view().last), (53, at(53, 499)));
}

/// A crash at any record of a conflict leaves the old log, or a prefix of the new one.
#[test]
fn a_crash_while_a_conflict_is_resolved() {
    let mut s0 = Driver::with_disk(3, disk(&[1, 1, 1]));
    let before = s0.disk().len();
    s0.append(S1, (2, at(1, 1), 0), &[2, 2]);
    for cut in before..=s0.disk().len() {
        let terms = Driver::with_disk(3, s0.disk()[..cut].to_vec()).log_terms();
        let possible = [vec![1, 1, 1], vec![1], vec![1, 2], vec![1, 2, 2]];
        assert!(possible.contains(&terms), "cut at {cut}: {terms:?}");
    }
}

/// A failed sync is no sync: the peer stops, and of what waited for it nothing leaves.
#[test]
fn a_failed_sync_stops_the_peer() {
    for error in [DiskError::Io, DiskError::NoSpace] {
        let mut s0 = Driver::new(3);
        assert!(s0.ask_vote(S1, 1, EMPTY_LOG).is_empty());
        assert!(matches!(s0.sync_failed(error)[..], [Effect::Stop]), "{error}");
    }
}

/// What was durable and cannot be read may have been acknowledged. The peer does not start.
#[test]
fn a_damaged_record_stops_the_boot() {
    let whole = disk(&[1, 1, 2]);
    for place in 0..whole.len() {
        let mut found = whole.clone();
        found[place] = found[place].damaged().unwrap();
        let mut s0 = Driver::with_disk(3, whole.clone());
        *s0.disk_mut() = found;
        assert!(matches!(s0.restart_and_see()[0], Effect::Stop), "damaged at {place}");
    }
}
