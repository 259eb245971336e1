//! Section 7: log compaction.
use crate::cluster::Cluster;
use crate::driver::*;
use splitvote_peer::{CallId, Effect, Input, LogPosition, Settings, Snapshot};
use splitvote_raft::{Chunk, DiskRecord, Message, Paper};

/// S0 as a follower of S1 in term 2, with six entries of which five are applied.
fn follower() -> Driver {
    let mut s0 = Driver::with_disk(3, disk(&[1, 1, 1, 2, 2, 2]));
    s0.append(S1, (2, at(5, 2), 5), &[]);
    s0.sync_all();
    assert_eq!(s0.view().applied, 5);
    s0
}

fn own(s0: &mut Driver, through: LogPosition) -> Vec<Effect<Message, DiskRecord>> {
    s0.step(Input::Snapshot(snapshot(through, 100)))
}

fn install(term: u64, snapshot: &Snapshot, offset: usize, length: usize) -> Message {
    Message::InstallSnapshot { term, chunk: Chunk::of(snapshot, offset, length).into() }
}

fn installed(term: u64, through: u64) -> Message {
    Message::InstallSnapshotReply { term, through, received: 0, installed: true }
}

fn received(term: u64, through: u64, received: u64) -> Message {
    Message::InstallSnapshotReply { term, through, received, installed: false }
}

/// "Once a server completes writing a snapshot, it may delete all log entries up through the last
/// included index, as well as any prior snapshot." Not before.
#[test]
fn the_log_is_discarded_when_the_snapshot_is_durable() {
    let mut s0 = follower();
    assert!(own(&mut s0, at(4, 2)).iter().all(|e| !matches!(e, Effect::Compact { .. })));
    assert_eq!(s0.view().first, 1);
    let effects = s0.sync_all();
    assert_eq!((s0.view().first, s0.view().last, s0.log_terms()), (5, at(6, 2), vec![2, 2]));
    assert!(restored(&effects).is_empty(), "the machine is ahead of it");
    let is_old = |record: &DiskRecord| matches!(record, DiskRecord::Entry { index: ..=4, .. });
    assert!(!s0.disk().iter().any(is_old), "the records are gone as well");
    s0.crash_and_restart();
    assert_eq!((restored(&s0.booted), s0.view().first, s0.view().applied), (vec![4], 5, 4));
    assert_eq!((s0.view().commit, s0.view().last), (4, at(6, 2)));
}

/// Entries that a new leader's replace are still on the disk until that is durable, even if a
/// snapshot that stands between their records lets older ones be forgotten.
#[test]
fn what_was_durable_outlives_an_overwrite_that_was_not() {
    let mut s0 = follower();
    own(&mut s0, at(5, 2));
    s0.append(S1, (2, at(6, 2), 5), &[2, 2]);
    let appended = s0.syncs();
    s0.append(S2, (3, at(5, 2), 5), &[3]);
    assert!(appended < s0.syncs(), "the overwrite has a sync of its own");
    s0.synced(appended);
    assert_eq!((s0.view().first, s0.view().last), (6, at(6, 3)));
    let is_replaced =
        |record: &DiskRecord| matches!(record, DiskRecord::Entry { index: 6, term: 2, .. });
    assert!(s0.disk().iter().any(is_replaced), "6@2 was durable, 6@3 is not");
}

/// A crash between the snapshot and its sync, at every record: the snapshot is there or it is not,
/// and the log is whole either way.
#[test]
fn a_crash_while_a_snapshot_is_written_costs_nothing() {
    let mut s0 = follower();
    let before = s0.disk().len();
    own(&mut s0, at(4, 2));
    let written = s0.disk().to_vec();
    for cut in before..=written.len() {
        for torn in [false, true] {
            let mut found = written[..cut].to_vec();
            found.extend(torn.then_some(DiskRecord::Torn));
            let s0 = Driver::with_disk(3, found);
            let is_whole = restored(&s0.booted) == [4];
            assert_eq!(s0.view().first, if is_whole { 5 } else { 1 }, "cut at {cut}");
            assert_eq!(s0.view().last, at(6, 2), "cut at {cut}");
            assert_eq!(s0.view().term, 2);
        }
    }
}

/// Snapshots that are of no use change nothing: older than the present one, beyond what was applied,
/// or of another log.
#[test]
fn a_snapshot_of_no_use_is_ignored() {
    let mut s0 = follower();
    own(&mut s0, at(4, 2));
    s0.sync_all();
    for through in [at(3, 1), at(4, 2), at(6, 2), at(9, 2), at(5, 1), at(0, 0), at(u64::MAX, 2)] {
        assert!(own(&mut s0, through).is_empty(), "{through}");
    }
    assert!(!own(&mut s0, at(5, 2)).is_empty());
}

