//! Each detector of replication on a run that shows its happening, and on one that does not.

use splitvote_peer::{History, LogIndex, LogPosition, Term};

use super::*;
use crate::script::Script;

#[track_caller]
fn saw(run: &Script, happening: Happening, times: u64) {
    assert_eq!(run.verdict(), None);
    assert_eq!(run.judge.happenings().get(happening), times, "{happening}");
}

fn append(run: &mut Script, follower: u8, term: Term, previous: LogIndex, entries: u32) {
    let previous = LogPosition { index: previous, term };
    let (leader, follower) = (PeerId(0), PeerId(follower));
    run.see(Observation::AppendReceived { leader, follower, term, previous, entries });
}

/// S0 leads term 1 and has committed three of four entries with S1; S2 has none.
fn three_committed() -> Script {
    let mut run = Script::new(3);
    run.elect(0, 1, &[0, 1]).append(0, &[1, 1, 1, 1]).replicate(0, &[1]).commit(0, 3);
    run
}

#[test]
fn every_committed_entry_counts_once() {
    let mut run = three_committed();
    saw(&run, Happening::Commit, 3);
    run.commit(1, 3);
    saw(&run, Happening::Commit, 3);
    run.commit(1, 4);
    saw(&run, Happening::Commit, 4);
    saw(&run, Happening::OldTermEntry, 0);
}

#[test]
fn an_older_entry_is_committed_along_with_a_newer_one() {
    let mut run = three_committed();
    run.elect(1, 2, &[1, 2]).append(1, &[2]).replicate(1, &[2]).commit(1, 5);
    saw(&run, Happening::OldTermEntry, 1);
}

#[test]
fn a_commitment_under_a_partition_misses_a_live_peer() {
    let mut run = three_committed();
    run.link(2, 0, false).commit(0, 4);
    saw(&run, Happening::CommitUnderPartition, 1);
    let mut run = three_committed();
    run.link(2, 0, false).crash(2).commit(0, 4);
    saw(&run, Happening::CommitUnderPartition, 0);
}

#[test]
fn a_leader_may_lose_its_office_with_a_tail_and_have_it_removed() {
    let mut run = three_committed();
    run.append(0, &[1]).elect(1, 2, &[1, 2]).append(1, &[2]).replicate(1, &[2]);
    saw(&run, Happening::UncommittedTail, 0);
    run.follow(0, Some(1), 2);
    saw(&run, Happening::UncommittedTail, 1);
    saw(&run, Happening::TruncatedLog, 0);
    run.copy(1, 0);
    saw(&run, Happening::TruncatedLog, 1);
    run.store(0).commit(1, 5).crash(1);
    saw(&run, Happening::UncommittedTail, 1);
    run.elect(0, 3, &[0, 2]).append(0, &[3]).crash(0);
    saw(&run, Happening::UncommittedTail, 2);
    // The entries that others commit meanwhile may be more than those of the tail.
    let mut run = three_committed();
    run.append(0, &[1])
        .elect(1, 2, &[1, 2])
        .append(1, &[2, 2])
        .replicate(1, &[2])
        .store(1)
        .store(2);
    run.commit(1, 5).follow(0, Some(1), 2);
    saw(&run, Happening::UncommittedTail, 1);
}

#[test]
fn an_isolated_leader_appends_in_vain() {
    let mut run = three_committed();
    run.append(0, &[1]);
    saw(&run, Happening::IsolatedAppend, 0);
    run.link(0, 1, false).link(0, 2, false).append(0, &[1]);
    saw(&run, Happening::IsolatedAppend, 1);
}

#[test]
fn a_refusal_counts_in_the_leaders_own_term_only() {
    let mut run = three_committed();
    let (leader, follower) = (PeerId(0), PeerId(2));
    run.see(Observation::AppendRefused { leader, follower, term: 0 });
    saw(&run, Happening::BackOff, 0);
    run.see(Observation::AppendRefused { leader, follower, term: 1 });
    saw(&run, Happening::BackOff, 1);
}

