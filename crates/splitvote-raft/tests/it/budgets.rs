//! What replication costs: messages, bytes, and bytes on the disk (the budgets of the MIT lab).
use crate::cluster::Cluster;
use splitvote_peer::Settings;
use splitvote_raft::Paper;

fn three() -> Cluster<Paper> {
    Cluster::new(3, Settings::default(), Paper)
}

/// Three servers elect a leader with 30 RPCs at most.
#[test]
fn an_election_is_cheap() {
    let mut cluster = three();
    cluster.elect();
    assert!((1..=30).contains(&cluster.requests()), "{}", cluster.requests());
}

/// Twelve entries take 42 RPCs at most: at one instant, and shortly after each other.
#[test]
fn twelve_entries_are_cheap() {
    for gap_millis in [0, 1, 3] {
        let mut cluster = three();
        let leader = cluster.elect();
        cluster.run(5);
        let before = cluster.requests();
        for number in 0..12 {
            cluster.propose_to(leader, &[number]);
            cluster.run(gap_millis);
        }
        cluster.run(40);
        assert!(cluster.seats.iter().all(|seat| seat.machine.0 == 12));
        let spent = cluster.requests() - before;
        assert!(spent <= 42, "{spent} with {gap_millis} ms between them");
    }
}

/// Entries of one instant leave in one message to each follower.
#[test]
fn a_batch_is_one_message_and_one_sync() {
    let mut cluster = three();
    let leader = cluster.elect();
    cluster.run(5);
    let before = cluster.requests();
    (0..100).for_each(|number| cluster.propose_to(leader, &[number]));
    cluster.run(4);
    assert_eq!(cluster.requests() - before, 2);
    assert!(cluster.seats[leader.index()].machine.0 == 100, "a round trip is enough");
}

/// An idle second costs 60 RPCs at most.
#[test]
fn idleness_is_cheap() {
    let mut cluster = three();
    cluster.agree(b"x", 3);
    let before = cluster.requests();
    cluster.run(1_000);
    assert!(cluster.requests() - before <= 60);
}

/// Each command is sent to each follower once, and its followers hear soon that it is committed.
#[test]
fn commands_travel_once() {
    let mut cluster = three();
    cluster.agree(b"first", 3);
    let (bytes, start) = (cluster.bytes(), cluster.now);
    for number in 0..10 {
        cluster.agree(&[number; 5_000], 3);
    }
    assert!(cluster.bytes() - bytes <= 110_000, "{}", cluster.bytes() - bytes);
    assert!(cluster.now - start <= 200_000_000, "no waiting for heartbeats");
}

/// The disk holds less than 2000 bytes at any time if there is a snapshot every ten entries.
#[test]
fn the_state_on_the_disk_stays_small() {
    for sync_millis in [0, 3] {
        let mut cluster = three();
        (cluster.snapshot_every, cluster.sync_millis) = (Some(10), sync_millis);
        for number in 0..200_u32 {
            cluster.agree(format!("command {number:08}").as_bytes(), 3);
        }
        assert!(cluster.most_state_bytes < 2_000, "{}", cluster.most_state_bytes);
        cluster.assert_same();
    }
}

/// A follower that is down costs heartbeats, not the entries or the snapshot that it lacks, ten times
/// a second. It is brought back soon all the same.
#[test]
fn a_follower_that_is_down_is_not_sent_everything_again_and_again() {
    for (snapshot_every, reports_loss) in
        [(None, false), (None, true), (Some(5), false), (Some(5), true)]
    {
        let mut cluster = three();
        (cluster.snapshot_every, cluster.snapshot_bytes) = (snapshot_every, 100_000);
        cluster.reports_loss = reports_loss;
        let leader = cluster.elect();
        let away = crate::cluster::follower_of(leader);
        cluster.crash(away, 0, false);
        (0..12).for_each(|number| cluster.propose_to(leader, &[number; 10_000]));
        cluster.run(500);
        let before = cluster.sent_bytes;
        cluster.run(10_000);
        let spent = cluster.sent_bytes - before;
        assert!(spent < 30_000, "{spent} bytes");
        cluster.boot(away);
        cluster.run(200);
        assert_eq!(cluster.seats[away.index()].machine.0, 12);
    }
}