/// Several may be on their way to the disk; a late one does not replace a newer one.
#[test]
fn a_snapshot_does_not_overtake_a_newer_one() {
    let mut s0 = follower();
    own(&mut s0, at(2, 1));
    own(&mut s0, at(5, 2));
    assert!(own(&mut s0, at(4, 2)).is_empty());
    s0.synced(s0.syncs() - 1);
    assert_eq!(s0.view().first, 3);
    s0.sync_all();
    assert_eq!(s0.view().first, 6);
    s0.crash_and_restart();
    assert_eq!(restored(&s0.booted), [5]);
}

/// Figure 13, rule 7 and 8: a follower that lacks the entry discards its log and takes the snapshot
/// for its state. Everything waits for the disk.
#[test]
fn a_follower_that_lags_is_set_to_the_snapshot() {
    let mut s0 = Driver::with_disk(3, disk(&[1, 1]));
    let effects = s0.request(S1, install(1, &snapshot(at(20, 1), 9_000), 0, usize::MAX));
    assert!(replies(&effects).is_empty() && restored(&effects).is_empty());
    assert_eq!(s0.view().applied, 0);
    let effects = s0.sync_all();
    assert_eq!((restored(&effects), replies(&effects)), (vec![20], vec![installed(1, 20)]));
    let view = s0.view();
    assert_eq!((view.first, view.last, view.commit, view.applied), (21, at(20, 1), 20, 20));
    assert_eq!(replies(&s0.append(S1, (1, at(20, 1), 20), &[])), [append_ok(1, 20)]);
    s0.append(S1, (1, at(20, 1), 21), &[1]);
    assert_eq!(s0.view().applied, 21);
    s0.sync_all();
    s0.crash_and_restart();
    assert_eq!((restored(&s0.booted), s0.view().last), (vec![20], at(21, 1)));
}

/// Figure 13, rule 6: "If existing log entry has same index and term as snapshot's last included
/// entry, retain log entries following it".
#[test]
fn what_follows_the_snapshot_is_retained() {
    let mut s0 = Driver::with_disk(3, disk(&[1, 1, 2, 2, 2]));
    s0.request(S1, install(2, &snapshot(at(3, 2), 100), 0, usize::MAX));
    s0.sync_all();
    assert_eq!((s0.view().first, s0.log_terms(), s0.view().applied), (4, vec![2, 2], 3));
    s0.crash_and_restart();
    assert_eq!((s0.view().first, s0.log_terms()), (4, vec![2, 2]));
}

/// Figure 13, rule 7: a log that disagrees about that entry is discarded; a crash at any point finds
/// no entry behind the snapshot that does not belong there.
#[test]
fn a_log_that_disagrees_is_discarded() {
    let mut s0 = Driver::with_disk(3, disk(&[1, 1, 2, 2, 2]));
    let before = s0.disk().len();
    s0.request(S1, install(4, &snapshot(at(4, 3), 100), 0, usize::MAX));
    let written = s0.disk().to_vec();
    s0.sync_all();
    assert_eq!((s0.view().first, s0.view().last), (5, at(4, 3)));
    for cut in before..=written.len() {
        let s0 = Driver::with_disk(3, written[..cut].to_vec());
        let last = s0.view().last;
        assert!([at(5, 2), at(3, 2), at(4, 3)].contains(&last), "cut at {cut}: {last}");
    }
}

/// A snapshot that is not ahead of what was applied must not throw the machine back. The answer lets
/// the leader go on.
#[test]
fn an_old_snapshot_is_answered_and_has_no_effect() {
    let mut s0 = follower();
    for through in [at(3, 1), at(5, 2)] {
        let effects = s0.request(S1, install(2, &snapshot(through, 100), 0, usize::MAX));
        assert_eq!((replies(&effects), effects.len()), (vec![installed(2, through.index)], 1));
    }
    assert_eq!((s0.view().applied, s0.view().first), (5, 1));
}