#[test]
fn a_follower_that_refused_or_restarted_catches_up() {
    let mut run = three_committed();
    run.copy(0, 2);
    saw(&run, Happening::CaughtUp, 0);
    let mut run = three_committed();
    run.see(Observation::AppendRefused { leader: PeerId(0), follower: PeerId(2), term: 1 });
    run.append(2, &[1]);
    saw(&run, Happening::CaughtUp, 0);
    run.copy(0, 2);
    saw(&run, Happening::CaughtUp, 1);
    run.crash(2).reboot(2, &[]).copy(0, 2);
    saw(&run, Happening::CaughtUp, 2);
}

#[test]
fn a_shorter_append_arrives_after_a_longer_one() {
    let mut run = three_committed();
    append(&mut run, 1, 1, 0, 4);
    append(&mut run, 2, 1, 0, 1);
    saw(&run, Happening::ShorterAppendAfterLonger, 0);
    append(&mut run, 1, 1, 0, 3);
    append(&mut run, 1, 1, u64::MAX, u32::MAX);
    saw(&run, Happening::ShorterAppendAfterLonger, 1);
    run.follow(1, None, 2);
    append(&mut run, 1, 1, 0, 3);
    saw(&run, Happening::ShorterAppendAfterLonger, 1);
}

#[test]
fn snapshots_are_taken_installed_restored_and_raced() {
    let mut run = three_committed();
    run.apply(0, 3).compact(0, 3);
    saw(&run, Happening::Compacted, 1);
    let install = |peer, index| {
        let (leader, follower) = (PeerId(0), PeerId(peer));
        let through = LogPosition { index, term: 1 };
        Observation::InstallReceived { leader, follower, term: 1, through }
    };
    run.see(install(2, 3));
    saw(&run, Happening::SnapshotBehindLog, 0);
    run.see(install(1, 3)).see(install(0, 2));
    saw(&run, Happening::SnapshotBehindLog, 2);
    append(&mut run, 0, 1, 3, 1);
    saw(&run, Happening::AppendBehindSnapshot, 0);
    append(&mut run, 0, 1, 2, 2);
    saw(&run, Happening::AppendBehindSnapshot, 1);
    let entries = (1..=3).map(|index| crate::script::entry(index, 1));
    let content = Some((3, entries.fold(History::EMPTY, History::then)));
    let through = LogPosition { index: 3, term: 1 };
    run.follow(2, Some(0), 1).see(Observation::Restored { peer: PeerId(2), through, content });
    saw(&run, Happening::SnapshotInstalled, 1);
    run.crash(0).reboot(0, &[1, 1, 1, 1]);
    run.see(Observation::Restored { peer: PeerId(0), through, content });
    saw(&run, Happening::SnapshotInstalled, 1);
    saw(&run, Happening::SnapshotRestored, 1);
}

#[test]
fn all_restart_between_two_commitments_at_once_or_one_by_one() {
    let mut run = three_committed();
    run.crash(2).reboot(2, &[]).crash(1).reboot(1, &[1, 1, 1, 1]).commit(0, 4);
    run.crash(0).reboot(0, &[1, 1, 1, 1]);
    saw(&run, Happening::RestartOfAll, 0);
    run.crash(1).crash(2).reboot(2, &[]).reboot(1, &[1, 1, 1, 1]);
    saw(&run, Happening::RestartOfAll, 1);
}

#[test]
fn a_longer_log_with_an_older_last_term_is_an_old_long_log() {
    let mut run = Script::new(3);
    run.hold(0, &[1, 1, 1]).hold(1, &[1, 2]).hold(2, &[1]).stand(0, 3).ask(0, 1).ask(0, 2);
    run.hear(0, 2, 3);
    saw(&run, Happening::OldLongLog, 0);
    run.hear(0, 1, 3);
    saw(&run, Happening::OldLongLog, 1);
    saw(&run, Happening::OutdatedCandidate, 1);
}

#[test]
fn half_of_the_votes_of_an_even_cluster_counts_once() {
    let mut run = Script::new(4);
    run.stand(0, 1).ask(0, 1).ask(0, 2).grant(1, 0, 1).tell(1, 0, 1);
    saw(&run, Happening::HalfOfTheVotes, 1);
    run.grant(2, 0, 1);
    saw(&run, Happening::HalfOfTheVotes, 1);
    let mut run = Script::new(3);
    run.elect(0, 1, &[0, 1, 2]);
    saw(&run, Happening::HalfOfTheVotes, 0);
}
