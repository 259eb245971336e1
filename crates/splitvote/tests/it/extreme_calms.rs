//! Calms of slow disks, slow networks, large snapshots and odd timeouts: the paper's Raft is not accused of
//! what they are to blame for, and what cannot be demanded is said.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use std::time::Duration;

use splitvote::calm::{Awaited, Calm, Unable};
use splitvote::check::Checker;
use splitvote::peer::{LogPosition, PeerSet, Snapshot};
use splitvote::raft::log::LAST_INDEX;
use splitvote::raft::{Chunk, DiskRecord, Paper, Raft};
use splitvote::sim::{DiskProfile, Latency, NetworkProfile, Realistic, WorldConfig};
use splitvote::{Cluster, Failure, PeerId, Scenario, Seed, Settings, Verdict, reference, run};

type Reference = Raft<Paper>;

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A cluster with packets and syncs that always take so long.
fn slow(peers: usize, packet: u64, sync: u64, settings: Settings) -> Cluster<Reference> {
    let one_way_delay = Latency::Constant(ms(packet));
    let network = NetworkProfile::Realistic(Realistic { one_way_delay, ..Realistic::default() });
    let disk = DiskProfile { sync_latency: Latency::Constant(ms(sync)), ..DiskProfile::default() };
    let world = WorldConfig { network, disk, ..WorldConfig::new(peers, Seed(1)) };
    Cluster::builder(&reference()).world(world).settings(settings).build().unwrap()
}

fn is_able(cluster: &Cluster<Reference>) -> Result<(), Unable> {
    cluster.is_able(PeerSet::all(cluster.world().cluster_size()))
}

fn holds(text: &str, seeds: impl IntoIterator<Item = u64>) {
    let scenario = Scenario::parse("calm.toml", text).unwrap();
    for seed in seeds {
        let report = run(&scenario, &reference(), Seed(seed));
        assert_eq!(report.verdict, Verdict::Held, "seed {seed}");
    }
}

#[test]
fn votes_that_take_longer_than_every_timeout_excuse_a_core() {
    let default = Settings::default;
    let takes = |takes| Err(Unable::VotesTooSlow { takes: ms(takes), timeout: ms(300) });
    assert_eq!(is_able(&slow(3, 10, 100, default())), Ok(()));
    assert_eq!(is_able(&slow(3, 10, 200, default())), Ok(()), "every second timeout is longer");
    assert_eq!(is_able(&slow(3, 10, 300, default())), takes(320));
    assert_eq!(is_able(&slow(1, 10, 299, default())), Ok(()), "one alone waits for its disk only");
    assert_eq!(is_able(&slow(1, 10, 400, default())), takes(400));
    let Ok(Calm::Stuck { why, .. }) = slow(3, 10, 300, default()).calm() else { panic!() };
    assert!(why.to_string().contains("320ms until a vote has decided"), "{why}");
    assert!(matches!(slow(3, 10, 200, default()).calm(), Ok(Calm::Settled(_))));
}

#[test]
fn answers_that_come_too_late_for_check_quorum_excuse_a_core() {
    let with = |check_quorum| Settings { check_quorum, ..Settings::default() };
    let silence = ms(180);
    let late = Err(Unable::AnswersTooSlow { silence, timeout: ms(150) });
    assert_eq!(is_able(&slow(5, 90, 0, with(true))), late);
    assert_eq!(is_able(&slow(5, 90, 0, with(false))), Ok(()));
    assert_eq!(is_able(&slow(5, 70, 0, with(true))), Ok(()), "it hears one every 50 ms");
    assert!(matches!(slow(5, 70, 0, with(true)).calm(), Ok(Calm::Settled(_))));
}

/// Seed 276: S1 steps down, for the answers of two peers wait for syncs of seconds.
#[test]
fn a_slow_sync_from_before_the_calm_may_take_a_leader_out_of_office_with_check_quorum() {
    let text = r#"
        name    = "slow-syncs"
        peers   = 5
        network = { profile = "realistic", delay = "1ms-10ms" }
        disk    = { sync = "0ms-20ms", slow = "20%", slow-sync = "500ms-9s" }
        raft    = { check-quorum = true }
        steps   = [{ storm = "3s", proposals-every = "30ms" }, { calm = "1s" }]
    "#;
    holds(text, 275..278);
}