/// Figure 13, rules 2 to 5: parts are put together in order. A repetition changes nothing, and a gap
/// is told. A new leader and a newer snapshot start anew.
#[test]
fn a_snapshot_arrives_in_parts() {
    let (old, new) = (snapshot(at(20, 1), 30), snapshot(at(25, 1), 30));
    let mut s0 = Driver::new(3);
    s0.heartbeat(S1, 1);
    s0.sync_all();
    let part = |s0: &mut Driver, term, snapshot, offset| {
        replies(&s0.request(S1, install(term, snapshot, offset, 10)))
    };
    assert_eq!(part(&mut s0, 1, &old, 0), [received(1, 20, 10)]);
    assert_eq!(part(&mut s0, 1, &old, 0), [received(1, 20, 10)], "once more");
    assert_eq!(part(&mut s0, 1, &old, 20), [received(1, 20, 10)], "a gap");
    assert_eq!(part(&mut s0, 1, &old, 10), [received(1, 20, 20)]);
    assert_eq!(part(&mut s0, 1, &new, 10), [received(1, 25, 0)], "a newer one");
    assert_eq!(part(&mut s0, 1, &new, 0), [received(1, 25, 10)]);
    assert_eq!(part(&mut s0, 1, &old, 0), [received(1, 20, 0)], "a late part of the old one");
    assert_eq!(part(&mut s0, 1, &new, 0), [received(1, 25, 10)], "which has cost nothing");
    part(&mut s0, 2, &new, 10);
    assert_eq!(replies(&s0.sync_all()), [received(2, 25, 0)], "another leader's");
    for offset in [0, 10] {
        part(&mut s0, 2, &new, offset);
    }
    assert!(part(&mut s0, 2, &new, 20).is_empty());
    let effects = s0.sync_all();
    assert_eq!((restored(&effects), replies(&effects)), (vec![25], vec![installed(2, 25)]));
}

/// A part that comes again while the whole is on its way to the disk is answered with it.
#[test]
fn a_repetition_waits_for_the_same_sync() {
    let mut s0 = Driver::new(3);
    let message = install(1, &snapshot(at(20, 1), 30), 0, usize::MAX);
    s0.request(S1, message.clone());
    let syncs = s0.syncs();
    assert!(s0.request(S1, message).is_empty());
    assert_eq!(s0.syncs(), syncs);
    assert_eq!(replies(&s0.sync_all()), [installed(1, 20), installed(1, 20)]);
}

/// Rule 1: "Reply immediately if term < currentTerm".
#[test]
fn a_snapshot_of_an_old_leader_is_refused() {
    let mut s0 = Driver::with_disk(3, disk(&[3]));
    let message = install(2, &snapshot(at(20, 2), 30), 0, usize::MAX);
    assert_eq!(replies(&s0.request(S1, message)), [received(3, 0, 0)]);
    assert_eq!((s0.view().leader, s0.view().applied), (None, 0));
}

/// A leader whose log starts behind what a follower needs.
fn leader_with_snapshot(settings: Settings) -> Driver {
    let mut s0 = Driver::with_settings(3, disk(&[1, 1, 1, 1, 1, 1]), settings);
    s0.append(S1, (1, at(6, 1), 6), &[]);
    s0.sync_all();
    own(&mut s0, at(5, 1));
    s0.sync_all();
    elected(s0).0
}

/// "The leader must occasionally send snapshots to followers that lag behind"; what follows the
/// snapshot goes as entries.
#[test]
fn a_leader_sends_its_snapshot_and_goes_on_behind_it() {
    let mut s0 = leader_with_snapshot(Settings::default());
    let sent = calls(&s0.answer(S1, conflict(2, 6, 1, 0)));
    assert_eq!(sent[0].1.to_string(), "InstallSnapshot T2 through 5@1 from byte 0, last part");
    let again = calls(&s0.answer(S1, conflict(2, 6, 1, 0)));
    assert!(again.is_empty(), "one at a time");
    let sent = appends(&s0.answer(S1, installed(2, 5)));
    assert_eq!(sent[0].2.to_string(), "AppendEntries T2 5@1 +1 commit 6");
    assert_eq!(s0.progress(S1), (7, 5));
}

fn in_parts() -> Driver {
    let settings = Settings { snapshot_chunk: Some(40), ..Settings::default() };
    leader_with_snapshot(settings)
}

/// The first call to S1, and what it says.
fn text(effects: &[Effect<Message, DiskRecord>]) -> (CallId, String) {
    let said = calls(effects).into_iter().find(|(to, _)| *to == S1);
    (call_to(S1, effects), said.map_or_else(String::new, |(_, message)| message.to_string()))
}

fn part(through: LogPosition, offset: usize) -> String {
    format!("InstallSnapshot T2 through {through} from byte {offset}")
}

/// In parts, one after the other; what is lost is sent again, from where the follower is, once it is
/// known to answer.
#[test]
fn a_leader_sends_parts() {
    let mut s0 = in_parts();
    let (first, said) = text(&s0.answer(S1, conflict(2, 6, 1, 0)));
    assert_eq!(said, part(at(5, 1), 0));
    let (second, said) = text(&s0.answer_to(first, S1, received(2, 5, 40)));
    assert_eq!(said, part(at(5, 1), 40));
    assert!(s0.answer_to(first, S1, received(2, 5, 40)).is_empty(), "the first reply, twice");
    s0.lost(second, S1);
    let (third, said) = text(&s0.wake());
    assert_eq!(said, part(at(5, 1), 40), "after a reported loss");
    s0.wake();
    let (heartbeat, said) = text(&s0.wake());
    assert_eq!(said, "heartbeat T2", "after an interval without an answer");
    assert_eq!(text(&s0.wake()).1, "heartbeat T2", "and another");
    let (_, said) = text(&s0.answer_to(heartbeat, S1, append_ok(2, 0)));
    assert_eq!(said, part(at(5, 1), 40), "it is there");
    let (_, said) = text(&s0.answer_to(third, S1, received(2, 5, 80)));
    assert_eq!(said, format!("{}, last part", part(at(5, 1), 80)), "a late answer is one");
}

