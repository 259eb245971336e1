//! What no peer and no disk should ever say is refused or ignored, and nothing overflows.
use crate::cluster::Cluster;
use crate::driver::*;
use splitvote_peer::{Command, Input, ProposalAnswer, Settings, Snapshot};
use splitvote_raft::{Ballot, Chunk, DiskRecord, Message, Paper};

const MAX: u64 = u64::MAX;

/// Commands of zero bytes and of 1 MiB, and a hundred thousand tiny ones.
#[test]
fn commands_of_any_size_are_agreed_upon() {
    let mut cluster = Cluster::new(3, Settings::default(), Paper);
    cluster.agree(b"", 3);
    cluster.agree(&vec![7; 1 << 20], 3);
    let leader = cluster.elect();
    for number in 0..100_000_u32 {
        cluster.propose_to(leader, &number.to_le_bytes());
    }
    cluster.run(1_000);
    assert!(cluster.seats.iter().all(|seat| seat.machine.0 == 100_002));
    cluster.assert_same();
}

/// Snapshots of zero bytes and of 1 MiB, whole and in parts.
#[test]
fn snapshots_of_any_size_are_installed() {
    for (bytes, parts) in [(0, 1), (1, 1), (1 << 20, 1), (1 << 20, 5)] {
        let snapshot = Snapshot { through: at(9, 1), state: vec![3; bytes].into() };
        let mut s0 = Driver::new(3);
        let length = bytes.div_ceil(parts);
        for part in 0..parts {
            let chunk = Chunk::of(&snapshot, part * length, length).into();
            s0.request(S1, Message::InstallSnapshot { term: 1, chunk });
            s0.sync_all();
        }
        assert_eq!(s0.view().applied, 9, "{bytes} bytes in {parts} parts");
        s0.crash_and_restart();
        assert_eq!((restored(&s0.booted), s0.view().applied), (vec![9], 9));
    }
}

/// A leader whose log has no index left says so. It takes the last one that there is.
#[test]
fn a_log_that_is_full_takes_no_more() {
    let snapshot = Snapshot { through: at(MAX - 2, 1), state: [].into() };
    let end = DiskRecord::SnapshotEnd { through: snapshot.through, length: 0 };
    let (mut s0, _) = elected(Driver::with_disk(3, vec![end]));
    s0.propose(1, b"x");
    s0.wake();
    let effects = s0.sync_all();
    assert_eq!(answers(&effects), [(1, ProposalAnswer::Accepted { index: MAX - 1, term: 1 })]);
    assert_eq!(answers(&s0.propose(2, b"y")), [(2, ProposalAnswer::Redirect { leader: None })]);
    s0.answer(S1, append_ok(1, MAX - 1));
    assert_eq!((s0.view().commit, s0.view().applied), (MAX - 1, MAX - 1));
    assert_eq!(s0.progress(S1), (MAX, MAX - 1));
    s0.answer(S1, conflict(1, MAX, MAX, MAX));
    s0.answer(S2, conflict(1, MAX - 1, MAX, 0));
    s0.answer(S2, conflict(1, MAX - 2, 0, 0));
    s0.wake();
    s0.crash_and_restart();
    assert_eq!(s0.view().last.index, MAX - 1);
}

/// The last entry that there can be comes twice, and is written out anew by a boot that cleans up.
#[test]
fn a_full_log_is_compared_and_rewritten() {
    let end = DiskRecord::SnapshotEnd { through: at(MAX - 3, 1), length: 0 };
    let mut s0 = Driver::with_disk(3, vec![end]);
    for _ in 0..2 {
        s0.append(S1, (1, at(MAX - 3, 1), 0), &[1, 1]);
        s0.sync_all();
        assert_eq!(s0.view().last.index, MAX - 1);
    }
    s0.disk_mut().extend(vec![DiskRecord::Torn; 10]);
    let before = s0.disk().len();
    s0.restart();
    s0.sync_all();
    assert!(s0.disk().len() < before, "the torn records are gone");
    assert_eq!(s0.log_terms(), [1, 1]);
}