/// Seed 116: the leader commits what one follower lacks, makes a snapshot of it in 400 parts, and has
/// discarded the entries before they arrive.
#[test]
fn a_snapshot_that_becomes_necessary_in_the_calm_is_waited_for() {
    let text = r#"
        name      = "snapshots-in-parts"
        peers     = 5
        network   = { profile = "realistic", delay = "1ms-10ms" }
        disk      = { sync = "0ms-5ms", unsynced = "varied" }
        snapshots = { every = 2, bytes = 20000, delay = "0ms-5ms" }
        raft      = { snapshot-chunk = 50, entries-per-append = 1 }
        steps     = [{ storm = "3s", proposals-every = "100ms" }, { calm = "1s" }]
    "#;
    holds(text, [22, 116, 146]);
}

#[test]
fn a_timeout_that_was_drawn_before_the_calm_is_waited_for() {
    let text = r#"
        name    = "patient-peers"
        peers   = 3
        network = { profile = "realistic", delay = "1ms-10ms" }
        steps   = [
          { election-timeout = "60s", of = "all" },
          { crash = "all" },
          { restart = "all" },
          { run = "100ms" },
          { calm = true },
        ]
    "#;
    holds(text, 0..5);
}

/// It never waits for a heartbeat, has too short a log to win, and is as well connected as all.
#[test]
fn a_peer_outside_of_the_core_whose_timeout_is_too_short_excuses_it() {
    let mut cluster = Cluster::builder(&reference()).peers(5).seed(1).build().unwrap();
    cluster.fix_election_timeout(PeerId(4), Some(ms(20))).unwrap();
    let core = PeerSet::all(3);
    let (silence, timeout) = (ms(60), ms(20));
    assert_eq!(cluster.is_able(core), Err(Unable::Hasty { silence, timeout }));
    cluster.crash(PeerId(4)).unwrap();
    assert_eq!(cluster.is_able(core), Ok(()), "who is down does not stand");
    cluster.fix_election_timeout(PeerId(0), Some(ms(20))).unwrap();
    assert!(matches!(cluster.calm_of(core), Ok(Calm::Settled(_))), "the core draws again");
}

/// S4 hears nobody, so that the core need not cope. With both options it does, and that counts.
#[test]
fn a_core_that_need_not_settle_may() {
    let settle = |pre_vote, check_quorum| {
        let settings = Settings { pre_vote, check_quorum, ..Settings::default() };
        let mut cluster =
            Cluster::builder(&reference()).peers(5).seed(1).settings(settings).build().unwrap();
        cluster.run_for(ms(600)).unwrap();
        cluster.peers().for_each(|peer| cluster.cut(peer, PeerId(4)).unwrap());
        cluster.calm_of(PeerSet::all(4)).unwrap()
    };
    let Calm::Stuck { why, awaited, .. } = settle(false, false) else { panic!("nobody can") };
    assert_eq!(why, Unable::Disturbed { by: PeerId(4) });
    assert!(!awaited.to_string().contains("{}"), "{awaited}");
    assert!(matches!(settle(true, true), Calm::Settled(_)));
}

/// The log of all peers is full: the leader that they have takes no probe, and redirects to nobody.
#[test]
fn a_leader_in_office_that_takes_no_probe_is_a_stall() {
    let through = LogPosition { index: LAST_INDEX, term: 1 };
    let snapshot = Snapshot { through, state: vec![0; Snapshot::LEAST_BYTES].into() };
    let length = snapshot.state.len();
    let disk = vec![
        DiskRecord::SnapshotPart(Chunk::of(&snapshot, 0, length)),
        DiskRecord::SnapshotEnd { through, length },
    ];
    let builder = Cluster::builder(&reference()).peers(3).seed(1).disks(vec![disk; 3]);
    let mut cluster = builder.asking_only(&[Checker::ElectionSafety]).build().unwrap();
    cluster.run_for(Duration::from_secs(1)).unwrap();
    assert!(cluster.leader().is_some());
    let Err(Failure::Stalled(stall)) = cluster.calm_of(PeerSet::all(3)) else { panic!() };
    assert!(matches!(stall.awaited, Awaited::Commitment { index: None, .. }), "{stall}");
    assert_eq!(stall.cause(), "not-committed");
    assert!(stall.to_string().contains("a probe that S1 was handed from"), "{stall}");
}