/// A round trip that takes longer than a heartbeat interval.
#[test]
fn a_slow_answer_brings_the_transfer_forward() {
    let mut s0 = in_parts();
    let (mut sent, _) = text(&s0.answer(S1, conflict(2, 6, 1, 0)));
    for offset in [40, 80] {
        s0.wake();
        s0.wake();
        let (next, said) = text(&s0.answer_to(sent, S1, received(2, 5, offset)));
        assert!(said.starts_with(&part(at(5, 1), offset as usize)), "{said}");
        sent = next;
    }
    s0.answer_to(sent, S1, installed(2, 5));
    assert_eq!(s0.progress(S1).1, 5);
}

/// A follower that has lost its parts says so, and the leader begins anew.
#[test]
fn a_follower_that_restarts_is_sent_the_beginning() {
    let mut s0 = in_parts();
    let (first, _) = text(&s0.answer(S1, conflict(2, 6, 1, 0)));
    let (second, _) = text(&s0.answer_to(first, S1, received(2, 5, 40)));
    assert_eq!(text(&s0.answer_to(second, S1, received(2, 5, 0))).1, part(at(5, 1), 0));
}

/// A transfer that has begun is finished, even if the leader has a newer snapshot by then; or else a
/// leader that compacts its log faster than a transfer lasts would never finish one.
#[test]
fn a_newer_snapshot_waits_for_the_end_of_a_transfer() {
    let mut s0 = in_parts();
    let (mut sent, _) = text(&s0.answer(S1, conflict(2, 6, 1, 0)));
    own(&mut s0, at(6, 1));
    s0.sync_all();
    for offset in [40, 80] {
        let (next, said) = text(&s0.answer_to(sent, S1, received(2, 5, offset)));
        assert!(said.starts_with(&part(at(5, 1), offset as usize)), "{said}");
        sent = next;
    }
    let (_, said) = text(&s0.answer_to(sent, S1, installed(2, 5)));
    assert_eq!(said, part(at(6, 1), 0), "the entries behind it are gone");
}

/// What goes in one part is as quickly sent in its newest form.
#[test]
fn a_whole_snapshot_is_sent_again_as_the_newest() {
    let mut s0 = leader_with_snapshot(Settings::default());
    let (sent, _) = text(&s0.answer(S1, conflict(2, 6, 1, 0)));
    own(&mut s0, at(6, 1));
    s0.sync_all();
    s0.lost(sent, S1);
    assert_eq!(text(&s0.wake()).1, format!("{}, last part", part(at(6, 1), 0)));
}

/// The whole way, over networks that lose and with followers that crash: whole, in parts, tiny and
/// large, and with many entries behind the snapshot.
#[test]
fn followers_that_were_away_are_brought_back_by_snapshots() {
    for (chunk, bytes) in [(None, 16), (None, 20_000), (Some(0), 16), (Some(7), 60)] {
        let settings = Settings { snapshot_chunk: chunk, ..Settings::default() };
        let mut cluster = Cluster::new(3, settings, Paper);
        (cluster.snapshot_every, cluster.snapshot_bytes) = (Some(10), bytes);
        cluster.reports_loss = true;
        let leader = cluster.elect();
        let away = crate::cluster::follower_of(leader);
        cluster.crash(away, 0, false);
        (0..35_u8).for_each(|number| cluster.propose_to(leader, &[number]));
        cluster.run(100);
        assert!(cluster.view(leader).first > 30);
        cluster.boot(away);
        cluster.run(500);
        assert_eq!(cluster.seats[away.index()].restored, [30], "chunks of {chunk:?}");
        assert_eq!(cluster.seats[away.index()].machine.0, 35);
        cluster.assert_same();
    }
}

/// A restart of all with the log wholly replaced: the snapshot is found, sent, and written again.
#[test]
fn a_snapshot_survives_restarts_of_all() {
    let mut cluster = Cluster::new(3, Settings::default(), Paper);
    cluster.snapshot_every = Some(3);
    for round in 0..12_u8 {
        cluster.agree(&[round], 3);
        for id in [S0, S1, S2] {
            cluster.crash(id, 0, false);
        }
        for id in [S0, S1, S2] {
            cluster.boot(id);
        }
    }
    assert_eq!(cluster.agree(b"end", 3), 13);
    cluster.assert_same();
}