/// Positions at the end of all numbers in requests.
#[test]
fn positions_do_not_overflow() {
    for previous in [at(MAX, 1), at(MAX - 1, 1), at(MAX, MAX), at(0, MAX), at(MAX, 0)] {
        for terms in [&[][..], &[1], &[1, 1, 1]] {
            let mut s0 = Driver::with_disk(3, disk(&[1, 1]));
            s0.append(S1, (1, previous, MAX), terms);
            s0.append(S1, (1, at(2, 1), MAX), terms);
            s0.sync_all();
            assert_eq!(s0.view().commit, 2 + terms.len() as u64);
        }
    }
}

/// A snapshot that ends where no entry can stand is refused.
#[test]
fn a_snapshot_at_the_last_index_is_refused() {
    let mut s0 = Driver::new(3);
    let snapshot = Snapshot { through: at(MAX, 1), state: [1].into() };
    let chunk = Chunk::of(&snapshot, 0, 9).into();
    s0.request(S1, Message::InstallSnapshot { term: 1, chunk });
    s0.sync_all();
    assert_eq!((s0.view().applied, s0.view().first), (0, 1));
    assert!(s0.step(Input::Snapshot(snapshot)).is_empty());
}

/// The last term that there is: it can be adopted and voted in, but nobody can stand after it.
#[test]
fn terms_do_not_overflow() {
    let mut s0 = Driver::with_disk(3, vec![Ballot { term: MAX - 1, voted_for: None }.into()]);
    s0.time_out();
    s0.sync_all();
    assert_eq!(s0.view().term, MAX);
    s0.heartbeat(S1, MAX);
    let before = s0.view();
    for _ in 0..4 {
        assert!(calls(&s0.wake()).is_empty());
    }
    assert_eq!(s0.view(), before, "a second election in this term could elect a second leader");
}

/// Replies that answer nothing, from peers that do not exist, with numbers of no sense.
#[test]
fn nonsense_replies_are_ignored() {
    let mut s0 = leader(3);
    s0.propose(1, b"x");
    s0.wake();
    let stranger = splitvote_peer::PeerId(200);
    for from in [S0, S1, stranger] {
        for message in [
            conflict(1, 0, 0, 0),
            conflict(1, MAX, MAX, MAX),
            conflict(1, 1, MAX, MAX),
            Message::InstallSnapshotReply { term: 1, through: 9, received: MAX, installed: false },
            Message::InstallSnapshotReply { term: 0, through: MAX, received: 0, installed: true },
        ] {
            s0.answer(from, message);
            s0.no_answer(from);
            let (next, matched) = s0.progress(S1);
            assert!(next > matched && next <= 2);
        }
    }
    s0.answer(stranger, append_ok(1, 1));
    s0.answer(S0, append_ok(1, 1));
    assert_eq!(s0.view().commit, 0, "neither is a follower");
}

/// Disks with records that make no sense, in every order of three.
#[test]
fn nonsense_on_the_disk_is_skipped() {
    let snapshot = Snapshot { through: at(3, 1), state: [1, 2, 3, 4].into() };
    let entry = |index| DiskRecord::Entry { index, term: 1, command: Command::new(b"x") };
    let records = [
        DiskRecord::Torn,
        entry(0),
        entry(1),
        entry(7),
        entry(MAX),
        DiskRecord::Deleted { from: 0 },
        DiskRecord::Deleted { from: MAX },
        DiskRecord::SnapshotPart(Chunk::of(&snapshot, 0, 2)),
        DiskRecord::SnapshotPart(Chunk::of(&snapshot, 2, 2)),
        DiskRecord::SnapshotEnd { through: at(3, 1), length: 4 },
        DiskRecord::SnapshotEnd { through: at(MAX, 1), length: 0 },
        DiskRecord::SnapshotEnd { through: at(5, 1), length: usize::MAX },
    ];
    for one in &records {
        for two in &records {
            for three in &records {
                let found = vec![one.clone(), two.clone(), three.clone()];
                let mut s0 = Driver::with_disk(3, found);
                s0.sync_all();
                let view = s0.view();
                assert!(view.first <= view.last.index + 1 && view.commit <= view.last.index);
                s0.append(S1, (2, view.last, view.last.index + 1), &[2]);
                s0.sync_all();
                s0.crash_and_restart();
                assert_eq!(s0.view().last, at(view.last.index + 1, 2));
            }
        }
    }
}
