//! Section 5.5: follower and candidate crashes.
use crate::cluster::Cluster;
use crate::driver::*;
use splitvote_peer::{Effect, PeerSet, Settings};
use splitvote_raft::Paper;

/// "If a follower receives an AppendEntries request that includes log entries already present in
/// its log, it ignores those entries in the new request": nothing is written, the answer is the same.
#[test]
fn a_repeated_append_changes_nothing() {
    let mut s0 = Driver::new(3);
    s0.append(S1, (1, EMPTY_LOG, 0), &[1, 1]);
    s0.sync_all();
    let (records, syncs) = (s0.disk().len(), s0.syncs());
    let effects = s0.append(S1, (1, EMPTY_LOG, 0), &[1, 1]);
    assert_eq!(replies(&effects), [append_ok(1, 2)]);
    assert_eq!((s0.disk().len(), s0.syncs()), (records, syncs));
    assert_eq!(s0.log_terms(), [1, 1]);
}

/// The longer of two requests overtakes the shorter: what it brought stays.
#[test]
fn a_shorter_append_that_comes_late_deletes_nothing() {
    let mut s0 = Driver::new(3);
    s0.append(S1, (1, EMPTY_LOG, 0), &[1, 1, 1]);
    s0.sync_all();
    let effects = s0.append(S1, (1, EMPTY_LOG, 0), &[1]);
    assert_eq!(replies(&effects), [append_ok(1, 1)], "it says what was asked");
    assert_eq!(s0.log_terms(), [1, 1, 1]);
}

/// "If a server crashes after completing an RPC but before responding, then it will receive the same
/// RPC again after it restarts."
#[test]
fn a_crash_before_the_answer_is_made_good_by_the_retry() {
    let mut s0 = Driver::new(3);
    s0.append(S1, (1, EMPTY_LOG, 0), &[1, 1]);
    s0.crash_and_restart();
    assert!(s0.log_terms().is_empty(), "nothing was durable, and nothing was promised");
    s0.append(S1, (1, EMPTY_LOG, 0), &[1, 1]);
    assert_eq!(replies(&s0.sync_all()), [append_ok(1, 2)]);
    s0.crash_and_restart();
    assert_eq!(s0.log_terms(), [1, 1]);
}

/// `lastApplied` and `commitIndex` are volatile: a restart begins with an empty machine, and applies
/// everything once more as it hears that it is committed.
#[test]
fn a_restart_applies_everything_once_more() {
    let mut s0 = Driver::new(3);
    let effects = s0.append(S1, (1, EMPTY_LOG, 2), &[1, 1]);
    assert_eq!(applied(&effects), [1, 2]);
    s0.sync_all();
    s0.crash_and_restart();
    assert_eq!((s0.view().commit, s0.view().applied), (0, 0));
    let effects = s0.append(S1, (1, at(2, 1), 2), &[]);
    assert_eq!(applied(&effects), [1, 2]);
    let again = s0.append(S1, (1, at(2, 1), 2), &[]);
    assert!(!again.iter().any(|effect| matches!(effect, Effect::Applied { .. })), "and once only");
}

/// "Raft handles these failures by retrying indefinitely; if the crashed server restarts, then the
/// RPC will complete successfully."
#[test]
fn a_follower_that_was_away_catches_up() {
    for reports_loss in [false, true] {
        let mut cluster = Cluster::new(3, Settings::default(), Paper);
        cluster.reports_loss = reports_loss;
        let leader = cluster.elect();
        let away = crate::cluster::follower_of(leader);
        cluster.agree(b"before", 3);
        cluster.crash(away, 0, false);
        for number in 0..300_u32 {
            cluster.propose_to(leader, &number.to_le_bytes());
        }
        cluster.run(500);
        cluster.boot(away);
        cluster.run(200);
        assert_eq!(cluster.seats[away.index()].machine.0, 301, "loss reported: {reports_loss}");
        cluster.assert_same();
    }
}

/// All crash at once, twice in a row: nothing that was agreed upon is lost.
#[test]
fn a_restart_of_all_loses_nothing() {
    let mut cluster = Cluster::new(5, Settings::default(), Paper);
    for round in 0..4_u8 {
        assert_eq!(cluster.agree(&[round], 5), u64::from(round) + 1);
        let all = PeerSet::all(5);
        all.iter().for_each(|id| cluster.crash(id, 0, false));
        all.iter().for_each(|id| cluster.boot(id));
    }
    cluster.agree(b"end", 5);
    cluster.assert_same();
}
